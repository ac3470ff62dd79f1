"""How far behind the board is, with a real server and without one."""

from contextlib import suppress
from datetime import date, datetime

from sqlalchemy.orm import Session

from board.lag import BoardStatus, board_status
from board.memory import attempt
from engine.reporting import acknowledge
from office.text import Refused, Text
from tests import factories
from tests.board.conftest import ZONE, OfficeBoard


def of(board: OfficeBoard, now: datetime = factories.NOW) -> BoardStatus:
    with board.reading() as session:
        found = board_status(session, zone=ZONE, now=now)
    assert found is not None
    return found


def test_where_there_never_was_a_board_there_is_nothing_to_say(sqlite_session: Session) -> None:
    assert board_status(sqlite_session, zone=ZONE, now=factories.NOW) is None


def test_an_update_leaves_nothing_behind_and_each_change_counts(office_board: OfficeBoard) -> None:
    first, *_ = office_board.issued(3)
    office_board.update()
    done = of(office_board)
    assert (done.shown, done.behind, done.updated_at, done.fault) == (3, 0, factories.NOW, "")
    with office_board.transaction() as session:
        acknowledge(session, [first], by="林某", now=factories.NOW)
    assert of(office_board).behind == 1


def test_an_update_under_way_is_not_said_to_have_failed(office_board: OfficeBoard) -> None:
    office_board.issued(1)
    with attempt(office_board.transaction, now=factories.NOW):
        assert of(office_board).unfinished
    assert not of(office_board).unfinished
    with suppress(Refused), attempt(office_board.transaction, now=factories.NOW):
        raise Refused(Text("没有响应", "no answer"))
    assert (of(office_board).unfinished, of(office_board).fault) == (False, "没有响应")


def test_a_day_alone_puts_the_board_behind(office_board: OfficeBoard) -> None:
    office_board.issued(2, due_on=date(2026, 6, 30))
    office_board.update()
    assert of(office_board, datetime(2026, 5, 1, tzinfo=ZONE)).behind == 0
    assert of(office_board, datetime(2026, 7, 1, tzinfo=ZONE)).behind == 2
