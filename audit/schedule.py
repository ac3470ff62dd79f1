"""How a duty stands → what its clocks call for (docs/follow-up.md, "Clocks and notices"). Pure.

In: a standing by civil days, the rules of its item. Out: stages with the working day on which each is owed, in the order in which
they come.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from models import AssignmentState
from office.policy import Level, Rules
from office.workdays import workdays_after, workdays_before, workdays_between

ACKNOWLEDGEMENT, COMPLETION, REVIEW = "acknowledgement", "completion", "review"
WARNING, LEVEL, NOTE = "warning", "level", "note"
TO_BE_DONE = (AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED)


class Standing(NamedTuple):
    """A duty for as long as nothing is done about it. `returned_on` is set in 退回重办, `reported_on` in 待审核."""

    state: AssignmentState
    due_on: date  # of 补办: not before the day of issue
    sent_on: date  # issued, or handed over last
    issued_on: date
    returned_on: date | None = None
    reported_on: date | None = None
    stopped_on: date | None = None  # reported or ended since, and not returned
    pauses: tuple[tuple[date, date], ...] = ()  # from a report, or an end, to its return


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
        # A note that comes on the day on which it was sent is none: they were told that day.
        found += [owed for owed in _acknowledgement(standing.sent_on, rules) if owed.owed_on > standing.sent_on]
    if standing.state in TO_BE_DONE:
        found += _completion(standing, rules)
    return tuple(sorted(found, key=lambda owed: (owed.owed_on, owed.place)))


def are_told(reached: Sequence[Owed]) -> set[Key]:
    """Of the stages that have come, in their order, those that are told: each that goes up, and the last one of a clock."""
    last = {owed.key.clock: owed.key for owed in reached}
    return {owed.key for owed in reached if owed.goes_up} | set(last.values())


def _acknowledgement(sent_on: date, rules: Rules) -> Iterator[Owed]:
    days = rules.acknowledgement
    each = {Level.ASSIGNEE: days.assignee, Level.CONTACT_LEADER: days.contact_leader}
    yield from _levels(ACKNOWLEDGEMENT, sent_on, {level: workdays_after(sent_on, n) for level, n in each.items()})


def _review(reported_on: date, rules: Rules) -> Iterator[Owed]:
    for n in rules.review.after:
        yield Owed(Key(REVIEW, reported_on, f"{REVIEW} {n}"), workdays_after(reported_on, n), n)


def _completion(standing: Standing, rules: Rules) -> Iterator[Owed]:
    due_on, told_on = standing.due_on, max(standing.sent_on, standing.returned_on or standing.sent_on)
    stood_still = sum(_stood_still(due_on, *pause) for pause in standing.pauses)
    found = [Owed(Key(COMPLETION, due_on, f"{WARNING} {n}"), workdays_before(due_on, n), 0) for n in rules.warning.before]
    found += _levels(COMPLETION, due_on, {level: workdays_after(due_on, rules.levels.at(level) + stood_still) for level in Level})
    for owed in found:
        if owed.owed_on > (standing.issued_on if owed.goes_up else told_on):
            yield owed


def _levels(clock: str, from_on: date, days: Mapping[Level, date]) -> Iterator[Owed]:
    """Each level on its day, and the note before it, of levels that have one day the highest's."""
    for level, day in days.items():
        yield Owed(Key(clock, from_on, _level(level)), day, 1 + level, level)
        highest = max(other for other, its_day in days.items() if its_day == day)
        if level > Level.ASSIGNEE and level is highest:
            yield Owed(Key(clock, from_on, f"{NOTE} {level.name.lower()}"), workdays_before(day, 1), 2 + len(Level))


def _stood_still(due_on: date, stopped_on: date, returned_on: date) -> int:
    """Working days after the due date that lay between a report (or an end) and its return, that day among them."""
    return workdays_between(max(due_on, stopped_on), returned_on)


def _level(level: Level) -> str:
    return f"{LEVEL} {level.name.lower()}"
