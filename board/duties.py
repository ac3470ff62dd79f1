"""Assignments as the board needs them: everything that a run shows of one, in a few queries whatever their number.

In: a session and ids. Out: `Duty` values, and the histories that their logs show.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from engine.contacts import covering_leaders
from engine.duties import assisting_parties
from engine.history import IDS_A_QUERY
from engine.moves import Action
from engine.policies import policy_book
from engine.reviewing import reviewers_of
from engine.targets import reached_in_year
from models import (
    Assignment,
    AssignmentEvent,
    AssignmentState,
    Evidence,
    Item,
    Person,
    Report,
    ResponsibilityList,
    Step,
    Unit,
)

_SAYS_WHY = (Action.RETURN, Action.REOPEN, Action.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Reported:
    """One report with what proves it: (name, address)."""

    number: int
    text: str
    amount: float | None
    at: datetime
    by: str
    evidence: tuple[tuple[str, str], ...]
    held_on: date | None = None
    entries: tuple[tuple[str, str | int], ...] = ()  # of a duty with a form of its own, by the keys of its fields


@dataclass(frozen=True, slots=True)
class Duty:
    """One assignment with all that its list, step, item and roster say of it. Texts that nobody gave are empty."""

    id: int
    natural_key: str
    version: int
    state: AssignmentState
    party: str
    period: str
    due_on: date
    make_up: bool
    done_on: date | None
    year: int
    list_title: str
    issued_at: datetime
    address: str
    number: str
    section: str
    content: str
    standard: str
    text: str
    phrase: str
    target_amount: float | None
    target_unit: str
    target_per: str
    unit: str
    unit_kind: str
    person: str
    leader: str
    contacts: tuple[str, ...]
    assisting: tuple[str, ...]
    why: str  # of a returned, reopened or withdrawn one
    waiting: Reported | None = None  # the report that waits for review
    reached_in_year: float | None = None  # where that is one of several which have a target of the year together
    reviewers: tuple[str, ...] = ()  # who may review it
    original_due_on: date | None = None  # of one that was extended
    warning_days: int = 0  # working days before the due date from which it counts as 临期; 0 where no day was named


class Event(NamedTuple):
    """One row of a history."""

    position: int
    action: str
    from_value: str | None
    to_value: str | None
    at: datetime
    by: str
    reason: str


def duties(session: Session, ids: Sequence[int], *, today: date | None = None) -> Iterator[Duty]:
    """These assignments, in ascending order of their ids; ids that are none are left out.

    Who stands in for somebody on the civil day `today` does not review what they do then, and the policies of that day hold; None:
    nobody does, and how they stand is not asked.
    """
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_A_QUERY):
        yield from _duties(session, ordered[start : start + IDS_A_QUERY], today)


def _duties(session: Session, ids: Sequence[int], today: date | None) -> Iterator[Duty]:
    rows = session.execute(_query().where(Assignment.id.in_(ids)).order_by(Assignment.id)).all()
    book = policy_book(session, today) if today is not None else None
    contacts = {year: covering_leaders(session, year) for year in {row.year for row in rows}}
    assisting = assisting_parties(session, {row.step_id for row in rows})
    why = _why(session, [row.id for row in rows if row.state in (AssignmentState.RETURNED, AssignmentState.WITHDRAWN)])
    reported = [row.id for row in rows if row.state is AssignmentState.REPORTED]
    allowed = reviewers_of(session, reported, on=today)
    reached = reached_in_year(session, reported)
    waiting = {assignment_id: found[-1] for assignment_id, found in reports(session, reported).items()}
    for row in rows:
        yield Duty(
            **_told(row),
            contacts=tuple(contacts[row.year].get(row.unit_id, {}).values()),
            assisting=tuple(assisting.get(row.step_id, ())),
            why=why.get(row.id, ""),
            waiting=waiting.get(row.id),
            reached_in_year=reached.get(row.id),
            reviewers=allowed.get(row.id, ()),
            warning_days=book.rules(row.list_id, row.number, row.item_address).warning_days if book is not None else 0,
        )


def _told(row: Row[Any]) -> dict[str, Any]:
    return {name: "" if value is None and name in _TEXTS else value for name, value in row._mapping.items() if name not in _ONLY_HERE}


_ONLY_HERE = ("step_id", "unit_id", "list_id", "item_address")
_TEXTS = ("phrase", "target_unit", "target_per", "unit", "unit_kind", "person", "leader")


def _query() -> Any:  # a Select of as many types as it has columns
    carrier, leader = aliased(Person), aliased(Person)
    return (
        select(
            *(Assignment.id, Assignment.natural_key, Assignment.version, Assignment.state, Assignment.party, Assignment.period),
            *(Assignment.due_on, Assignment.original_due_on, Assignment.make_up, Assignment.done_on),
            *(Assignment.step_id, Assignment.unit_id, Item.list_id),
            *(ResponsibilityList.year, ResponsibilityList.title.label("list_title"), ResponsibilityList.issued_at),
            *(
                Step.address,
                Item.address.label("item_address"),
                Item.number,
                Item.section,
                Item.content,
                Item.standard,
                Step.text,
                Step.phrase,
            ),
            *(Step.target_amount, Step.target_unit, Step.target_per),
            *(Unit.name.label("unit"), Unit.kind.label("unit_kind"), carrier.name.label("person"), leader.name.label("leader")),
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(carrier, carrier.id == Assignment.person_id)
        .outerjoin(leader, leader.id == Assignment.leader_id)
    )


def _why(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The words with which these assignments were last returned, reopened or withdrawn."""
    query = (
        select(AssignmentEvent.assignment_id, AssignmentEvent.reason)
        .where(AssignmentEvent.assignment_id.in_(ids), AssignmentEvent.action.in_(_SAYS_WHY))
        .order_by(AssignmentEvent.position)
    )
    return dict(session.execute(query).all())


def reports(session: Session, ids: Sequence[int]) -> dict[int, list[Reported]]:
    """All reports of these assignments, the first one first; assignments without one are missing. At most `IDS_A_QUERY` ids."""
    evidence: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(Evidence.report_id, Evidence.name, Evidence.url).join(Report, Report.id == Evidence.report_id)
    for report_id, name, url in session.execute(query.where(Report.assignment_id.in_(ids)).order_by(Evidence.position)):
        evidence[report_id].append((name, url))
    found: dict[int, list[Reported]] = defaultdict(list)
    for report in session.scalars(select(Report).where(Report.assignment_id.in_(ids)).order_by(Report.number)):
        proofs = tuple(evidence.get(report.id, ()))
        reported = Reported(report.number, report.text, report.amount, report.reported_at, report.reported_by, proofs)
        entries = tuple(report.entries.items())
        found[report.assignment_id].append(replace(reported, held_on=report.held_on, entries=entries))
    return dict(found)


def histories(session: Session, ids: Sequence[int]) -> dict[int, list[Event]]:
    """The whole histories of these assignments, oldest row first. At most `IDS_A_QUERY` ids."""
    found: dict[int, list[Event]] = {id: [] for id in ids}
    event = AssignmentEvent
    query = (
        select(event.assignment_id, event.position, event.action, event.from_value, event.to_value, event.at, event.by, event.reason)
        .where(event.assignment_id.in_(ids))
        .order_by(event.position)
    )
    for row in session.execute(query):
        found[row.assignment_id].append(Event(*row[1:]))
    return found
