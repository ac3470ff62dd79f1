"""Duties → an iCalendar file (RFC 5545): one all-day event a due date, so that the year stands in the reader's own calendar.

Written here rather than with the icalendar package, which takes a fifth of a millisecond an event: a monthly duty would
cost more than all the rest of a message. The tests read it back with that package.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from notifications.duty import Duty
from notifications.mime import pieces
from notifications.sender import Sender

_LINE_BYTES = 75
_BEGINS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Zeren//Zeren//ZH\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
_ALARM_BEFORE = "-P2DT15H"  # nine in the morning, three days before the day begins to be due


def _escaped(value: str) -> str:
    return (
        value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    )


def folded(line: str) -> bytes:
    """The content line in pieces of at most 75 bytes, never splitting a character, with the end of the last one."""
    return b"\r\n ".join(pieces(line.encode(), _LINE_BYTES, _LINE_BYTES - 1)) + b"\r\n"


@lru_cache(maxsize=1024)
def _day_lines(due_on: date, stamp: str) -> bytes:
    """From the end of the UID to the last line that depends on the date."""
    return (
        f"-{due_on}@zeren\r\nDTSTAMP:{stamp}\r\n"
        f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}\r\nDTEND;VALUE=DATE:{due_on + timedelta(days=1):%Y%m%d}\r\n"
    ).encode()


def _words(duty: Duty, mark: str) -> bytes:
    said = dict.fromkeys(part for part in (duty.content, duty.text) if part)  # the steps of one item are told apart by their text
    summary = mark + "：".join(said)
    description = "\n".join(part for part in (duty.standard, duty.party, duty.leader) if part)
    words = folded(f"SUMMARY:{_escaped(summary)}")
    return words + folded(f"DESCRIPTION:{_escaped(description)}") if description else words


def calendar(title: str, year: int, sections: Iterable[tuple[str, bool, tuple[Duty, ...]]], *, now: datetime, sender: Sender) -> bytes:
    """The calendar of `sections`: (mark before each summary, whether an alarm rings, duties). Empty if nothing is dated.

    A standing duty without a date stands on the last day of the year.
    """
    language, today = sender.language, now.astimezone(sender.zone).date()
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    make_up = "［补办］" if language == "zh" else "[make up] "
    ringing = "责任事项到期提醒" if language == "zh" else "A duty falls due"
    alarm = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{ringing}\r\nTRIGGER:{_ALARM_BEFORE}\r\nEND:VALARM\r\n"
    events: list[bytes] = []
    for mark, rings, duties in sections:
        ends = f"TRANSP:TRANSPARENT\r\n{alarm if rings else ''}END:VEVENT\r\n".encode()
        for duty in duties:
            due = duty.due or ((("", date(year, 12, 31)),) if duty.standing else ())
            if not due:
                continue
            # The UID holds the date, and is the same in every message, so that a calendar shows each date once.
            begins = f"BEGIN:VEVENT\r\nUID:{sha256(duty.key.encode()).hexdigest()[:32]}".encode()
            said = _words(duty, mark) + ends
            late = _words(duty, mark + make_up) + ends if duty.make_up else said
            for _, due_on in due:
                events += (begins, _day_lines(due_on, stamp), late if due_on < today else said)
    if not events:
        return b""
    return b"".join((_BEGINS, folded(f"X-WR-CALNAME:{_escaped(title)}"), *events, b"END:VCALENDAR\r\n"))
