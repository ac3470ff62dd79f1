from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.reporting import acknowledge, report
from models import Assignment, AssignmentEvent, AssignmentState, Evidence, Report
from office.text import Refused
from tests import factories

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def state_of(session: Session, assignment_id: int) -> AssignmentState:
    return session.scalars(select(Assignment.state).where(Assignment.id == assignment_id)).one()


def test_only_what_was_not_received_yet_is_acknowledged(session: Session) -> None:
    one, other = factories.assignment(session).id, factories.assignment(session).id
    known = factories.assignment(session, state=AssignmentState.RETURNED).id
    assert acknowledge(session, [other, one, known, 99], by="何青禾", now=NOW) == (one, other)
    assert acknowledge(session, [one], by="何青禾", now=NOW) == ()
    assert [state_of(session, id_) for id_ in (one, other, known)] == ["acknowledged", "acknowledged", "returned"]


def test_a_report_is_kept_with_its_evidence_and_waits_for_review(session: Session) -> None:
    step = factories.step(session, target_amount=4.0, target_unit="次", target_per="year")
    assignment = factories.assignment(session, step_id=step.id, state=AssignmentState.ACKNOWLEDGED).id
    evidence = [(" 照片\n一 ", "https://files.example/1.jpg"), ("", "http://files.example/2?a=b")]
    assert report(session, assignment, text=" 办了两次\r\n都有记录 ", amount=2, evidence=evidence, by="何青禾", now=NOW) == 1
    stored = session.scalars(select(Report)).one()
    assert (stored.text, stored.amount, stored.reported_at, stored.reported_by) == ("办了两次\n都有记录", 2, NOW, "何青禾")
    proofs = session.execute(select(Evidence.position, Evidence.name, Evidence.url).order_by(Evidence.position)).all()
    assert proofs == [(1, "照片 一", "https://files.example/1.jpg"), (2, "http://files.example/2?a=b", "http://files.example/2?a=b")]
    assert state_of(session, assignment) is AssignmentState.REPORTED
    event = session.scalars(select(AssignmentEvent)).one()
    assert (event.action, event.from_value, event.by, event.reason) == ("report", "acknowledged", "何青禾", "办了两次\n都有记录")


def test_a_report_on_what_was_only_sent_says_that_it_was_received(session: Session) -> None:
    assignment = factories.assignment(session).id
    report(session, assignment, text="办了", by="何青禾", now=NOW)
    assert state_of(session, assignment) is AssignmentState.REPORTED


def test_reports_of_one_assignment_are_numbered(session: Session) -> None:
    assignment = factories.assignment(session, state=AssignmentState.RETURNED).id
    factories.report(session, assignment_id=assignment)
    factories.report(session)
    assert report(session, assignment, text="补上了", by="何青禾", now=NOW) == 2


@pytest.mark.parametrize("state", [AssignmentState.REPORTED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN])
def test_what_waits_for_review_or_has_ended_takes_no_report(session: Session, state: AssignmentState) -> None:
    assignment = factories.assignment(session, state=state).id
    with pytest.raises(Refused, match="不能再报送"):
        report(session, assignment, text="办了", by="何青禾", now=NOW)
    assert session.scalar(select(func.count()).select_from(Report)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " \n\x00"},
        {"amount": -1.0},
        {"amount": float("nan")},
        {"amount": 1.0},  # there is no target
        {"evidence": [("照片", "files.example/1.jpg")]},
        {"evidence": [("照片", "javascript:alert(1)")]},
        {"evidence": [("照片", "https://files.example/a b")]},
        {"evidence": [("照片", "https://[::1/a")]},
        {"evidence": [("照片", "https:///a")]},
    ],
)
def test_a_report_that_does_not_fit_is_refused_and_changes_nothing(sqlite_session: Session, wrong: dict[str, object]) -> None:
    assignment = factories.assignment(sqlite_session).id
    with pytest.raises(Refused):
        report(sqlite_session, assignment, **({"text": "办了", "by": "何青禾", "now": NOW} | wrong))  # type: ignore[arg-type]
    assert state_of(sqlite_session, assignment) is AssignmentState.SENT


def test_a_negative_amount_is_called_so(sqlite_session: Session) -> None:
    assignment = factories.assignment(sqlite_session).id
    with pytest.raises(Refused, match=r"^完成数量不能是负数：-3$"):
        report(sqlite_session, assignment, text="办了", amount=-3.0, by="何青禾", now=NOW)


def test_what_no_database_takes_is_left_out_of_the_words(session: Session) -> None:
    assignment = factories.assignment(session).id
    report(session, assignment, text="办\x00了\ud800", by="何青禾", now=NOW)
    assert session.scalars(select(Report.text)).one() == "办了?"
