from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history
from engine.leadership import follow_leaders
from engine.roster import load_roster, store_roster
from intake.values import ContactPointRow, Roster
from models import Assignment, AssignmentEvent, AssignmentState, Person, StepParty, Unit
from models.lists import PartyRole
from tests import factories
from tests.factories import NOW, roster_value

DAY = date(2026, 7, 1)


def owed(session: Session, leader: str | None, *, named: str | None = None) -> int:
    """An assignment of 苗圃站党支部 that `leader` leads; `named` is the 责任领导 that the list writes."""
    step = factories.step(session)
    session.add(StepParty(step_id=step.id, role=PartyRole.RESPONSIBLE, position=1, name="苗圃站党支部"))
    if named:
        session.add(StepParty(step_id=step.id, role=PartyRole.LEADER, position=1, name=named))
    people = dict(session.execute(select(Person.name, Person.id)).all())
    unit = session.scalars(select(Unit.id).where(Unit.name == "苗圃站党支部")).one()
    leader_id = people[leader] if leader else None
    return factories.assignment(session, step_id=step.id, unit_id=unit, person_id=people["石小满"], leader_id=leader_id).id


def follow(session: Session, roster: Roster) -> int:
    store_roster(session, roster, year=2026, now=NOW)
    return follow_leaders(session, load_roster(session, 2026), DAY, states=[AssignmentState.SENT], by="roster", now=NOW)


def leader_of(session: Session, assignment_id: int) -> str:
    return session.scalars(
        select(Person.name).join(Assignment, Assignment.leader_id == Person.id).where(Assignment.id == assignment_id)
    ).one()


def test_a_new_contact_leader_leads_what_is_open(session: Session) -> None:
    store_roster(session, roster_value(), year=2026, now=NOW)
    assignment = owed(session, "郑临川")
    assert follow(session, replace(roster_value(), contact_points=(ContactPointRow("吴望舒", "苗圃站党支部"),))) == 1
    assert leader_of(session, assignment) == "吴望舒"
    event = session.scalars(select(AssignmentEvent)).one()
    assert (event.action, event.from_value, event.to_value) == ("lead", "郑临川", "吴望舒")
    assert history.broken(session) == ()


def test_the_leader_whom_the_list_names_stays(session: Session) -> None:
    store_roster(session, roster_value(), year=2026, now=NOW)
    assignment = owed(session, "周启明", named="党组书记")
    assert follow(session, replace(roster_value(), contact_points=())) == 0
    assert leader_of(session, assignment) == "周启明"


def test_an_assignment_without_leader_gets_the_one_it_should_have(session: Session) -> None:
    store_roster(session, roster_value(), year=2026, now=NOW)
    assignment = owed(session, None)
    assert follow(session, roster_value()) == 1
    assert leader_of(session, assignment) == "郑临川"


def test_a_roster_that_changes_nothing_moves_nobody(session: Session) -> None:
    store_roster(session, roster_value(), year=2026, now=NOW)
    owed(session, "郑临川")
    assert follow(session, roster_value()) == 0


def test_a_leader_goes_only_when_another_one_comes(session: Session) -> None:
    store_roster(session, roster_value(), year=2026, now=NOW)
    assignment = owed(session, "郑临川")
    nobody_leads = tuple(post for post in roster_value().posts if post.title != "分管领导")
    assert follow(session, replace(roster_value(), posts=nobody_leads, contact_points=())) == 0
    assert leader_of(session, assignment) == "郑临川"
