from datetime import date

from sqlalchemy.orm import Session

from engine.contacts import covering_leaders
from engine.reviewing import reviewers_of
from engine.standing import year_standing
from models import Person
from tests import factories
from tests.factories import NOW
from zeren.settings import Settings


def test_a_year_without_contact_points_has_those_of_the_year_before(session: Session) -> None:
    point = factories.contact_point(session, year=2025)
    leader = session.get_one(Person, point.leader_id)
    assert covering_leaders(session, 2026) == {point.branch_id: {leader.id: leader.name}}
    factories.contact_point(session, year=2026)
    assert point.branch_id not in covering_leaders(session, 2026)
    assert point.branch_id in covering_leaders(session, 2025)


def test_who_has_left_covers_nothing(session: Session) -> None:
    gone = factories.person(session, left_on=date(2026, 1, 1))
    factories.contact_point(session, leader_id=gone.id)
    assert covering_leaders(session, 2026) == {}


def test_reviewers_and_pages_know_the_same_contact_leaders(session: Session) -> None:
    point = factories.contact_point(session, year=2025)
    assignment = factories.assignment(session, unit_id=point.branch_id)
    leader = session.get_one(Person, point.leader_id)
    assert leader.name in reviewers_of(session, [assignment.id])[assignment.id]
    standing = year_standing(session, 2026, zone=Settings().zone, now=NOW)
    assert [named.name for named in standing.by_contact()] == [leader.name]
