"""`AskedNotice` → `Mail`."""

from datetime import datetime

from notifications.asked.context import AskedNotice
from notifications.composing import PURPLE, compose, section
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import day_in, in_subject, names
from office.text import Text

_TITLE = Text("待决定延期的", "To be decided")


def compose_asked(notice: AskedNotice, sender: Sender, *, key: str, person_id: int | None, now: datetime, link: str = "") -> Mail:
    """The message about one request. `key` is the ledger's: one request, one reader. Refuses a name or address with line breaks."""
    asked = section(_TITLE.in_(sender.language), PURPLE, [notice.duty], year=notice.year, on=notice.on, sender=sender)
    return compose(
        "asked",
        {
            "duty_named": in_subject(asked.duties[0].title),
            "asked": _asked(notice).in_(sender.language),
            "reason": notice.reason,
            "progress": notice.progress,
            "before": _before(notice).in_(sender.language),
            "next_step": _next_step(notice, by_link=bool(link)).in_(sender.language),
            "sections": [asked],
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


def _asked(notice: AskedNotice) -> Text:
    due, wanted = ((day_in(day, notice.year, "zh"), day_in(day, notice.year, "en")) for day in (notice.due_on, notice.wanted_on))
    who = Text(f"{notice.by}代{notice.carrier}", f"{notice.by}, for {notice.carrier},") if notice.carrier else Text(notice.by, notice.by)
    return Text(
        f"{who.zh}申请把下面这项任务延期：原定{due[0]}，申请延至{wanted[0]}。",
        f"{who.en} asks for more time for the duty below: until {wanted[1]} instead of {due[1]}.",
    )


def _before(notice: AskedNotice) -> Text:
    count = notice.granted_before
    if not count:
        return Text("此前没有延期过。", "It has not been extended before.")
    return Text(f"此前已延期 {count} 次。", f"It has been extended {count} {'time' if count == 1 else 'times'} before.")


def _next_step(notice: AskedNotice, *, by_link: bool) -> Text:
    if not notice.may_decide:
        who = Text(names(notice.deciders, "zh"), names(notice.deciders, "en"))
        return Text(
            f"应由{who.zh}决定，但没有邮箱，未能通知；请当面请示后代为登记。",
            f"It is for {who.en} to decide, who has no mail address: please ask and enter the decision.",
        )
    how = Text("点下面的链接作出决定", "decide by the link below") if by_link else Text("回复本邮件告知决定", "reply with your decision")
    return Text(
        f"请{how.zh}：准予的要写明新的期限；没有决定的，仍按原定期限考核。",
        f"Please {how.en}. To grant it takes a date; until it is decided the present date counts.",
    )
