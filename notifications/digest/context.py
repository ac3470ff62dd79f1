"""What one person is told on one day: everything that is theirs, the most urgent first, and what of it is new."""

from dataclasses import dataclass
from datetime import date

from office.policy import Colour
from office.text import Text


@dataclass(frozen=True, slots=True)
class DigestRow:
    """One assignment, or several of one person that are told of together.

    `said` are the sentences about it, the most important first, like 逾期3个工作日 and 今天报联系领导吴望舒.
    """

    content: str
    text: str  # of the step; may repeat the content
    period: str
    due_on: date
    party: str
    person: str  # who carries it
    colour: Colour | None  # of its notice; None: nothing new today
    light: str  # red, yellow, green, off
    said: tuple[Text, ...]
    last_said: Text | None = None  # 3月2日林一：已联系场地
    link: str = ""  # to this duty in the portal, for this reader
    more_time: str = ""  # where more time is asked for; empty where it cannot be any more
    duties: int = 1  # that it stands for


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """Rows of one branch or unit; an empty name where they need none."""

    name: str
    rows: tuple[DigestRow, ...]

    @property
    def count(self) -> int:
        return sum(row.duties for row in self.rows)


@dataclass(frozen=True, slots=True)
class DigestSection:
    """One kind of what is said, like 逾期任务 or 报到您这里的任务."""

    heading: Text
    groups: tuple[DigestGroup, ...]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


@dataclass(frozen=True, slots=True)
class Digest:
    """To one person at `address`. `first` are the sentences on top; `subject` says what matters most."""

    person: str
    address: str
    on: date
    year: int  # that dates are written without
    subject: Text
    first: tuple[Text, ...]
    sections: tuple[DigestSection, ...]
    left_out: int = 0  # open duties that are not listed: the portal has them
    notice: bytes = b""  # 红色督办单, a Word file; empty where nothing is red
    notice_name: str = ""  # its file name
    unsubscribe: str = ""  # the address that ends such digests at one click (RFC 8058); of digests to informed parties only
