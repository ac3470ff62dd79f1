"""核对督办: what the follow-up should have said, compared with what its ledger says that it said.

In: a session and the moment. Out: `AuditReport`: each fault with its duty, its notice and one sentence; none where all is right.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit import mails
from audit.entries import Ledger, extra_and_wrong, made_up, missing_and_late
from audit.expected import expected, looks, spans
from audit.facts import UnreadPolicy, load
from audit.faults import AuditReport, Fault, FaultKind
from audit.wording import listed
from office.text import Refused, Text

_ORDER = {kind: place for place, kind in enumerate(FaultKind)}


def audit(session: Session, *, zone: ZoneInfo, now: datetime, since: date | None = None) -> AuditReport:
    """Compare everything that was owed until `now`; `since` leaves out the faults of days before it. Refuses a day to come."""
    today = now.astimezone(zone).date()
    if since is not None and since > today:
        raise Refused(Text(f"起始日期{since}还没有到，今天是{today}", f"{since} lies in the future: today is {today}"))
    facts = load(session)
    seen = looks(facts.runs, begins_at=facts.begins_at(zone=zone, now=now), zone=zone, now=now)
    faults = [_unread(policy, today) for policy in facts.unread]
    late_for_a_reason = waiting = 0
    duties = facts.readable_duties
    for duty in duties:
        ledger = Ledger(duty, spans(duty, facts.terms.get(duty.list_id, ()), zone=zone), facts, zone)
        wanted = expected(ledger.spans, seen)
        faults += extra_and_wrong(ledger)
        faults += missing_and_late(ledger, wanted)
        asked = {key: one for key, one in wanted.items() if since is None or one.look.on >= since}
        late_for_a_reason += made_up(ledger, asked)
        waiting += sum(one.held is None and one.still and key not in ledger.entries for key, one in asked.items())
    carried = Counter(message_id for copies in facts.copies.values() for message_id in copies)
    faults += mails.check(facts, carried, zone=zone, now=now)
    if duties:  # where there is no duty nobody needs to look
        faults += _missed_runs([day for day in seen.missed if since is None or day >= since], late_for_a_reason, waiting)
    kept = [fault for fault in faults if since is None or fault.owed_on >= since]
    return AuditReport(
        at=now,
        since=since,
        duties=len(duties),
        notices=sum(len(facts.entries.get(duty.id, ())) for duty in duties),
        made_up=late_for_a_reason,
        faults=tuple(sorted(kept, key=lambda fault: (_ORDER[fault.kind], fault.owed_on, fault.assignment_id or 0))),
    )


def _unread(policy: UnreadPolicy, today: date) -> Fault:
    """Of today: whatever day is asked for, nobody looked at this list."""
    title, from_on, why = policy.list_title, policy.from_on, policy.why
    zh = f"《{title}》自{from_on}起的督办规则读不出来，这份清单没有核对：{why.zh}"
    en = f"The policy of {title} from {from_on} on cannot be read, and the list was not looked at: {why.en}"
    return Fault(FaultKind.WRONG, None, "", today, Text(zh, en))


def _missed_runs(days: Sequence[date], made_up: int, waiting: int) -> Iterator[Fault]:
    """All the days on which nobody looked, as one fault."""
    if not days:
        return
    said = listed(days)
    zh = f"{len(days)}个工作日没有运行督办：{said.zh}；因此迟告、后来补上的通知{made_up}条"
    en = f"The follow-up did not run on {len(days)} working days: {said.en}; {made_up} notices were made up later"
    if waiting:
        zh, en = f"{zh}，还有{waiting}条等下一次运行补上", f"{en}, {waiting} wait for the next run"
    yield Fault(FaultKind.MISSED_RUNS, None, "", days[-1], Text(zh, en))
