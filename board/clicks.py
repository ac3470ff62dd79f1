"""What people set on the board: every state of its runs that bears none of our names, in the order in which it was set.

In: the Prefect server. Out: `Click` values, with what was submitted in a review form. Whether and how a click counts is
`board.deciding`'s. A look takes two requests, and some more for each run that somebody touched.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from board.server import Server
from board.states import OUR_NAMES
from board.values import SeenRun
from office.text import plain

PREFECTS_NAMES = (  # of the states that Prefect itself and its pages set; the automation in prefect.yaml watches the same
    "Scheduled",
    "Late",
    "Resuming",
    "AwaitingRetry",
    "AwaitingConcurrencySlot",
    "Pending",
    "Paused",
    "Suspended",
    "Running",
    "Retrying",
    "Cancelling",
    "Cancelled",
    "Completed",
    "Cached",
    "RolledBack",
    "Failed",
    "TimedOut",
    "Crashed",
)
RESUMED = "Resuming"  # the state after a review form was submitted
NAME_LENGTH = 50  # of a state: anything may be posted as one
PAGES_OF_EVENTS = 20  # 50 each


@dataclass(frozen=True, slots=True)
class Click:
    """One state that somebody set on a run; `key` is the natural key of its assignment, empty where it has none.

    `form` tells a submitted review form from a state set by hand; its `answer` is JSON, None where it was resumed without one.
    `shown` is the name of ours that the run bore when it was set, `written_over` how many states of ours came after it.
    """

    state_id: str
    run_id: str
    key: str
    run_name: str
    kind: str  # Prefect's type: COMPLETED, CANCELLED …
    name: str
    message: str
    at: datetime
    shown: str = ""
    written_over: int = 0
    form: bool = False
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Clicked:
    """New clicks, oldest first, and the ids of the runs that stand in a state of somebody else's."""

    clicks: tuple[Click, ...]
    foreign: tuple[str, ...]


def clicked(server: Server, deployment_id: str, *, since: datetime, known: Callable[[Collection[str]], Collection[str]]) -> Clicked:
    """The clicks on the runs of a deployment that are not `known` (of these ids of states, those that were settled).

    A run's state is read with everything set before it, back to the last state of ours: of two clicks in a row the first one
    is still there. What our own update wrote over, because it was set between the update's look and its sending, is found
    among the server's events since `since`.
    """
    foreign = server.runs_in_other_states(deployment_id, OUR_NAMES)
    told = _told_by_events(server, deployment_id, since)
    unknown = told.keys() - set(known(tuple(told)))
    written_over = {told[state_id] for state_id in unknown} - {run.id for run in foreign}
    touched = (*foreign, *server.runs_with_ids(sorted(written_over)))
    clicks = sorted(chain.from_iterable(_clicks_of(server, run, unknown) for run in touched), key=lambda click: click.at)
    settled = set(known([click.state_id for click in clicks]))
    return Clicked(tuple(click for click in clicks if click.state_id not in settled), tuple(run.id for run in foreign))


def _clicks_of(server: Server, run: SeenRun, told: Collection[str]) -> Iterator[Click]:
    """The clicks on one run since the last state of ours, and those of these ids."""
    states: list[dict[str, Any]] = server.call("GET", f"/flow_run_states/?flow_run_id={run.id}")
    states.sort(key=_set_at)
    ours = [index for index, state in enumerate(states) if state["name"] in OUR_NAMES]
    last = ours[-1] if ours else -1
    for index, state in enumerate(states):
        if state["name"] in OUR_NAMES or (index < last and state["id"] not in told):
            continue
        keyset = _keyset_before(states[:index]) if state["name"] == RESUMED else None
        yield Click(
            state_id=state["id"],
            run_id=run.id,
            key=run.key,
            run_name=run.name,
            kind=state["type"],
            name=plain(state["name"])[:NAME_LENGTH],
            message=state["message"] or "",
            at=_set_at(state),
            shown=next((states[before]["name"] for before in reversed(ours) if before < index), ""),
            written_over=sum(after > index for after in ours),
            form=keyset is not None,
            answer=server.answer(run.id, keyset) if keyset is not None else None,
        )


def _set_at(state: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(state["timestamp"])


def _keyset_before(states: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """The form that was open when a run was resumed: that of the state right before. None where it was not paused by us."""
    if not states or states[-1]["name"] not in OUR_NAMES:
        return None
    keyset: dict[str, str] | None = states[-1]["state_details"].get("run_input_keyset")
    return keyset


def _told_by_events(server: Server, deployment_id: str, since: datetime) -> dict[str, str]:
    """Ids of states that Prefect's pages set on runs of a deployment, with the run's: an event has the id of its state."""
    wanted = {
        "occurred": {"since": since.isoformat()},
        "event": {"name": [f"prefect.flow-run.{name}" for name in PREFECTS_NAMES]},
        "related": {"id": [f"prefect.deployment.{deployment_id}"]},
    }
    page = server.call("POST", "/events/filter", {"filter": wanted, "limit": 50})
    found = dict(_ids(page["events"]))
    for _ in range(PAGES_OF_EVENTS):
        if not page["next_page"]:
            break
        page = server.call("GET", f"/events/filter/next?{urlsplit(page['next_page']).query}")
        found |= dict(_ids(page["events"]))
    return found


def _ids(events: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for event in events:
        yield event["id"], event["resource"]["prefect.resource.id"].removeprefix("prefect.flow-run.")
