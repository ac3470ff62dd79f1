from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.history import Change, broken, open_histories, record
from models import Assignment, AssignmentEvent
from tests import factories

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def opened(session: Session, count: int = 1) -> list[Assignment]:
    assignments = [factories.assignment(session) for _ in range(count)]
    keys = {assignment.id: assignment.natural_key for assignment in assignments}
    open_histories(session, keys, action="issue", to_value="sent", reason="清单", at=NOW, by="officer")
    return assignments


def rows(session: Session, assignment: Assignment) -> list[AssignmentEvent]:
    query = select(AssignmentEvent).where(AssignmentEvent.assignment_id == assignment.id).order_by(AssignmentEvent.position)
    return list(session.scalars(query))


def test_a_history_says_what_changed_from_what_to_what_when_by_whom_and_why(session: Session) -> None:
    (assignment,) = opened(session)
    record(session, [Change(assignment.id, "hand over", "孟松年", "石小满", "继任")], at=NOW, by="roster")
    assert [(row.position, row.action, row.from_value, row.to_value, row.at, row.by, row.reason) for row in rows(session, assignment)] == [
        (1, "issue", None, "sent", NOW, "officer", "清单"),
        (2, "hand over", "孟松年", "石小满", NOW, "roster", "继任"),
    ]
    assert broken(session) == ()


def test_changes_of_one_assignment_in_one_call_follow_each_other(sqlite_session: Session) -> None:
    one, other = opened(sqlite_session, 2)
    changes = [Change(one.id, "a", None, "1", ""), Change(other.id, "b", None, "1", ""), Change(one.id, "c", "1", "2", "")]
    record(sqlite_session, changes, at=NOW, by="officer")
    assert [row.action for row in rows(sqlite_session, one)] == ["issue", "a", "c"]
    assert broken(sqlite_session) == ()


def test_a_history_may_begin_with_any_change(sqlite_session: Session) -> None:
    assignment = factories.assignment(sqlite_session)
    record(sqlite_session, [Change(assignment.id, "hand over", None, "石小满", "")], at=NOW, by="roster")
    assert [row.position for row in rows(sqlite_session, assignment)] == [1]
    assert broken(sqlite_session) == ()


@pytest.mark.parametrize(
    "edit",
    [{"reason": "改过"}, {"from_value": ""}, {"by": "someone"}, {"position": 3}, {"at": datetime(2026, 3, 2, 1, 31, tzinfo=UTC)}],
    ids=["reason", "nothing made empty", "author", "position", "instant"],
)
def test_an_edit_outside_the_program_shows(sqlite_session: Session, edit: dict[str, object]) -> None:
    untouched, edited = opened(sqlite_session, 2)
    record(sqlite_session, [Change(a.id, "note", None, "", "说明") for a in (untouched, edited)], at=NOW, by="officer")
    last = rows(sqlite_session, edited)[-1]
    sqlite_session.execute(update(AssignmentEvent).where(AssignmentEvent.id == last.id).values(edit))
    sqlite_session.expire_all()
    assert broken(sqlite_session) == (edited.id,)


def test_a_row_moved_to_another_assignment_shows(sqlite_session: Session) -> None:
    (one,) = opened(sqlite_session)
    other = factories.assignment(sqlite_session)
    sqlite_session.execute(update(AssignmentEvent).where(AssignmentEvent.assignment_id == one.id).values(assignment_id=other.id))
    assert broken(sqlite_session) == (other.id,)


def test_of_two_who_continue_one_chain_the_second_is_refused_by_the_database(sqlite_session: Session) -> None:
    (assignment,) = opened(sqlite_session)
    with pytest.raises(IntegrityError):
        open_histories(
            sqlite_session, {assignment.id: assignment.natural_key}, action="issue", to_value="sent", reason="", at=NOW, by="officer"
        )
