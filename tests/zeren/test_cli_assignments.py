"""`zeren assignments`, `acknowledge`, `report`, `review` and `withdraw`."""

from datetime import date

import pytest

from engine.escalation import ESCALATE
from engine.history import FOLLOW_UP, Change, record
from models import AssignmentState
from tests import factories
from tests.factories import NOW
from tests.zeren.conftest import Zeren
from zeren.database import prepare, transaction
from zeren.settings import settings

AT = ("--now", "2026-06-24T09:00")


@pytest.fixture
def office(zeren: Zeren) -> tuple[int, int]:
    """Two assignments of one item, of 石小满 under 吴望舒: the first due on the last day of June, the second at the year's end."""
    prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        carrier, leader = factories.person(session, name="石小满"), factories.person(session, name="吴望舒")
        unit = factories.unit(session, name="苗圃站党支部")
        item = factories.item(
            session, number="7", content="清点苗木", list_id=factories.responsibility_list(session, title="2026年度责任清单").id
        )
        step = factories.step(session, item_id=item.id, text="清点苗木")
        first, second = (
            factories.assignment(
                session, step_id=step.id, unit_id=unit.id, person_id=carrier.id, leader_id=leader.id, period=period, due_on=due_on
            ).id
            for period, due_on in (("上半年", date(2026, 6, 30)), ("下半年", date(2026, 12, 31)))
        )
        return first, second


def test_what_is_open_is_listed_as_it_stands_on_the_day(zeren: Zeren, office: tuple[int, int]) -> None:
    shown = zeren("assignments", *AT).out
    for word in ("临期", "待签收", "2026-06-30", "7 清点苗木", "苗圃站党支部（石小满）"):
        assert word in shown
    assert [row["state"] for row in zeren("assignments", "--json", *AT).json] == ["due_soon", "sent"]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (("--state", "临期"), 1),
        (("--state", "due_soon"), 1),
        (("--state", "按期办结"), 0),
        (("--person", "石小满"), 2),
        (("--person", "吴望舒"), 0),
        (("--party", "苗圃站党支部"), 2),
        (("--year", "2025"), 0),
    ],
)
def test_the_list_may_be_cut_to_what_is_wanted(zeren: Zeren, office: tuple[int, int], wanted: tuple[str, ...], count: int) -> None:
    assert len(zeren("assignments", *wanted, "--json", *AT).json) == count


def test_the_history_of_one_says_to_whom_it_went_up(zeren: Zeren, office: tuple[int, int]) -> None:
    with transaction(settings().database_url) as session:
        record(session, [Change(office[0], ESCALATE, "completion", "联系领导 吴望舒", "到期后第3个工作日仍未报送")], at=NOW, by=FOLLOW_UP)
    shown = zeren("assignments", office[0], *AT).out
    assert "督办  上报  联系领导 吴望舒  到期后第3个工作日仍未报送" in shown


def test_what_is_closed_is_listed_on_request_only(zeren: Zeren, office: tuple[int, int]) -> None:
    with transaction(settings().database_url) as session:
        factories.assignment(session, state=AssignmentState.CLOSED, done_on=date(2026, 6, 1))
    assert len(zeren("assignments", "--json", *AT).json) == 2
    assert len(zeren("assignments", "--all", "--json", *AT).json) == 3
    assert [row["state"] for row in zeren("assignments", "--state", "按期办结", "--json", *AT).json] == ["done_in_time"]


def test_nothing_to_list_is_a_sentence(zeren: Zeren, office: tuple[int, int]) -> None:
    assert zeren("assignments", "--person", "无名", *AT).out == "没有这样的任务。\n"


def test_a_duty_goes_from_acknowledged_to_closed_and_its_history_tells_it(zeren: Zeren, office: tuple[int, int]) -> None:
    first, _ = office
    assert zeren("acknowledge", first, "--by", "石小满", *AT).out == "已登记签收 1 项。\n"
    entered = zeren("report", first, "--text", "已清点", "--evidence", "照片=https://files.example/1?a=b", "--by", "石小满", *AT)
    assert entered.out == "已登记第1次报送，待审核。\n"
    assert zeren("review", first, "--return", "--comment", "缺签字", "--by", "吴望舒", *AT).out == "已退回，现为退回重办。\n"
    assert zeren("report", first, "--text", "已补签字", *AT).status == 0
    assert zeren("review", first, "--approve", *AT).out == "已审核通过，现为按期办结。\n"
    shown = zeren("assignments", first, *AT).out
    for word in ("状态：按期办结", "第2次报送（计划员", "照片 https://files.example/1?a=b", "吴望舒  退回  待审核 → 退回重办  缺签字"):
        assert word in shown
    told = zeren("assignments", first, "--json", *AT).json
    assert [event["action"] for event in told["history"]] == ["acknowledge", "report", "return", "report", "approve"]
    assert [report["verdict"] for report in told["reports"]] == ["returned", "approved"]
    assert [row["why"] for row in zeren("mail", "--json").json] == ["decided", "decided"]


def test_a_decision_that_comes_too_late_says_who_decided_and_fails(zeren: Zeren, office: tuple[int, int]) -> None:
    first, _ = office
    zeren("report", first, "--text", "已清点", *AT)
    zeren("review", first, "--approve", "--by", "吴望舒", *AT)
    late = zeren("review", first, "--return", "--comment", "缺签字", *AT)
    assert (late.status, late.err) == (1, "吴望舒已于2026-06-24 09:00审核通过，这次决定没有计入\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("assignments", 99), "没有编号为 99 的任务"),
        (("assignments", "--state", "糟糕"), "没有“糟糕”这个状态"),
        (("report", 99, "--text", "办了"), "没有编号为 99 的任务"),
        (("report", 1, "--text", " "), "没有写内容"),
        (("report", 1, "--text", "办了", "--evidence", "照片.jpg"), "http://"),
        (("report", 1, "--text", "办了", "--amount", "2"), "没有数量目标"),
        (("review", 1), "--approve"),
        (("review", 1, "--return"), "审核意见"),
        (("review", 1, "--approve", "--by", "石小满"), "可以审核的有：计划员、吴望舒"),
        (("review", 1, "--approve"), "还没有报送"),
        (("withdraw", "8", "--year", 2026, "--reason", "取消"), "没有编号为“8”的事项"),
        (("withdraw", "7", "--year", 2026, "--reason", ""), "写明原因"),
    ],
)
def test_what_does_not_fit_is_one_sentence(zeren: Zeren, office: tuple[int, int], command: tuple[object, ...], said: str) -> None:
    ran = zeren(*command, *AT)
    assert ran.status == 1
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""


def test_to_acknowledge_twice_says_what_was_left_as_it_is(zeren: Zeren, office: tuple[int, int]) -> None:
    first, second = office
    zeren("acknowledge", first, *AT)
    assert zeren("acknowledge", first, second, "--json", *AT).json == {"acknowledged": [second]}
    again = zeren("acknowledge", first, second, *AT)
    assert (again.status, "不用登记的：1、2（早已签收）" in again.out) == (0, True)


def test_to_acknowledge_what_is_no_assignment_is_refused_as_a_whole(zeren: Zeren, office: tuple[int, int]) -> None:
    first, _ = office
    ran = zeren("acknowledge", first, 98, 99, *AT)
    assert (ran.status, ran.err) == (1, "没有编号为 98、99 的任务，没有登记\n")
    assert zeren("acknowledge", first, *AT).out == "已登记签收 1 项。\n"


def test_withdrawn_items_are_told_in_numbers_and_the_year_knows_it(zeren: Zeren, office: tuple[int, int]) -> None:
    ran = zeren("withdraw", "7", "--year", 2026, "--reason", "上级取消", *AT)
    assert ran.out == "已撤销《2026年度责任清单》1项事项，未办结的任务2个不再办理，通知2人。\n"
    again = zeren("withdraw", "7", "--year", 2026, "--reason", "上级取消", "--json", *AT).json
    assert again == {"list": "2026年度责任清单", "withdrawn": True, "items": 1, "assignments": 0, "messages": 0}
    assert zeren("status", "--json", *AT).json["standing"] == {"withdrawn": 2}


def test_a_rehearsed_withdrawal_shows_the_same_and_keeps_nothing(zeren: Zeren, office: tuple[int, int]) -> None:
    ran = zeren("withdraw", "7", "--year", 2026, "--reason", "上级取消", "--dry-run", *AT)
    assert ran.out.startswith("预演")
    assert "未办结的任务2个" in ran.out
    assert zeren("status", "--json", *AT).json["assignments"] == {"sent": 2}
    assert zeren("mail", "--json").json == []


def test_without_a_database_it_says_what_to_do(zeren: Zeren) -> None:
    for command in (("assignments",), ("acknowledge", 1), ("report", 1, "--text", "办了"), ("review", 1, "--approve")):
        assert "zeren load" in zeren(*command).err


def test_progress_is_entered_and_stands_in_the_history(zeren: Zeren, office: tuple[int, int]) -> None:
    first, _ = office
    assert zeren("progress", str(first), "已清点一半", *AT).out == "已登记进展。\n"
    assert zeren("progress", str(first), "已清点一半", "--json", *AT).json == {"assignment": first, "noted": False}
    assert "报告进展  已清点一半" in zeren("assignments", str(first), *AT).out
    assert zeren("progress", str(first), "", *AT).status == 1
