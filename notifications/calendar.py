"""Duties → an iCalendar file (RFC 5545): one all-day event a due date, so that the year stands in the reader's own calendar.

Written here rather than with the icalendar package, which needs 0.3 ms an event, as much as all the rest of a message;
the tests read it back with that package.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from notifications.issued.context import Duty
from office.text import Language

_LINE_BYTES = 75
_ALARM_BEFORE = "-P2DT15H"  # nine in the morning, three days before the day begins to be due


def _escaped(value: str) -> str:
    return (
        value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    )


def folded(line: str) -> str:
    """The content line in pieces of at most 75 bytes, never splitting a character."""
    if len(line) * 3 <= _LINE_BYTES or len(line.encode()) <= _LINE_BYTES:
        return line
    pieces, start, size = [], 0, 0
    for position, character in enumerate(line):
        width = 1 if character < "\x80" else len(character.encode())
        if size + width > _LINE_BYTES:
            pieces.append(line[start:position])
            start, size = position, 1  # the space that marks a continuation
        size += width
    pieces.append(line[start:])
    return "\r\n ".join(pieces)


def uid(duty_key: str, due_on: date) -> str:
    """The same for the same duty and date in every message, so that a calendar shows it once."""
    return f"{sha256(f'{duty_key}|{due_on}'.encode()).hexdigest()[:32]}@zeren"


@lru_cache(maxsize=4096)  # of a hundred branches with the same duty
def _words(content: str, text: str, standard: str, party: str, leader: str, mark: str) -> str:
    summary = f"{mark}{content or text}"
    description = "\n".join(part for part in (text if text != content else "", standard, party, leader) if part)
    lines = [folded(f"SUMMARY:{_escaped(summary)}")]
    if description:
        lines.append(folded(f"DESCRIPTION:{_escaped(description)}"))
    return "\r\n".join(lines)


def calendar(title: str, year: int, sections: Iterable[tuple[str, bool, tuple[Duty, ...]]], *, now: datetime, language: Language) -> str:
    """The calendar of `sections`: (mark before each summary, whether an alarm rings, duties). Empty if nothing is dated.

    A standing duty without a date stands on the last day of the year.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    ringing = "责任事项到期提醒" if language == "zh" else "A duty falls due"
    alarm = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{ringing}\r\nTRIGGER:{_ALARM_BEFORE}\r\nEND:VALARM\r\n"
    events = []
    for mark, rings, duties in sections:
        for duty in duties:
            due = duty.due or ((("", date(year, 12, 31)),) if duty.standing else ())
            if not due:
                continue
            make_up = ("［补办］" if language == "zh" else "[make up] ") if duty.make_up else ""
            words = _words(duty.content, duty.text, duty.standard, duty.party, duty.leader, mark + make_up)
            tail = f"{words}\r\nTRANSP:TRANSPARENT\r\n{alarm if rings else ''}END:VEVENT\r\n"
            for _, due_on in due:
                events.append(
                    f"BEGIN:VEVENT\r\nUID:{uid(duty.key, due_on)}\r\nDTSTAMP:{stamp}\r\n"
                    f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}\r\nDTEND;VALUE=DATE:{due_on + timedelta(days=1):%Y%m%d}\r\n{tail}"
                )
    if not events:
        return ""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Zeren//Zeren//ZH\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
        f"{folded(f'X-WR-CALNAME:{_escaped(title)}')}\r\n{''.join(events)}END:VCALENDAR\r\n"
    )
