"""每周摘要: once a working week whoever assists in a duty or leads it hears what of it is overdue or due soon.

In: a session, the moment, who sends, the office's policy. Out: mails in the ledger. They end at one click (RFC 8058).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.access import links_of, unsubscribe_links
from engine.calls import DigestDay, DutyRow, duty_rows
from engine.completion import Light
from engine.digests import KIND, digest_row, digests_of, grouped
from engine.mail_times import mail_times
from engine.policies import policy_book
from engine.preferences import preferences_of
from engine.said_last import SaidLast, said_last
from models import Assignment, AssignmentState, AssistingParty, Message, Person
from notifications import ledger
from notifications.digest import Digest, DigestGroup, DigestSection, compose_digest
from notifications.mime import Mail
from notifications.sender import Sender
from office.policy import Policy, default_policy
from office.text import Text
from office.workdays import mail_time, workdays_after

AHEAD = 10  # working days: what is due later is no news yet
SHOWN = 40  # duties in one mail; the portal has all of them
LEADS = Text("您任责任领导的任务", "Duties that you lead")
ASSISTS = Text("您配合的任务", "Duties in which you assist")
_RUNNING = (AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED)


class _Reader(NamedTuple):
    id: int
    name: str
    address: str


def informed_key(on: date, reader: str) -> str:
    """The ledger's key of a person's digest of the week in which a day lies."""
    return f"informed:{_monday(on)}:{reader}"


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def inform(session: Session, *, policy: Policy | None = None, sender: Sender, now: datetime) -> int:
    """Queue the digests of this week that no earlier run queued; how many there are. None on a day off and out of working hours.

    Left out is who does without them, who left, and who has no address; whoever carries a duty is told of it otherwise. Who has a
    digest of the day gets the week's on another day, at the latest on the week's last working day.
    """
    today = now.astimezone(sender.zone).date()
    if mail_time(now, sender.zone) != now:
        return 0
    is_last_day = _monday(workdays_after(today, 1)) > today
    had = _informed_before(session, today, sender.zone) | (set() if is_last_day else set(digests_of(session, today, sender.zone)))
    day = DigestDay(today, policy or default_policy(), policy_book(session, today), None, sender, now)
    concerned = _concerned(session, today)
    readers = [reader for reader in _readers(session, concerned) if reader.name not in had]
    rows = _rows(session, {id_ for reader in readers for some in concerned[reader.id].values() for id_ in some}, day)
    parts = {reader: part for reader in readers if (part := _part(concerned[reader.id], rows))}
    spoken = said_last(session, list(rows))
    names = [reader.name for reader in parts]
    links = links_of(session, names, sender=sender, now=now)
    ends = unsubscribe_links(session, names, sender=sender, now=now)
    times = mail_times(session, [reader.id for reader in parts], sender=sender, now=now)
    queued: dict[datetime, list[Mail]] = defaultdict(list)
    for reader, part in parts.items():
        link = links.get(reader.name, "")
        digest = _digest(reader, part, spoken, link, ends.get(reader.name, ""), day)
        key = informed_key(today, reader.name)
        queued[times[reader.id]].append(compose_digest(digest, sender, key=key, person_id=reader.id, link=link, now=now))
    return sum(ledger.queue(session, mails, now=now, due_at=due_at) for due_at, mails in queued.items())


def _informed_before(session: Session, today: date, zone: ZoneInfo) -> set[str]:
    """Who was told this week already, by name."""
    since, prefix = datetime.combine(_monday(today), time(0), zone), informed_key(today, "")
    keys = session.scalars(select(Message.key).where(Message.kind == KIND, Message.queued_at >= since))
    return {key.removeprefix(prefix) for key in keys if key.startswith(prefix)}


def _concerned(session: Session, today: date) -> dict[int, dict[Text, set[int]]]:
    """What may be said to whom: ids of assignments that run, by the person and what they are to them; each of them once."""
    running = (Assignment.state.in_(_RUNNING), Assignment.due_on <= workdays_after(today, AHEAD))
    queries = {
        LEADS: select(Assignment.leader_id, Assignment.id).where(
            Assignment.leader_id.is_not(None), *running, _is_not_carried_by(Assignment.leader_id)
        ),
        ASSISTS: select(AssistingParty.person_id, Assignment.id)
        .join(AssistingParty, AssistingParty.step_id == Assignment.step_id)
        .where(AssistingParty.person_id.is_not(None), *running, _is_not_carried_by(AssistingParty.person_id)),
    }
    concerned: dict[int, dict[Text, set[int]]] = defaultdict(lambda: defaultdict(set))
    for heading, query in queries.items():
        for person_id, assignment_id in session.execute(query):
            mine = concerned[person_id or 0]
            if assignment_id not in mine[LEADS]:
                mine[heading].add(assignment_id)
    return concerned


def _is_not_carried_by(person: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    return or_(Assignment.person_id.is_(None), Assignment.person_id != person)


def _readers(session: Session, concerned: Mapping[int, object]) -> list[_Reader]:
    """Who of them is told, in the roster's order."""
    there = select(Person.id, Person.name, Person.email).where(Person.left_on.is_(None))
    people = session.execute(there.order_by(Person.position, Person.id))
    told = [_Reader(id_, name, email) for id_, name, email in people if email and id_ in concerned]
    preferred = preferences_of(session, [reader.id for reader in told])
    return [reader for reader in told if preferred[reader.id].informed]


def _rows(session: Session, ids: Iterable[int], day: DigestDay) -> dict[int, DutyRow]:
    """The rows of these assignments by their ids, the most urgent first; without what has until later because it is to be made up."""
    until = workdays_after(day.on, AHEAD)
    rows = [row for row in duty_rows(session, list(ids)) if day.clock(row) <= until]
    lights = list(Light)
    return {row.id: row for row in sorted(rows, key=lambda row: (lights.index(day.light(row)), day.clock(row), row.id))}


def _part(concerned: Mapping[Text, set[int]], rows: Mapping[int, DutyRow]) -> dict[Text, list[DutyRow]]:
    """One reader's rows by their headings, in the order of `rows`; empty headings are left out."""
    found = {heading: [row for id_, row in rows.items() if id_ in concerned.get(heading, ())] for heading in (LEADS, ASSISTS)}
    return {heading: some for heading, some in found.items() if some}


def _digest(
    reader: _Reader, part: Mapping[Text, Sequence[DutyRow]], spoken: Mapping[int, SaidLast], link: str, ends: str, day: DigestDay
) -> Digest:
    rows = [row for some in part.values() for row in some]
    counted = _counted(rows, day)
    sections, room = [], SHOWN
    for heading, some in part.items():
        if shown := some[:room]:
            sections.append(DigestSection(heading, _groups(heading, shown, spoken, link, day)))
        room -= len(shown)
    return Digest(
        person=reader.name,
        address=reader.address,
        on=day.on,
        year=day.on.year,
        subject=Text(f"每周摘要：{counted.zh}", f"This week: {counted.en}"),
        first=(
            Text(
                f"您配合的和任责任领导的任务：{counted.zh}。供您了解，由责任人办理和报送。",
                f"Duties that you assist in or lead: {counted.en}. For your information: others carry and report them.",
            ),
        ),
        sections=tuple(sections),
        left_out=max(0, len(rows) - SHOWN),
        unsubscribe=ends,
    )


def _counted(rows: Sequence[DutyRow], day: DigestDay) -> Text:
    overdue = sum(day.light(row) is Light.RED for row in rows)
    soon = len(rows) - overdue
    zh = [f"{overdue}项逾期"] * bool(overdue) + [f"{soon}项在{AHEAD}个工作日内到期"] * bool(soon)
    en = [f"{overdue} overdue"] * bool(overdue) + [f"{soon} due within {AHEAD} working days"] * bool(soon)
    return Text("，".join(zh), ", ".join(en))


def _groups(heading: Text, rows: Sequence[DutyRow], spoken: Mapping[int, SaidLast], link: str, day: DigestDay) -> tuple[DigestGroup, ...]:
    """By unit, that with the most urgent row first. The portal shows a duty to who has a part in it only: not to whom assists."""
    links = (f"{link}/duties/{row.id}" if link and heading is LEADS else "" for row in rows)
    shown = (digest_row(row, (), spoken.get(row.id), link=to, own=False, day=day) for row, to in zip(rows, links, strict=True))
    return grouped(zip((row.unit or row.party for row in rows), shown, strict=True))
