"""A red notice of the day's follow-up → its Word file."""

from email.utils import parseaddr

from engine.calls import RedNotice
from office.policy import Colour
from office.text import Text
from reports.supervision_notice import OverdueDuty, SupervisionNotice, supervision_notice


def red_notice(notice: RedNotice) -> bytes:
    """红色督办单 as a .docx, issued by the office that sends the mail."""
    duties = tuple(
        OverdueDuty(
            content=row.content,
            text=row.text,
            period="、".join(filter(None, (row.period, Text("补办", "make up").in_(notice.sender.language) if row.make_up else ""))),
            due_on=row.due_on,
            workdays_over=over,
            party=row.unit or row.party,
            person=row.person or "",
            gone_up_to=gone_up_to,
        )
        for row, over, gone_up_to in notice.duties
    )
    sender = notice.sender
    return supervision_notice(
        SupervisionNotice(
            number=notice.number,
            colour=Colour.RED,
            office=parseaddr(sender.mail_from)[0],
            officer=sender.officer,
            on=notice.on,
            done_by=None,
            duties=duties,
        ),
        language=sender.language,
    )
