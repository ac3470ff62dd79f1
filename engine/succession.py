"""Duties follow the post: open assignments go to whoever holds it today, and the successor is told once.

In: the stored roster and `now`. Out: what was handed over, and where nobody can tell who takes over.
Runs after a roster was stored, and on any day on which a term ends or begins; a second run finds nothing to do.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from engine.access import link_of
from engine.contacts import year_of_contact_points
from engine.directory import Directory
from engine.duties import duties_of, owed_rows
from engine.history import HAND_OVER, ROSTER, Change, record
from engine.leadership import follow_leaders
from engine.moves import OPEN
from engine.notices import contact_leaders
from engine.past import past_of
from engine.roster import load_roster
from intake.values import PostRow
from models import Assignment, AssignmentState, Person, Post, Unit
from notifications import ledger
from notifications.handover import HandoverNotice, compose_handover
from notifications.sender import Sender
from office.text import Text
from office.workdays import mail_time

IN_CHARGE, CONTACT = "分管领导", "联系领导"


@dataclass(frozen=True, slots=True)
class Seat:
    """A unit's head, or a post of it, as open assignments name it, with who carries them so far."""

    unit: str
    post: str | None
    person: str | None

    def __str__(self) -> str:
        return f"{self.unit}{self.post or '负责人'}"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Open assignments of one seat that went to `successor`; None: they stay where they are, and `question` says why."""

    seat: Seat
    successor: str | None
    assignments: int
    told: bool = False  # a message is in the ledger; not so where the successor has no mail address
    question: Text | None = None


def hand_over_open(session: Session, *, sender: Sender, now: datetime) -> tuple[HandedOver, ...]:
    """Hand the open assignments of every post over to its holder of today; queue one message a successor.

    Open are also those that were reported and wait for review: they may come back, and then to whoever holds the post by then. The
    report stays under the name of the one who made it, and an acknowledgement counts for the post.
    The update is conditional on who carries an assignment, so of two runs at once one does it. Persons whom a list names by
    name keep their duties, and so does who was given one by hand (转办), as long as they hold a post in its unit. The leaders of all
    open assignments follow, too.
    """
    today = now.astimezone(sender.zone).date()
    _bind_to_posts_again(session, today)
    roster = load_roster(session, year_of_contact_points(session, today.year))
    directory = Directory(roster, today)
    addresses = {person.name: person.email for person in roster.people}
    done: list[HandedOver] = []
    moved: dict[str, list[tuple[Seat, list[int]]]] = {}
    for seat, count in _seats(session):
        successor, question = successor_of(seat, directory, _with_the_same_duties(session, seat))
        if question is not None:
            done.append(HandedOver(seat, None, count, question=question))
        if successor is None:
            continue
        ids = _move(session, seat, successor)
        if ids:
            moved.setdefault(successor, []).append((seat, ids))
            done.append(HandedOver(seat, successor, len(ids), told=addresses[successor] is not None))
    _write_history(session, moved, now)
    follow_leaders(session, roster, today, states=OPEN, by=ROSTER, now=now)
    for successor, seats in moved.items():
        if address := addresses[successor]:
            _tell(session, successor, address, seats, contact_leaders(roster), on=today, sender=sender, now=now)
    return tuple(done)


def _bind_to_posts_again(session: Session, today: date) -> None:
    """What was given by hand to somebody who has left the unit by now follows the post again."""
    still_there = exists().where(
        Post.person_id == Assignment.person_id,
        Post.unit_id == Assignment.unit_id,
        or_(Post.starts_on.is_(None), Post.starts_on <= today),
        or_(Post.ends_on.is_(None), Post.ends_on >= today),
        Person.id == Post.person_id,
        Person.left_on.is_(None),
    )
    session.execute(
        update(Assignment)
        .where(Assignment.given_by_hand, Assignment.state.in_(OPEN), ~still_there)
        .values(given_by_hand=False)
        .execution_options(synchronize_session=False)
    )


def successor_of(seat: Seat, directory: Directory, already: Collection[str] = ()) -> tuple[str | None, Text | None]:
    """Who takes a seat over, or why that cannot be told; (None, None) where its duties are in the right hands.

    `already`: people who owe the same duties in the same post themselves, as the members of a team do. They inherit nothing
    from one who leaves; the newcomer does.
    """
    holders = _holders(seat, directory)
    if seat.person in holders or (seat.person is None and not holders):
        return None, None
    candidates = tuple(person for person in holders if person not in already)
    if not candidates:
        stays = f"{seat}目前空缺，{seat.person}的责任事项尚未移交", f"Nobody is {seat} at present; the duties stay with {seat.person}"
        return None, Text(*stays)
    if len(candidates) > 1:
        candidates = _newcomers(seat, candidates, directory) or candidates
    if len(candidates) == 1:
        return candidates[0], None
    names = "、".join(candidates)
    return None, Text(
        f"{seat}有多人：{names}，请确定由谁接手{seat.person}的责任事项", f"{seat}: {names}; who takes over from {seat.person}?"
    )


def _holders(seat: Seat, directory: Directory) -> tuple[str, ...]:
    if seat.post is None:
        return directory.heads_of(seat.unit)[:1]
    if seat.post == IN_CHARGE:
        return directory.in_charge_of(seat.unit)
    if seat.post == CONTACT:
        return directory.contacts_of(seat.unit)
    return directory.holders(seat.unit, seat.post)


def _newcomers(seat: Seat, holders: Sequence[str], directory: Directory) -> tuple[str, ...]:
    """Of several holders of one post, those whose term began when the one who left was already gone."""
    left_on = max((post.ends_on for post in _terms(seat, seat.person, directory) if post.ends_on), default=None)
    return tuple(
        person
        for person in holders
        if any(post.starts_on and (left_on is None or post.starts_on > left_on) for post in _terms(seat, person, directory))
    )


def _terms(seat: Seat, person: str | None, directory: Directory) -> Iterable[PostRow]:
    title = directory.plain_title(seat.post or "", seat.unit)
    return (p for p in directory.roster.posts if (p.person, p.unit) == (person, seat.unit) and title in directory.plain_titles(p))


def _seats(session: Session) -> list[tuple[Seat, int]]:
    """Seats with open assignments, and how many."""
    rows = session.execute(
        select(Unit.name, Assignment.post_title, Person.name, func.count())
        .select_from(Assignment)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Assignment.state.in_(OPEN), Assignment.given_by_hand.is_(False))
        .group_by(Unit.name, Unit.position, Assignment.post_title, Person.name)
        .order_by(Unit.position, Assignment.post_title, Person.name)
    )
    return [(Seat(unit, post, person), count) for unit, post, person, count in rows]


def _with_the_same_duties(session: Session, seat: Seat) -> set[str]:
    """Others who owe, in the same post, a step that the seat's person owes for the same period."""
    if seat.post is None:
        return set()
    mine, theirs = aliased(Assignment), aliased(Assignment)
    rows = session.scalars(
        select(Person.name)
        .join(theirs, theirs.person_id == Person.id)
        .join(
            mine,
            (mine.step_id == theirs.step_id)
            & (mine.period == theirs.period)
            & (mine.unit_id == theirs.unit_id)
            & (mine.post_title == theirs.post_title),
        )
        .join(Unit, Unit.id == mine.unit_id)
        .where(
            Unit.name == seat.unit,
            mine.post_title == seat.post,
            mine.given_by_hand.is_(False),
            theirs.given_by_hand.is_(False),
            mine.person_id == select(Person.id).where(Person.name == seat.person).scalar_subquery(),
            Person.name != seat.person,
        )
        .distinct()
    )
    return set(rows)


def _move(session: Session, seat: Seat, successor: str) -> list[int]:
    """Give a seat's open assignments to its successor; ids of those that were still the predecessor's."""
    person_id = session.scalars(select(Person.id).where(Person.name == successor)).one()
    predecessor = select(Person.id).where(Person.name == seat.person).scalar_subquery() if seat.person else None
    values: dict[str, object] = {"person_id": person_id}
    if seat.post is not None:
        values["party"] = successor  # a post is shown by its holder's name
    moved = session.scalars(
        update(Assignment)
        .where(
            Assignment.state.in_(OPEN),
            Assignment.given_by_hand.is_(False),
            Assignment.unit_id == select(Unit.id).where(Unit.name == seat.unit).scalar_subquery(),
            Assignment.post_title.is_(None) if seat.post is None else Assignment.post_title == seat.post,
            Assignment.person_id.is_(None) if predecessor is None else Assignment.person_id == predecessor,
        )
        .values(**values)
        .returning(Assignment.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(moved)


def _write_history(session: Session, moved: dict[str, list[tuple[Seat, list[int]]]], now: datetime) -> None:
    changes = [
        Change(assignment_id, HAND_OVER, seat.person, successor, f"{seat}由{successor}接任")
        for successor, seats in moved.items()
        for seat, ids in seats
        for assignment_id in ids
    ]
    record(session, changes, at=now, by=ROSTER)


# The message to the successor


def _tell(
    session: Session,
    successor: str,
    address: str,
    seats: Sequence[tuple[Seat, list[int]]],
    contacts: Mapping[str, str],
    *,
    on: date,
    sender: Sender,
    now: datetime,
) -> None:
    moved = [assignment_id for _, ids in seats for assignment_id in ids]
    rows = owed_rows(session, moved)
    past = past_of(session, moved, year=on.year, zone=sender.zone, language=sender.language)
    notice = HandoverNotice(
        person=successor,
        address=address,
        predecessor="、".join(dict.fromkeys(seat.person for seat, _ in seats if seat.person)),
        post=_posts([seat for seat, _ in seats]),
        on=on,
        duties=duties_of(session, rows, language=sender.language, contacts=contacts, overdue_before=on, past=past),
        reported=sum(row.state is AssignmentState.REPORTED for row in rows),
    )
    person_id = session.scalars(select(Person.id).where(Person.name == successor)).one()
    link = link_of(session, successor, sender=sender, now=now)
    # A person may take over twice on one day; what is taken over tells the two messages apart.
    what = hashlib.sha256("\n".join(row.natural_key for row in rows).encode()).hexdigest()[:16]
    mail = compose_handover(notice, sender, key=f"handover:{successor}:{on}:{what}", person_id=person_id, link=link, now=now)
    ledger.queue(session, [mail], now=now, due_at=mail_time(now, sender.zone))


def _posts(seats: Sequence[Seat]) -> str:
    """What the successor is now. Who holds a post of a unit by name need not be called its head too."""
    by_name = {seat.unit for seat in seats if seat.post}
    return "、".join(dict.fromkeys(str(seat) for seat in seats if seat.post or seat.unit not in by_name))
