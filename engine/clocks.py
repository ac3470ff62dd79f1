"""督办时钟: which notices a duty calls for by its state and its dates, and which of them are to be said on a day. Pure.

In: how an assignment stands, the rules of its item, what was said before, a civil day. Out: what is new, and when to look again. Nothing
asks whether today is the day: what was owed on a day on which nobody looked is owed still.
"""

import enum
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from models import AssignmentState
from office.policy import Colour, Level, Rules
from office.workdays import workdays_after, workdays_before


class Clock(enum.StrEnum):
    """What is waited for. Each clock runs by itself."""

    ACKNOWLEDGEMENT = "acknowledgement"  # 签收
    COMPLETION = "completion"  # 办结
    REVIEW = "review"  # 审核


class Kind(enum.StrEnum):
    WARNING = "warning"  # 预警: before the due date, to the assignee
    NOTE = "note"  # one working day before it goes up to a level, to the assignee
    LEVEL = "level"  # to the level itself
    REVIEW = "review"  # a report waits, to the reviewer


class Stage(NamedTuple):
    """One notice that one run of a clock can call for. `level` is who is told, or to whom it goes up next (a note)."""

    clock: Clock
    from_on: date  # the day that tells this run of the clock from another one: sent, due, returned, reported
    kind: Kind
    level: Level
    workdays: int  # before or after it

    @property
    def name(self) -> str:
        """What the ledger keeps beside the clock and its day: `warning 3`, `note principal`, `level principal`, `review 1`."""
        by_days = self.kind in (Kind.WARNING, Kind.REVIEW)
        return f"{self.kind.value} {self.workdays if by_days else self.level.name.lower()}"

    @property
    def key(self) -> tuple[str, date, str]:
        return self.clock.value, self.from_on, self.name

    @property
    def goes_up(self) -> bool:
        """Whether somebody above the assignee is told that it is not done."""
        return self.kind is Kind.LEVEL and self.level > Level.ASSIGNEE


class Owed(NamedTuple):
    owed_on: date  # a working day
    stage: Stage


class Said(NamedTuple):
    """One notice that is written to the ledger now. One that is not told has been overtaken by a later one."""

    owed: Owed
    told: bool


@dataclass(frozen=True, slots=True)
class Running:
    """How an assignment stands, by civil days. What does not apply is None."""

    state: AssignmentState
    clock_due_on: date  # `engine.completion.clock_due_on`
    sent_on: date  # issued, or handed to whoever carries it
    issued_on: date | None = None  # where that was before it was handed over
    returned_on: date | None = None  # of a returned one, the last time
    reported_on: date | None = None  # of one that waits for review
    waited: int = 0  # working days after the due date on which a report lay with its reviewer


@dataclass(frozen=True, slots=True)
class Decision:
    said: tuple[Said, ...]
    look_again_on: date | None  # None: only when something is done about it


@lru_cache(maxsize=65536)  # many duties run alike
def schedule(running: Running, rules: Rules) -> tuple[Owed, ...]:
    """All notices that the clocks which run now can call for, in the order of their days.

    What would have been owed to the carrier on or before the day on which the duty reached them (or came back) is left out: they were
    told that day. Superiors were not: for them the day of issue counts. While a report lies with its reviewer the clock of completion
    stands still, so that days of review bring nobody closer to the party group, and a report that is none gains nothing.
    """
    return tuple(sorted(_schedule(running, rules), key=lambda owed: (owed.owed_on, owed.stage.clock.value, _RANKS[owed.stage.kind])))


_RANKS = {Kind.WARNING: 0, Kind.REVIEW: 0, Kind.LEVEL: 1, Kind.NOTE: 2}  # of one day: the one that says most comes last


def _schedule(running: Running, rules: Rules) -> Iterator[Owed]:
    if running.state is AssignmentState.REPORTED and running.reported_on is not None:
        for after in rules.review.after:
            stage = Stage(Clock.REVIEW, running.reported_on, Kind.REVIEW, Level.CONTACT_LEADER, after)
            yield Owed(workdays_after(running.reported_on, after), stage)
    if running.state is AssignmentState.SENT:
        waits = rules.acknowledgement
        unread = ((Level.ASSIGNEE, waits.assignee), (Level.CONTACT_LEADER, waits.contact_leader))
        yield from _levels(running.sent_on, unread, Clock.ACKNOWLEDGEMENT, running.sent_on, running.sent_on)
    if running.state in (AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED):
        due_on, told_on = running.clock_due_on, max(running.sent_on, running.returned_on or running.sent_on)
        for before in rules.warning.before:
            stage = Stage(Clock.COMPLETION, due_on, Kind.WARNING, Level.ASSIGNEE, before)
            if (warned_on := workdays_before(due_on, before)) > told_on:
                yield Owed(warned_on, stage)
        days = tuple((level, rules.levels.at(level)) for level in Level)
        yield from _levels(due_on, days, Clock.COMPLETION, told_on, running.issued_on or running.sent_on, waited=running.waited)


def _levels(
    from_on: date, days: Iterable[tuple[Level, int]], clock: Clock, told_on: date, issued_on: date, *, waited: int = 0
) -> Iterator[Owed]:
    """The levels of a clock, each above the assignee with the note before it; of two that go up on one day the higher one is noted."""
    notes: dict[date, Owed] = {}
    for level, after in days:
        goes_up_on = workdays_after(from_on, after + waited)
        if goes_up_on > (told_on if level is Level.ASSIGNEE else issued_on):
            yield Owed(goes_up_on, Stage(clock, from_on, Kind.LEVEL, level, after))
        noted_on = workdays_before(goes_up_on, 1)
        if level > Level.ASSIGNEE and noted_on > told_on:
            notes[noted_on] = Owed(noted_on, Stage(clock, from_on, Kind.NOTE, level, after))
    yield from notes.values()


def decide(running: Running, rules: Rules, said_before: Collection[tuple[str, date, str]], today: date) -> Decision:
    """What is to be said on `today`; `said_before` are the keys of stages in the ledger.

    Each level above the assignee is told once it is reached. Of what goes to the assignee alone only the last is told, and not even
    that where it went up since: whoever hears that a duty of theirs went up need not hear that it was going to.
    """
    reached = [owed for owed in schedule(running, rules) if owed.owed_on <= today]
    said = []
    for place, owed in enumerate(reached):
        if owed.stage.key in said_before:
            continue
        later = (other for other in reached[place + 1 :] if other.stage.clock is owed.stage.clock)
        said.append(Said(owed, owed.stage.goes_up or next(later, None) is None))
    ahead = (owed.owed_on for owed in schedule(running, rules) if owed.owed_on > today)
    return Decision(tuple(said), next(ahead, None))


def colour_of(stage: Stage, rules: Rules) -> Colour:
    """The colour of its notice: what is overdue takes that of the level which is reached, the last warning that of the assignee's."""
    if stage.kind is Kind.LEVEL and stage.clock is Clock.COMPLETION:
        return rules.colour(stage.level)
    if stage.kind is Kind.NOTE and stage.clock is Clock.COMPLETION:
        return rules.colour(Level(stage.level - 1))
    if stage.kind is Kind.WARNING and stage.workdays == min(rules.warning.before):
        return min(Colour.YELLOW, rules.colour(Level.ASSIGNEE), key=list(Colour).index)
    return Colour.BLUE
