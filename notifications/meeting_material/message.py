"""`MaterialNotice` → `Mail`."""

from datetime import datetime

from notifications.composing import compose
from notifications.meeting_material.context import MaterialNotice
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import day, names


def compose_material(notice: MaterialNotice, sender: Sender, *, key: str, now: datetime, link: str = "") -> Mail:
    """The message with its attachment. `key` is the ledger's: one meeting. Refuses an officer's name or address with line breaks."""
    language = sender.language
    return compose(
        "meeting_material",
        {
            "held_on": day(notice.held_on, language),
            "answer_by": day(notice.answer_by, language),
            "notice": notice,
            "asked": len(notice.asked),
            "without_address": names(notice.without_address, language),
            "sections": [],
        },
        person=notice.officer,
        address=notice.address,
        calendar=b"",
        link=link,
        sender=sender,
        key=key,
        person_id=None,
        now=now,
        attachment=notice.file,
    )
