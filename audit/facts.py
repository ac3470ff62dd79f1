"""The bare facts, as they are stored: duties with their histories, policies, runs, the ledger of notices and the mails that carried them.

In: a session. Out: `Facts`, in a handful of queries however much there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from audit.expected import CLOCKS_DEPEND_ON, Duty, Event, Term
from audit.roster import Roster, grouped, load_roster
from audit.schedule import Key
from models import (
    Assignment,
    AssignmentEvent,
    FollowUpRun,
    Item,
    Message,
    MessageContent,
    MessageState,
    Notice,
    NoticeCopy,
    NoticeOutcome,
    Person,
    PolicyTerm,
    Preference,
    ResponsibilityList,
    Step,
    StoredPolicy,
)
from office.policy import read_policy
from office.text import Refused, Text

STORED = "zeren database"  # names what is read back, should it ever be refused
DIGEST = "digest:"  # digest:<day>:<name>, the key of a person's mail of a day
INFORMED = "informed:"  # informed:<monday>:<name>, of the week
WORDS_SHOWN = 20  # of a duty


class Entry(NamedTuple):
    """One row of the ledger of notices."""

    id: int
    assignment_id: int
    key: Key
    owed_on: date
    decided_at: datetime
    outcome: NoticeOutcome
    colour: str
    told: str
    skipped: str  # who was passed over on the way up, a line each


class Mailed(NamedTuple):
    """One message that carries notices, or a digest."""

    id: int
    key: str
    person_id: int | None
    person: str
    address: str
    state: MessageState
    due_at: datetime
    queued_at: datetime
    sent_at: datetime | None
    words: str  # the server's
    has_content: bool

    @property
    def reader(self) -> str:
        """The name in the key: a digest tells whose it is even where nobody of the roster is meant."""
        return self.key.split(":", 2)[2] if self.is_digest or self.is_informed else self.person

    @property
    def is_digest(self) -> bool:
        return self.key.startswith(DIGEST)

    @property
    def is_informed(self) -> bool:
        return self.key.startswith(INFORMED)


class Declines(NamedTuple):
    """What somebody does without, since when."""

    warnings: tuple[int, ...]
    changed_at: datetime


class UnreadPolicy(NamedTuple):
    """A policy that cannot be read any more: what its list owes cannot be told."""

    list_id: int
    list_title: str
    from_on: date
    why: Text


@dataclass(frozen=True)
class Facts:
    duties: tuple[Duty, ...]
    terms: Mapping[int, tuple[Term, ...]]  # by list
    unread: tuple[UnreadPolicy, ...]
    runs: tuple[datetime, ...]
    entries: Mapping[int, tuple[Entry, ...]]  # by assignment
    copies: Mapping[int, tuple[int, ...]]  # notice → messages
    mails: Mapping[int, Mailed]
    declines: Mapping[int, Declines]  # by person
    roster: Roster
    own_addresses: Mapping[tuple[int, str], datetime]  # of a person and an address: since when mail went there

    @property
    def readable_duties(self) -> tuple[Duty, ...]:
        """Those whose rules can be told."""
        unread = {policy.list_id for policy in self.unread}
        return tuple(duty for duty in self.duties if duty.list_id not in unread)

    @cached_property
    def digests(self) -> dict[tuple[str, str], datetime]:
        """When a reader's digest of a day was written, by the name and the day of its key."""
        return {(mail.reader, mail.key.split(":")[1]): mail.queued_at for mail in self.mails.values() if mail.is_digest}

    def begins_at(self, *, zone: ZoneInfo, now: datetime) -> datetime:
        """When the office began to follow up: its first run, or its first policy. Where it has neither, it should have today."""
        known = [*self.runs, *(term.decided_at for terms in self.terms.values() for term in terms)]
        midnight = datetime.combine(now.astimezone(zone).date(), time.min, zone)
        return min(known, default=max(midnight, min((duty.issued_at for duty in self.duties), default=now)))


def load(session: Session) -> Facts:
    """All of it: what was said months ago may have been edited since."""
    copies = session.execute(select(NoticeCopy.notice_id, NoticeCopy.message_id).order_by(NoticeCopy.message_id))
    terms, unread = _terms(session)
    return Facts(
        duties=_duties(session),
        terms=terms,
        unread=unread,
        runs=tuple(session.scalars(select(FollowUpRun.at).order_by(FollowUpRun.at))),
        entries=_entries(session),
        copies=grouped((notice_id, message_id) for notice_id, message_id in copies),
        mails=_mails(session),
        declines=_declines(session),
        roster=load_roster(session),
        own_addresses=_own_addresses(session),
    )


def _duties(session: Session) -> tuple[Duty, ...]:
    rows = session.execute(
        select(
            AssignmentEvent.assignment_id,
            *(AssignmentEvent.action, AssignmentEvent.from_value, AssignmentEvent.to_value, AssignmentEvent.at),
        )
        .where(AssignmentEvent.action.in_(CLOCKS_DEPEND_ON))
        .order_by(AssignmentEvent.assignment_id, AssignmentEvent.position)
    )
    events = {id_: tuple(Event._make(row[1:]) for row in group) for id_, group in groupby(rows, key=lambda row: row[0])}
    query = (
        select(
            *(Assignment.id, Item.list_id, ResponsibilityList.title, Item.number, Item.address, Item.content),
            *(Assignment.party, Person.name.label("person")),
            *(Assignment.period, Assignment.person_id, Assignment.state, Assignment.due_on, Assignment.make_up),
            ResponsibilityList.issued_at,
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .order_by(Assignment.id)
    )
    return tuple(
        Duty(
            id=row.id,
            list_id=row.list_id,
            list_title=row.title,
            item=row.number,
            address=row.address,
            words=_words(row.party, row.person, row.content, row.period),
            person_id=row.person_id,
            state=row.state,
            due_on=row.due_on,
            make_up=row.make_up,
            issued_at=row.issued_at,
            events=events.get(row.id, ()),
        )
        for row in session.execute(query)
    )


def _words(party: str, person: str | None, content: str, period: str) -> str:
    """造林科（林一）“清点苗木”6月"""
    line = " ".join(content.split())
    short = line if len(line) <= WORDS_SHOWN else f"{line[: WORDS_SHOWN - 1]}…"
    whose = f"{party}（{person}）" if person and person != party else party
    return f"{whose}“{short}”{period}"


def _terms(session: Session) -> tuple[dict[int, tuple[Term, ...]], tuple[UnreadPolicy, ...]]:
    rows = session.execute(
        select(PolicyTerm.list_id, ResponsibilityList.title, PolicyTerm.from_on, PolicyTerm.decided_at, StoredPolicy.text)
        .join(StoredPolicy, StoredPolicy.id == PolicyTerm.policy_id)
        .join(ResponsibilityList, ResponsibilityList.id == PolicyTerm.list_id)
        .order_by(PolicyTerm.from_on)
    )
    found: list[tuple[int, Term]] = []
    unread: list[UnreadPolicy] = []
    for list_id, title, from_on, decided_at, text in rows:
        try:
            found.append((list_id, Term(from_on, decided_at, read_policy(text, place=STORED))))
        except Refused as refusal:
            unread.append(UnreadPolicy(list_id, title, from_on, refusal.text))
    return grouped(found), tuple(unread)


def _entries(session: Session) -> dict[int, tuple[Entry, ...]]:
    rows = session.execute(
        select(
            *(Notice.id, Notice.assignment_id, Notice.clock, Notice.from_on, Notice.stage),
            *(Notice.owed_on, Notice.decided_at, Notice.outcome, Notice.colour, Notice.told, Notice.skipped),
        ).order_by(Notice.id)
    )
    return grouped((row[1], Entry._make((row[0], row[1], Key._make(row[2:5]), *row[5:]))) for row in rows)


def _mails(session: Session) -> dict[int, Mailed]:
    carries = select(NoticeCopy.message_id)
    rows = session.execute(
        select(
            *(Message.id, Message.key, Message.person_id, Person.name, Message.address, Message.state),
            *(Message.due_at, Message.queued_at, Message.sent_at, Message.server_words),
            MessageContent.message_id.is_not(None),
        )
        .outerjoin(Person, Person.id == Message.person_id)
        .outerjoin(MessageContent, MessageContent.message_id == Message.id)
        .where(or_(Message.id.in_(carries), *(Message.key.startswith(prefix, autoescape=True) for prefix in (DIGEST, INFORMED))))
        .order_by(Message.id)
    )
    return {row[0]: Mailed._make((*row[:3], row[3] or "", *row[4:])) for row in rows}


def _declines(session: Session) -> dict[int, Declines]:
    rows = session.execute(select(Preference.person_id, Preference.skipped_warnings, Preference.changed_at))
    return {person_id: Declines(tuple(warnings), changed_at) for person_id, warnings, changed_at in rows}


def _own_addresses(session: Session) -> dict[tuple[int, str], datetime]:
    sent = select(Message.person_id, Message.address, func.min(Message.sent_at)).where(Message.sent_at.is_not(None))
    rows = session.execute(sent.group_by(Message.person_id, Message.address))
    return {(person_id, address): at for person_id, address, at in rows if person_id is not None and at is not None}
