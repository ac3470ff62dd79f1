"""What who carries a duty is told about a decision: which duties, what became of them, who decided it and why."""

import enum
from dataclasses import dataclass
from datetime import date

from notifications.duty import Duty


class Outcome(enum.StrEnum):
    """What was decided."""

    APPROVED = "approved"
    RETURNED = "returned"
    CLOSED = "closed"  # without a report
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    RESUMED = "resumed"  # owed after all: it had been withdrawn
    EXTENDED = "extended"  # more time was granted
    NOT_EXTENDED = "not_extended"  # more time was denied


@dataclass(frozen=True, slots=True)
class DecidedNotice:
    """To `person` at `address`, on the day `on`: one decision and everything of theirs that it concerns."""

    person: str
    address: str
    outcome: Outcome
    duties: tuple[Duty, ...]  # what they carry
    by: str  # who decided
    comment: str  # empty where nothing was said
    year: int  # of the list
    on: date
    late: bool = False  # what is closed was done late; what is open again is overdue
    informed: tuple[Duty, ...] = ()  # what they assist in or lead; there is at least one duty of either kind
    was_due_on: date | None = None  # of one that is extended: the date before
