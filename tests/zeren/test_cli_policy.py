"""`zeren policy`: show, init, check and apply."""

from pathlib import Path

import pytest

from office.policy import default_policy
from office.policy_text import default_text
from tests.factories import roster_value
from tests.zeren.conftest import Zeren
from tests.zeren.test_load import YEAR, write_roster

TITLE = "2026年度责任清单"
CHANGED = "[warning]\nbefore = [5]\n[overdue]\nprincipal = 5\n"
APPLY = ("policy", "apply", "--year", 2026, "--from", "2026-03-02", "--now", "2026-03-01T09:00")


@pytest.fixture
def issued(zeren: Zeren, tmp_path: Path) -> None:
    """A list of two duties of 造林科, due at the end of March and of June."""
    file = tmp_path / f"{TITLE}.csv"
    file.write_text("序号,工作任务,牵头单位,完成时限\n1,清点全市苗木,造林科,6月底前\n2,更新防火预案,造林科,3月底前\n", encoding="utf-8")
    roster = write_roster(tmp_path / "roster.xlsx", roster_value())
    assert zeren("load", file, "--roster", roster, "--issue", *YEAR).status == 0


def test_the_policy_of_new_lists_is_shown(zeren: Zeren, tmp_path: Path) -> None:
    shown = zeren("policy", "show")
    assert shown.out == f"新下发的清单用内置的默认规则：\n\n{default_text()}"
    (tmp_path / "policy.toml").write_text(CHANGED)
    assert zeren("policy", "show").out == f"新下发的清单用policy.toml：\n\n{CHANGED}"
    found = zeren("policy", "show", "--json").json
    assert (found["source"], found["warning"], found["overdue"]["principal"]) == ("policy.toml", {"before": [5]}, 5)
    assert found["mail"]["goes_up_at"] == "08:30"


def test_the_default_is_written_once(zeren: Zeren, tmp_path: Path) -> None:
    assert zeren("policy", "init").out == "已写好默认规则：policy.toml。改好后用 zeren policy check 检查。\n"
    assert (tmp_path / "policy.toml").read_text("utf-8") == default_text()
    again = zeren("policy", "init")
    assert (again.status, again.err) == (1, "policy.toml：文件已存在，没有覆盖\n")


def test_a_policy_is_checked_and_says_what_it_means(zeren: Zeren, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(CHANGED)
    checked = zeren("policy", "check", "own.toml").out.splitlines()
    assert checked[:2] == ["own.toml没有错误，意思是：", "  预警：到期前第5个工作日提醒责任人。"]
    assert len(checked) == 9
    assert zeren("policy", "check").out.startswith("内置的默认规则没有错误")
    (tmp_path / "own.toml").write_text("[overdue]\nprincipal = 2")
    wrong = zeren("policy", "check", "own.toml")
    assert (wrong.status, wrong.out, wrong.err[:25]) == (1, "", "own.toml:1：[overdue]：天数应逐")
    assert zeren("policy", "check", "none.toml").err == "none.toml：找不到这个文件\n"


def test_exceptions_are_checked_against_the_lists(zeren: Zeren, issued: None, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(f'[[exceptions]]\nlist = "{TITLE}"\nitem = 9\nurgent = true', encoding="utf-8")
    assert zeren("policy", "check").out.splitlines()[-1] == f"注意：《{TITLE}》没有第9项，例外不起作用。"
    assert zeren("policy", "check", "--json").json["warnings"] == [f"《{TITLE}》没有第9项，例外不起作用"]
    assert f"注意：《{TITLE}》没有第9项" in zeren(*APPLY).out


def test_exceptions_are_not_checked_before_there_is_a_database(zeren: Zeren, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('[[exceptions]]\nlist = "A"\nurgent = true')
    assert zeren("policy", "check").out.splitlines()[-1] == "注意：还没有数据库，例外里的清单和序号没有核对。"
    assert not (tmp_path / "zeren.db").exists()


def test_a_change_is_shown_then_confirmed_and_a_second_time_changes_nothing(zeren: Zeren, issued: None, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(CHANGED)
    shown = zeren(*APPLY)
    lines = shown.out.splitlines()
    assert lines[:2] == [
        "自2026-03-02起改用policy.toml：",
        f"《{TITLE}》：未办结任务2项，其中提醒提前的2项、新增的2项、取消的2项；更早上报2项，其中0项第一天即上报。",
    ]
    assert lines[2].split() == ["编号", "责任人", "事项", "提醒", "原定", "改为", "同样的"]
    assert [line.split() for line in lines[3:5]] == [
        ["2", "孟松年", "更新防火预案", "3月底", "逾期，报主要负责人", "2026-04-10", "2026-04-08", "1"],
        ["1", "孟松年", "清点全市苗木", "6月底", "逾期，报主要负责人", "2026-07-09", "2026-07-07", "1"],
    ]
    assert lines[-1] == "预览：还没有更改；确认无误后加 --confirm。"
    assert default_text() in zeren("policy", "show", "--list", TITLE, "--now", "2026-03-02T09:00").out

    assert zeren(*APPLY, "--confirm").out.splitlines()[-1] == "已更改1份清单的督办规则。"
    again = zeren(*APPLY, "--confirm").out.splitlines()
    assert again == ["自2026-03-02起改用policy.toml：", f"《{TITLE}》：用的已是这份规则，没有变化。", "没有变化。"]
    before = zeren("policy", "show", "--list", TITLE, "--now", "2026-03-01T09:00").out.splitlines()
    assert before[:2] == [f"《{TITLE}》自2026-01-05起用以下规则：", "（自2026-03-02起改用另一份，已定）"]
    after = zeren("policy", "show", "--list", f"《{TITLE}》", "--json", "--now", "2026-03-02T09:00").json
    assert (after["list"], after["from"], after["overdue"]["principal"], after["later"]) == (TITLE, "2026-03-02", 5, [])


def test_a_change_in_json(zeren: Zeren, issued: None, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(CHANGED)
    found = zeren(*APPLY, "own.toml", "--list", TITLE, "--json").json
    (of_list,) = found["lists"]
    assert (found["from"], found["source"], found["changed"], found["warnings"]) == ("2026-03-02", "own.toml", 0, [])
    assert (of_list["list"], of_list["shifted"], of_list["goes_up_earlier"]) == (TITLE, {"earlier": 2, "new": 2, "dropped": 2}, 2)
    assert of_list["examples"][0] == {
        "assignment": 2,
        "person": "孟松年",
        "party": "造林科",
        "content": "更新防火预案",
        "period": "3月底",
        "notice": "逾期，报主要负责人",
        "before": "2026-04-10",
        "after": "2026-04-08",
        "goes_up_earlier": True,
        "alike": 1,
    }
    assert zeren(*APPLY, "own.toml", "--confirm", "--json").json["changed"] == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--from", "2026-02-27"), "2026-02-27已经过去，最早可从今天（2026-03-01）起用\n"),
        (("--from", "三月二日"), "--from 不是日期：三月二日（例：2026-07-15）\n"),
        (("--list", "别的"), f"2026年度没有《别的》；有：《{TITLE}》\n"),
        (("--year", 2025), "2025年度还没有下发清单\n"),
    ],
)
def test_what_cannot_be_changed_is_refused(zeren: Zeren, issued: None, given: tuple[object, ...], sentence: str) -> None:
    refused = zeren(*APPLY, *given, "--confirm")
    assert (refused.status, refused.out, refused.err) == (1, "", sentence)


def test_a_list_says_which_policy_it_gets_and_keeps_it(zeren: Zeren, tmp_path: Path, issued: None) -> None:
    (tmp_path / "policy.toml").write_text(CHANGED)
    file = tmp_path / f"{TITLE}.csv"
    assert "督办规则：仍用下发时的（或后来更改的）。" in zeren("load", file, "--issue", *YEAR).out
    assert default_policy().text in zeren("policy", "show", "--list", TITLE, "--now", "2026-01-06T09:00").out
    assert "督办规则：仍用" in zeren("load", file, *YEAR).out
    other = tmp_path / "b.csv"
    other.write_text(file.read_text("utf-8").replace("苗木", "古树"), encoding="utf-8")
    assert "督办规则：policy.toml。" in zeren("load", other, *YEAR).out
    assert zeren("load", other, "--issue", "--json", *YEAR).json["policy"] == "督办规则：policy.toml"
    assert zeren("policy", "show", "--list", "b", "--json", "--now", "2026-01-06T09:00").json["overdue"]["principal"] == 5


def test_no_list_is_issued_with_a_policy_that_has_a_fault(zeren: Zeren, tmp_path: Path, issued: None) -> None:
    (tmp_path / "policy.toml").write_text("[overdue]\nprincipal = 2")
    other = tmp_path / "b.csv"
    other.write_text((tmp_path / f"{TITLE}.csv").read_text("utf-8").replace("苗木", "古树"), encoding="utf-8")
    for more in ((), ("--issue",)):
        refused = zeren("load", other, *more, *YEAR)
        assert refused.status == 1
        assert "policy.toml:1：[overdue]：天数应逐级不减" in refused.err
    assert zeren("status", "--json", "--now", "2026-01-06T09:00").json["lists"] == 1
