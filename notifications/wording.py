"""Dates, names and deadlines as an office user reads them."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from notifications.duty import Duty
from office.text import Language, Text, plain

MAKE_UP, OVERDUE = Text("补办", "make up"), Text("逾期", "overdue")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SUBJECT_LENGTH = 60  # of a duty's words; more would be cut by the mail client anyway
_SHOWN_DATES = 4  # of a recurring duty; more are in the calendar


def day(value: date, language: Language) -> str:
    """1月31日, 31 Jan."""
    return f"{value.month}月{value.day}日" if language == "zh" else f"{value.day} {_MONTHS[value.month - 1]}"


def day_in(value: date, year: int, language: Language) -> str:
    """A date with its year where that is not the list's."""
    if value.year == year:
        return day(value, language)
    return f"{value.year}年{day(value, language)}" if language == "zh" else f"{day(value, language)} {value.year}"


def names(values: Sequence[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(values)


def in_subject(title: str) -> str:
    """A duty's words as a mail's subject takes them: one line, no control characters, at most 60 characters."""
    return one_line(title, _SUBJECT_LENGTH)


def one_line(written: str, longest: int) -> str:
    """What a person wrote, on one line without control characters, cut to so many characters."""
    line = " ".join(plain(written).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


class DutyView(NamedTuple):
    """One duty as both the text and the HTML show it. Every field is a finished phrase, empty where there is nothing to say."""

    title: str
    detail: str  # of the step, where it says more than the content
    when: str  # 1月31日前, 长期坚持
    schedule: str  # of a recurring duty: how often, and the dates
    late: str  # 补办 or 逾期: all of it; where only some dates of a series have passed, the schedule says which
    standard: str
    target: str
    party: str
    leader: str
    contact: str
    assisting: str
    phrase: str  # the deadline as written, where it says more than `when`
    past: tuple[str, ...]  # what was done so far, where the message tells it
    sort_on: date


class _Timing(NamedTuple):
    """What a reader is told of a series of dates."""

    when: str
    schedule: str
    sort_on: date
    late: str


@lru_cache(maxsize=1024)  # all who have a step have its dates
def _timing(due: tuple[tuple[str, date], ...], standing: bool, late: Text | None, year: int, on: date, language: Language) -> _Timing:
    zh = language == "zh"
    dates = [due_on for _, due_on in due]
    ahead = next((due_on for due_on in dates if due_on >= on), dates[-1] if dates else date(year, 12, 31))
    if standing and len(dates) <= 1:
        when = "长期坚持" if zh else "Standing"
    elif not dates:
        when = "时间另行通知" if zh else "Date to follow"
    else:
        when = f"{day_in(ahead, year, language)}前" if zh else f"by {day_in(ahead, year, language)}"
    passed = [day_in(due_on, year, language) for due_on in dates if due_on < on] if late and ahead >= on else []
    asked = Text("的请补办", "to be made up: ") if late is MAKE_UP else Text("的已逾期，请尽快办结", "overdue: ")
    said = "" if not passed else f"；{names(passed, language)}{asked.zh}" if zh else f"; {asked.en}{names(passed, language)}"
    schedule = _schedule(dates, ahead, year, language) + said if len(dates) > 1 else ""
    return _Timing(when, schedule, ahead, late.in_(language) if late and ahead < on else "")


def duty_view(duty: Duty, *, year: int, on: date, language: Language) -> DutyView:
    """`on` is the day the message is written: the next date of a recurring duty is the first that is not before it."""
    late = MAKE_UP if duty.make_up else OVERDUE if duty.overdue else None
    timing = _timing(duty.due, duty.standing, late, year, on, language)
    return DutyView(
        title=duty.content or duty.text,
        detail=duty.text if duty.content and duty.text not in ("", duty.content) else "",
        when=timing.when,
        schedule=timing.schedule,
        late=timing.late,
        standard=duty.standard,
        target=duty.target,
        party=duty.party,
        leader=duty.leader,
        contact=duty.contact,
        assisting=names(duty.assisting, language),
        phrase=duty.phrase if duty.phrase != timing.when else "",
        past=duty.past,
        sort_on=timing.sort_on,
    )


def _schedule(dates: Sequence[date], ahead: date, year: int, language: Language) -> str:
    """All the dates of a short series; the number, and those from the next one on, of a long one."""
    if len(dates) <= _SHOWN_DATES:
        shown = names([day_in(due_on, year, language) for due_on in dates], language)
        return f"共{len(dates)}次：{shown}" if language == "zh" else f"{len(dates)} times: {shown}"
    coming = [due_on for due_on in dates if due_on >= ahead]
    shown = names([day_in(due_on, year, language) for due_on in coming[:_SHOWN_DATES]], language)
    more = len(coming) > _SHOWN_DATES
    if language == "zh":
        return f"共{len(dates)}次：{shown}{' … ' + day_in(dates[-1], year, language) if more else ''}"
    return f"{len(dates)} times: {shown}{' … ' + day_in(dates[-1], year, language) if more else ''}"
