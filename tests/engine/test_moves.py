from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history
from engine.moves import ACTION_WORDS, ENDED, MOVES, OPEN, STATE_WORDS, Action, held_one, is_officer, move
from models import Assignment, AssignmentEvent, AssignmentState
from office.text import Refused
from tests import factories

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def state_of(session: Session, assignment_id: int) -> AssignmentState:
    return session.scalars(select(Assignment.state).where(Assignment.id == assignment_id)).one()


@pytest.mark.parametrize("state", AssignmentState)
@pytest.mark.parametrize("action", Action)
def test_a_move_follows_the_table_and_nothing_else_moves(sqlite_session: Session, state: AssignmentState, action: Action) -> None:
    assignment = factories.assignment(sqlite_session, state=state).id
    after = MOVES.get((state, action))
    moved = move(sqlite_session, [assignment], action, reason="", by="计划员", now=NOW)
    assert moved == ({assignment: state} if after else {})
    assert state_of(sqlite_session, assignment) is (after or state)
    assert sqlite_session.query(AssignmentEvent).count() == (1 if after else 0)


def test_what_is_open_and_what_is_ended_is_everything() -> None:
    assert {*OPEN, *ENDED} == set(AssignmentState)
    assert not set(OPEN) & set(ENDED)
    assert {state for state, action in MOVES if action is Action.WITHDRAW} == set(OPEN)


def test_only_to_reopen_leads_out_of_withdrawn() -> None:
    assert [action for state, action in MOVES if state is AssignmentState.WITHDRAWN] == [Action.REOPEN]


def test_every_move_is_a_row_of_the_history_and_raises_the_version(session: Session) -> None:
    one, other = (factories.assignment(session, state=state).id for state in (AssignmentState.SENT, AssignmentState.REPORTED))
    moved = move(session, [one, other], Action.WITHDRAW, reason="上级取消", by="计划员", now=NOW)
    assert moved == {one: AssignmentState.SENT, other: AssignmentState.REPORTED}
    move(session, [one], Action.WITHDRAW, reason="再次", by="计划员", now=NOW)
    rows = session.scalars(select(AssignmentEvent).order_by(AssignmentEvent.assignment_id)).all()
    assert [(row.action, row.from_value, row.to_value, row.at, row.by, row.reason) for row in rows] == [
        ("withdraw", "sent", "withdrawn", NOW, "计划员", "上级取消"),
        ("withdraw", "reported", "withdrawn", NOW, "计划员", "上级取消"),
    ]
    assert session.scalars(select(Assignment.version)).all() == [1, 1]
    assert history.broken(session) == ()


def test_what_ends_remembers_when_and_what_opens_again_forgets(session: Session) -> None:
    assignment = factories.assignment(session, state=AssignmentState.ACKNOWLEDGED).id
    ended = select(Assignment.done_on, Assignment.ended_at).where(Assignment.id == assignment)
    move(session, [assignment], Action.CLOSE, reason="", by="计划员", now=NOW, done_on=date(2026, 3, 2))
    assert session.execute(ended).one() == (date(2026, 3, 2), NOW)
    move(session, [assignment], Action.REOPEN, reason="", by="计划员", now=NOW)
    assert session.execute(ended).one() == (None, None)


@pytest.mark.parametrize("by", ["", "  ", "长" * 51])
def test_it_has_to_be_said_who_does_it(sqlite_session: Session, by: str) -> None:
    assignment = factories.assignment(sqlite_session).id
    with pytest.raises(Refused):
        move(sqlite_session, [assignment], Action.ACKNOWLEDGE, reason="", by=by, now=NOW)
    assert state_of(sqlite_session, assignment) is AssignmentState.SENT


def test_an_assignment_that_is_none_is_refused_by_its_number(sqlite_session: Session) -> None:
    with pytest.raises(Refused, match="99"):
        held_one(sqlite_session, 99)


def test_the_officer_is_the_officer_wherever_she_decides() -> None:
    assert is_officer("计划员")
    assert is_officer("计划员（Prefect 界面）")
    assert not is_officer("计划员甲")


def test_every_state_and_action_has_its_words() -> None:
    assert set(STATE_WORDS) == set(AssignmentState)
    assert set(ACTION_WORDS) == set(Action)
