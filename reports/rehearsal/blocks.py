"""What a report is made of, whatever it is written in: sections of words, tables and charts. Every sentence in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.rehearsing import MailKind
from office.text import Text

Cell = Text | str | int


@dataclass(frozen=True, slots=True)
class Words:
    text: Text


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers_from: int  # the first of the columns that stand right


@dataclass(frozen=True, slots=True)
class Weeks:
    """The mails of all weeks by kind; `highest` is the most of any chart beside it, so that they compare."""

    title: Text
    weeks: Mapping[date, Mapping[MailKind, int]]
    highest: int


@dataclass(frozen=True, slots=True)
class PeopleWeeks:
    """The mails of people in each week. `left_out`: how many people have fewer and are not shown."""

    title: Text
    weeks: tuple[date, ...]
    people: tuple[tuple[str, Mapping[date, int]], ...]
    left_out: int
    highest: int


Block = Words | Table | Weeks | PeopleWeeks


@dataclass(frozen=True, slots=True)
class Section:
    heading: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    title: Text
    about: tuple[Text, ...]
    sections: tuple[Section, ...]
