"""代办: who does another person's duties while they are on leave, and who may answer for an assignment today.

In: the stored substitutions and a civil day. Out: who stands in for whom. The duties stay the person's: nothing is handed over, and
what the substitute does bears the substitute's name.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, aliased

from engine.access import link_of
from engine.duties import duties_of, owed_rows
from engine.history import IDS_A_QUERY
from engine.moves import BY_LENGTH, OPEN, is_officer
from models import Assignment, Person, Substitution
from notifications import ledger
from notifications.sender import Sender
from notifications.standing_in import StandingInNotice, compose_standing_in
from office.text import Refused, Text, plain
from office.workdays import mail_time

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class StandsIn:
    """One substitution: `substitute` does the duties of `person` from the first day to the last one."""

    id: int
    person_id: int
    person: str
    substitute_id: int
    substitute: str
    address: str | None  # of the substitute
    starts_on: date
    ends_on: date
    reason: str


def stand_in(
    session: Session,
    *,
    person: str,
    substitute: str,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: str,
    sender: Sender,
    now: datetime,
) -> int:
    """Let `substitute` do the duties of `person` for a time; the id of the substitution. The substitute is told by mail.

    `by` is the person or the planning officer. Refuses a time that ends before it starts, is over or is longer than a year,
    oneself, names that are nobody's, a time in which somebody stands in for the person already, and chains: whoever is on leave
    cannot stand in, and whoever stands in cannot leave it to a third.
    """
    today = now.astimezone(sender.zone).date()
    _refuse_unfit_time(starts_on, ends_on, today)
    on_leave, stands = _people(session, person, substitute)
    _refuse_stranger(on_leave.name, by)
    _refuse_overlapping(session, on_leave, stands, starts_on, ends_on)
    row = Substitution(
        person_id=on_leave.id,
        substitute_id=stands.id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=plain(reason),
        entered_at=now,
        entered_by=by,
    )
    session.add(row)
    session.flush()
    if stands.email:
        _tell(session, row, on_leave, stands, stands.email, today, sender=sender, now=now)
    return row.id


def end_substitution(session: Session, substitution_id: int, *, by: str, now: datetime) -> None:
    """Take a substitution back before its last day; by the person or the planning officer. Refuses one that is none, or has been ended."""
    found = session.execute(
        select(Person.name, Substitution.ended_at)
        .join(Substitution, Substitution.person_id == Person.id)
        .where(Substitution.id == substitution_id)
    ).one_or_none()
    if found is None:
        raise Refused(Text(f"没有编号为 {substitution_id} 的代办", f"There is no substitution {substitution_id}"))
    _refuse_stranger(found.name, by)
    ended = session.scalar(
        update(Substitution)
        .where(Substitution.id == substitution_id, Substitution.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Substitution.id)
        .execution_options(synchronize_session=False)
    )
    if ended is None:
        raise Refused(Text("代办已经提前结束", "The substitution has been ended before"))


def stands_in_for(session: Session, substitute_id: int, on: date) -> dict[int, str]:
    """For whom somebody stands in on a day: names by the people's ids, in the order of the roster."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Substitution, Substitution.person_id == Person.id)
        .where(Substitution.substitute_id == substitute_id, _holds_on(on))
        .order_by(Person.position)
    )
    return dict(rows.all())


def substitutions_of(session: Session, person_id: int, on: date) -> tuple[StandsIn, ...]:
    """Who stands in for this person, on the day and later, the first one first."""
    return _stored(session, Substitution.person_id == person_id, Substitution.ends_on >= on)


def substitutes_of(session: Session, person_ids: Collection[int], on: date) -> dict[int, StandsIn]:
    """Who stands in for these people on a day, by the people's ids; people who do their duties themselves are missing."""
    ids = sorted(set(person_ids))
    found: dict[int, StandsIn] = {}
    for start in range(0, len(ids), IDS_A_QUERY):
        some = Substitution.person_id.in_(ids[start : start + IDS_A_QUERY])
        found.update((one.person_id, one) for one in _stored(session, some, _holds_on(on)))
    return found


def on_behalf_of(session: Session, assignment_id: int, name: str, *, on: date) -> str | None:
    """Whose duty it is where `name` may answer for it on this day: who carries it may, and who stands in for them. None: may not."""
    carrier = session.execute(
        select(Person.id, Person.name).join(Assignment, Assignment.person_id == Person.id).where(Assignment.id == assignment_id)
    ).one_or_none()
    if carrier is None:
        return None
    if carrier.name == name:
        return name
    standing = substitutes_of(session, [carrier.id], on).get(carrier.id)
    return carrier.name if standing is not None and standing.substitute == name else None


def may_answer(session: Session, assignment_id: int, name: str, *, on: date) -> bool:
    """Whether somebody may acknowledge, report and ask for more time on this day. The planning officer enters it for others besides."""
    return on_behalf_of(session, assignment_id, name, on=on) is not None


def _holds_on(on: date) -> ColumnElement[bool]:
    return Substitution.ended_at.is_(None) & (Substitution.starts_on <= on) & (Substitution.ends_on >= on)


def _stored(session: Session, *wanted: ColumnElement[bool]) -> tuple[StandsIn, ...]:
    """Those that were not ended; of somebody who has left, none."""
    person, substitute = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            *(Substitution.id, person.id, person.name, substitute.id, substitute.name, substitute.email),
            *(Substitution.starts_on, Substitution.ends_on, Substitution.reason),
        )
        .join(person, person.id == Substitution.person_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .where(Substitution.ended_at.is_(None), substitute.left_on.is_(None), *wanted)
        .order_by(Substitution.starts_on, Substitution.id)
    )
    return tuple(StandsIn(*row) for row in rows)


def _people(session: Session, *names: str) -> Sequence[Person]:
    """The people of these names, held in the order of their ids: of two who enter a leave at once one comes after the other."""
    wanted = [" ".join(name.split()) for name in names]
    rows = session.scalars(
        select(Person)
        .where(Person.name.in_(wanted), Person.left_on.is_(None))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row.name: row for row in rows}
    for name in wanted:
        if name not in found:
            raise Refused(Text(f"名册里没有“{name}”", f"{name} is not in the roster"))
    return [found[name] for name in wanted]


def _refuse_stranger(person: str, by: str) -> None:
    if by != person and not (is_officer(by) and len(by) <= BY_LENGTH):
        raise Refused(Text(f"只有{person}本人或计划员可以安排代办", f"Only {person} or the planning officer arranges that"))


def _refuse_unfit_time(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on < starts_on:
        raise Refused(Text(f"代办的最后一天{ends_on}早于第一天{starts_on}", f"It ends on {ends_on}, before it starts on {starts_on}"))
    if ends_on < today:
        raise Refused(Text(f"代办的最后一天{ends_on}已经过去", f"{ends_on}, its last day, is over"))
    if ends_on - starts_on >= LONGEST:
        raise Refused(Text("代办不能超过一年；长期离岗请调整名册", "It lasts at most a year; for longer, change the roster"))


def _refuse_overlapping(session: Session, person: Person, substitute: Person, starts_on: date, ends_on: date) -> None:
    if person.id == substitute.id:
        raise Refused(Text("不能由本人代办自己的事项", "Nobody stands in for themselves"))
    meanwhile = (Substitution.starts_on <= ends_on, Substitution.ends_on >= starts_on)
    concerned = or_(Substitution.person_id.in_([person.id, substitute.id]), Substitution.substitute_id == person.id)
    for other in _stored(session, concerned, *meanwhile):
        time = f"{other.starts_on}至{other.ends_on}", f"from {other.starts_on} to {other.ends_on}"
        if other.person_id == person.id:
            raise Refused(
                Text(f"{person.name}{time[0]}已由{other.substitute}代办", f"{other.substitute} stands in for {person.name} {time[1]}")
            )
        if other.person_id == substitute.id:
            raise Refused(
                Text(f"{substitute.name}{time[0]}本人不在岗，不能代办", f"{substitute.name} is on leave {time[1]} and cannot stand in")
            )
        raise Refused(
            Text(
                f"{person.name}{time[0]}正替{other.person}代办，请先另作安排",
                f"{person.name} stands in for {other.person} {time[1]}: arrange that first",
            )
        )


def _tell(
    session: Session, row: Substitution, person: Person, substitute: Person, address: str, today: date, *, sender: Sender, now: datetime
) -> None:
    """What is open and falls due by the last day goes to the substitute; what is overdue, too."""
    open_ones = select(Assignment.id).where(Assignment.person_id == person.id, Assignment.state.in_(OPEN), Assignment.due_on <= row.ends_on)
    rows = owed_rows(session, list(session.scalars(open_ones)))
    notice = StandingInNotice(
        person=substitute.name,
        address=address,
        on_leave=person.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reason=row.reason,
        duties=duties_of(session, rows, language=sender.language, overdue_before=today),
        on=today,
    )
    # Of names and the moment, not of ids, which begin again at 1 in a new database: the Message-ID is made of it.
    key = f"standing in:{substitute.name}:{person.name}:{now.isoformat()}"
    link = link_of(session, substitute.name, sender=sender, now=now)
    mail = compose_standing_in(notice, sender, key=key, person_id=substitute.id, link=link, now=now)
    ledger.queue(session, [mail], now=now, due_at=mail_time(now, sender.zone))
