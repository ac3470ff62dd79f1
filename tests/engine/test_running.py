"""How clocks run, from histories."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from engine.clocks import Running
from engine.history import HAND_OVER, Change, record
from engine.moves import Action, move
from engine.running import running_of
from models import Assignment, AssignmentState
from notifications.sender import SHANGHAI
from tests import factories
from tests.factories import NOW, TODAY


def running(session: Session, row: Assignment) -> Running:
    session.expire_all()
    return running_of(session, [row.id], zone=SHANGHAI)[row.id]


def test_a_duty_without_a_history_was_sent_when_its_list_was_issued(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session)
    assert running(sqlite_session, row) == Running(AssignmentState.SENT, date(2026, 6, 30), TODAY)


def test_a_duty_that_was_handed_over_was_sent_on_that_day(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session)
    record(sqlite_session, [Change(row.id, HAND_OVER, "甲", "乙", "转办")], at=NOW + timedelta(days=3), by="甲")
    found = running(sqlite_session, row)
    assert (found.sent_on, found.issued_on) == (TODAY + timedelta(days=3), TODAY)


def test_the_days_of_the_last_report_and_return_count_while_they_hold(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session)
    for number, action in enumerate((Action.REPORT, Action.RETURN, Action.REPORT)):
        move(sqlite_session, [row.id], action, reason="", by="甲", now=NOW + timedelta(days=number))
    found = running(sqlite_session, row)
    assert (found.reported_on, found.returned_on) == (TODAY + timedelta(days=2), None)
    move(sqlite_session, [row.id], Action.RETURN, reason="", by="甲", now=NOW + timedelta(days=5))
    found = running(sqlite_session, row)
    assert (found.reported_on, found.returned_on) == (None, TODAY + timedelta(days=5))


def test_working_days_after_the_due_date_on_which_it_lay_with_the_reviewer_are_counted(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session, due_on=TODAY + timedelta(days=1))
    for number, action in ((0, Action.REPORT), (3, Action.RETURN), (7, Action.REPORT), (8, Action.RETURN)):
        move(sqlite_session, [row.id], action, reason="", by="甲", now=NOW + timedelta(days=number))
    assert running(sqlite_session, row).waited == 2 + 1  # Wednesday and Thursday; Tuesday of the next week


def test_a_duty_that_was_closed_and_reopened_is_not_blamed_for_the_days_between(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session, due_on=TODAY)
    move(sqlite_session, [row.id], Action.CLOSE, reason="", by="计划员", now=NOW)
    move(sqlite_session, [row.id], Action.REOPEN, reason="", by="计划员", now=NOW + timedelta(days=4))
    assert running(sqlite_session, row).waited == 4


def test_the_clock_of_a_duty_to_be_made_up_runs_to_the_day_of_issue(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session, due_on=date(2025, 12, 1), make_up=True)
    assert running(sqlite_session, row).clock_due_on == TODAY


def test_whatever_is_done_about_a_duty_the_follow_up_looks_at_it_anew(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session, follow_up_on=None)
    move(sqlite_session, [row.id], Action.ACKNOWLEDGE, reason="", by="甲", now=NOW)
    sqlite_session.expire_all()
    assert row.follow_up_on == TODAY
