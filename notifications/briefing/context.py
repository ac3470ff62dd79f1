"""What the officer is told in the morning: a few counts, each with the page that shows what it counts."""

from dataclasses import dataclass
from datetime import date

from office.text import Text

NOTHING_MORE = Text("", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """So many of `name`. `present` and `new` are the addresses of the same page in the two UIs."""

    name: Text
    count: int
    present: str
    new: str
    note: Text = NOTHING_MORE
    urgent: bool = False  # shown in red


@dataclass(frozen=True, slots=True)
class Briefing:
    """To the officer at `address` on one day. What is 0 is not said."""

    officer: str  # as a reader addresses her; may be a name of an office
    address: str
    on: date
    figures: tuple[Figure, ...]
    year_page: Figure | None = None  # its count is not shown
    red: Text = NOTHING_MORE  # 红灯：3个支部（…）; empty where nothing is overdue
