from board.deciding import Settled
from board.updating import Updated
from flows.update_board import summary, update_board
from office.text import Text
from tasks.board import OnTheBoard
from zeren.catcher import MailCatcher
from zeren.database import prepare
from zeren.settings import settings


def test_the_board_of_an_office_without_lists_is_empty(office: MailCatcher) -> None:
    prepare(settings().database_url)
    state = update_board(full=False, return_state=True)
    assert state.is_completed()
    assert state.message is not None
    assert state.message.startswith("看板共0项任务")


def test_an_office_without_a_database_is_told_what_to_do_first(office: MailCatcher) -> None:
    state = update_board(return_state=True)
    assert state.is_failed()
    assert "还没有数据库" in (state.message or "")


def test_the_last_state_says_what_was_done() -> None:
    done = OnTheBoard((Settled("07 每月主题党日", Text("办结", "closed"), counted=True),), Updated(created=2, changed=3, shown=12), 1)
    assert summary(done) == "看板共12项任务；落实界面决定1项，新上看板2项，更新3项"
    assert summary(OnTheBoard((), Updated(shown=12), 0)) == "看板共12项任务；没有变化"
