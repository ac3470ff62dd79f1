"""What who decides about more time is told: who asks for it, for which duty, how much and why."""

from dataclasses import dataclass
from datetime import date

from notifications.duty import Duty


@dataclass(frozen=True, slots=True)
class AskedNotice:
    """To `person` at `address`, on the day `on`: one request about `duty`."""

    person: str
    address: str
    duty: Duty
    by: str  # who asks
    carrier: str  # whose duty it is, where somebody else asks; else empty
    due_on: date
    wanted_on: date
    reason: str
    progress: str
    granted_before: int  # how often it was extended
    may_decide: bool  # not so the officer, who is told where nobody who decides has a mail address
    deciders: tuple[str, ...]
    year: int  # of the list
    on: date
