"""What the officer is told when a regular meeting was prepared: the figures of its material, which is attached, and who was asked."""

from dataclasses import dataclass
from datetime import date

from notifications.mime import Attachment


@dataclass(frozen=True, slots=True)
class MaterialNotice:
    """To the officer at `address`, on the day `on`, about the meeting of `held_on`."""

    officer: str  # as a reader addresses her; may be a name of an office
    address: str
    held_on: date
    on: date
    answer_by: date
    open: int
    overdue: int
    done_since: int  # since the last meeting
    asked: tuple[str, ...]  # for progress
    without_address: tuple[str, ...]  # who could not be
    file: Attachment
    again: bool = False  # made anew, and nobody was asked
