"""The leader of an open assignment follows the posts too: who covers a branch today comes first on the way up today.

In: the stored lists and the roster of the day. Out: how many assignments have another leader than before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from engine.history import IDS_A_QUERY, Change, record
from engine.planning import Owners
from intake.values import Parties, Roster
from models import Assignment, AssignmentState, Person, StepParty, Unit


class _Led(NamedTuple):
    """Open assignments of one step that one party carries, and who leads them so far."""

    step_id: int
    unit: str | None
    post: str | None
    person: str | None
    given_by_hand: bool  # then the person is not the one whom the roster names
    leader: str | None


def follow_leaders(session: Session, roster: Roster, on: date, *, states: Collection[AssignmentState], by: str, now: datetime) -> int:
    """Plan the leaders of all assignments in `states` anew, by the same rule as on the day of issue; write what differs.

    A party that is no longer resolved keeps its leader: nobody is taken away without somebody in his place.
    """
    owners = Owners(roster, on)
    written = _parties_as_written(session)
    moved: dict[tuple[str | None, str], list[_Led]] = defaultdict(list)
    for led in _led(session, states):
        owned = owners.of(written.get(led.step_id, Parties()))
        for party, leader in zip(owned.accountable, owned.leaders, strict=True):
            theirs = (party.unit, party.post) == (led.unit, led.post) and (led.given_by_hand or party.person == led.person)
            if theirs and leader not in (None, led.leader):
                moved[led.leader, leader or ""].append(led)
    changes = [change for (old, new), rows in moved.items() for change in _move(session, old, new, rows, states)]
    record(session, changes, at=now, by=by)
    return len(changes)


def _led(session: Session, states: Collection[AssignmentState]) -> Iterator[_Led]:
    leader = aliased(Person)
    rows = session.execute(
        select(Assignment.step_id, Unit.name, Assignment.post_title, Person.name, Assignment.given_by_hand, leader.name)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(leader, leader.id == Assignment.leader_id)
        .where(Assignment.state.in_(states))
        .distinct()
    )
    return (_Led._make(row) for row in rows)


def _parties_as_written(session: Session) -> dict[int, Parties]:
    """Step → the names that its list gives it."""
    names: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = session.execute(select(StepParty.step_id, StepParty.role, StepParty.name).order_by(StepParty.step_id, StepParty.position))
    for step_id, role, name in rows:
        names[step_id][role.value].append(name)
    return {step_id: Parties(**{role: tuple(written) for role, written in roles.items()}) for step_id, roles in names.items()}


def _move(session: Session, old: str | None, new: str, rows: list[_Led], states: Collection[AssignmentState]) -> Iterator[Change]:
    """Give assignments that `old` leads to `new`; one that another run has moved meanwhile is left alone."""
    people = dict(session.execute(select(Person.name, Person.id)).all())
    units = dict(session.execute(select(Unit.name, Unit.id)).all())
    by_party: dict[tuple[str | None, str | None, str | None], list[int]] = defaultdict(list)
    for row in rows:
        by_party[row.unit, row.post, row.person].append(row.step_id)
    for (unit, post, person), steps in by_party.items():
        for start in range(0, len(steps), IDS_A_QUERY):
            ids = session.scalars(
                update(Assignment)
                .where(
                    Assignment.state.in_(states),
                    Assignment.step_id.in_(steps[start : start + IDS_A_QUERY]),
                    Assignment.unit_id.is_not_distinct_from(units[unit] if unit else None),
                    Assignment.post_title.is_not_distinct_from(post),
                    Assignment.person_id.is_not_distinct_from(people[person] if person else None),
                    Assignment.leader_id.is_not_distinct_from(people[old] if old else None),
                )
                .values(leader_id=people[new])
                .returning(Assignment.id)
                .execution_options(synchronize_session=False)
            )
            yield from (Change(assignment_id, "lead", old, new, f"责任领导变更为{new}") for assignment_id in sorted(ids))
