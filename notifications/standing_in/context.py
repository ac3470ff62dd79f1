"""What a substitute is told: for whom and how long, and what falls due in that time."""

from dataclasses import dataclass
from datetime import date

from notifications.duty import Duty


@dataclass(frozen=True, slots=True)
class StandingInNotice:
    """To `person` at `address`, on the day `on`: the duties of `on_leave` are theirs to do from the first day to the last one."""

    person: str
    address: str
    on_leave: str
    starts_on: date
    ends_on: date
    reason: str  # empty where none was given
    duties: tuple[Duty, ...]  # open, and due by the last day; perhaps none
    on: date
