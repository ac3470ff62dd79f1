from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.auditing import altered
from engine.deciding import ByHand, decide_by_hand
from engine.history import NOT_COUNTED, Change, open_histories, record
from engine.reporting import acknowledge, report
from engine.reviewing import review
from models import Assignment, AssignmentEvent, Base, Report, Verdict
from notifications.sender import SHANGHAI, Sender
from tests import factories

SENDER = Sender("责任办 <office@example.com>")
REPORTED_AT = datetime(2026, 6, 30, 15, 59, tzinfo=UTC)
NOW = datetime(2026, 7, 2, 1, 30, tzinfo=UTC)


def issued(session: Session) -> int:
    assignment = factories.assignment(session, person_id=factories.person(session).id)
    open_histories(session, {assignment.id: assignment.natural_key}, action="issue", to_value="sent", reason="", at=NOW, by="officer")
    return assignment.id


def returned_then_approved(session: Session) -> int:
    assignment = issued(session)
    acknowledge(session, [assignment], by="何青禾", now=REPORTED_AT)
    for verdict in (Verdict.RETURNED, Verdict.APPROVED):
        report(session, assignment, text=f"办了，{verdict}", by="何青禾", now=REPORTED_AT)
        review(session, assignment, number=None, verdict=verdict, comment="看过", by="计划员", sender=SENDER, now=NOW)
    record(session, [Change(assignment, NOT_COUNTED, "closed", "closed", "迟到的决定")], at=NOW, by="周启明")
    record(session, [Change(assignment, "hand over", "何青禾", "石小满", "")], at=NOW, by="roster")
    return assignment


def by_hand(session: Session, *decisions: ByHand) -> int:
    assignment = issued(session)
    for decision in decisions:
        assert decide_by_hand(session, assignment, decision, reason="意见", by="计划员", sender=SENDER, now=NOW).counted
    return assignment


def test_what_the_program_does_agrees_with_itself(session: Session) -> None:
    issued(session)
    returned_then_approved(session)
    by_hand(session, ByHand.COMPLETED)
    by_hand(session, ByHand.COMPLETED, ByHand.FAILED)
    by_hand(session, ByHand.CANCELLED)
    by_hand(session, ByHand.CANCELLED, ByHand.FAILED, ByHand.COMPLETED)
    resumed = issued(session)
    report(session, resumed, text="办了", by="何青禾", now=NOW)
    for decision in (ByHand.CANCELLED, ByHand.FAILED):
        decide_by_hand(session, resumed, decision, reason="点错", by="计划员", sender=SENDER, now=NOW)
    waiting = issued(session)
    report(session, waiting, text="办了", by="何青禾", now=NOW)
    assert altered(session, zone=SHANGHAI) == ()


@pytest.mark.parametrize(
    ("table", "edit"),
    [
        (Assignment, {"state": "withdrawn"}),
        (Assignment, {"done_on": date(2026, 6, 29)}),
        (Assignment, {"done_on": None}),
        (Assignment, {"ended_at": REPORTED_AT}),
        (Assignment, {"version": 1}),
        (Report, {"text": "改过"}),
        (Report, {"reported_at": NOW}),
        (Report, {"reported_by": "石小满"}),
        (Report, {"verdict": "approved"}),
        (Report, {"comment": ""}),
        (Report, {"reviewed_by": "周启明"}),
        (AssignmentEvent, {"reason": "改过"}),
    ],
)
def test_an_edit_outside_the_program_shows(sqlite_session: Session, table: type[Base], edit: dict[str, Any]) -> None:
    untouched, edited = returned_then_approved(sqlite_session), returned_then_approved(sqlite_session)
    column = Assignment.id if table is Assignment else table.__table__.c.assignment_id
    sqlite_session.execute(update(table).where(column == edited).values(edit))
    sqlite_session.expire_all()
    assert altered(sqlite_session, zone=SHANGHAI) == (edited,)
    assert untouched != edited


def test_rows_that_were_cut_off_the_end_of_a_history_show(sqlite_session: Session) -> None:
    assignment = returned_then_approved(sqlite_session)
    last = select(AssignmentEvent.id).where(AssignmentEvent.assignment_id == assignment).order_by(AssignmentEvent.position.desc()).limit(1)
    sqlite_session.execute(delete(AssignmentEvent).where(AssignmentEvent.id == sqlite_session.scalar(last)))
    assert altered(sqlite_session, zone=SHANGHAI) == (assignment,)


def test_a_report_that_is_taken_away_or_put_in_shows(sqlite_session: Session) -> None:
    robbed, given = returned_then_approved(sqlite_session), issued(sqlite_session)
    sqlite_session.execute(delete(Report).where(Report.assignment_id == robbed, Report.number == 1))
    factories.report(sqlite_session, assignment_id=given)
    assert altered(sqlite_session, zone=SHANGHAI) == (robbed, given)


def test_an_assignment_that_nobody_issued_shows(sqlite_session: Session) -> None:
    smuggled = factories.assignment(sqlite_session).id
    assert altered(sqlite_session, zone=SHANGHAI) == (smuggled,)
