"""What goes to the Prefect server and what comes back from it, as plain values: no Prefect, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FLOW, DEPLOYMENT = "责任任务", "任务看板"  # one deployment for all years; its runs stand for assignments
LOGGER = "责任清单"  # whose lines the log of a run shows


@dataclass(frozen=True, slots=True)
class State:
    """The state of a flow run: `kind` is Prefect's type (SCHEDULED, RUNNING …), `name` what the officer reads.

    `keyset` names the run inputs of a review form (`description`, `schema`, `response`): only a PAUSED state has one.
    """

    kind: str
    name: str
    message: str = ""
    scheduled_at: datetime | None = None
    keyset: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """What a flow run shows whatever its state: the name in lists, the filters, the whole duty."""

    name: str
    tags: tuple[str, ...]
    parameters: Mapping[str, Any]


NO_DUTY = Face("非任务", (), {})  # of a run that somebody started by hand, or copied: no filter counts it


@dataclass(frozen=True, slots=True)
class NewRun:
    """A flow run to be created; `key` makes a second creation harmless."""

    key: str
    face: Face
    state: State


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A flow run as the server has it; `state_at` is when its state was set."""

    id: str
    key: str
    name: str
    state: State
    state_id: str  # the server's; another one each time a state is set
    state_at: datetime | None
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    begins_at: datetime | None = None  # for when it was first scheduled

    def shows_face(self, face: Face) -> bool:
        """Whether it looks like that; the server keeps tags in an order of its own."""
        return self.name == face.name and sorted(self.tags) == sorted(face.tags) and dict(self.parameters) == dict(face.parameters)

    def shows_state(self, state: State) -> bool:
        """Whether it stands so, whatever its form."""
        mine = self.state
        timed = mine.kind != "SCHEDULED" or mine.scheduled_at == state.scheduled_at
        return timed and (mine.kind, mine.name, mine.message) == (state.kind, state.name, state.message)


@dataclass(frozen=True, slots=True)
class Form:
    """What a run asks its reader on *Resume*: a JSON schema, and Markdown above it. `base` begins the names of its run inputs."""

    base: str
    schema: Mapping[str, Any]
    description: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a run's log, at its own time."""

    run_id: str
    at: datetime
    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Artifact:
    """A page or table. One with a `key` stands on the Artifacts page and has a history; one with a `run_id` on that run's page."""

    kind: str  # markdown, table
    data: Any
    description: str
    key: str | None = None
    run_id: str | None = None
