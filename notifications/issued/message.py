"""`IssuedNotice` → `Mail`."""

from datetime import datetime

from notifications.calendar import calendar
from notifications.composing import BLUE, GREEN, PURPLE, compose, section
from notifications.issued.context import IssuedNotice
from notifications.mime import Mail
from notifications.sender import Sender
from office.text import Language, Text

_MINE = Text("我负责的", "Mine to answer for")
_ASSISTING = Text("我配合的（配合）", "Where I assist")
_LEADING = Text("我分管的", "Under my leadership")


def compose_issued(notice: IssuedNotice, sender: Sender, *, key: str, person_id: int | None, now: datetime, link: str = "") -> Mail:
    """The message on the day of issue. `key` is the ledger's: one list, one person, one message.

    Refuses a name, an address or a list's title with line breaks in it.
    """
    language = sender.language
    on = now.astimezone(sender.zone).date()
    sections = [
        section(title.in_(language), colour, duties, year=notice.year, on=on, sender=sender)
        for title, colour, duties in (
            (_MINE, BLUE, notice.accountable),
            (_ASSISTING, GREEN, notice.assisting),
            (_LEADING, PURPLE, notice.leading),
        )
        if duties
    ]
    marks = ("", "（配合）", "（分管）") if language == "zh" else ("", "(assist) ", "(lead) ")
    duties_by_mark = zip(marks, (True, False, False), (notice.accountable, notice.assisting, notice.leading), strict=True)
    return compose(
        "issued",
        {
            "list_title": notice.list_title,
            "counted": _counted(notice, language),
            "supplement": notice.supplement,
            "sections": sections,
            "first": sections[0].duties[0] if sections else None,
        },
        person=notice.person,
        address=notice.address,
        calendar=calendar(notice.list_title, notice.year, duties_by_mark, now=now, sender=sender),
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )


def _counted(notice: IssuedNotice, language: Language) -> str:
    """您负责 4 项，请您配合 1 项"""
    counts = (
        (len(notice.accountable), "您负责 {} 项", "you answer for {}"),
        (len(notice.assisting), "请您配合 {} 项", "assist in {}"),
        (len(notice.leading), "您分管 {} 项", "lead {}"),
    )
    parts = [(zh if language == "zh" else en).format(count) for count, zh, en in counts if count]
    return ("，" if language == "zh" else ", ").join(parts)
