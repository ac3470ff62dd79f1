"""逐级上报: whom an overdue duty goes up to, by the working days that it is over (FIELD.md section 5). Pure.

In: the day its clock ran to, a civil day, and the roster. Out: the level that it has reached by then, and who that is.
"""

import enum
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from engine.directory import Directory
from office.text import Text
from office.workdays import is_workday

ESCALATE = "escalate"  # the action of a history row; its `to_value` says whom it went up to


class Level(enum.IntEnum):
    """Who is told of an overdue duty, from below upwards."""

    ASSIGNEE = 0
    CONTACT_LEADER = 1
    PRINCIPAL = 2
    PARTY_GROUP = 3


LEVEL_WORDS = {
    Level.ASSIGNEE: Text("责任人", "assignee"),
    Level.CONTACT_LEADER: Text("联系领导", "contact leader"),
    Level.PRINCIPAL: Text("主要负责人", "principal"),
    Level.PARTY_GROUP: Text("党组", "party group"),
}
AFTER_WORKDAYS = {Level.ASSIGNEE: 0, Level.CONTACT_LEADER: 3, Level.PRINCIPAL: 7, Level.PARTY_GROUP: 15}  # over, when it goes up


class Superior(NamedTuple):
    """A level and who it is in this office; an empty name where the roster knows nobody."""

    level: Level
    name: str


@lru_cache(maxsize=4096)  # many duties fall due on one day
def workdays_over(clock_due_on: date, today: date) -> int:
    """Working days after the due date, `today` among them; 0 on and before it."""
    days = (clock_due_on + timedelta(days=ahead) for ahead in range(1, (today - clock_due_on).days + 1))
    return sum(map(is_workday, days))


def level_after(workdays: int) -> Level:
    """The highest level that hears of a duty which is so many working days over."""
    return max(level for level, after in AFTER_WORKDAYS.items() if workdays >= after)


def superior(level: Level, directory: Directory, *, person: str, leader: str, unit: str) -> Superior:
    """Who it is for a duty of `person` in `unit`; its own 责任领导, where it has one, comes before the contact leader."""
    if level is Level.ASSIGNEE:
        return Superior(level, person)
    if level is Level.CONTACT_LEADER:
        return Superior(level, leader or next(iter((*directory.contacts_of(unit), *directory.in_charge_of(unit))), ""))
    if level is Level.PRINCIPAL:
        return Superior(level, principal(directory) or "")
    return Superior(level, directory.party_group or "")


def principal(directory: Directory) -> str | None:
    """主要负责人: the head of the party group, else of the bureau."""
    heads = (directory.head_of(unit) for unit in (directory.party_group, directory.bureau) if unit)
    return next(filter(None, heads), None)
