"""Which assignment an address, an id or a number names."""

import pytest
from sqlalchemy.orm import Session

from board.naming import assignments_meant
from models import BoardRun
from office.text import Refused
from tests import factories

RUN = "01a207a0-6592-74e4-bc22-4865474141c2"


def shown(session: Session) -> int:
    assignment = factories.assignment(session)
    session.add(BoardRun(assignment_id=assignment.id, run_id=RUN, version=1, digest="", logged=0, logging=0))
    session.flush()
    return assignment.id


@pytest.mark.parametrize(
    "address",
    [
        RUN,
        f"http://127.0.0.1:4200/runs/flow-run/{RUN}",
        f"https://board.example.com/v2/runs/flow-run/{RUN.upper()}?tab=Logs",
    ],
)
def test_the_address_of_its_page_in_either_ui_names_an_assignment(sqlite_session: Session, address: str) -> None:
    assignment_id = shown(sqlite_session)
    assert assignments_meant(sqlite_session, address) == (assignment_id,)


def test_several_are_named_in_lines_each_once(sqlite_session: Session) -> None:
    first, second = shown(sqlite_session), factories.assignment(sqlite_session).id
    assert assignments_meant(sqlite_session, f"{second}\n{RUN}、{first}，{second}") == (second, first)


def test_nothing_names_nothing(sqlite_session: Session) -> None:
    assert assignments_meant(sqlite_session, " \n") == ()


@pytest.mark.parametrize("word", ["999999", "每月主题党日", "01a207a0-0000-74e4-bc22-4865474141c2", "9" * 30])
def test_what_names_none_is_refused_in_its_own_words(sqlite_session: Session, word: str) -> None:
    shown(sqlite_session)
    with pytest.raises(Refused, match=f"认不出是哪项任务：{word}"):
        assignments_meant(sqlite_session, word)
