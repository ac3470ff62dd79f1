"""`DecidedNotice` → `Mail`."""

from datetime import datetime

from notifications.composing import BLUE, GREEN, compose, section
from notifications.decided.context import DecidedNotice, Outcome
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import in_subject
from office.text import Text

_RED = "#b3261e"
_SUBJECTS = {
    Outcome.APPROVED: Text("审核通过", "Approved"),
    Outcome.RETURNED: Text("请重办后再报", "Returned to you"),
    Outcome.CLOSED: Text("已办结", "Closed"),
    Outcome.REOPENED: Text("请重新办理", "Open again"),
    Outcome.WITHDRAWN: Text("不用再办", "Withdrawn"),
}
_INFORMED = Text("我配合或分管的", "Where I assist or lead")
_COLOURS = {
    Outcome.APPROVED: GREEN,
    Outcome.RETURNED: _RED,
    Outcome.CLOSED: GREEN,
    Outcome.REOPENED: _RED,
    Outcome.WITHDRAWN: BLUE,
}


def compose_decided(notice: DecidedNotice, sender: Sender, *, key: str, person_id: int | None, now: datetime, link: str = "") -> Mail:
    """The message about one decision. `key` is the ledger's: one decision, one person. Refuses a name or address with line breaks."""
    language = sender.language
    sections = [
        section(title.in_(language), _COLOURS[notice.outcome], duties, year=notice.year, on=notice.on, sender=sender)
        for title, duties in ((_SUBJECTS[notice.outcome], notice.duties), (_INFORMED, notice.informed))
        if duties
    ]
    short = in_subject(sections[0].duties[0].title)
    count = len(notice.duties) + len(notice.informed)
    several = Text(f"{short}等 {count} 项", f"{short} and {count - 1} more") if count > 1 else Text(short, short)
    return compose(
        "decided",
        {
            "subject_words": _SUBJECTS[notice.outcome].in_(language),
            "duties_named": several.in_(language),
            "decided": _decided(notice).in_(language),
            "comment": notice.comment,
            "next_step": _next_step(notice, by_link=bool(link)).in_(language),
            "sections": sections,
        },
        person=notice.person,
        address=notice.address,
        calendar=b"",  # the dates stand in the reader's calendar since the day of issue
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )


def _decided(notice: DecidedNotice) -> Text:
    count, by = len(notice.duties) + len(notice.informed), notice.by
    these = Text(f"下面 {count} 项任务", f"The {count} duties below") if count > 1 else Text("下面这项任务", "The duty below")
    be = "are" if count > 1 else "is"
    match notice.outcome:
        case Outcome.APPROVED:
            how = Text("逾期办结", "done late") if notice.late else Text("按期办结", "done in time")
            return Text(f"{these.zh}的办理情况，{by}已审核通过，{how.zh}。", f"{these.en} {be} approved by {by}: {how.en}.")
        case Outcome.RETURNED:
            return Text(f"{these.zh}的办理情况，{by}已退回。", f"{by} returned your report on the duty below.")
        case Outcome.CLOSED:
            how = Text("逾期办结", "done late") if notice.late else Text("按期办结", "done in time")
            return Text(f"{these.zh}，{by}已直接办结，记为{how.zh}。", f"{these.en} {be} closed by {by}: {how.en}.")
        case Outcome.REOPENED:
            return Text(f"{these.zh}原已办结，{by}要求重新办理。", f"{these.en} {be} open again: {by} asks for it.")
        case Outcome.WITHDRAWN:
            return Text(f"{these.zh}，{by}已撤销。", f"{these.en} {be} withdrawn by {by}.")


def _next_step(notice: DecidedNotice, *, by_link: bool) -> Text:
    """What is asked of the reader now."""
    how = Text("点下面的链接即可", "the link below leads there") if by_link else Text("回复本邮件即可", "a reply to this mail will do")
    match notice.outcome:
        case Outcome.APPROVED | Outcome.CLOSED:
            return Text("您不用再做什么。", "There is nothing left to do.")
        case Outcome.WITHDRAWN if not notice.duties:
            return Text("您不用再配合或过问；日历里的日程请自行删去。", "It needs nothing of you; please remove it from your calendar.")
        case Outcome.WITHDRAWN:
            return Text(
                "您不用再办理，也不用报送；日历里的日程请自行删去。", "It needs no work and no report; please remove it from your calendar."
            )
        case _ if notice.late:
            return Text(
                f"期限已过，请尽快重办，把办理情况和佐证材料重新报送，{how.zh}。",
                f"It is overdue: please mend it soon and report again; {how.en}.",
            )
        case _:
            return Text(
                f"期限不变，请重办后把办理情况和佐证材料重新报送，{how.zh}。",
                f"The date stays: please mend it and report again; {how.en}.",
            )
