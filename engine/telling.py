"""Who carries a duty, assists in it or leads it is told what was decided: one message a person, in the transaction of the decision."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access import link_of
from engine.duties import OwedRow, duties_of, owed_rows
from engine.history import IDS_A_QUERY
from engine.moves import OFFICER, is_officer
from engine.notices import several
from engine.substitutes import substitutes_of
from models import Assignment, AssistingParty, Person
from notifications import ledger
from notifications.decided import DecidedNotice, Outcome, compose_decided
from notifications.duty import Duty
from notifications.sender import Sender
from office.text import Language, Text
from office.workdays import mail_time


@dataclass(frozen=True, slots=True)
class Told:
    """How many messages are queued, and who carries something but has no mail address."""

    messages: int
    without_address: tuple[str, ...]

    @property
    def warning(self) -> Text:
        """The end of a sentence that names who cannot be told; empty where everybody is."""
        if not self.without_address:
            return Text("", "")
        who = "、".join(self.without_address)
        return Text(f"；{who}没有邮箱，未能通知", f"; {who} has no mail address and is not told")


class _Reader(NamedTuple):
    """Somebody who is told: what they carry, and what they assist in or lead, as assignments of others."""

    person: str
    address: str | None
    carried: list[OwedRow]
    informed: list[OwedRow]


def tell_decided(
    session: Session,
    ids: Collection[int],
    outcome: Outcome,
    *,
    by: str,
    comment: str,
    late: bool = False,
    was_due_on: date | None = None,
    informed: Mapping[int, Collection[int]] = MappingProxyType({}),
    sender: Sender,
    now: datetime,
) -> Told:
    """Queue the messages about one decision on these assignments, for the next working hours.

    Who stands in for somebody today is told as they are. `was_due_on`: of one that is extended, the date before.
    `informed`: the ids of people who assist in steps or lead them, and of these steps; what they carry themselves is not said twice.
    Call it after the decision is stored: the ledger's key is made of the assignments' versions, so that a later decision of the
    same kind is another message.
    """
    today = now.astimezone(sender.zone).date()
    open_again = outcome in (Outcome.RETURNED, Outcome.REOPENED, Outcome.RESUMED)
    mails, without_address = [], []
    for person_id, reader in _readers(session, ids, informed, sender.language, today).items():
        if not reader.address:
            without_address.append(reader.person)
            continue
        rows = reader.carried or reader.informed
        carried = duties_of(session, reader.carried, language=sender.language, overdue_before=today)
        notice = DecidedNotice(
            person=reader.person,
            address=reader.address,
            outcome=outcome,
            duties=carried if open_again else _without_the_mark(carried),
            by=OFFICER if is_officer(by) else by,
            comment=comment,
            year=rows[0].year,
            on=today,
            late=late,
            was_due_on=was_due_on,
            informed=_without_the_mark(duties_of(session, reader.informed, language=sender.language)),
        )
        # Of names and the moment, not of ids, which begin again at 1 in a new database: the Message-ID is made of it.
        what = "\n".join((now.isoformat(), *(f"{row.natural_key} {row.version}" for row in rows)))
        key = f"decided:{outcome.value}:{reader.person}:{hashlib.sha256(what.encode()).hexdigest()[:32]}"
        link = link_of(session, reader.person, sender=sender, now=now, to=f"/duties/{rows[0].id}" if len(rows) == 1 else "")
        mails.append(compose_decided(notice, sender, key=key, person_id=person_id, link=link, now=now))
    messages = ledger.queue(session, mails, now=now, due_at=mail_time(now, sender.zone))
    return Told(messages, tuple(without_address))


def informed_of(session: Session, assignment_ids: Collection[int]) -> dict[int, set[int]]:
    """Who assists in the steps of these assignments or leads them: ids of people, and of their steps, as `tell_decided` takes them."""
    steps: dict[int, set[int]] = {}
    ids = sorted(assignment_ids)
    for start in range(0, len(ids), IDS_A_QUERY):
        these = Assignment.id.in_(ids[start : start + IDS_A_QUERY])
        leading = select(Assignment.leader_id, Assignment.step_id).where(these)
        assisting = select(AssistingParty.person_id, AssistingParty.step_id).join(Assignment, Assignment.step_id == AssistingParty.step_id)
        for person_id, step_id in session.execute(leading.union(assisting.where(these))):
            if person_id is not None:
                steps.setdefault(person_id, set()).add(step_id)
    return steps


def _readers(
    session: Session, ids: Collection[int], informed: Mapping[int, Collection[int]], language: Language, today: date
) -> dict[int, _Reader]:
    """Everybody to be told, by id: first who carries something, in the order of the duties."""
    readers: dict[int, _Reader] = {}
    by_step: dict[int, list[OwedRow]] = {}
    for row in owed_rows(session, sorted(ids)):
        by_step.setdefault(row.step_id, []).append(row)
        if row.person_id is not None:
            readers.setdefault(row.person_id, _Reader(row.person or "", row.address, [], [])).carried.append(row)
    standing = substitutes_of(session, list(readers), today)
    for person_id, one in standing.items():
        reader = readers.setdefault(one.substitute_id, _Reader(one.substitute, one.address, [], []))
        reader.carried.extend(readers[person_id].carried)
        reader.carried.sort(key=lambda row: (row.step_id, row.party, row.due_on))
    for person in session.scalars(select(Person).where(Person.id.in_(list(informed)), Person.left_on.is_(None)).order_by(Person.position)):
        steps = sorted(step_id for step_id in informed[person.id] if step_id in by_step)
        others = [row for step_id in steps for row in _as_one(by_step[step_id], language) if not _carries(person.id, by_step[step_id])]
        if others:
            readers.setdefault(person.id, _Reader(person.name, person.email, [], [])).informed.extend(others)
    return readers


def _carries(person_id: int, rows: Iterable[OwedRow]) -> bool:
    return any(row.person_id == person_id for row in rows)


def _as_one(rows: Sequence[OwedRow], language: Language) -> list[OwedRow]:
    """The assignments of one step as if one party had them all."""
    parties = list(dict.fromkeys(row.party for row in rows))
    return [row._replace(party=several(parties, language)) for row in rows if row.party == parties[0]]


def _without_the_mark(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """Nothing that has ended is to be made up."""
    return tuple(replace(duty, make_up=False, overdue=False) for duty in duties)
