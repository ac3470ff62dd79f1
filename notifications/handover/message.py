"""`HandoverNotice` → `Mail`."""

from collections.abc import Sequence
from datetime import datetime

from notifications.calendar import calendar
from notifications.composing import BLUE, compose, section
from notifications.handover.context import HandoverNotice
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import in_subject
from office.text import Text

_TAKEN_OVER = Text("我接手的", "Mine from now on")


def compose_handover(notice: HandoverNotice, sender: Sender, *, key: str, person_id: int | None, now: datetime, link: str = "") -> Mail:
    """The message to the successor. `key` is the ledger's: one post, one successor, one day.

    Refuses a name, an address or a post with line breaks in it.
    """
    language = sender.language
    today = now.astimezone(sender.zone).date()
    taken_over = section(_TAKEN_OVER.in_(language), BLUE, notice.duties, year=notice.on.year, on=today, sender=sender)
    title = Text(f"{notice.post}的责任事项", f"Duties of {notice.post}") if notice.post else Text("转办的责任事项", "Duties given to me")
    return compose(
        "handover",
        {
            "subject_words": _subject(notice, [view.title for view in taken_over.duties]).in_(language),
            "taken_over": _taken_over(notice).in_(language),
            "reason": notice.reason,
            "sections": [taken_over] if notice.duties else [],
            "first": taken_over.duties[0] if notice.duties and notice.post else None,  # one that is given by hand is the only one
        },
        person=notice.person,
        address=notice.address,
        calendar=calendar(title.in_(language), notice.on.year, [("", True, notice.duties)], now=now, sender=sender),
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )


def _subject(notice: HandoverNotice, titles: Sequence[str]) -> Text:
    count = len(notice.duties)
    if notice.post:
        return Text(f"接任{notice.post}：请接手 {count} 项责任事项", f"{notice.post}: {count} duties come to you")
    short = in_subject(titles[0])
    return Text(f"转办给您：{short}", f"Given to you: {short}")


def _taken_over(notice: HandoverNotice) -> Text:
    count, whose = len(notice.duties), f"{notice.predecessor}同志" if notice.predecessor else "该职务"
    source = f" from {notice.predecessor}" if notice.predecessor else ""
    waiting = Text("", "")
    if notice.reported:
        waiting = Text(
            f"其中 {notice.reported} 项次已报送、正待审核，不用重报。",
            f" {notice.reported} of their dates are reported already and wait for review.",
        )
    if not notice.post:
        others = notice.predecessor and notice.predecessor != notice.by
        of = Text(f"{whose}的", f", so far with {notice.predecessor}") if others else Text("", "")
        if notice.reported:
            waiting = Text("已经报送、正待审核，不用重报。", " It is reported already and waits for review.")
        return Text(
            f"{notice.by}把{of.zh}下面这项任务转交您办理，期限不变。{waiting.zh}",
            f"{notice.by} gives you the duty below{of.en}. Its date stays.{waiting.en}",
        )
    return Text(
        f"您现任{notice.post}，{whose}未办结的 {count} 项责任事项由您接手，期限不变。{waiting.zh}",
        f"You are now {notice.post}: {count} open duties come to you{source}. Their dates stay.{waiting.en}",
    )
