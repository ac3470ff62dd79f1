"""Whether the mails that carry notices went out, and nobody had two digests on one day. Pure.

In: the mails and how many notices each carries. Out: one fault a mail, not one a notice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from audit.facts import Mailed
from audit.faults import Fault, FaultKind
from models import MessageState
from office.text import Text
from office.workdays import is_workday, workdays_after

OVERDUE_AFTER = timedelta(days=1)
MORNING = time(8)


def check(mails: Mapping[int, Mailed], carried: Mapping[int, int], *, zone: ZoneInfo, now: datetime) -> Iterator[Fault]:
    """`carried`: how many notices a message carries, by its id; a message that is not there carries none."""
    digests: dict[tuple[object, object], list[Mailed]] = defaultdict(list)
    for mail in mails.values():
        day = mail.queued_at.astimezone(zone).date()
        if fault := _undelivered(mail, carried.get(mail.id, 0), zone, now):
            yield fault
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


def _undelivered(mail: Mailed, notices: int, zone: ZoneInfo, now: datetime) -> Fault | None:
    day = mail.queued_at.astimezone(zone).date()
    what = Text(f"{day}给{mail.reader}的督办邮件（{notices}条）", f"The digest of {day} for {mail.reader} ({notices} notices)")
    if mail.state is MessageState.REFUSED:
        words = Text(f"{what.zh}被拒收：{mail.words}", f"{what.en} was refused: {mail.words}")
        return Fault(FaultKind.NOT_DELIVERED, None, "", day, words)
    if mail.state is MessageState.UNKNOWN:
        words = Text(f"{what.zh}不知是否送达", f"{what.en}: nobody knows whether it arrived")
        return Fault(FaultKind.NOT_DELIVERED, None, "", day, words)
    if mail.state is not MessageState.SENT and now - _due_first_at(mail, zone) > OVERDUE_AFTER:
        words = Text(f"{what.zh}到时一天以上仍未发出", f"{what.en} was due more than a day ago and is not sent")
        return Fault(FaultKind.NOT_SENT, None, "", day, words)
    return None


def _due_first_at(mail: Mailed, zone: ZoneInfo) -> datetime:
    """What was tried is due again after each attempt; its first one was on the next working morning at the latest."""
    if not mail.attempts:
        return mail.due_at
    next_morning = datetime.combine(workdays_after(mail.queued_at.astimezone(zone).date(), 1), MORNING, zone)
    return min(mail.due_at, next_morning)
