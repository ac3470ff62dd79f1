"""Duties → an iCalendar file (RFC 5545): one all-day event a due date, so that the year stands in the reader's own calendar.

Written here rather than with the icalendar package, which takes a fifth of a millisecond an event: a monthly duty would
cost more than all the rest of a message. The tests read it back with that package.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from notifications.issued.context import Duty
from notifications.mime import pieces
from notifications.sender import Sender

_LINE_BYTES = 75
_ALARM_BEFORE = "-P2DT15H"  # nine in the morning, three days before the day begins to be due


def _escaped(value: str) -> str:
    return (
        value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    )


def folded(line: str) -> str:
    """The content line in pieces of at most 75 bytes, never splitting a character."""
    return b"\r\n ".join(pieces(line.encode(), _LINE_BYTES, _LINE_BYTES - 1)).decode()


@lru_cache(maxsize=1024)
def _day_lines(due_on: date) -> str:
    return f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}\r\nDTEND;VALUE=DATE:{due_on + timedelta(days=1):%Y%m%d}\r\n"


def _words(duty: Duty, mark: str) -> str:
    summary = f"{mark}{duty.content or duty.text}"
    detail = duty.text if duty.text != duty.content else ""
    description = "\n".join(part for part in (detail, duty.standard, duty.party, duty.leader) if part)
    words = folded(f"SUMMARY:{_escaped(summary)}")
    return f"{words}\r\n{folded(f'DESCRIPTION:{_escaped(description)}')}" if description else words


def calendar(title: str, year: int, sections: Iterable[tuple[str, bool, tuple[Duty, ...]]], *, now: datetime, sender: Sender) -> str:
    """The calendar of `sections`: (mark before each summary, whether an alarm rings, duties). Empty if nothing is dated.

    A standing duty without a date stands on the last day of the year.
    """
    language, today = sender.language, now.astimezone(sender.zone).date()
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    ringing = "责任事项到期提醒" if language == "zh" else "A duty falls due"
    alarm = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{ringing}\r\nTRIGGER:{_ALARM_BEFORE}\r\nEND:VALARM\r\n"
    events = []
    for mark, rings, duties in sections:
        for duty in duties:
            due = duty.due or ((("", date(year, 12, 31)),) if duty.standing else ())
            if not due:
                continue
            ends = f"TRANSP:TRANSPARENT\r\n{alarm if rings else ''}END:VEVENT\r\n"
            words = _words(duty, mark)
            late = _words(duty, mark + ("［补办］" if language == "zh" else "[make up] ")) if duty.make_up else words
            uid = sha256(duty.key.encode()).hexdigest()[:32]  # with the date: the same in every message, so that a calendar shows it once
            events += [
                f"BEGIN:VEVENT\r\nUID:{uid}-{due_on}@zeren\r\nDTSTAMP:{stamp}\r\n{_day_lines(due_on)}"
                f"{late if due_on < today else words}\r\n{ends}"
                for _, due_on in due
            ]
    if not events:
        return ""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Zeren//Zeren//ZH\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
        f"{folded(f'X-WR-CALNAME:{_escaped(title)}')}\r\n{''.join(events)}END:VCALENDAR\r\n"
    )
