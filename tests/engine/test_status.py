from sqlalchemy.orm import Session

from engine.status import Status, status
from models import MessageState
from tests import factories


def test_an_empty_database_counts_nothing(sqlite_session: Session) -> None:
    assert status(sqlite_session) == Status(lists=0, items=0, people=0, assignments={}, mails={}, questions=0)


def test_assignments_and_mails_are_counted_by_state(session: Session) -> None:
    factories.assignment(session)
    factories.assignment(session)
    factories.message(session)
    factories.message(session, state=MessageState.REFUSED)
    found = status(session)
    assert (found.lists, found.items, found.assignments, found.mails) == (2, 2, {"sent": 2}, {"queued": 1, "refused": 1})
    assert found.as_json()["mails"] == found.mails
