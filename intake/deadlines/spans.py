"""Stretches of the calendar as offices name them: 3月, 4月上旬, 第一季度, 上半年, 清明节前.

In: year, month and the like as numbers; a date that does not exist raises `NoSuchDate`. Out: `Span`s.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from intake.values import Period

ONE_DAY = timedelta(days=1)
YEARS = range(1950, 2151)  # beyond, a number of four digits is no year of a list
NUMERALS = "零一二三四五六七八九"

Part = Literal["early", "middle", "late", "end"]
PARTS: dict[str, Part] = {"初": "early", "上旬": "early", "中": "middle", "中旬": "middle", "下旬": "late", "底": "end", "末": "end"}
_PART_NAMES = {"early": "上旬", "middle": "中旬", "late": "下旬", "end": "底"}


class NoSuchDate(ValueError):
    """The phrase names a date that no calendar has."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch with its last day. `point`: named by its end (a day, 月底), so that `前` means by then and not before
    it begins. `by`: has no beginning of its own, the duty may be done at any time up to the end."""

    label: str
    starts_on: date
    due_on: date
    point: bool = False
    by: bool = False

    def period(self) -> Period:
        return Period(self.label, min(self.starts_on, self.due_on), self.due_on)


def day(year: int, month: int, number: int) -> Span:
    on = _date(year, month, number)
    return Span(f"{month}月{number}日", on, on, point=True, by=True)


def month(year: int, number: int, part: Part | None = None) -> Span:
    """A month or a part of it: the first ten days (also 初), the second ten, the rest, or its end."""
    first, last = _date(year, number, 1), month_end(year, number)
    starts_on = first + timedelta(days={"middle": 10, "late": 20}.get(part or "", 0))
    due_on = min(last, first + timedelta(days={"early": 9, "middle": 19}.get(part or "", 30)))
    return Span(f"{number}月{_PART_NAMES.get(part or '', '')}", starts_on, due_on, point=part == "end")


def quarter(year: int, number: int, part: Part | None = None) -> Span:
    if number not in range(1, 5):
        raise NoSuchDate(number)
    first, last = 3 * number - 2, 3 * number
    label = f"第{NUMERALS[number]}季度"
    if part == "early":
        return replace(month(year, first), label=f"{label}初")
    if part == "middle":
        return replace(month(year, first + 1), label=f"{label}中")
    return Span(label, date(year, first, 1), month_end(year, last), point=part in ("late", "end"))


def half(year: int, number: int, part: Part | None = None) -> Span:
    first, last = (1, 6) if number == 1 else (7, 12)
    label = "上半年" if number == 1 else "下半年"
    if part == "early":
        return Span(f"{label}初", date(year, first, 1), month_end(year, first + 2))
    return Span(label, date(year, first, 1), month_end(year, last), point=part in ("late", "end"))


def whole_year(year: int, part: Part | None = None) -> Span:
    """A year, 年初 (its first quarter), 年中 (its first half) or 年底."""
    if part == "early":
        return Span("年初", date(year, 1, 1), date(year, 3, 31), point=True)
    if part == "middle":
        return Span("年中", date(year, 1, 1), date(year, 6, 30), point=True)
    return Span("全年" if part is None else "年底", date(year, 1, 1), date(year, 12, 31), point=True, by=part is not None)


def term(year: int, number: int) -> Span:
    """A school term as a list of one year counts it: spring in its first half, autumn in its second."""
    return replace(half(year, number), label="春季学期" if number == 1 else "秋季学期")


def season(year: int, number: int) -> Span:
    """Spring is March to May; winter runs into February of the next year."""
    first = 3 * number
    due_on = month_end(year, first + 2) if number < 4 else month_end(year + 1, 2)
    return Span(f"{'春夏秋冬'[number - 1]}季", date(year, first, 1), due_on)


def month_end(year: int, number: int) -> date:
    return date(year, number, monthrange(year, number)[1])


def clamped(year: int, month: int, number: int) -> date:
    """That day of the month, or the month's last where the month is shorter."""
    return min(date(year, month, 1) + timedelta(days=max(number, 1) - 1), month_end(year, month))


def next_month(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def join(first: Span, last: Span) -> Span:
    """From the beginning of one to the end of the other."""
    return Span(f"{first.label}—{last.label}", first.starts_on, last.due_on, point=last.point)


def _date(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise NoSuchDate(f"{month}月{number}日") from error
