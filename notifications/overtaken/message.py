"""`OvertakenNotice` → `Mail`."""

from datetime import datetime

from notifications.composing import PURPLE, compose, section
from notifications.mime import Mail
from notifications.overtaken.context import OvertakenNotice
from notifications.sender import Sender
from notifications.wording import in_subject
from office.text import Text

_TITLE = Text("没有计入的决定", "The decision that does not count")


def compose_overtaken(notice: OvertakenNotice, sender: Sender, *, key: str, person_id: int | None, now: datetime, link: str = "") -> Mail:
    """The message about one decision. `key` is the ledger's: one decision. Refuses a name or address with line breaks."""
    told = section(_TITLE.in_(sender.language), PURPLE, [notice.duty], year=notice.year, on=notice.on, sender=sender)
    return compose(
        "overtaken",
        {
            "duty_named": in_subject(told.duties[0].title),
            "said": notice.said.in_(sender.language),
            "sections": [told],
        },
        person=notice.person,
        address=notice.address,
        calendar=b"",
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )
