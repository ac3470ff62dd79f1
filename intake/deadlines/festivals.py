"""Holidays and memorial days as deadlines: 清明节前, 国庆节期间, “七一”前, 重阳节前, 节前.

Before a public holiday is the last working day before its first day off; before a memorial day, which nobody has off,
is the day before.
"""

from dataclasses import replace
from datetime import date

from intake.deadlines.spans import ONE_DAY, YEARS, NoSuchDate, Span
from office.workdays import double_ninth, festival_ends, festivals, last_workday_before, workdays_after

_FIXED_DAYS = {
    "三八": (3, 8), "妇女": (3, 8), "植树": (3, 12), "五四": (5, 4), "青年": (5, 4), "六一": (6, 1), "儿童": (6, 1),
    "七一": (7, 1), "7.1": (7, 1), "建党": (7, 1), "八一": (8, 1), "8.1": (8, 1), "建军": (8, 1), "慈善": (9, 5),
    "教师": (9, 10), "烈士": (9, 30), "宪法": (12, 4), "志愿者": (12, 5),
}  # fmt: skip
_FESTIVAL_WORDS = {"元旦": "元旦", "春节": "春节", "新春": "春节", "清明": "清明", "五一": "五一", "5.1": "五一", "劳动": "五一",
                   "端午": "端午", "中秋": "中秋", "国庆": "国庆", "十一": "国庆"}  # fmt: skip
_FESTIVAL_NAMES = {"五一": "五一", "元旦": "元旦", "春节": "春节"}  # the others are said with 节


def festival_named(text: str) -> str:
    """`十一黄金周` → 国庆: the name that `office.workdays.festivals` has."""
    return next(name for word, name in _FESTIVAL_WORDS.items() if word in text)


def festival(name: str, side: str, year: int) -> Span:
    """The days off of a public holiday, or the working day before or after them. Raises NoSuchDate."""
    first, last = (festivals(year).get(name), festival_ends(year).get(name)) if year in YEARS else (None, None)
    if first is None or last is None:
        raise NoSuchDate(f"{year}年{name}")
    said = name if name in _FESTIVAL_NAMES else f"{name}节"
    if side == "before":
        due_on = last_workday_before(first)
        return Span(f"{said}前", date(due_on.year, due_on.month, 1), due_on, point=True, by=True)
    if side == "after":
        due_on = workdays_after(last, 1)
        return Span(f"{said}后", due_on, due_on, point=True)
    return Span(said, first, last)


def public_holidays(side: str, year: int) -> list[Span]:
    """One a public holiday, those whose day falls within the year; holidays that share the day are one."""
    by_day: dict[date, list[Span]] = {}
    for name in festivals(year):
        for of_year in (year, year + 1):
            try:
                span = festival(name, side, of_year)
            except NoSuchDate:
                continue
            if span.due_on.year == year:
                by_day.setdefault(span.due_on, []).append(span)
    return [replace(same[0], label="、".join(span.label for span in same)) for _, same in sorted(by_day.items())]


def fixed_day(text: str, side: str, year: int) -> Span:
    """A memorial day, or the day before it. Raises NoSuchDate."""
    if "重阳" in text or "老年" in text:
        on = double_ninth(year)
    else:
        on = date(year, *next(day for word, day in _FIXED_DAYS.items() if word in text)) if year in YEARS else None
    if on is None:
        raise NoSuchDate(f"{year}年{text}")
    if side == "before":
        return Span(f"{text}前", on, on - ONE_DAY, point=True, by=True)
    return Span(text, on, on, point=True, by=True)
