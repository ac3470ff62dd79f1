import pytest
from sqlalchemy.orm import Session

from engine.answering import units_seen
from models import AssignmentState
from notifications.sender import SHANGHAI
from tests import factories
from tests.factories import NOW


def seen(session: Session, person_id: int, year: int = 2026) -> frozenset[int]:
    return units_seen(session, person_id, year=year, zone=SHANGHAI, now=NOW)


@pytest.mark.parametrize("part", ["person_id", "leader_id"])
def test_a_person_sees_the_units_whose_duties_they_carry_or_lead(session: Session, part: str) -> None:
    person, unit = factories.person(session), factories.unit(session)
    factories.assignment(session, unit_id=unit.id, **{part: person.id})
    factories.assignment(session, unit_id=unit.id, state=AssignmentState.CLOSED, **{part: person.id})
    factories.assignment(session, unit_id=None, **{part: person.id})
    factories.assignment(session)
    assert seen(session, person.id) == {unit.id}


def test_a_contact_leader_sees_the_branches_that_they_cover(session: Session) -> None:
    point = factories.contact_point(session)
    factories.contact_point(session)
    assert seen(session, point.leader_id) == {point.branch_id}


@pytest.mark.parametrize(("year", "state"), [(2026, AssignmentState.WITHDRAWN), (2025, AssignmentState.SENT)])
def test_what_is_withdrawn_or_of_another_year_opens_no_unit(session: Session, year: int, state: AssignmentState) -> None:
    person = factories.person(session)
    listed = factories.responsibility_list(session, year=year)
    step = factories.step(session, item_id=factories.item(session, list_id=listed.id).id)
    factories.assignment(session, step_id=step.id, person_id=person.id, state=state)
    assert seen(session, person.id) == frozenset()
