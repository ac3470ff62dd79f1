"""What the mail on the day of issue says: one person, all of their duties of one list."""

from dataclasses import dataclass

from notifications.duty import Duty


@dataclass(frozen=True, slots=True)
class IssuedNotice:
    """To `person` at `address`: what they answer for, assist in, and lead."""

    person: str
    address: str
    list_title: str
    year: int
    accountable: tuple[Duty, ...] = ()
    assisting: tuple[Duty, ...] = ()
    leading: tuple[Duty, ...] = ()
    supplement: bool = False  # they were told of the list before: this is what has come to it
