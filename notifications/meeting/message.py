"""`ProgressRequest` → `Mail`."""

from datetime import datetime

from notifications.composing import BLUE, compose, section
from notifications.meeting.context import ProgressRequest
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import day, names
from office.text import Text

_TITLE = Text("请报进展的", "How far are these?")


def compose_request(request: ProgressRequest, sender: Sender, *, key: str, person_id: int | None, now: datetime, link: str = "") -> Mail:
    """The message to one person. `key` is the ledger's: one meeting, one person. Refuses a name or address with line breaks."""
    language = sender.language
    asked = section(_TITLE.in_(language), BLUE, request.duties, year=request.on.year, on=request.on, sender=sender)
    return compose(
        "meeting",
        {
            "answer_by": day(request.answer_by, language),
            "held_on": day(request.held_on, language),
            "count": len(request.duties),
            "for_others": names(request.for_others, language),
            "how": _how(by_link=bool(link)).in_(language),
            "sections": [asked],
        },
        person=request.person,
        address=request.address,
        calendar=b"",
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )


def _how(*, by_link: bool) -> Text:
    if by_link:
        return Text(
            "点下面的链接打开任务，在“报告进展”里写一两句：办到哪一步、有什么困难、什么时候能办完。已经办完的，直接报送。",
            "Open each duty by the link below and say in a sentence or two how far it is, what is in the way, and when it will be done. "
            "What is done, report.",
        )
    return Text(
        "请直接回复本邮件，每项写一两句：办到哪一步、有什么困难、什么时候能办完。",
        "Please reply to this mail with a sentence or two about each: how far it is, what is in the way, and when it will be done.",
    )
