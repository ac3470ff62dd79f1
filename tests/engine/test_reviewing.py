from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import history
from engine.completion import Completion
from engine.reporting import report
from engine.reviewing import Decision, review, reviewers, standing
from models import Assignment, AssignmentEvent, AssignmentState, Message, Person, Report, Verdict
from notifications.sender import SHANGHAI, Sender
from office.text import Refused
from tests import factories

SENDER = Sender("责任办 <office@example.com>")
REPORTED_AT = datetime(2026, 6, 30, 15, 59, tzinfo=UTC)  # a minute before midnight in Shanghai, on the last day
NOW = datetime(2026, 7, 2, 1, 30, tzinfo=UTC)


def reported(session: Session, **fields: object) -> int:
    """An assignment of 何青禾 under 周启明, whose branch 吴望舒 covers, reported on its last day."""
    carrier, leader = factories.person(session, name="何青禾"), factories.person(session, name="周启明")
    branch = factories.unit(session, kind="党支部")
    factories.contact_point(session, leader_id=factories.person(session, name="吴望舒").id, branch_id=branch.id)
    assignment = factories.assignment(session, unit_id=branch.id, person_id=carrier.id, leader_id=leader.id, **fields).id
    report(session, assignment, text="办了", by="何青禾", now=REPORTED_AT)
    return assignment


def decide(
    session: Session, assignment: int, verdict: Verdict, comment: str = "", by: str = "计划员", number: int | None = None
) -> Decision:
    return review(session, assignment, number=number, verdict=verdict, comment=comment, by=by, sender=SENDER, now=NOW)


def stored(session: Session, assignment: int) -> tuple[AssignmentState, date | None]:
    state, done_on = session.execute(select(Assignment.state, Assignment.done_on).where(Assignment.id == assignment)).one()
    return state, done_on


def test_an_approved_assignment_is_done_on_the_day_of_its_report(session: Session) -> None:
    assignment = reported(session)
    decision = decide(session, assignment, Verdict.APPROVED)
    assert (decision.counted, decision.said.zh) == (True, "已审核通过，现为按期办结")
    assert stored(session, assignment) == (AssignmentState.CLOSED, date(2026, 6, 30))
    assert standing(session, assignment, zone=SHANGHAI, now=NOW) is Completion.DONE_IN_TIME


def test_what_was_reported_after_its_date_is_done_late(session: Session) -> None:
    assignment = reported(session, due_on=date(2026, 6, 29))
    assert decide(session, assignment, Verdict.APPROVED).said.zh == "已审核通过，现为逾期办结"


def test_a_returned_one_is_open_again_with_its_date_and_the_comment(session: Session) -> None:
    assignment = reported(session)
    assert decide(session, assignment, Verdict.RETURNED, " 缺照片 ", "吴望舒").counted
    assert stored(session, assignment) == (AssignmentState.RETURNED, None)
    kept = session.scalars(select(Report)).one()
    assert (kept.verdict, kept.comment, kept.reviewed_by, kept.reviewed_at) == (Verdict.RETURNED, "缺照片", "吴望舒", NOW)
    last = session.scalars(select(AssignmentEvent).order_by(AssignmentEvent.position.desc())).first()
    assert last is not None
    assert (last.action, last.by, last.at, last.reason) == ("return", "吴望舒", NOW, "缺照片")
    assert history.broken(session) == ()


def test_who_carries_it_is_told_once_in_working_hours(session: Session) -> None:
    assignment = reported(session)
    at_night = datetime(2026, 7, 2, 14, 30, tzinfo=UTC)
    review(session, assignment, number=1, verdict=Verdict.RETURNED, comment="缺照片", by="周启明", sender=SENDER, now=at_night)
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.subject.startswith("请重办后再报")) == ("decided", True)
    assert message.due_at == datetime(2026, 7, 3, 0, 0, tzinfo=UTC)


def test_who_has_no_address_is_named_to_the_reviewer(session: Session) -> None:
    assignment = factories.assignment(session, person_id=factories.person(session, name="罗一鸣", email=None).id).id
    report(session, assignment, text="办了", by="罗一鸣", now=REPORTED_AT)
    assert "罗一鸣没有邮箱" in decide(session, assignment, Verdict.APPROVED).said.zh
    assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_the_second_reviewer_is_told_who_decided_what_when(session: Session) -> None:
    assignment = reported(session)
    decide(session, assignment, Verdict.APPROVED, by="周启明")
    second = decide(session, assignment, Verdict.RETURNED, "缺照片", "吴望舒")
    assert (second.counted, second.said.zh) == (False, "周启明已于2026-07-02 09:30审核通过，这次决定没有计入")
    assert stored(session, assignment)[0] is AssignmentState.CLOSED
    assert session.scalars(select(Report.comment)).one() == ""


def test_a_form_about_an_earlier_report_does_not_decide_the_later_one(session: Session) -> None:
    assignment = reported(session)
    decide(session, assignment, Verdict.RETURNED, "缺照片", number=1)
    report(session, assignment, text="补了照片", by="何青禾", now=NOW)
    late = decide(session, assignment, Verdict.APPROVED, number=1)
    assert (late.counted, "退回" in late.said.zh) == (False, True)
    assert stored(session, assignment)[0] is AssignmentState.REPORTED
    assert decide(session, assignment, Verdict.APPROVED, number=2).counted


@pytest.mark.parametrize("number", [None, 1, 7])
def test_what_was_never_reported_cannot_be_reviewed(session: Session, number: int | None) -> None:
    assignment = factories.assignment(session).id
    decision = decide(session, assignment, Verdict.APPROVED, number=number)
    assert (decision.counted, "还没有报送" in decision.said.zh) == (False, True)
    assert stored(session, assignment)[0] is AssignmentState.SENT


def test_to_return_takes_a_comment(session: Session) -> None:
    assignment = reported(session)
    with pytest.raises(Refused, match="审核意见"):
        decide(session, assignment, Verdict.RETURNED, " \n")
    assert stored(session, assignment)[0] is AssignmentState.REPORTED


@pytest.mark.parametrize("by", ["何青禾", "石小满", "", "计划员甲"])
def test_nobody_reviews_their_own_duty_nor_without_being_asked(session: Session, by: str) -> None:
    assignment = reported(session)
    with pytest.raises(Refused, match="可以审核的有：计划员、周启明、吴望舒"):
        decide(session, assignment, Verdict.APPROVED, by=by)
    assert stored(session, assignment)[0] is AssignmentState.REPORTED


def test_reviewers_are_the_officer_the_leader_and_the_contact_leaders(session: Session) -> None:
    assert reviewers(session, reported(session)) == ("计划员", "周启明", "吴望舒")


def test_a_leader_who_carries_the_duty_does_not_review_it(session: Session) -> None:
    leader = factories.person(session)
    assert reviewers(session, factories.assignment(session, person_id=leader.id, leader_id=leader.id).id) == ("计划员",)


def test_who_reported_before_a_handover_does_not_review_it_as_the_leader(session: Session) -> None:
    leader = factories.person(session, name="秦月明")
    assignment = factories.assignment(session, person_id=factories.person(session).id, leader_id=leader.id).id
    report(session, assignment, text="办了", by="秦月明", now=REPORTED_AT)
    assert reviewers(session, assignment) == ("计划员",)


def test_what_the_officer_entered_for_somebody_she_may_review(session: Session) -> None:
    assignment = factories.assignment(session, person_id=factories.person(session).id).id
    report(session, assignment, text="电话报送", by="计划员", now=REPORTED_AT)
    assert decide(session, assignment, Verdict.APPROVED, by="计划员（Prefect 界面）").counted


def test_contact_leaders_of_the_year_before_hold_until_this_years_are_stored(session: Session) -> None:
    branch = factories.unit(session, kind="党支部").id
    old, new = factories.person(session, name="吴望舒").id, factories.person(session, name="郑临川").id
    assignment = factories.assignment(session, unit_id=branch).id
    factories.contact_point(session, year=2025, leader_id=old, branch_id=branch)
    assert reviewers(session, assignment) == ("计划员", "吴望舒")
    factories.contact_point(session, year=2026, leader_id=new, branch_id=branch)
    assert reviewers(session, assignment) == ("计划员", "郑临川")


def test_the_officer_reviews_no_duty_of_her_own_where_somebody_else_may(session: Session) -> None:
    assignment = reported(session)
    session.get_one(Person, session.get_one(Assignment, assignment).person_id).email = "Office@example.com"
    session.flush()
    with pytest.raises(Refused, match="可以审核的有：周启明、吴望舒"):
        decide(session, assignment, Verdict.APPROVED)
    assert decide(session, assignment, Verdict.APPROVED, by="周启明").counted


def officer_is(session: Session, name: str) -> None:
    session.query(Person).filter_by(name=name).one().email = "office@example.com"
    session.flush()


def test_the_officer_reviews_nothing_that_she_reported_as_a_substitute_or_gave_away(session: Session) -> None:
    factories.person(session, name="代办人")
    stood_in = reported(session)
    officer_is(session, "代办人")
    session.query(Report).one().reported_by = "代办人"
    session.flush()
    with pytest.raises(Refused, match="可以审核的有：周启明、吴望舒"):
        decide(session, stood_in, Verdict.APPROVED)
    assert decide(session, stood_in, Verdict.APPROVED, by="吴望舒").counted


def test_where_nobody_else_may_the_officer_reviews_her_own(session: Session) -> None:
    carrier = factories.person(session, name="独任")
    assignment = factories.assignment(session, person_id=carrier.id).id
    report(session, assignment, text="办了", by="独任", now=REPORTED_AT)
    officer_is(session, "独任")
    assert decide(session, assignment, Verdict.APPROVED).counted
