"""`DecidedNotice` → `Mail`."""

from datetime import date, datetime

from notifications.calendar import calendar
from notifications.composing import BLUE, GREEN, compose, section
from notifications.decided.context import DecidedNotice, Outcome
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import day_in, in_subject
from office.text import Text

_RED = "#b3261e"
_SUBJECTS = {
    Outcome.APPROVED: Text("审核通过", "Approved"),
    Outcome.RETURNED: Text("请重办后再报", "Returned to you"),
    Outcome.CLOSED: Text("已办结", "Closed"),
    Outcome.REOPENED: Text("请重新办理", "Open again"),
    Outcome.WITHDRAWN: Text("不用再办", "Withdrawn"),
    Outcome.RESUMED: Text("请继续办理", "Owed after all"),
    Outcome.EXTENDED: Text("准予延期", "Extended"),
    Outcome.NOT_EXTENDED: Text("未准延期", "Not extended"),
}
_INFORMED = Text("我配合或分管的", "Where I assist or lead")
_COLOURS = {
    Outcome.APPROVED: GREEN,
    Outcome.RETURNED: _RED,
    Outcome.CLOSED: GREEN,
    Outcome.REOPENED: _RED,
    Outcome.WITHDRAWN: BLUE,
    Outcome.RESUMED: _RED,
    Outcome.EXTENDED: GREEN,
    Outcome.NOT_EXTENDED: _RED,
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
        calendar=_new_dates(notice, title=several.in_(language), sender=sender, now=now),
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )


def _new_dates(notice: DecidedNotice, *, title: str, sender: Sender, now: datetime) -> bytes:
    """The calendar of what has another date by now, or was to be removed; all else stands in the reader's own since the day of issue."""
    if notice.outcome not in (Outcome.EXTENDED, Outcome.RESUMED):
        return b""
    return calendar(title, notice.year, [("", True, notice.duties), ("", False, notice.informed)], now=now, sender=sender)


def _due(notice: DecidedNotice) -> Text:
    """When the one duty is due now."""
    ((_, due_on), *_) = (*notice.duties, *notice.informed)[0].due
    return _day(due_on, notice)


def _day(day: date, notice: DecidedNotice) -> Text:
    return Text(day_in(day, notice.year, "zh"), day_in(day, notice.year, "en"))


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
        case Outcome.RESUMED:
            return Text(f"{these.zh}原已撤销，{by}要求继续办理。", f"{these.en} had been withdrawn; {by} asks for it after all.")
        case Outcome.EXTENDED:
            due, was = _due(notice), Text("", "")
            if notice.was_due_on is not None:
                before = _day(notice.was_due_on, notice)
                was = Text(f"（原为{before.zh}）", f" instead of {before.en}")
            return Text(
                f"{these.zh}，{by}已准予延期，新的期限是{due.zh}{was.zh}。", f"{by} gives you until {due.en}{was.en} for the duty below."
            )
        case Outcome.NOT_EXTENDED:
            due = _due(notice)
            return Text(
                f"{these.zh}的延期申请，{by}不予同意，期限仍是{due.zh}。", f"{by} does not extend the duty below: it stays due on {due.en}."
            )


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
        case Outcome.RESUMED if not notice.duties:
            return Text(
                "请照原来的分工继续配合、过问；日程可用附件重新加入日历。",
                "Please go on assisting or leading; the attachment puts it into your calendar again.",
            )
        case Outcome.RESUMED if not notice.late:
            return Text(
                f"期限不变，请按期办结并报送，{how.zh}；日程可用附件重新加入日历。",
                f"The date stays: please finish it and report by then; {how.en}. The attachment puts it into your calendar again.",
            )
        case Outcome.RESUMED | Outcome.EXTENDED | Outcome.NOT_EXTENDED if notice.late:
            return Text(f"期限已过，请尽快办结并报送，{how.zh}。", f"It is overdue: please finish it soon and report; {how.en}.")
        case Outcome.EXTENDED:
            return Text(
                f"请按新的期限办结并报送，{how.zh}；已经报送的，不用重报。日历里原来的日程请自行删去。",
                f"Please finish it and report by then, unless you have; {how.en}. Please remove the old date from your calendar.",
            )
        case Outcome.NOT_EXTENDED:
            return Text(
                f"请按期办结并报送，{how.zh}；已经报送的，不用重报。", f"Please finish it and report by then, unless you have; {how.en}."
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
