"""What somebody is asked before a regular meeting: how far the duties are about which they said nothing since the last one."""

from dataclasses import dataclass
from datetime import date

from notifications.duty import Duty


@dataclass(frozen=True, slots=True)
class ProgressRequest:
    """To `person` at `address`, on the day `on`: how far `duties` are, to be said by `answer_by` for the meeting of `held_on`."""

    person: str
    address: str
    held_on: date
    answer_by: date
    on: date
    duties: tuple[Duty, ...]
    for_others: tuple[str, ...] = ()  # whom the person stands in for, where some of the duties are theirs
