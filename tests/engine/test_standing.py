"""Where a year stands: the figures agree with each other and with the database, whatever the assignments are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from engine.completion import Completion
from engine.escalation import ESCALATE
from engine.history import Change, record
from engine.standing import Named, Tally, YearStanding, year_standing, years_to_show
from models import Assignment, AssignmentState, Item, ResponsibilityList, Step
from office.policy import Level
from tests import factories

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 8, 1, 0, tzinfo=UTC)  # a Wednesday
DUE = date(2026, 6, 30)
CLOSED = AssignmentState.CLOSED


def standing(session: Session, *, now: datetime = NOW, year: int = 2026) -> YearStanding:
    return year_standing(session, year, zone=ZONE, now=now)


def assigned(session: Session, **fields: Any) -> Assignment:
    """An assignment of the list of 2026 that `issued_at` names by its instant."""
    issued_at = fields.pop("issued_at", factories.NOW)
    found = session.scalar(select(ResponsibilityList).where(ResponsibilityList.issued_at == issued_at))
    listed = found or factories.responsibility_list(session, issued_at=issued_at)
    step = factories.step(session, item_id=factories.item(session, list_id=listed.id, content="开展主题党日").id)
    return factories.assignment(session, **({"step_id": step.id, "due_on": DUE} | fields))


def tallies(named: Sequence[Named]) -> dict[str, Tally]:
    return {each.name: each.tally for each in named}


def test_a_tally_says_how_far_its_duties_are(session: Session) -> None:
    for state, done_on in [
        (AssignmentState.SENT, None),
        (AssignmentState.RETURNED, None),
        (AssignmentState.REPORTED, None),
        (CLOSED, DUE),
        (CLOSED, DUE),
        (CLOSED, DUE + timedelta(days=1)),
        (AssignmentState.WITHDRAWN, None),
    ]:
        assigned(session, state=state, done_on=done_on)
    assigned(session, state=AssignmentState.ACKNOWLEDGED, due_on=date(2026, 7, 10))
    assigned(session, state=AssignmentState.ACKNOWLEDGED, due_on=date(2026, 12, 31))
    total = standing(session).total
    assert (total.assigned, total.withdrawn, total.acknowledged) == (8, 1, 7)
    assert (total[Completion.OVERDUE], total[Completion.REPORTED], total.in_work, total.done) == (2, 1, 2, 3)
    assert (total[Completion.DONE_IN_TIME], total[Completion.DONE_LATE], total[Completion.DUE_SOON]) == (2, 1, 1)


def test_the_completion_rate_is_of_what_has_fallen_due(session: Session) -> None:
    assert standing(session).total.completion_rate is None
    assigned(session, state=CLOSED, done_on=date(2026, 7, 1), due_on=date(2026, 12, 31))  # early: it has not fallen due
    assigned(session, due_on=date(2026, 7, 8))  # has until tonight
    assert standing(session).total.completion_rate is None
    assigned(session, state=CLOSED, done_on=date(2026, 7, 3))
    assigned(session, state=AssignmentState.REPORTED)
    assigned(session)
    assigned(session, state=AssignmentState.WITHDRAWN)
    assert standing(session).total.completion_rate == 1 / 3


def test_what_is_made_up_has_until_the_day_of_issue(session: Session) -> None:
    issued_at = datetime(2026, 7, 7, 17, 0, tzinfo=UTC)  # the 8th in Shanghai
    assigned(session, issued_at=issued_at, make_up=True)
    found = standing(session)
    assert (found.total[Completion.DUE_SOON], found.total.fallen_due, found.overdue) == (1, 0, ())
    tomorrow = standing(session, now=NOW + timedelta(days=1))
    assert [(duty.workdays_over, duty.due_on) for duty in tomorrow.overdue] == [(1, DUE)]


def test_units_are_branches_or_others_in_the_rosters_order(session: Session) -> None:
    second = factories.unit(session, name="第二党支部", kind="党支部", position=9002)
    first = factories.unit(session, name="第一党支部", kind="党支部", position=9001)
    office = factories.unit(session, name="办公室", kind="科室", position=1)
    for unit in (second, office, first, second):
        assigned(session, unit_id=unit.id)
    assigned(session, unit_id=None)
    found = standing(session)
    assert [(each.name, each.tally.assigned) for each in found.by_unit(branches=True)] == [("第一党支部", 1), ("第二党支部", 2)]
    assert [(each.name, each.tally.assigned) for each in found.by_unit(branches=False)] == [("办公室", 1)]
    assert found.of_no_unit().assigned == 1


def test_a_contact_leader_answers_for_all_duties_of_the_branch(session: Session) -> None:
    branch = factories.unit(session, kind="党支部")
    one, other = factories.person(session, name="周望"), factories.person(session, name="吴舒")
    for leader in (one, other):
        factories.contact_point(session, branch_id=branch.id, leader_id=leader.id)
    factories.contact_point(session, branch_id=branch.id, leader_id=factories.person(session).id, year=2025)
    assigned(session, unit_id=branch.id, leader_id=other.id)
    assigned(session, unit_id=branch.id)
    found = standing(session)
    assert {name: tally.assigned for name, tally in tallies(found.by_contact()).items()} == {"周望": 2, "吴舒": 2}
    assert {name: tally.assigned for name, tally in tallies(found.by_leader()).items()} == {"吴舒": 1}
    assert found.of_no_leader().assigned == 1


def test_the_overdue_list_says_how_far_it_should_have_gone_up_and_how_far_it_did(session: Session) -> None:
    bureau = factories.unit(session, name="市林业局", kind="局")
    branch = factories.unit(session, name="望山支部", kind="党支部", parent_id=bureau.id)
    chief, leader, secretary = (factories.person(session, name=name) for name in ("周启明", "吴望舒", "石小满"))
    factories.post(session, person_id=chief.id, unit_id=bureau.id, title="局长")
    factories.contact_point(session, branch_id=branch.id, leader_id=leader.id)
    of_the_branch = {"unit_id": branch.id, "person_id": secretary.id, "party": branch.name}
    shortly = assigned(session, due_on=date(2026, 7, 7), **of_the_branch)
    longer = assigned(session, due_on=date(2026, 7, 3), **of_the_branch)
    long = assigned(session, due_on=date(2026, 6, 26), **of_the_branch)
    assigned(session, due_on=date(2026, 7, 8), **of_the_branch)
    record(session, [Change(long.id, ESCALATE, None, f"联系领导 {leader.name}", "超期3个工作日")], at=NOW, by="system")
    overdue = standing(session).overdue
    assert [(duty.id, duty.workdays_over, duty.should_reach, duty.has_reached) for duty in overdue] == [
        (long.id, 8, (Level.PRINCIPAL, "周启明"), "联系领导 吴望舒"),
        (longer.id, 3, (Level.CONTACT_LEADER, "吴望舒"), ""),
        (shortly.id, 1, (Level.ASSIGNEE, "石小满"), ""),
    ]
    assert (overdue[0].content, overdue[0].party, overdue[0].person) == ("开展主题党日", "望山支部", "石小满")


def test_the_part_of_a_unit_or_person_is_all_of_theirs_and_nothing_else(session: Session) -> None:
    branch, office = factories.unit(session, kind="党支部"), factories.unit(session, kind="科室")
    carrier, leader, contact = (factories.person(session) for _ in range(3))
    factories.contact_point(session, branch_id=branch.id, leader_id=contact.id)
    of_the_branch = assigned(session, unit_id=branch.id, person_id=carrier.id, leader_id=contact.id)
    of_the_office = assigned(session, unit_id=office.id, person_id=carrier.id, leader_id=leader.id)
    nobodys = assigned(session, unit_id=None)
    found = standing(session)

    def overdue(parts: dict[int, YearStanding]) -> dict[int, set[int]]:
        assert all(part.total[Completion.OVERDUE] == part.total.assigned == len(part.overdue) for part in parts.values())
        return {owner: {duty.id for duty in part.overdue} for owner, part in parts.items()}

    both = {of_the_branch.id, of_the_office.id}
    assert overdue(found.of_units()) == {branch.id: {of_the_branch.id}, office.id: {of_the_office.id}}
    assert overdue(found.of_carriers()) == {carrier.id: both}
    assert overdue(found.of_leaders()) == {contact.id: {of_the_branch.id}, leader.id: {of_the_office.id}}
    assert overdue(found.of_contacts()) == {contact.id: {of_the_branch.id}}
    assert overdue(found.of_people()) == {carrier.id: both, contact.id: {of_the_branch.id}, leader.id: {of_the_office.id}}
    assert {duty.id for duty in found.overdue} == both | {nobodys.id}


def test_a_year_counts_its_own_lists_only(session: Session) -> None:
    assigned(session)
    other = factories.responsibility_list(session, year=2025)
    factories.assignment(session, step_id=factories.step(session, item_id=factories.item(session, list_id=other.id).id).id)
    assert (standing(session).total.assigned, standing(session, year=2025).total.assigned) == (1, 1)


@pytest.mark.parametrize(("today", "shown"), [(date(2026, 7, 8), (2025, 2026)), (date(2027, 1, 4), (2026,)), (date(2028, 1, 4), ())])
def test_a_year_is_shown_until_the_next_is_over(sqlite_session: Session, today: date, shown: tuple[int, ...]) -> None:
    for year in (2026, 2024, 2025, 2026):
        factories.responsibility_list(sqlite_session, year=year)
    assert years_to_show(sqlite_session, today) == shown


def test_a_larger_year_takes_no_more_queries(sqlite_session: Session) -> None:
    heard: list[str] = []
    connection = sqlite_session.connection()
    event.listen(connection, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: heard.append(statement))
    counts = []
    for size in (1, 40):
        for _ in range(size):
            branch, carrier = factories.unit(sqlite_session, kind="党支部"), factories.person(sqlite_session)
            factories.contact_point(sqlite_session, branch_id=branch.id, leader_id=factories.person(sqlite_session).id)
            assigned(sqlite_session, due_on=date(2026, 6, 1), unit_id=branch.id, person_id=carrier.id)
        sqlite_session.expire_all()
        heard.clear()
        assert len(standing(sqlite_session).overdue) >= size
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 16


ANY_DAY = st.dates(date(2025, 12, 1), date(2027, 1, 31))
ANYTHING = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(AssignmentState),
            "due_on": ANY_DAY,
            "make_up": st.booleans(),
            "done_on": ANY_DAY,
            "unit": st.sampled_from([None, "科室", "党支部"]),
            "led": st.booleans(),
            "second_list": st.booleans(),
        }
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_every_way_of_adding_up_comes_to_what_the_database_holds(session: Session, drawn: list[dict[str, Any]]) -> None:
    before = session.begin_nested()
    units = {kind: factories.unit(session, kind=kind).id for kind in ("科室", "党支部")}
    leader = factories.person(session).id
    for fields in drawn:
        issued_at = datetime(2026, 3, 2, tzinfo=UTC) if fields.pop("second_list") else factories.NOW
        closed = fields["state"] is CLOSED
        assigned(
            session,
            unit_id=units.get(fields.pop("unit")),
            leader_id=leader if fields.pop("led") else None,
            issued_at=issued_at,
            **fields | {"done_on": fields["done_on"] if closed else None},
        )
    found = standing(session)
    of_2026 = (
        select(func.count()).select_from(Assignment).join(Step).join(Item).join(ResponsibilityList).where(ResponsibilityList.year == 2026)
    )
    stored = session.scalar(of_2026.where(Assignment.state != AssignmentState.WITHDRAWN))
    total = found.total
    assert total.assigned == stored
    assert total.withdrawn == session.scalar(of_2026.where(Assignment.state == AssignmentState.WITHDRAWN))
    assert total.done == session.scalar(of_2026.where(Assignment.state == CLOSED))
    assert total[Completion.REPORTED] == session.scalar(of_2026.where(Assignment.state == AssignmentState.REPORTED))
    assert total.assigned == total.in_work + total[Completion.REPORTED] + total.done + total[Completion.OVERDUE]
    assert total[Completion.OVERDUE] == len(found.overdue)
    assert total.done_of_fallen_due <= min(total.done, total.fallen_due)
    in_parts = (
        [each.tally for each in found.by_month()],
        [each.tally for each in found.by_list()],
        [each.tally for each in (*found.by_unit(branches=True), *found.by_unit(branches=False))] + [found.of_no_unit()],
        [each.tally for each in found.by_leader()] + [found.of_no_leader()],
        [each.tally for each in found.by_person()] + [found.of_nobody()],
    )
    for parts in in_parts:
        assert {how: sum(part[how] for part in parts) for how in Completion} == {how: total[how] for how in Completion}
        assert sum(part.acknowledged for part in parts) == total.acknowledged
        assert sum(part.fallen_due for part in parts) == total.fallen_due
    before.rollback()
