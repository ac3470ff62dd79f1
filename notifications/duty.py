"""One duty as the messages show it, whatever they say about it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty as one person sees it. A recurring duty is one `Duty` with many due dates.

    `due` holds (label of the period, due date) in order of the dates; the label is empty where there is one date only.
    `party` is who answers for it (a unit's name, or a person's where a post is accountable); `leader` its 责任领导.
    `key` stays the same for the same duty in every later message: the calendar's UIDs are made of it.
    """

    content: str
    text: str  # of the step; may repeat the content
    due: tuple[tuple[str, date], ...]
    phrase: str  # the deadline as the list writes it
    standing: bool  # 长期坚持: shown as such, not as a count
    make_up: bool  # 补办: was due before the list was issued
    standard: str
    target: str  # 全年不少于4次
    party: str
    leader: str
    assisting: tuple[str, ...]
    key: str
    past: tuple[str, ...] = ()  # what was done about it so far, a line a date: 3月2日签收；3月20日报送
    overdue: bool = False  # 逾期: was due since the list was issued
    contact: str = ""  # 联系领导 of the branch, where that is somebody else than the leader
