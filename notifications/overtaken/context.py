"""What who came too late with a decision is told: which duty, and what somebody else had decided before."""

from dataclasses import dataclass
from datetime import date

from notifications.duty import Duty
from office.text import Text


@dataclass(frozen=True, slots=True)
class OvertakenNotice:
    """To `person` at `address`, on the day `on`: a decision about `duty` that does not count."""

    person: str
    address: str
    duty: Duty
    said: Text  # a sentence without its end: who decided what when
    year: int  # of the list
    on: date
