"""How a duty stands → what its clocks call for (docs/follow-up.md, "Clocks and notices"). Pure.

In: a standing by civil days, the rules of its item. Out: stages with the working day on which each is owed, in the order in which
they come.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from models import AssignmentState
from office.policy import Level, Rules
from office.workdays import workdays_after, workdays_before

ACKNOWLEDGEMENT, COMPLETION, REVIEW = "acknowledgement", "completion", "review"
WARNING, LEVEL, NOTE = "warning", "level", "note"
TO_BE_DONE = (AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED)


class Standing(NamedTuple):
    """A duty for as long as nothing is done about it. `returned_on` is set in 退回重办, `reported_on` in 待审核."""

    state: AssignmentState
    due_on: date  # of 补办: not before the day of issue
    sent_on: date  # issued, or handed over last
    returned_on: date | None = None
    reported_on: date | None = None


class Key(NamedTuple):
    """What tells one notice of a duty from another."""

    clock: str
    from_on: date
    stage: str


class Owed(NamedTuple):
    key: Key
    owed_on: date
    place: int  # among what is owed on one day: a warning, then the levels from below, then the note of what comes next
    level: Level | None = None  # that is told; None for what is no level

    @property
    def goes_up(self) -> bool:
        return self.level is not None and self.level > Level.ASSIGNEE


@lru_cache(maxsize=65536)  # duties of one step stand alike
def called_for(standing: Standing, rules: Rules) -> tuple[Owed, ...]:
    """Everything that the clocks which run in this standing call for, whatever the day is."""
    found: list[Owed] = []
    if standing.state is AssignmentState.REPORTED and standing.reported_on:
        found += _review(standing.reported_on, rules)
    if standing.state is AssignmentState.SENT:
        found += _acknowledgement(standing.sent_on, rules)
    if standing.state in TO_BE_DONE:
        reached_on = standing.returned_on or standing.sent_on  # they were told that day
        found += [owed for owed in _completion(standing, rules) if owed.owed_on > reached_on]
    return tuple(sorted(found, key=lambda owed: (owed.owed_on, owed.place)))


def are_told(reached: Sequence[Owed]) -> set[Key]:
    """Of the stages that have come, in their order, those that are told: each that goes up, and the last one of a clock."""
    last = {owed.key.clock: owed.key for owed in reached}
    return {owed.key for owed in reached if owed.goes_up} | set(last.values())


def _acknowledgement(sent_on: date, rules: Rules) -> Iterator[Owed]:
    days = rules.acknowledgement
    for level, n in ((Level.ASSIGNEE, days.assignee), (Level.CONTACT_LEADER, days.contact_leader)):
        yield Owed(Key(ACKNOWLEDGEMENT, sent_on, _level(level)), workdays_after(sent_on, n), 1 + level, level)


def _review(reported_on: date, rules: Rules) -> Iterator[Owed]:
    for n in rules.review.after:
        yield Owed(Key(REVIEW, reported_on, f"{REVIEW} {n}"), workdays_after(reported_on, n), n)


def _completion(standing: Standing, rules: Rules) -> Iterator[Owed]:
    due_on = standing.due_on
    for n in rules.warning.before:
        yield Owed(Key(COMPLETION, due_on, f"{WARNING} {n}"), workdays_before(due_on, n), 0)
    from_on = max(due_on, standing.returned_on or due_on)
    days = {level: workdays_after(from_on, rules.levels.at(level)) for level in Level}
    for level, day in days.items():
        yield Owed(Key(COMPLETION, from_on, _level(level)), day, 1 + level, level)
        highest = max(other for other, its_day in days.items() if its_day == day)
        if level > Level.ASSIGNEE and level is highest:
            note = f"{NOTE} {level.name.lower()}"
            yield Owed(Key(COMPLETION, from_on, note), workdays_before(day, 1), 2 + len(Level))


def _level(level: Level) -> str:
    return f"{LEVEL} {level.name.lower()}"
