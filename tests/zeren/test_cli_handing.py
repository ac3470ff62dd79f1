"""`zeren extend`, `reassign` and `substitute`."""

from datetime import date

import pytest

from tests import factories
from tests.zeren.conftest import Zeren
from zeren.database import prepare, transaction
from zeren.settings import settings

AT = ("--now", "2026-06-22T09:00")


@pytest.fixture
def office(zeren: Zeren) -> int:
    """One assignment of 石小满 under 吴望舒, in a branch in which 何青禾 holds a post too."""
    prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        carrier, leader = factories.person(session, name="石小满"), factories.person(session, name="吴望舒")
        colleague = factories.person(session, name="何青禾")
        unit = factories.unit(session, name="苗圃站党支部")
        for person, title in ((carrier, "书记"), (colleague, "副书记")):
            factories.post(session, person_id=person.id, unit_id=unit.id, title=title)
        return factories.assignment(session, unit_id=unit.id, person_id=carrier.id, leader_id=leader.id, due_on=date(2026, 6, 30)).id


def ask(zeren: Zeren, number: int, *more: str) -> str:
    asked = zeren("extend", number, "--until", "2026-07-15", "--reason", "雨季", "--progress", "过半", "--by", "石小满", *more, *AT)
    assert asked.status == 0
    return asked.out


def test_more_time_is_asked_for_and_granted(zeren: Zeren, office: int) -> None:
    assert ask(zeren, office) == "已登记第1次延期申请，由吴望舒决定。\n"
    granted = zeren("extend", office, "--grant", "2026-07-10", "--comment", "抓紧", "--by", "吴望舒", *AT)
    assert granted.out == "已准予延期，期限由2026-06-30改为2026-07-10。\n"
    shown = zeren("assignments", office, *AT).out
    assert "2026-07-10（原为2026-06-30）" in shown
    assert "吴望舒  准予延期  2026-06-30 → 2026-07-10  抓紧" in shown
    assert [row["why"] for row in zeren("mail", "--json").json] == ["asked", "decided"]
    late = zeren("extend", office, "--deny", "--comment", "不行", "--by", "吴望舒", "--json", *AT)
    assert (late.status, late.json["counted"], "这次决定没有计入" in late.err) == (1, False, True)


def test_it_is_denied_with_a_comment_and_json_says_the_same(zeren: Zeren, office: int) -> None:
    assert '"deciders": ["吴望舒"]' in ask(zeren, office, "--json")
    denied = zeren("extend", office, "--deny", "--comment", "上级限期", "--by", "吴望舒", "--json", *AT).json
    assert denied == {"assignment": office, "request": 1, "counted": True, "said": "已不予延期，期限仍是2026-06-30"}


def test_a_duty_is_given_to_a_colleague(zeren: Zeren, office: int) -> None:
    assert zeren("reassign", office, "--to", "何青禾", "--reason", "驻村", *AT).out == "已转办给何青禾。\n"
    back = zeren("reassign", office, "--to", "石小满", "--reason", "回来了", "--by", "何青禾", "--json", *AT).json
    assert back == {"assignment": office, "person": "石小满", "told": True}


def test_somebody_stands_in(zeren: Zeren, office: int) -> None:
    words = ("substitute", "石小满", "--by-whom", "何青禾", "--from", "2026-07-01", "--reason", "年休假")
    assert zeren(*words, "--to", "2026-07-05", *AT).out == "2026-07-01至2026-07-05，石小满的责任事项由何青禾代办。\n"
    again = zeren(*words, "--to", "2026-07-09", *AT)
    assert (again.status, "已由何青禾代办" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("extend", 1), "三者选一"),
        (("extend", 1, "--grant", "2026-07-01", "--deny"), "三者选一"),
        (("extend", 1, "--until", "七月"), "--until 不是日期：七月"),
        (("extend", 1, "--until", "2026-07-15", "--progress", "过半"), "原因"),
        (("extend", 1, "--grant", "2026-07-15"), "没有第1次延期申请"),
        (("extend", 99, "--grant", "2026-07-15"), "没有编号为 99 的任务"),
        (("extend", 1, "--deny"), "写明理由"),
        (("reassign", 1, "--to", "何青禾"), "写明原因"),
        (("reassign", 1, "--to", "吴望舒", "--reason", "驻村"), "同一单位的人：何青禾"),
        (("substitute", "石小满", "--by-whom", "无名", "--from", "2026-07-01", "--to", "2026-07-02"), "名册里没有“无名”"),
        (("substitute", "石小满", "--by-whom", "何青禾", "--from", "7月1日", "--to", "2026-07-02"), "--from 不是日期"),
    ],
)
def test_what_does_not_fit_is_one_sentence(zeren: Zeren, office: int, command: tuple[object, ...], said: str) -> None:
    ran = zeren(*command, *AT)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert said in ran.err
