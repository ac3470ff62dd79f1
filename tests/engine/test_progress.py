"""进展: who may say how far a duty is, what it leaves behind, and when there is nothing to say."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.auditing import altered
from engine.history import open_histories
from engine.moves import OFFICER
from engine.past import past_of
from engine.progress import TEXT_LENGTH, note_progress
from models import Assignment, AssignmentEvent, AssignmentState, Person, ProgressNote, Substitution
from notifications.sender import SHANGHAI, Sender
from office.text import Refused
from tests import factories
from tests.factories import NOW, TODAY

SENDER = Sender("责任办 <office@example.com>")


def owed(session: Session, state: AssignmentState = AssignmentState.SENT) -> int:
    """An assignment of 何青禾."""
    row = factories.assignment(session, person_id=factories.person(session, name="何青禾").id, state=state)
    open_histories(session, {row.id: row.natural_key}, action="issue", to_value=state.value, reason="", at=NOW, by="officer")
    return row.id


def note(session: Session, assignment: int, text: str = "方案已定，正在征求意见", by: str = "何青禾", days: int = 0) -> bool:
    return note_progress(session, assignment, text=text, by=by, now=NOW + timedelta(days=days), sender=SENDER)


def notes(session: Session) -> list[tuple[str, str]]:
    return [(row.text, row.by) for row in session.scalars(select(ProgressNote).order_by(ProgressNote.id))]


@pytest.mark.parametrize("state", [AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED])
def test_progress_is_a_note_and_a_row_of_the_history_and_moves_nothing(session: Session, state: AssignmentState) -> None:
    assignment = owed(session, state)
    assert note(session, assignment)
    assert notes(session) == [("方案已定，正在征求意见", "何青禾")]
    last = session.scalars(select(AssignmentEvent).order_by(AssignmentEvent.position.desc())).first()
    assert last is not None
    assert (last.action, last.reason, last.by) == ("progress", "方案已定，正在征求意见", "何青禾")
    row = session.get_one(Assignment, assignment, populate_existing=True)
    assert (row.state, row.version, row.follow_up_on) == (state, 2, TODAY)


@pytest.mark.parametrize("state", [AssignmentState.REPORTED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN])
def test_what_has_ended_or_waits_for_its_review_takes_no_note(sqlite_session: Session, state: AssignmentState) -> None:
    assignment = owed(sqlite_session, state)
    with pytest.raises(Refused, match="不用再报进展"):
        note(sqlite_session, assignment)
    assert notes(sqlite_session) == []


@pytest.mark.parametrize(("text", "said"), [("  \n ", "没有写内容"), ("长" * (TEXT_LENGTH + 1), "至多 2000 字")])
def test_a_note_says_something_and_not_too_much(sqlite_session: Session, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        note(sqlite_session, owed(sqlite_session), text)


def test_who_stands_in_says_it_under_their_own_name_and_the_officer_for_anybody(sqlite_session: Session) -> None:
    assignment = owed(sqlite_session)
    stands_in = factories.person(sqlite_session, name="孟松年").id
    person_id = sqlite_session.scalars(select(Person.id).where(Person.name == "何青禾")).one()
    leave = {"person_id": person_id, "substitute_id": stands_in, "starts_on": TODAY, "ends_on": TODAY, "reason": "", "entered_by": OFFICER}
    sqlite_session.add(Substitution(**leave, entered_at=NOW))
    sqlite_session.flush()
    note(sqlite_session, assignment, by="孟松年")
    note(sqlite_session, assignment, by="计划员（门户）")
    assert [by for _, by in notes(sqlite_session)] == ["孟松年", "计划员（门户）"]
    with pytest.raises(Refused, match="孟松年不承办这项任务"):
        note(sqlite_session, assignment, by="孟松年", days=1)


@pytest.mark.parametrize("by", ["路人", "计划员" * 20], ids=["nobody", "a name that is too long"])
def test_a_stranger_says_nothing_about_it(sqlite_session: Session, by: str) -> None:
    with pytest.raises(Refused, match="不承办这项任务"):
        note(sqlite_session, owed(sqlite_session), by=by)


def test_an_assignment_that_is_none_is_refused(sqlite_session: Session) -> None:
    with pytest.raises(Refused, match="没有编号为 4711 的任务"):
        note(sqlite_session, 4711)


def test_the_same_words_of_one_day_are_one_note_and_of_the_next_another(sqlite_session: Session) -> None:
    assignment = owed(sqlite_session)
    assert [note(sqlite_session, assignment, "无变化", days=days) for days in (0, 0, 1)] == [True, False, True]
    assert len(notes(sqlite_session)) == 2


def test_past_lines_tell_the_progress_with_its_words(sqlite_session: Session) -> None:
    assignment = owed(sqlite_session)
    note(sqlite_session, assignment, "过半")
    assert past_of(sqlite_session, [assignment], year=date.min.year, zone=SHANGHAI, language="zh")[assignment] == (
        "2026年1月5日报告进展：过半",
    )


def test_a_note_that_was_changed_outside_the_program_shows(session: Session) -> None:
    first, second = owed(session), factories.assignment(session)
    open_histories(session, {second.id: second.natural_key}, action="issue", to_value="sent", reason="", at=NOW, by="officer")
    note(session, first)
    assert altered(session, zone=SHANGHAI) == ()
    session.execute(delete(ProgressNote))
    factories.progress_note(session, assignment_id=second.id)
    assert altered(session, zone=SHANGHAI) == (first, second.id)
