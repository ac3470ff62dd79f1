"""Recurring duties: `每月5日前`, `每季度首月15日前`, `每两个月`, `每周五` → one period each time in the list's year.

A period is due on its last day unless the phrase says which day: one of the same stretch (`每月25日前`), one of a
named month of it (`每季度末月20日前`), or one after it (`每季度结束后10个工作日内`, `次月5日前`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from intake.deadlines import spans
from intake.deadlines.durations import Duration
from intake.deadlines.spans import NUMERALS, ONE_DAY, Part, Span
from intake.deadlines.words import Token, numbers, weekday
from office.workdays import is_workday, last_workday_before, workdays_after

Unit = Literal["year", "month", "half_month", "ten_days", "week", "day", "term"]


@dataclass(frozen=True, slots=True)
class Every:
    """How often. A quarter is three months, a half-year six."""

    unit: Unit
    step: int = 1
    weekday: int | None = None  # Monday is 0
    only: Literal["", "odd", "even"] = ""  # 单月, 双月
    bare: bool = False  # 季末, 季度末: without 每


@dataclass(frozen=True, slots=True)
class When:
    """Which day of each period."""

    part: Part | None = None
    days: tuple[int, ...] = ()
    month: int | None = None  # the how-maniest month of the period; -1 is its last
    following: bool = False  # a day of the month after the period
    after: Duration | None = None  # so long after the period
    week: int | None = None  # the how-maniest week of the month; -1 is its last
    weekday: int | None = None  # of that week; without it the week's last day
    last_workday: bool = False
    first_workday: bool = False


def every(token: Token) -> Every:
    """How often a word of kind `every` means."""
    text = token.text
    step = next(iter(numbers(re.sub(r"^一|每逢?一个|半", "", text))), 1)
    on = weekday(text)
    if on is not None:
        return Every("week", weekday=on)
    if "双月" in text or "单月" in text:
        return Every("month", only="even" if "双" in text else "odd")
    if "半月" in text or "半个月" in text:
        return Every("half_month")
    if "半" in text:
        return Every("month", 6)
    if "季" in text:
        return Every("month", 3 * step, bare=text in ("季", "季度"))
    if "学" in text:
        return Every("term")
    if "月" in text:
        return Every("month", 2 if text.startswith("隔") else step)
    if "年" in text:
        return Every("year", step)
    if "旬" in text:
        return Every("ten_days")
    if "周" in text or "星期" in text or "礼拜" in text:
        return Every("week", 2 if text.startswith("隔") else step)
    return Every("day", step)


def occurrences(often: Every, when: When, year: int) -> list[Span]:
    """The periods of one year, in order. None for daily duties, which are not split."""
    match often.unit:
        case "day":
            return []
        case "week":
            return list(_weeks(often, year))
        case "term":
            return [spans.term(year, 1), spans.term(year, 2)]
        case "half_month":
            return [_days_of(year, month, *days) for month in range(1, 13) for days in ((1, 15), (16, 31))]
        case "ten_days":
            return [spans.month(year, month, part) for month in range(1, 13) for part in ("early", "middle", "late")]
        case "year":
            return [spans.whole_year(year, when.part)]
    step = max(1, min(often.step, 12))
    found: list[Span] = []
    for first in range(1, 13, step):
        if not often.only or (first % 2 == 0) == (often.only == "even"):
            found.extend(_due(when, year, first, min(first + step - 1, 12)))
    return found


def _due(when: When, year: int, first: int, last: int) -> Iterator[Span]:
    """One period of months `first` to `last`, once for each day that is named."""
    whole = Span(_label(first, last), date(year, first, 1), spans.month_end(year, last))
    at = (year, last)
    if when.month is not None:
        at = (year, last if when.month < 0 else min(first + when.month - 1, last))
    elif when.part == "early" or (when.week or 0) > 0:
        at = (year, first)
    elif when.following:
        at = spans.next_month(year, last)
    if when.after is not None:
        yield replace(whole, due_on=when.after.after(whole.due_on))
    elif when.days:
        starts_on = whole.starts_on
        for number in sorted(set(when.days)):
            due_on = spans.clamped(*at, number)
            label = f"{due_on.month}月{due_on.day}日" if first == last else whole.label
            yield Span(label, starts_on, due_on, point=True)
            starts_on = due_on + ONE_DAY
    elif when.week is not None:
        yield replace(whole, due_on=_in_week(*at, when.week, when.weekday))
    elif when.last_workday:
        end = spans.month_end(*at)
        yield replace(whole, due_on=end if is_workday(end) else last_workday_before(end))
    elif when.first_workday:
        yield replace(whole, due_on=workdays_after(date(at[0], at[1], 1) - ONE_DAY, 1))
    else:
        yield replace(whole, due_on=spans.month(*at, when.part).due_on)


def _in_week(year: int, month: int, week: int, on: int | None) -> date:
    """The n-th (-1: the last) such weekday of a month; without one the last day of its n-th seven days."""
    last = spans.month_end(year, month)
    if on is None:
        return last if week < 0 else spans.clamped(year, month, 7 * week)
    if week < 0:
        return last - timedelta(days=(last.weekday() - on) % 7)
    first = date(year, month, 1)
    return min(first + timedelta(days=(on - first.weekday()) % 7 + 7 * (week - 1)), last)


def _label(first: int, last: int) -> str:
    if first == last:
        return f"{first}月"
    if last - first == 2 and last % 3 == 0:
        return f"第{NUMERALS[last // 3]}季度"
    if last - first == 5 and last % 6 == 0:
        return "上半年" if last == 6 else "下半年"
    return f"{first}月—{last}月"


def _weeks(often: Every, year: int) -> Iterator[Span]:
    """The weeks whose day lies in the year: the named weekday, else Sunday, the week's last."""
    on = 6 if often.weekday is None else often.weekday
    due_on = date(year, 1, 1)
    due_on += timedelta(days=(on - due_on.weekday()) % 7 + 7 * (often.step - 1))
    number = often.step
    while due_on.year == year:
        starts_on = max(date(year, 1, 1), due_on - timedelta(days=due_on.weekday() + 7 * (often.step - 1)))
        yield Span(f"第{number}周", starts_on, due_on)
        due_on += timedelta(weeks=often.step)
        number += often.step


def _days_of(year: int, month: int, first: int, last: int) -> Span:
    half = "上半月" if first == 1 else "下半月"
    return Span(f"{month}月{half}", date(year, month, first), spans.clamped(year, month, last))
