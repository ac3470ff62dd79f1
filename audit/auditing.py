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
from audit.facts import load
from audit.faults import AuditReport, Fault, FaultKind
from audit.wording import listed
from office.text import Text

_ORDER = {kind: place for place, kind in enumerate(FaultKind)}


def audit(session: Session, *, zone: ZoneInfo, now: datetime, since: date | None = None) -> AuditReport:
    """Compare everything that was owed until `now`; `since` leaves out the faults of days before it."""
    facts = load(session)
    seen = looks(facts.runs, begins_at=facts.begins_at(zone=zone, now=now), zone=zone, now=now)
    faults: list[Fault] = []
    late_for_a_reason = waiting = 0
    for duty in facts.duties:
        ledger = Ledger(duty, spans(duty, facts.terms.get(duty.list_id, ()), zone=zone), facts, zone)
        wanted = expected(ledger.spans, seen)
        faults += extra_and_wrong(ledger)
        faults += missing_and_late(ledger, wanted)
        late_for_a_reason += made_up(ledger, wanted)
        waiting += sum(one.held is None and one.still and key not in ledger.entries for key, one in wanted.items())
    carried = Counter(message_id for copies in facts.copies.values() for message_id in copies)
    faults += mails.check(facts.mails, carried, zone=zone, now=now)
    if facts.duties:  # where there is no duty nobody needs to look
        faults += _missed_runs([day for day in seen.missed if since is None or day >= since], late_for_a_reason, waiting)
    kept = [fault for fault in faults if since is None or fault.owed_on >= since]
    return AuditReport(
        at=now,
        since=since,
        duties=len(facts.duties),
        notices=sum(map(len, facts.entries.values())),
        made_up=late_for_a_reason,
        faults=tuple(sorted(kept, key=lambda fault: (_ORDER[fault.kind], fault.owed_on, fault.assignment_id or 0))),
    )


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
