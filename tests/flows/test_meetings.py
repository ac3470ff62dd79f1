"""A regular meeting as the office lives it: prepared once, held, and what it decided on the board."""

from typing import Any

import pytest
from prefect.client.schemas.objects import State
from sqlalchemy import select

import examples
from board.installing import install
from board.server import connect
from flows.load_roster import load_roster
from flows.prepare_meeting import prepare_meeting
from flows.record_meeting import record_meeting
from models import Assignment, Person, RegularMeeting
from tasks.environment import open_reading, open_transaction, prepare_database
from tests import factories
from zeren.catcher import MailCatcher
from zeren.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest

LINES = "修订信访接待办法 | 社会事务科 | 下次例会前 | 顾清扬\n通报督办情况 | 办公室 | 会后一周内"


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("ZEREN_NOW", moment)
    settings.cache_clear()


def run(flow: Any, *given: Any, **named: Any) -> str:
    state: State[Any] = flow(*given, **named, return_state=True)
    return state.message or ""


def test_a_meeting_is_prepared_once_and_shown_as_a_page(office: MailCatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare_database()
    with open_transaction() as session:
        person = factories.person(session, name="林一", email="lin@example.com")
        factories.assignment(session, person_id=person.id)
    assert run(prepare_meeting) == "下一次例会还早，到时再准备"
    at(monkeypatch, "2026-01-25T08:20")
    assert run(prepare_meeting) == "今天不是工作日，不准备例会"
    at(monkeypatch, "2026-01-27T08:20")
    assert run(prepare_meeting) == "2026年1月30日例会材料已编好并发给计划员：未办结1项，逾期0项；催报进展1人"
    assert [mail.recipients for mail in office.mails] == [("lin@example.com",), ("zeren@example.com",)]
    assert run(prepare_meeting) == "下一次例会已经准备过"
    assert len(office.mails) == 2
    assert run(prepare_meeting, again=True) == "2026年1月30日例会材料已重新编好并发给计划员：未办结1项，逾期0项；没有再催报"
    assert [mail.recipients for mail in office.mails].count(("zeren@example.com",)) == 2
    assert [mail.recipients for mail in office.mails].count(("lin@example.com",)) == 1
    with connect() as server:
        page, anew = server.call("POST", "/artifacts/filter", {"artifacts": {"key": {"any_": ["meeting-2026-01-30"]}}})
    assert page["data"].startswith("# 2026年1月30日例会材料")
    assert anew["data"] == page["data"]


def test_what_was_decided_is_shown_then_issued_and_is_on_the_board(office: MailCatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    load_roster(str(examples.ROSTER), examples.YEAR, confirmed=True)
    at(monkeypatch, "2026-02-02T09:00")
    assert run(record_meeting) == "请填写议定事项，每行一条"
    assert run(record_meeting, "1月30日", LINES) == "会议日期应写成 2026-07-31：1月30日"
    assert run(record_meeting, "2026-01-30", f"{LINES}\n甲 | 乙").startswith("第3行：有2栏")
    assert (
        run(record_meeting, "", LINES)
        == "没有填会议日期，按最近一次例会（2026-01-30）。预览（尚未登记）：《2026年1月30日例会议定事项》2条、任务2项：尚未下发"
    )
    with open_reading() as session:
        assert session.scalars(select(Assignment.id)).all() == []
    mails = len(office.mails)
    said = run(record_meeting, "2026-01-30", LINES, confirmed=True)
    assert said.startswith("《2026年1月30日例会议定事项》2条、任务2项：已下发")
    with open_reading() as session:
        carried = select(Person.name, Assignment.due_on).join(Assignment, Assignment.person_id == Person.id).order_by(Assignment.due_on)
        assert [(name, f"{day}") for name, day in session.execute(carried)] == [("方启文", "2026-02-06"), ("魏长河", "2026-02-28")]
        assert session.scalars(select(RegularMeeting.list_id)).one() is not None
    assert len(office.mails) > mails
    with connect() as server:
        assert sum("编号" in each.parameters for each in server.runs(install(server))) == 2
    assert "没有变化" in run(record_meeting, "2026-01-30", LINES, confirmed=True)
    at(monkeypatch, "2026-02-10T09:00")
    late = "补报材料 | 办公室 | 会后一周内"
    assert run(record_meeting, "", late).startswith(
        "第1行：没有写会议日期，按最近一次例会（2026-01-30）算，“会后一周内”即2026-02-06，已经过去"
    )
    said = run(record_meeting, "2026-01-30", f"{LINES}\n{late}")
    assert "《2026年1月30日例会议定事项（补充）》1条、任务1项" in said
    assert "另有2条此前已下发，不重复；请核对1处：第3行" in said
