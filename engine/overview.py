"""The year's list in numbers: how much each person and unit owes, and when; what mail is due and what became of it.

In: a plan that is not stored yet, or the database. Out: plain rows for a preview, a board or a page.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.history import IDS_A_QUERY
from engine.planning import Plan
from models import Assignment, Item, ListQuestion, Message, MessageState, Person, Step, Unit
from notifications.sender import SHANGHAI

ASKED_FOR = "link"  # the kind of a message that somebody waits for


class Owed(NamedTuple):
    """Some assignments of one person for one unit on one day. Nobody may carry them yet, and no unit stand behind them."""

    person: str
    unit: str
    due_on: date
    assignments: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many assignments somebody or some month has, and when the first and the last of them are due."""

    name: str
    assignments: int
    first_due_on: date
    last_due_on: date


@dataclass(frozen=True, slots=True)
class Overview:
    """People and units by the size of their share, months in order of the calendar (`2026-03`)."""

    people: tuple[Tally, ...]
    units: tuple[Tally, ...]
    months: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Question:
    address: str
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class DueMail:
    """A message that may go out now, and to whom."""

    id: int
    recipient: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that has not arrived, with the server's own words."""

    recipient: str
    address: str
    subject: str
    state: MessageState
    words: str


@dataclass(frozen=True, slots=True)
class MailOverview:
    """How many messages are in which state, and each one that was tried and has not arrived."""

    states: tuple[tuple[MessageState, int], ...]
    unsent: tuple[Unsent, ...]


def overview(owed: Iterable[Owed]) -> Overview:
    """Add up by person, unit and month. What nobody carries is counted for its unit and month only."""
    rows = tuple(owed)
    return Overview(
        people=_by_share((row.person, row) for row in rows if row.person),
        units=_by_share((row.unit, row) for row in rows if row.unit),
        months=tuple(sorted(_tallies((f"{row.due_on:%Y-%m}", row) for row in rows), key=lambda tally: tally.name)),
    )


def plan_overview(plan: Plan) -> Overview:
    """Of a plan that is not stored."""
    return overview(
        Owed(assignment.party.person or "", assignment.party.unit or "", assignment.period.due_on, 1) for assignment in plan.assignments
    )


def list_overview(session: Session, list_id: int) -> Overview:
    """Of an issued list, as it is carried today."""
    rows = session.execute(
        select(Person.name, Unit.name, Assignment.due_on, func.count())
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Item.list_id == list_id)
        .group_by(Person.name, Unit.name, Assignment.due_on)
    )
    return overview(Owed(person or "", unit or "", due_on, count) for person, unit, due_on, count in rows)


def list_questions(session: Session, list_id: int) -> tuple[Question, ...]:
    """What the officer is asked about an issued list, in its order."""
    rows = session.execute(
        select(ListQuestion.address, ListQuestion.text_zh, ListQuestion.text_en)
        .where(ListQuestion.list_id == list_id)
        .order_by(ListQuestion.position)
    )
    return tuple(Question(*row) for row in rows)


def due_mail(session: Session, *, now: datetime, a_day: int | None = None, zone: ZoneInfo = SHANGHAI) -> tuple[DueMail, ...]:
    """Messages that a delivery beginning at `now` would send, oldest first; those that a crash left under a lease included.

    `a_day`: the most that one person gets in a civil day of `zone`, None for no limit. What is beyond it stays due, and is the oldest
    on the next day. A link that somebody asked for does not count: they wait for it.
    """
    waiting = Message.state.in_((MessageState.QUEUED, MessageState.DEFERRED, MessageState.UNKNOWN)) & (Message.due_at <= now)
    left_behind = (Message.state == MessageState.SENDING) & (Message.lease_until <= now)
    rows = session.execute(
        select(Message.id, func.coalesce(Person.name, Message.address), Message.person_id, Message.kind)
        .outerjoin(Person, Person.id == Message.person_id)
        .where(or_(waiting, left_behind))
        .order_by(Message.due_at, Message.id)
    ).all()
    had: Counter[int] = _sent_today(session, {row.person_id for row in rows}, now, zone) if a_day is not None else Counter()
    due = []
    for message_id, recipient, person_id, kind in rows:
        if person_id is not None and kind != ASKED_FOR:
            had[person_id] += 1
            if a_day is not None and had[person_id] > a_day:
                continue
        due.append(DueMail(message_id, recipient))
    return tuple(due)


def _sent_today(session: Session, people: Iterable[int | None], now: datetime, zone: ZoneInfo) -> Counter[int]:
    began = datetime.combine(now.astimezone(zone).date(), time(0), zone)
    ids = sorted(person for person in people if person is not None)
    counts: Counter[int] = Counter()
    for start in range(0, len(ids), IDS_A_QUERY):
        some = Message.person_id.in_(ids[start : start + IDS_A_QUERY])
        query = select(Message.person_id, func.count()).where(some, Message.sent_at >= began, Message.kind != ASKED_FOR)
        counts.update({person or 0: count for person, count in session.execute(query.group_by(Message.person_id))})
    return counts


def mail_overview(session: Session) -> MailOverview:
    """The whole ledger in numbers, and what of it was tried in vain."""
    counted = dict(session.execute(select(Message.state, func.count()).group_by(Message.state)).all())
    unsent = session.execute(
        select(func.coalesce(Person.name, Message.address), Message.address, Message.subject, Message.state, Message.server_words)
        .outerjoin(Person, Person.id == Message.person_id)
        .where(Message.state.in_((MessageState.DEFERRED, MessageState.REFUSED, MessageState.UNKNOWN)))
        .order_by(Message.id)
    )
    return MailOverview(
        states=tuple((state, counted[state]) for state in MessageState if state in counted),
        unsent=tuple(Unsent(*row) for row in unsent),
    )


def _by_share(named: Iterable[tuple[str, Owed]]) -> tuple[Tally, ...]:
    return tuple(sorted(_tallies(named), key=lambda tally: (-tally.assignments, tally.name)))


def _tallies(named: Iterable[tuple[str, Owed]]) -> list[Tally]:
    tallies: dict[str, Tally] = {}
    for name, row in named:
        tally = tallies.get(name, Tally(name, 0, row.due_on, row.due_on))
        tallies[name] = Tally(
            name, tally.assignments + row.assignments, min(tally.first_due_on, row.due_on), max(tally.last_due_on, row.due_on)
        )
    return list(tallies.values())
