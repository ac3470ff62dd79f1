from sqlalchemy.orm import Session

from engine.history import HAND_OVER, Change, open_histories, record
from engine.meanwhile import changed_since
from engine.reporting import acknowledge, report
from notifications.sender import SHANGHAI
from tests import factories

NOW = factories.NOW


def issued(session: Session) -> int:
    row = factories.assignment(session)
    open_histories(session, {row.id: row.natural_key}, action="issue", to_value="sent", reason="", at=NOW, by="officer")
    return row.id


def test_a_report_after_the_version_on_view_is_told_with_who_and_when(sqlite_session: Session) -> None:
    assignment_id = issued(sqlite_session)
    report(sqlite_session, assignment_id, text="已完成", by="石小满", now=NOW)
    said = changed_since(sqlite_session, assignment_id, 1, zone=SHANGHAI)
    assert said is not None
    assert said.zh.startswith("石小满已于2026-01-05 09:00报送")
    assert changed_since(sqlite_session, assignment_id, 2, zone=SHANGHAI) is None


def test_who_received_or_inherited_a_duty_does_not_change_what_is_decided_about_it(sqlite_session: Session) -> None:
    assignment_id = issued(sqlite_session)
    acknowledge(sqlite_session, [assignment_id], by="石小满", now=NOW)
    record(sqlite_session, [Change(assignment_id, HAND_OVER, "石小满", "何青禾", "接任")], at=NOW, by="roster")
    assert changed_since(sqlite_session, assignment_id, 1, zone=SHANGHAI) is None
