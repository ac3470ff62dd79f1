"""One attempt to bring the board up to date, as the flow and every change starts it."""

from datetime import date

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from board.server import connect
from board.values import State
from engine import reporting
from models import Assignment, AssignmentState
from office.text import Unavailable
from tasks.board import bring_up_to_date
from tests.board.conftest import OfficeBoard, office_board
from zeren.database import alone
from zeren.ports import free_port
from zeren.settings import settings

__all__ = ["office_board"]


@pytest.fixture
def board(office_board: OfficeBoard, monkeypatch: pytest.MonkeyPatch) -> OfficeBoard:
    """The same office, as settings name it."""
    monkeypatch.setenv("ZEREN_DATABASE_URL", office_board.url)
    monkeypatch.setenv("ZEREN_NOW", "2026-01-05T09:00")
    monkeypatch.setattr("tasks.environment.BOARD_WAIT_SECONDS", 0.1)
    settings.cache_clear()
    return office_board


def test_a_click_is_settled_and_shown_in_one_go(board: OfficeBoard) -> None:
    (id,) = board.issued()
    bring_up_to_date.fn(False)
    with connect() as server:
        server.set_state([board.runs()[id].id], State("COMPLETED", "Completed", "会上已办结"))
    done = bring_up_to_date.fn(False)
    assert [settled.counted for settled in done.settled] == [True]
    with board.reading() as session:
        assert session.get_one(Assignment, id).state is AssignmentState.CLOSED
    assert board.runs()[id].state.name == "按期办结"
    assert done.updated.undecided == 0


def test_what_is_forbidden_is_put_back_and_the_log_says_why(board: OfficeBoard) -> None:
    (id,) = board.issued()
    bring_up_to_date.fn(False)
    with connect() as server:
        server.set_state([board.runs()[id].id], State("FAILED", "Failed", "没办"))
    done = bring_up_to_date.fn(False)
    assert [settled.counted for settled in done.settled] == [False]
    assert board.runs()[id].state.name == "待签收"
    assert done.settled[0].said.zh in board.log(id)[-1]


def test_a_second_attempt_finds_nothing_to_do(board: OfficeBoard) -> None:
    board.issued(2)
    assert bring_up_to_date.fn(False).updated.created == 2
    again = bring_up_to_date.fn(False)
    assert (again.settled, again.updated.created, again.updated.changed, again.pages) == ((), 0, 0, 0)


def test_a_server_that_is_down_is_remembered_and_the_next_attempt_compares_everything(board: OfficeBoard) -> None:
    ids = board.issued(due_on=date(2026, 6, 30))
    down = temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{free_port(0)}/api"})
    with down, pytest.raises(Unavailable, match="Prefect 服务没有应答"):
        bring_up_to_date.fn(False)
    assert board.fault()[1]
    with board.transaction() as session:
        reporting.acknowledge(session, ids, by="张三", now=board.now)
    bring_up_to_date.fn(False)
    assert board.runs()[ids[0]].state.name == "办理中"
    assert board.fault() == ("", False)


def test_one_attempt_at_a_time(board: OfficeBoard) -> None:
    with alone(board.url, "board", wait_seconds=1), pytest.raises(Unavailable, match="另一个程序"):
        bring_up_to_date.fn(False)


def test_what_ended_long_ago_is_shown_as_long_as_the_office_wants(board: OfficeBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    (id,) = board.issued()
    with board.transaction() as session:
        row = session.get_one(Assignment, id)
        row.state, row.ended_at = AssignmentState.WITHDRAWN, board.now.replace(year=2025)
    assert bring_up_to_date.fn(True).updated.shown == 1
    monkeypatch.setenv("ZEREN_BOARD_CLOSED_DAYS", "90")
    settings.cache_clear()
    assert bring_up_to_date.fn(True).updated.shown == 0
