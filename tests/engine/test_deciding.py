"""What the officer sets by hand, and that no sequence of actions leaves the transition table."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history
from engine.deciding import MEANINGS, ByHand, decide_by_hand
from engine.moves import ENDED, MOVES, OPEN, Action
from engine.reporting import acknowledge, report
from engine.reviewing import Decision, review
from engine.withdrawing import withdraw_items
from models import Assignment, AssignmentEvent, AssignmentState, AssistingParty, Item, Message, Report, ResponsibilityList, Verdict
from notifications.sender import Sender
from office.text import Refused
from tests import factories
from zeren.database import engine_for

SENDER = Sender("责任办 <office@example.com>")
NOW = datetime(2026, 7, 2, 1, 30, tzinfo=UTC)
BY = "计划员（Prefect 界面）"
SENT, ACKNOWLEDGED, REPORTED = AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.REPORTED
RETURNED, CLOSED, WITHDRAWN = AssignmentState.RETURNED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN


def assignment_in(session: Session, state: AssignmentState, **fields: object) -> int:
    assignment = factories.assignment(session, person_id=factories.person(session).id, state=state, **fields).id
    if state is REPORTED:
        factories.report(session, assignment_id=assignment)
    return assignment


def decide(session: Session, assignment: int, decision: ByHand, reason: str = "局务会意见") -> Decision:
    return decide_by_hand(session, assignment, decision, reason=reason, by=BY, sender=SENDER, now=NOW)


def state_of(session: Session, assignment: int) -> AssignmentState:
    return session.scalars(select(Assignment.state).where(Assignment.id == assignment)).one()


@pytest.mark.parametrize(
    ("state", "decision", "after"),
    [
        (SENT, ByHand.COMPLETED, CLOSED),
        (ACKNOWLEDGED, ByHand.COMPLETED, CLOSED),
        (RETURNED, ByHand.COMPLETED, CLOSED),
        (REPORTED, ByHand.COMPLETED, CLOSED),
        (REPORTED, ByHand.FAILED, RETURNED),
        (CLOSED, ByHand.FAILED, RETURNED),
        (SENT, ByHand.CANCELLED, WITHDRAWN),
        (REPORTED, ByHand.CANCELLED, WITHDRAWN),
        (WITHDRAWN, ByHand.FAILED, RETURNED),
    ],
)
def test_a_state_set_by_hand_is_the_officers_decision_and_is_told(
    session: Session, state: AssignmentState, decision: ByHand, after: AssignmentState
) -> None:
    assignment = assignment_in(session, state)
    assert decide(session, assignment, decision).counted
    assert state_of(session, assignment) is after
    event = session.scalars(select(AssignmentEvent)).one()
    assert (event.by, event.at, event.reason, event.to_value) == (BY, NOW, "局务会意见", after.value)
    assert session.scalars(select(Message.kind)).all() == ["decided"]


@pytest.mark.parametrize(
    ("state", "decision", "why"),
    [
        (SENT, ByHand.FAILED, "只由到期日决定"),
        (ACKNOWLEDGED, ByHand.FAILED, "只由到期日决定"),
        (RETURNED, ByHand.FAILED, "只由到期日决定"),
        (CLOSED, ByHand.COMPLETED, "已经办结"),
        (CLOSED, ByHand.CANCELLED, "不能撤销"),
        (WITHDRAWN, ByHand.COMPLETED, "已撤销"),
        (WITHDRAWN, ByHand.CANCELLED, "已撤销"),
    ],
)
def test_what_the_rules_forbid_does_not_count_and_says_why(
    sqlite_session: Session, state: AssignmentState, decision: ByHand, why: str
) -> None:
    assignment = assignment_in(sqlite_session, state)
    decided = decide(sqlite_session, assignment, decision)
    assert (decided.counted, why in decided.said.zh) == (False, True)
    assert state_of(sqlite_session, assignment) is state
    assert sqlite_session.scalars(select(AssignmentEvent)).all() == []
    assert sqlite_session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("state", [REPORTED, CLOSED, WITHDRAWN])
def test_to_return_and_to_reopen_take_a_message(sqlite_session: Session, state: AssignmentState) -> None:
    assignment = assignment_in(sqlite_session, state)
    decided = decide(sqlite_session, assignment, ByHand.FAILED, "  ")
    assert (decided.counted, "写明原因" in decided.said.zh) == (False, True)
    assert state_of(sqlite_session, assignment) is state


def test_a_reported_one_set_to_completed_is_approved_with_the_message_as_the_comment(session: Session) -> None:
    assignment = assignment_in(session, REPORTED)
    decide(session, assignment, ByHand.COMPLETED, "材料齐全")
    kept = session.execute(select(Report.verdict, Report.comment, Report.reviewed_by)).one()
    assert kept == (Verdict.APPROVED, "材料齐全", BY)
    assert session.scalars(select(Assignment.done_on).where(Assignment.id == assignment)).one() == factories.TODAY


def test_what_is_closed_without_a_report_is_done_on_the_day_of_the_decision(session: Session) -> None:
    assignment = assignment_in(session, ACKNOWLEDGED, due_on=date(2026, 6, 30))
    assert "逾期办结" in decide(session, assignment, ByHand.COMPLETED, "").said.zh
    assert session.scalars(select(Assignment.done_on)).one() == date(2026, 7, 2)


def test_what_was_withdrawn_by_mistake_is_owed_again_and_its_report_returned(session: Session) -> None:
    assignment = assignment_in(session, REPORTED)
    decide(session, assignment, ByHand.CANCELLED, "点错")
    decide(session, assignment, ByHand.FAILED, "刚才点错了")
    assert state_of(session, assignment) is RETURNED
    kept = session.execute(select(Report.verdict, Report.comment, Report.reviewed_by)).one()
    assert kept == (Verdict.RETURNED, "刚才点错了", BY)
    assert report(session, assignment, text="再报", by="何青禾", now=NOW) == 2


def test_no_duty_of_a_withdrawn_item_is_owed_again(session: Session) -> None:
    assignment = assignment_in(session, SENT)
    _withdraw_item(session, assignment, NOW)
    decided = decide(session, assignment, ByHand.FAILED)
    assert (decided.counted, "事项已整项撤销" in decided.said.zh) == (False, True)
    assert state_of(session, assignment) is WITHDRAWN


@pytest.mark.parametrize(("decision", "subject"), [(ByHand.CANCELLED, "不用再办："), (ByHand.FAILED, "请继续办理：")])
def test_who_leads_or_assists_is_told_that_a_duty_is_withdrawn_or_owed_after_all(session: Session, decision: ByHand, subject: str) -> None:
    leader, helper = factories.person(session).id, factories.person(session).id
    assignment = assignment_in(session, SENT if decision is ByHand.CANCELLED else WITHDRAWN, leader_id=leader)
    row = session.get_one(Assignment, assignment)
    session.add(AssistingParty(step_id=row.step_id, party="配合科", person_id=helper))
    decide(session, assignment, decision)
    told = session.execute(select(Message.person_id, Message.subject)).all()
    assert {person for person, _ in told} == {row.person_id, leader, helper}
    assert {said[: len(subject)] for _, said in told} == {subject}


def test_a_number_that_is_no_assignment_is_refused(sqlite_session: Session) -> None:
    with pytest.raises(Refused, match="99"):
        decide(sqlite_session, 99, ByHand.COMPLETED)


def test_every_meaning_is_a_move_of_the_table() -> None:
    assert [(state, action) for (state, _), action in MEANINGS.items() if (state, action) not in MOVES] == []


Step = Callable[[Session, int, datetime], object]


def _withdraw_item(session: Session, assignment: int, now: datetime) -> object:
    number, title = session.execute(select(Item.number, ResponsibilityList.title).join(ResponsibilityList)).one()
    return withdraw_items(session, year=2026, title=title, numbers=[number], reason="取消", by="计划员", sender=SENDER, now=now)


STEPS: dict[str, Step] = {
    "acknowledge": lambda session, id_, now: acknowledge(session, [id_], by="何青禾", now=now),
    "report": lambda session, id_, now: report(session, id_, text="办了", by="何青禾", now=now),
    "withdraw item": _withdraw_item,
    **{
        f"review {verdict} {number}": lambda session, id_, now, verdict=verdict, number=number: review(  # type: ignore[misc]
            session, id_, number=number, verdict=verdict, comment="意见", by="计划员", sender=SENDER, now=now
        )
        for verdict in Verdict
        for number in (None, 1, 2)
    },
    **{
        f"{decision} by hand {reason}": lambda session, id_, now, decision=decision, reason=reason: decide_by_hand(  # type: ignore[misc]
            session, id_, decision, reason=reason, by=BY, sender=SENDER, now=now
        )
        for decision in ByHand
        for reason in ("", "意见")
    },
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_no_sequence_of_actions_leaves_the_transition_table(sqlite_url: str, names: list[str]) -> None:
    with Session(engine_for(sqlite_url)) as session:  # nothing of it is kept
        assignment = assignment_in(session, SENT)
        before, rows = SENT, 0
        for n, name in enumerate(names):
            now = NOW + timedelta(hours=n)
            try:
                outcome = STEPS[name](session, assignment, now)
            except Refused:
                outcome = None
            after = state_of(session, assignment)
            events = session.scalars(select(AssignmentEvent).order_by(AssignmentEvent.position)).all()
            if len(events) == rows:
                assert after is before
                assert not (isinstance(outcome, Decision) and outcome.counted)
            else:
                (new,) = events[rows:]
                assert MOVES[before, Action(new.action)] is after
                assert (new.from_value, new.to_value, new.at) == (before.value, after.value, now)
            before, rows = after, len(events)
            _agrees_with_itself(session, assignment, after, rows)
        assert history.broken(session) == ()


def _agrees_with_itself(session: Session, assignment: int, state: AssignmentState, rows: int) -> None:
    """What must hold of an assignment in any state."""
    version, done_on, ended_at = session.execute(
        select(Assignment.version, Assignment.done_on, Assignment.ended_at).where(Assignment.id == assignment)
    ).one()
    assert version == max(rows, 1)
    assert (ended_at is not None) == (state in ENDED)
    assert (done_on is not None) == (state is CLOSED)
    verdicts = session.scalars(select(Report.verdict).order_by(Report.number)).all()
    assert None not in verdicts[:-1]
    if state in OPEN:
        assert (verdicts[-1:] == [None]) == (state is REPORTED)
