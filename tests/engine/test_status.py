from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from engine.completion import Light
from engine.lights import Lit
from engine.status import Status, status
from models import AssignmentState, MessageState
from notifications.sender import SHANGHAI
from tests import factories

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)


def counted(session: Session) -> Status:
    return status(session, zone=SHANGHAI, now=NOW)


def test_an_empty_database_counts_nothing(sqlite_session: Session) -> None:
    assert counted(sqlite_session) == Status(lists=0, items=0, people=0, assignments={}, standing={}, mails={}, questions=0, lights=())


def test_assignments_and_mails_are_counted_by_state(session: Session) -> None:
    factories.assignment(session)
    factories.assignment(session)
    factories.message(session)
    factories.message(session, state=MessageState.REFUSED)
    found = counted(session)
    assert (found.lists, found.items, found.assignments, found.mails) == (2, 2, {"sent": 2}, {"queued": 1, "refused": 1})
    assert found.as_json()["mails"] == found.mails


def test_how_assignments_stand_is_counted_as_of_the_day(session: Session) -> None:
    closed = {"state": AssignmentState.CLOSED, "due_on": date(2026, 6, 30)}
    factories.assignment(session, due_on=date(2026, 6, 30))
    factories.assignment(session, due_on=date(2026, 7, 1))
    factories.assignment(session, due_on=date(2026, 12, 31))
    factories.assignment(session, **closed, done_on=date(2026, 6, 30))
    factories.assignment(session, **closed, done_on=date(2026, 7, 1))
    found = counted(session)
    assert found.assignments == {"sent": 3, "closed": 2}
    assert found.standing == {"done_in_time": 1, "done_late": 1, "overdue": 1, "due_soon": 1, "sent": 1}


def test_units_are_named_by_their_lights(session: Session) -> None:
    branch = factories.unit(session, name="望山支部", kind="党支部").id
    station = factories.unit(session, name="苗圃站", kind="局属单位").id
    office = factories.unit(session, name="办公室", kind="科室").id
    factories.unit(session, name="信息科", kind="科室")  # has nothing to do
    for unit_id, due_on in (
        (branch, date(2026, 12, 31)),
        (branch, date(2026, 6, 30)),
        (station, date(2026, 7, 1)),
        (office, date(2026, 12, 31)),
    ):
        factories.assignment(session, unit_id=unit_id, due_on=due_on)
    found = counted(session)
    assert found.lights == (Lit(Light.RED, ("望山支部",)), Lit(Light.YELLOW, (), ("苗圃站",)), Lit(Light.GREEN, (), ("办公室",)))
    assert found.as_json()["lights"]["red"] == {"branches": ["望山支部"], "units": []}


def test_a_duty_to_be_made_up_has_until_the_day_of_its_lists_issue(session: Session) -> None:
    issued_at = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)  # in Shanghai it is the first of July
    item = factories.item(session, list_id=factories.responsibility_list(session, issued_at=issued_at).id)
    step = factories.step(session, item_id=item.id)
    factories.assignment(session, step_id=step.id, due_on=date(2026, 3, 31), make_up=True)
    factories.assignment(session, step_id=step.id, due_on=date(2026, 3, 31), make_up=False)
    assert counted(session).standing == {"overdue": 1, "due_soon": 1}
