from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Assignment, AssignmentEvent, AssignmentState
from models.bulk import ROWS_A_BATCH, insert_rows
from tests import factories

COLUMNS = ("assignment_id", "position", "action", "from_value", "to_value", "at", "by", "reason", "digest")
SHANGHAI = timezone(timedelta(hours=8))


def event(assignment_id: int, position: int, at: datetime = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)) -> Sequence[object]:
    return assignment_id, position, "issue", None, "sent", at, "officer", "中文", "0" * 64


def test_values_come_back_as_if_the_mapping_had_written_them(session: Session) -> None:
    step = factories.step(session)
    columns = ("natural_key", "step_id", "party", "period", "starts_on", "due_on", "make_up", "state")
    insert_rows(
        session, Assignment, columns, [("key", step.id, "造林科", "6月", date(2026, 6, 1), date(2026, 6, 30), True, AssignmentState.SENT)]
    )
    stored = session.scalars(select(Assignment)).one()
    assert (stored.natural_key, stored.due_on, stored.make_up, stored.state) == ("key", date(2026, 6, 30), True, AssignmentState.SENT)
    insert_rows(session, AssignmentEvent, COLUMNS, [event(stored.id, 1)])
    row = session.scalars(select(AssignmentEvent)).one()
    assert (row.at, row.from_value, row.reason) == (datetime(2026, 1, 5, 1, tzinfo=UTC), None, "中文")


def test_more_rows_than_a_batch_all_arrive(sqlite_session: Session) -> None:
    assignment = factories.assignment(sqlite_session)

    def events() -> Iterator[Sequence[object]]:
        for position in range(1, ROWS_A_BATCH + 2):
            yield event(assignment.id, position)

    insert_rows(sqlite_session, AssignmentEvent, COLUMNS, events())
    assert sqlite_session.scalar(select(func.count()).select_from(AssignmentEvent)) == ROWS_A_BATCH + 1


def test_naive_instants_are_refused(sqlite_session: Session) -> None:
    assignment = factories.assignment(sqlite_session)
    with pytest.raises(ValueError, match="naive"):
        insert_rows(sqlite_session, AssignmentEvent, COLUMNS, [event(assignment.id, 1, datetime(2026, 1, 5, 9))])  # noqa: DTZ001 - the case


def test_a_constraint_holds(session: Session) -> None:
    assignment = factories.assignment(session)
    with pytest.raises(IntegrityError):
        insert_rows(session, AssignmentEvent, COLUMNS, [event(assignment.id, 1), event(assignment.id, 1)])
