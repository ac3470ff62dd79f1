"""One file with its roster, loaded in one transaction: for real, or in a transaction that is taken back to see what would happen."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from engine.issuing import Issued, issue, refuse_unfit
from engine.roster import store_roster
from engine.succession import hand_over_open
from intake.values import ListReading, Roster, RosterReading
from notifications.sender import Sender
from office.policy import Policy
from office.text import Refused, Text


def sound(reading: RosterReading) -> RosterReading:
    """The roster if it has no problems; refuses with the first of them."""
    if not reading.problems:
        return reading
    first, count = reading.problems[0], len(reading.problems)
    raise Refused(
        Text(f"名册有{count}处差错，未装入。{first.text.zh}", f"The roster is not loaded; problems: {count}. {first.text.en}"),
        place=first.address,
    )


def load(
    session: Session,
    reading: ListReading,
    roster: Roster | None,
    *,
    year: int,
    title: str,
    file_name: str,
    policy: Policy | None = None,
    sender: Sender,
    now: datetime,
) -> Issued:
    """Store the roster if there is one, let open duties follow their posts, and issue the list. Refuses like `issue`."""
    refuse_unfit(reading)
    handed_over = 0
    if roster is not None:
        store_roster(session, roster, year=year, now=now, zone=sender.zone)
        done = hand_over_open(session, sender=sender, now=now)
        handed_over = sum(each.assignments for each in done if each.successor is not None)
    issued = issue(session, reading, year=year, title=title, file_name=file_name, policy=policy, sender=sender, now=now)
    return replace(issued, handed_over=handed_over)


def foresee(
    session: Session | None,
    reading: ListReading,
    roster: Roster | None,
    *,
    year: int,
    title: str,
    file_name: str,
    policy: Policy | None = None,
    sender: Sender,
    now: datetime,
) -> Issued | Refused | None:
    """What `load` would do in this session, which the caller takes back, or why it would refuse.

    None where there is nothing to compare with: no database yet (no session), or a file that is unfit by itself.
    """
    if session is None or reading.problems or not reading.items:
        return None
    try:
        return load(session, reading, roster, year=year, title=title, file_name=file_name, policy=policy, sender=sender, now=now)
    except Refused as refusal:
        return refusal


def mail_waits(issued: Issued) -> Text:
    """When mail goes out that waits for working hours; empty where it may go out at once."""
    until = issued.mail_waits_until
    if until is None or not issued.messages:
        return Text("", "")
    return Text(f"（{until.month}月{until.day}日{until.hour}时发出）", f" (not before {until:%Y-%m-%d %H:%M})")


def in_words(issued: Issued, *, rehearsed: bool) -> Text:
    """What was done; or, rehearsed, what would be."""
    said, over = _issued_in_words(issued, rehearsed=rehearsed), issued.handed_over
    if not over:
        return said
    return Text(f"{said.zh}；职务交接：{over}项未办结任务移交继任者", f"{said.en}; {over} open assignments go to successors")


def _issued_in_words(issued: Issued, *, rehearsed: bool) -> Text:
    added, mails, waits = issued.assignments, issued.messages, mail_waits(issued)
    if issued.first_time:
        done = Text(f"已下发，{mails}封邮件待发送{waits.zh}", f"Issued; {mails} mails are queued{waits.en}")
        return Text("尚未下发", "Not issued yet") if rehearsed else done
    if not added and not mails:
        return Text("此前已下发，没有变化，不会再发邮件", "Issued before; nothing changes, nothing is mailed")
    if not added:
        return Text(
            f"此前已下发，没有新任务；{mails}人此前没有通知到，{'将' if rehearsed else '已'}补发",
            f"Issued before, no new assignments; {mails} people who were not reached {'would be' if rehearsed else 'are'} told",
        )
    if rehearsed:
        return Text(
            f"此前已下发，正式下发将补充任务{added}个、邮件{mails}封",
            f"Issued before; issuing again would add {added} assignments and {mails} mails",
        )
    return Text(
        f"此前已下发，本次补充任务{added}个，{mails}封邮件待发送{waits.zh}",
        f"Issued before; {added} assignments added now, {mails} mails are queued{waits.en}",
    )


def gets_policy(issued: Issued | None, source: Text) -> Text:
    """Which 督办规则 holds for a list that is issued, or would be; `source` names the one that new lists get."""
    if issued is None or issued.first_time:
        return Text(f"督办规则：{source.zh}", f"Follow-up policy: {source.en}")
    return Text("督办规则：仍用下发时的（或后来更改的）", "Follow-up policy: that of its issue, or what it was changed to since")
