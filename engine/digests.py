"""One digest a person and day: what is called for today, and whatever else of theirs is near or over (docs/follow-up.md).

In: the notices of the day with whom they reach. Out: mails in the ledger, and which of them says which notice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access import links_of
from engine.calls import Call, DigestDay, DutyRow, RedDuty, RedNotice, duty_rows, rows_where
from engine.clocks import Clock, Kind
from engine.completion import Light, light_of
from engine.digest_words import (
    NOBODY,
    NOTHING_SAID,
    OWN,
    TO_REVIEW,
    UNREAD,
    WENT_UP,
    Counts,
    first_words,
    names_of,
    news_about,
    said_about,
    subject_words,
)
from engine.history import IDS_A_QUERY
from engine.mail_times import mail_times
from engine.moves import OFFICER
from engine.said_last import SaidLast, returned_for, said_last
from models import Assignment, AssignmentState, Message, Notice, NoticeCopy, Person
from models.bulk import insert_rows
from notifications import ledger
from notifications.digest import Digest, DigestGroup, DigestRow, DigestSection, compose_digest
from notifications.mime import Mail
from notifications.sender import Sender
from office.policy import Colour, Level
from office.text import Text
from office.workdays import workdays_between

OWN_SHOWN = 40  # duties of the reader's own; the portal has all of them
OTHERS_SHOWN = 100  # duties of others that went up to the reader
AHEAD = timedelta(days=30)  # how far a digest looks for what has a light
KIND = "digest"  # of the ledger's messages
_RUNNING = (AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED)


class _Reader(NamedTuple):
    person_id: int | None
    address: str


class _Part(NamedTuple):
    """One row of a reader's digest before it has words."""

    row: DutyRow
    calls: tuple[Call, ...]  # of today; none: it is only listed


def digest_key(on: date, reader: str) -> str:
    """The ledger's key of a person's digest of a day."""
    return f"digest:{on}:{reader}"


def digests_of(session: Session, on: date, zone: ZoneInfo) -> dict[str, int]:
    """The ids of the digests of a day that are in the ledger, by their readers."""
    since, prefix = datetime.combine(on, time(0), zone), digest_key(on, "")
    rows = session.execute(select(Message.key, Message.id).where(Message.kind == KIND, Message.queued_at >= since))
    return {key.removeprefix(prefix): message_id for key, message_id in rows if key.startswith(prefix)}


def queue_digests(session: Session, told: Mapping[int, Call], *, day: DigestDay) -> int:
    """Queue the digests that say these notices (by their ids), and note which says which; how many there are."""
    by_reader: dict[str, dict[int, Call]] = defaultdict(dict)
    for notice_id, call in told.items():
        for name in call.readers:
            by_reader[name][notice_id] = call
    readers = _readers(session, by_reader, day.sender)
    parts = _parts(session, by_reader, readers, day)
    spoken = _spoken(session, [part.row for sections in parts.values() for some in sections.values() for part in some], day)
    links = links_of(session, list(by_reader), sender=day.sender, now=day.now)
    people = [reader.person_id for reader in readers.values() if reader.person_id is not None]
    times = mail_times(session, people, sender=day.sender, now=day.now)
    queued: dict[datetime, list[Mail]] = defaultdict(list)
    for name, reader in readers.items():
        digest = _digest(name, reader, parts[name], spoken, links.get(name, ""), day)
        key, person_id = digest_key(day.on, name), reader.person_id
        mail = compose_digest(digest, day.sender, key=key, person_id=person_id, link=links.get(name, ""), now=day.now)
        queued[times.get(person_id or 0, day.now)].append(mail)  # the officer's at once
    mails = sum(ledger.queue(session, some, now=day.now, due_at=due_at) for due_at, some in queued.items())
    ids = digests_of(session, day.on, day.sender.zone)
    copies = [(notice_id, ids[name]) for name in readers for notice_id in by_reader[name]]
    insert_rows(session, NoticeCopy, ("notice_id", "message_id"), copies)
    return mails


def _readers(session: Session, names: Iterable[str], sender: Sender) -> dict[str, _Reader]:
    wanted = set(names)
    found = {}
    for person_id, name, email in session.execute(select(Person.id, Person.name, Person.email).order_by(Person.position)):
        if name in wanted and email:
            found[name] = _Reader(person_id, email)
    if OFFICER in wanted:
        found[OFFICER] = _Reader(None, sender.officer_address)
    return found


def _spoken(session: Session, rows: Iterable[DutyRow], day: DigestDay) -> dict[int, SaidLast]:
    """What was said last about these duties: by whoever carries it, or why it came back."""
    states = {row.id: row.state for row in rows}
    spoken = said_last(session, list(states))
    back = returned_for(session, [id_ for id_, state in states.items() if state is AssignmentState.RETURNED])
    word = Text("退回：", "Sent back: ").in_(day.sender.language)
    return spoken | {id_: said._replace(text=f"{word}{said.text}") for id_, said in back.items()}


def _parts(
    session: Session, by_reader: Mapping[str, Mapping[int, Call]], readers: Mapping[str, _Reader], day: DigestDay
) -> dict[str, dict[Text, list[_Part]]]:
    """The rows of each reader's digest, by the headings of its sections."""
    parts: dict[str, dict[Text, dict[int, list[Call]]]] = {name: defaultdict(lambda: defaultdict(list)) for name in readers}
    rows: dict[int, DutyRow] = {}
    carriers: dict[int, str] = {}
    for name in readers:
        for call in by_reader[name].values():
            rows[call.row.id] = call.row
            parts[name][_heading(name, call)][call.row.id].append(call)
            if _heading(name, call) is OWN and call.row.person_id is not None:
                carriers[call.row.person_id] = name
    for row in _own(session, list(carriers), day):
        rows.setdefault(row.id, row)
        parts[carriers[row.person_id or 0]][OWN].setdefault(row.id, [])
    for name, heading, row in _still_up(session, readers):
        rows.setdefault(row.id, row)
        if row.id not in parts[name][OWN]:
            parts[name][heading].setdefault(row.id, [])
    return {
        name: {heading: [_Part(rows[id_], tuple(calls)) for id_, calls in some.items()] for heading, some in sections.items() if some}
        for name, sections in parts.items()
    }


def _heading(name: str, call: Call) -> Text:
    if call.stage.clock is Clock.REVIEW:
        return TO_REVIEW
    if name == OFFICER:
        return NOBODY
    if name in call.copy or (call.reached.level is Level.ASSIGNEE and name in call.reached.people):
        return OWN
    return UNREAD if call.stage.clock is Clock.ACKNOWLEDGEMENT else WENT_UP


def _own(session: Session, carriers: Sequence[int], day: DigestDay) -> list[DutyRow]:
    """What else these people carry that is overdue or near."""
    found: list[DutyRow] = []
    for start in range(0, len(carriers), IDS_A_QUERY):
        some = Assignment.person_id.in_(carriers[start : start + IDS_A_QUERY])
        found += rows_where(session, some, Assignment.state.in_(_RUNNING), Assignment.due_on <= day.on + AHEAD)
    return [row for row in found if day.light(row) in (Light.RED, Light.YELLOW)]


def _still_up(session: Session, readers: Mapping[str, _Reader]) -> list[tuple[str, Text, DutyRow]]:
    """What was told to these readers before and is still as it was: what came up to them, and what waits for their review."""
    names = {reader.person_id: name for name, reader in readers.items() if reader.person_id is not None}
    found: dict[tuple[str, int], Text] = {}
    ordered = sorted(names)
    for start in range(0, len(ordered), IDS_A_QUERY):
        query = (
            select(Message.person_id, Notice.assignment_id, Notice.clock)
            .join(NoticeCopy, NoticeCopy.message_id == Message.id)
            .join(Notice, Notice.id == NoticeCopy.notice_id)
            .join(Assignment, Assignment.id == Notice.assignment_id)
            .where(Message.person_id.in_(ordered[start : start + IDS_A_QUERY]), Message.kind == KIND)
            .where(
                ((Notice.clock == Clock.REVIEW.value) & (Assignment.state == AssignmentState.REPORTED))
                | ((Notice.clock == Clock.COMPLETION.value) & Notice.stage.in_(_UP) & Assignment.state.in_(_RUNNING)),
                (Assignment.person_id != Message.person_id) | Assignment.person_id.is_(None),
            )
        )
        for person_id, assignment_id, clock in session.execute(query):
            found[names[person_id or 0], assignment_id] = TO_REVIEW if clock == Clock.REVIEW.value else WENT_UP
    rows = {row.id: row for row in duty_rows(session, [id_ for _, id_ in found])}
    return [(name, heading, rows[id_]) for (name, id_), heading in found.items()]


_UP = [f"{Kind.LEVEL.value} {level.name.lower()}" for level in Level if level > Level.ASSIGNEE]


def _digest(
    name: str, reader: _Reader, parts: Mapping[Text, Sequence[_Part]], spoken: Mapping[int, SaidLast], link: str, day: DigestDay
) -> Digest:
    year = day.on.year
    sections, left_out = [], 0
    for heading in (NOBODY, WENT_UP, OWN, UNREAD, TO_REVIEW):
        shown = sorted(parts.get(heading, ()), key=lambda part: _urgency(part, day))
        limit = OWN_SHOWN if heading is OWN else OTHERS_SHOWN
        kept = [part for place, part in enumerate(shown) if place < limit or part.calls]  # what is new is never left out
        left_out += len(shown) - len(kept)
        if kept:
            groups = _unread(kept, link, day) if heading is UNREAD else _groups(heading, kept, spoken, link, day)
            sections.append(DigestSection(heading, groups))
    calls = [call for some in parts.values() for part in some for call in part.calls]
    written = _red_notice(reader, calls, day)
    counts = _counts(parts, day)
    return Digest(
        person=name if reader.person_id is not None else day.sender.officer_name,
        address=reader.address,
        on=day.on,
        year=year,
        subject=subject_words(counts),
        first=first_words(counts, calls, day),
        sections=tuple(sections),
        left_out=left_out,
        notice=written,
        notice_name=f"红色督办单{day.on:%Y%m%d}.docx" if written else "",
    )


def _red_notice(reader: _Reader, calls: Sequence[Call], day: DigestDay) -> bytes:
    """The Word file with all red duties of one reader; empty where none is red."""
    red = [call for call in calls if call.colour is Colour.RED and call.stage.kind is Kind.LEVEL]
    if day.word is None or not red:
        return b""
    highest: dict[int, Call] = {}  # of a duty that reached several levels since somebody looked
    for call in sorted(red, key=lambda call: call.reached.level):
        highest[call.row.id] = call
    duties = tuple(RedDuty(call.row, workdays_between(day.clock(call.row), day.on), names_of(call.reached)) for call in highest.values())
    number = f"督办〔{day.on.year}〕{day.on:%m%d}-{reader.person_id or 0}"
    return day.word(RedNotice(number, day.on, day.sender, duties))


def _counts(parts: Mapping[Text, Sequence[_Part]], day: DigestDay) -> Counts:
    own = parts.get(OWN, ())
    lights = [day.light(part.row) for part in own]
    return Counts(
        nobody=len(parts.get(NOBODY, ())),
        went_up=len(parts.get(WENT_UP, ())),
        new=sum(bool(part.calls) for part in parts.get(WENT_UP, ())),
        unread=len(parts.get(UNREAD, ())),
        overdue=lights.count(Light.RED),
        due_soon=lights.count(Light.YELLOW),
        not_acknowledged=sum(any(call.stage.clock is Clock.ACKNOWLEDGEMENT for call in part.calls) for part in own),
        to_review=len(parts.get(TO_REVIEW, ())),
    )


def _urgency(part: _Part, day: DigestDay) -> tuple[int, bool, date, int]:
    """The worst light first, of one light what is new, then what is longest due."""
    return list(Light).index(day.light(part.row)), not part.calls, day.clock(part.row), part.row.id


def _unread(parts: Sequence[_Part], link: str, day: DigestDay) -> tuple[DigestGroup, ...]:
    """What others did not acknowledge: one row a person, however many duties a list has."""
    by_person: dict[tuple[str, str], list[_Part]] = defaultdict(list)
    for part in parts:
        by_person[part.row.unit or part.row.party, part.row.person or ""].append(part)
    rows = []
    for (unit, person), some in by_person.items():
        first = some[0].row
        calls = [call for part in some for call in part.calls]
        more = Text(f"{first.content}等{len(some)}项任务", f"{first.content} and {len(some) - 1} more").in_(day.sender.language)
        row = DigestRow(
            content=more if len(some) > 1 else first.content,
            text=more if len(some) > 1 else first.text,
            period="",
            due_on=min(day.clock(part.row) for part in some),
            party=unit,
            person=person,
            colour=calls[0].colour,
            light=light_of(day.completion(part.row) for part in some).value,
            said=news_about(calls, own=False, day=day),
            link=f"{link}/led" if link else "",
            duties=len(some),
        )
        rows.append((unit, row))
    return grouped(rows)


def _groups(heading: Text, parts: Sequence[_Part], spoken: Mapping[int, SaidLast], link: str, day: DigestDay) -> tuple[DigestGroup, ...]:
    """Rows of others by their unit; one's own need no name."""
    own = heading is OWN
    rows = []
    for row, calls in parts:
        shown = digest_row(row, calls, spoken.get(row.id), link=f"{link}/duties/{row.id}" if link else "", own=own, day=day)
        if heading is WENT_UP and shown.last_said is None:
            shown = replace(shown, last_said=NOTHING_SAID)
        rows.append(("" if own else row.unit or row.party, shown))
    return grouped(rows)


def grouped(rows: Iterable[tuple[str, DigestRow]]) -> tuple[DigestGroup, ...]:
    """Rows with the names of their groups, by these: the group of the first row comes first."""
    groups: dict[str, list[DigestRow]] = defaultdict(list)
    for name, row in rows:
        groups[name].append(row)
    return tuple(DigestGroup(name, tuple(some)) for name, some in groups.items())


def digest_row(row: DutyRow, calls: Sequence[Call], spoken: SaidLast | None, *, link: str, own: bool, day: DigestDay) -> DigestRow:
    """One duty with what is said about it on the day. `link` is its page in the portal; where it is the reader's `own` and not yet due,
    more time can be asked for there.
    """
    return DigestRow(
        content=row.content,
        text=row.text,
        period=row.period,
        due_on=row.due_on,
        party=row.party,
        person=row.person or "",
        colour=max((call.colour for call in calls), key=list(Colour).index, default=None),
        light=day.light(row).value,
        said=said_about(row, day.completion(row), calls, own=own, day=day),
        last_said=spoken.in_words(day.sender.zone, day.on.year) if spoken is not None else None,
        link=link,
        more_time=f"{link}#extension" if link and own and day.on <= row.due_on else "",
    )
