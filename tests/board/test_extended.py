"""A duty that got more time stands on its new day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from board.installing import install
from board.server import connect
from board.values import State
from engine import reporting
from engine.extending import ask_extension, decide_extension
from engine.moves import OFFICER
from models import Grant
from notifications.sender import Sender
from tests import factories
from tests.board.conftest import OfficeBoard

SENDER = Sender("责任清单 <zeren@example.com>")
DUE, LATER = date(2026, 6, 30), date(2026, 7, 15)
BEGINS, BEGINS_LATER = (datetime(2026, month, day, 15, 59, 59, tzinfo=UTC) for month, day in ((6, 30), (7, 15)))


def owed(board: OfficeBoard, **fields: Any) -> int:
    with board.transaction() as session:
        (id_,) = board.issue(session, person_id=factories.person(session, name="张三").id, due_on=DUE, **fields)
    return id_


def extended(board: OfficeBoard, id_: int) -> None:
    with board.transaction() as session:
        number = ask_extension(session, id_, wanted_on=LATER, reason="场地检修", progress="过半", by="张三", sender=SENDER, now=board.now)
        assert decide_extension(
            session, id_, number, grant=Grant.GRANTED, granted_on=LATER, comment="", by=OFFICER, sender=SENDER, now=board.now
        ).counted


@pytest.mark.parametrize("full", [False, True])
def test_its_run_is_made_anew_on_the_new_day(office_board: OfficeBoard, full: bool) -> None:
    id_, other = owed(office_board), office_board.issued()[0]
    office_board.update()
    before = office_board.runs()
    assert before[id_].begins_at == BEGINS
    extended(office_board, id_)
    office_board.update(full=full)
    after = office_board.runs()
    run = after[id_]
    assert (run.begins_at, run.state.scheduled_at, run.state.name) == (BEGINS_LATER, BEGINS_LATER, "待签收")
    assert "到期:2026-07" in run.tags
    assert "到期:2026-06" not in run.tags
    assert (run.parameters["到期日"], run.parameters["原到期日"]) == ("2026-07-15", "2026-06-30")
    assert run.state.message == "2026年7月15日到期"
    assert (len(after), after[other]) == (2, before[other])
    log = office_board.log(id_)
    assert log[1:] == [
        "申请延期 · 张三 · 2026-06-30 → 2026-07-15：场地检修；目前进展：过半",
        "准予延期 · 计划员 · 2026-06-30 → 2026-07-15",
    ]
    for again in (False, True):
        nothing = office_board.update(full=again)
        assert (nothing.created, nothing.changed, nothing.lines) == (0, 0, 0)


def test_one_that_waits_for_review_keeps_its_form_and_its_report(office_board: OfficeBoard) -> None:
    id_ = owed(office_board)
    with office_board.transaction() as session:
        reporting.report(session, id_, text="已组织两次", by="张三", now=office_board.now)
    office_board.update()
    extended(office_board, id_)
    office_board.update()
    run = office_board.runs()[id_]
    assert (run.begins_at, run.state.name, run.state.keyset is not None) == (BEGINS_LATER, "待审核", True)
    with connect() as server:
        assert len(list(server.artifacts_of([run.id]))) == 1


def test_one_that_somebody_clicked_on_waits_until_that_is_settled(office_board: OfficeBoard) -> None:
    id_ = owed(office_board)
    office_board.update()
    extended(office_board, id_)
    clicked = office_board.runs()[id_].id
    with connect() as server:
        server.set_state([clicked], State("COMPLETED", "Completed"))
    office_board.update()
    office_board.update(full=True)
    assert office_board.runs()[id_].id == clicked


def test_a_run_that_a_kill_left_deleted_is_made_on_the_new_day(office_board: OfficeBoard) -> None:
    id_ = owed(office_board)
    office_board.update()
    extended(office_board, id_)
    with connect() as server:
        server.delete_runs([office_board.runs()[id_].id])
        install(server)
    office_board.update()
    assert office_board.runs()[id_].begins_at == BEGINS_LATER
