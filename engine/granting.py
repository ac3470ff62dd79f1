"""Who may decide about more time: the contact leaders first, the principal again.

In: ids and a civil day. Out: names, or the planning officer where nobody else is left.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from engine.contacts import covering_leaders, year_of_contact_points
from engine.directory import Directory
from engine.escalation import principal
from engine.moves import OFFICER, is_officer
from engine.roster import load_roster
from engine.substitutes import substitutes_of
from models import Assignment, Extension, Grant, Item, Person, ResponsibilityList, Step


def deciders(session: Session, assignment_id: int, *, on: date) -> tuple[str, ...]:
    """Who may decide about more time for one assignment; nobody where there is none of that id. See `deciders_of`."""
    return deciders_of(session, [assignment_id], on=on).get(assignment_id, ())


def deciders_of(session: Session, ids: Sequence[int], *, on: date) -> dict[int, tuple[str, ...]]:
    """Who may decide, on this day, about more time for each of these assignments. At most `IDS_A_QUERY` ids.

    The first extension: its 责任领导 and the contact leaders of its branch. A further one: the principal (主要负责人), as
    `engine.escalation.principal` knows them: the head of the party group, else of the bureau. Nobody decides their own: not who
    carries it, who asked, nor who stands in for the carrier on that day. Where that leaves nobody the principal decides, and
    where that leaves nobody the planning officer.
    """
    carrier, leader = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            *(Assignment.id, Assignment.person_id, Assignment.unit_id, ResponsibilityList.year),
            *(carrier.name.label("carrier"), leader.name.label("leader")),
            *(granted_before().label("granted"), _asker().label("asker")),
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(carrier, carrier.id == Assignment.person_id)
        .outerjoin(leader, (leader.id == Assignment.leader_id) & leader.left_on.is_(None))
        .where(Assignment.id.in_(ids))
    ).all()
    covering = {year: covering_leaders(session, year) for year in {row.year for row in rows}}
    standing = substitutes_of(session, {row.person_id for row in rows if row.person_id is not None}, on)
    allowed: dict[int, tuple[str, ...]] = {}
    higher: list[tuple[int, set[str | None]]] = []
    for row in rows:
        substitute = standing.get(row.person_id)
        own = {row.carrier, row.asker, substitute.substitute if substitute else None, None}
        leaders = () if row.granted else (row.leader, *covering[row.year].get(row.unit_id or 0, {}).values())
        allowed[row.id] = tuple(name for name in dict.fromkeys(leaders) if name not in own)
        if not allowed[row.id]:
            higher.append((row.id, own))
    head = _principal(session, on) if higher else None
    for assignment_id, own in higher:
        allowed[assignment_id] = (head,) if head is not None and head not in own else (OFFICER,)
    return allowed


def may_decide(name: str, allowed: Collection[str]) -> bool:
    return name in allowed or (is_officer(name) and OFFICER in allowed)


def granted_before() -> ScalarSelect[Any]:
    """How often the assignment of a query was extended."""
    granted = select(func.count()).where(Extension.assignment_id == Assignment.id, Extension.grant == Grant.GRANTED)
    return granted.correlate(Assignment).scalar_subquery()


def open_request() -> ScalarSelect[Any]:
    """The number of the request of an assignment of a query that waits for its decision; None where none does."""
    waiting = select(func.max(Extension.number)).where(Extension.assignment_id == Assignment.id, Extension.grant.is_(None))
    return waiting.correlate(Assignment).scalar_subquery()


def _asker() -> ScalarSelect[Any]:
    """Who asked and waits for the decision."""
    waiting = select(func.max(Extension.asked_by)).where(Extension.assignment_id == Assignment.id, Extension.grant.is_(None))
    return waiting.correlate(Assignment).scalar_subquery()


def _principal(session: Session, on: date) -> str | None:
    return principal(Directory(load_roster(session, year_of_contact_points(session, on.year)), on))
