"""What reading yields: plain frozen values that carry the address they were read from.

An address is where the officer finds the place again: `Sheet1!D5` (workbook), `row 5` (CSV records), `table 1 row 4`
(Word tables, header rows count), `paragraph 12` (Word paragraphs, empty ones count).
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from office.text import Text


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of time that a duty is owed for: from `starts_on` to `due_on`, both inclusive civil dates."""

    label: str  # as an office says it: 3月, 第一季度, 上半年, 清明节前, 12月20日
    starts_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Relative:
    """A duration from an event or from the issue of the list: 7 calendar days, or 30 working days."""

    days: int
    working: bool
    from_issue: bool  # 立行立改 counts from the issue of the list; 会后7日内 waits for its event

    def __str__(self) -> str:
        return f"{self.days}{'wd' if self.working else 'd'}"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached: 4 次, 25000 册; for each period of the duty or for the whole year."""

    amount: float
    unit: str = ""
    per: Literal["period", "year"] = "period"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The reading of one deadline phrase (FIELD.md section 3). No periods and not standing: undated."""

    phrase: str | None
    periods: tuple[Period, ...] = ()
    standing: bool = False
    never_closes: bool = False  # 长期坚持 is never closed by itself
    relative: Relative | None = None
    target: Target | None = None
    checkpoints: tuple[date, ...] = ()  # progress is looked at here: mid-year of a yearly count
    ask: Text | None = None  # why the officer is asked, with the reading that was taken
    problem: Text | None = None  # why the phrase cannot be read at all, e.g. a date that does not exist

    @property
    def due(self) -> tuple[date, ...]:
        return tuple(period.due_on for period in self.periods)


@dataclass(frozen=True, slots=True)
class Parties:
    """Names as written, after splitting, in the role that the file gives them."""

    leader: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    assisting: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.leader or self.lead or self.responsible or self.assisting)


@dataclass(frozen=True, slots=True)
class Step:
    """One dated segment of an item. `parties` are the ones that hold for this step, its item's where it has none."""

    text: str
    address: str
    deadline: Deadline
    parties: Parties = Parties()


@dataclass(frozen=True, slots=True)
class Item:
    """One duty of the list (责任事项)."""

    content: str
    address: str
    steps: tuple[Step, ...]
    number: str = ""
    section: str = ""  # the sheet, heading or section row it stands under
    parties: Parties = Parties()
    standard: str = ""
    points: float | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A question to the officer or a problem of the file, with its place."""

    address: str
    text: Text


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no duty, and why it was passed over."""

    address: str
    text: str
    why: Text


@dataclass(frozen=True, slots=True)
class ListReading:
    """Everything that one file said. Each of its non-empty lines is an item, a step, a question, a problem or skipped."""

    title: str
    items: tuple[Item, ...] = ()
    questions: tuple[Note, ...] = ()
    problems: tuple[Note, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRow:
    name: str
    kind: str
    parent: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    name: str
    email: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class PostRow:
    """A person's post in a unit; `ends_on` is the last day in office, both ends may be open."""

    person: str
    unit: str
    title: str
    starts_on: date | None = None
    ends_on: date | None = None
    address: str = ""

    def held_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class ContactPointRow:
    leader: str
    branch: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is who in one year. Names of units and of people are unique in it; order is the order of the file."""

    units: tuple[UnitRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    contact_points: tuple[ContactPointRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterReading:
    roster: Roster
    problems: tuple[Note, ...] = ()
    questions: tuple[Note, ...] = ()
