"""Whether the mails of the follow-up went out, in time and to whom they are for, and nobody had two digests on one day. Pure.

In: the facts, and how many notices each mail carries. Out: faults, at most one a mail but for a second digest of the day.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from audit.facts import Facts, Mailed
from audit.faults import Fault, FaultKind
from models import MessageState
from office.text import Text
from office.workdays import is_workday, workdays_after

OVERDUE_AFTER = timedelta(days=1)
MORNING = time(8)


def check(facts: Facts, carried: Mapping[int, int], *, zone: ZoneInfo, now: datetime) -> Iterator[Fault]:
    """`carried`: how many notices a message carries, by its id; a message that is not there carries none."""
    digests: dict[tuple[object, object], list[Mailed]] = defaultdict(list)
    for mail in facts.mails.values():
        day = mail.queued_at.astimezone(zone).date()
        what = _what(mail, carried.get(mail.id, 0), day)
        if found := _undelivered(mail, zone, now) or _misaddressed(mail, facts) or _late(mail, zone):
            kind, words = found
            yield Fault(kind, None, "", day, Text(f"{what.zh}{words.zh}", f"{what.en} {words.en}"))
        if mail.is_digest:
            digests[mail.person_id or mail.address, day].append(mail)
            if not is_workday(day):
                words = Text(
                    f"{day}不是工作日，却给{mail.reader}写了督办邮件", f"A digest for {mail.reader} was written on {day}, a day off"
                )
                yield Fault(FaultKind.EXTRA, None, "", day, words)
    for (_, _), some in digests.items():
        if len(some) > 1:
            day, reader = some[0].queued_at.astimezone(zone).date(), some[0].reader
            words = Text(
                f"{reader}在{day}有{len(some)}封督办邮件，每天至多一封", f"{reader} has {len(some)} digests of {day}; one a day is due"
            )
            yield Fault(FaultKind.EXTRA, None, "", day, words)


def _what(mail: Mailed, notices: int, day: date) -> Text:
    if mail.is_informed:
        return Text(f"{day}给{mail.reader}的每周摘要", f"The weekly digest of {day} for {mail.reader}")
    return Text(f"{day}给{mail.reader}的督办邮件（{notices}条）", f"The digest of {day} for {mail.reader} ({notices} notices)")


def _undelivered(mail: Mailed, zone: ZoneInfo, now: datetime) -> tuple[FaultKind, Text] | None:
    if mail.state is MessageState.REFUSED:
        return FaultKind.NOT_DELIVERED, Text(f"被拒收：{mail.words}", f"was refused: {mail.words}")
    if mail.state is MessageState.UNKNOWN:
        return FaultKind.NOT_DELIVERED, Text("不知是否送达", "may have arrived or not: nobody knows")
    if not mail.has_content:
        return FaultKind.MISSING, Text("的正文已不在台账中", "has no content in the ledger")
    # What was tried is due again after each attempt, so `due_at` alone does not tell since when.
    if mail.state is not MessageState.SENT and now - min(mail.due_at, _leaves_by(mail, zone)) > OVERDUE_AFTER:
        n = _workdays_late(mail, now, zone)
        if not n:
            return FaultKind.NOT_SENT, Text("到时一天以上仍未发出", "was due more than a day ago and is not sent")
        return FaultKind.NOT_SENT, Text(f"仍未发出，已迟{n}个工作日", f"is not sent, {n} working days after it had to leave")
    return None


def _late(mail: Mailed, zone: ZoneInfo) -> tuple[FaultKind, Text] | None:
    if mail.sent_at is None or (n := _workdays_late(mail, mail.sent_at, zone)) < 1:
        return None
    on = mail.sent_at.astimezone(zone).date()
    return FaultKind.LATE_TO_LEAVE, Text(f"{on}才发出，迟{n}个工作日", f"left on {on}, {n} working days late")


def _misaddressed(mail: Mailed, facts: Facts) -> tuple[FaultKind, Text] | None:
    """In whose name it is written, and to which address: theirs of today, unless it left before that was theirs."""
    if mail.person_id is None:
        known = mail.reader in facts.roster.ids
        return (FaultKind.WRONG, Text("没有记明给谁", "does not say for whom it is")) if known else None
    if mail.person != mail.reader:
        return FaultKind.WRONG, Text(f"记在{mail.person}名下", f"is noted for {mail.person}")
    email = facts.roster.people[mail.person_id].email
    if email is None or mail.address == email:
        return None
    theirs_since = facts.own_addresses.get((mail.person_id, email))
    others = mail.address in facts.roster.addresses
    if mail.state is MessageState.SENT and not others and (theirs_since is None or theirs_since > mail.queued_at):
        return None
    return FaultKind.WRONG, Text(f"寄往{mail.address}，本人的邮箱是{email}", f"goes to {mail.address}; theirs is {email}")


def _leaves_by(mail: Mailed, zone: ZoneInfo) -> datetime:
    """At once in working hours, in the afternoon, or on the next working morning: by then whatever its reader prefers and had that day."""
    return datetime.combine(workdays_after(mail.queued_at.astimezone(zone).date(), 1), MORNING, zone)


def _workdays_late(mail: Mailed, at: datetime, zone: ZoneInfo) -> int:
    """Whole working days from when it had to leave until it did, or until now."""
    by, day = _leaves_by(mail, zone), at.astimezone(zone)
    ahead = (by.date() + timedelta(days=n) for n in range(1, (day.date() - by.date()).days + 1))
    return sum(is_workday(each) and datetime.combine(each, MORNING, zone) < at for each in ahead)
