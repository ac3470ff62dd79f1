"""`zeren simulate`: a year from a file to the page, with nothing stored and nothing sent."""

from pathlib import Path

import pytest

from tests.factories import roster_value
from tests.zeren.conftest import Zeren
from tests.zeren.test_load import LIST, write_roster


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    path = tmp_path / "2026年度责任清单.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture
def given(list_file: Path, tmp_path: Path) -> tuple[object, ...]:
    return (list_file, "--roster", write_roster(tmp_path / "roster.xlsx", roster_value()), "--year", 2026)


def test_the_year_is_a_page_in_the_terminal_and_nothing_is_written(zeren: Zeren, given: tuple[object, ...], tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    ran = zeren("simulate", *given)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("# 2026年度责任清单：2026年督办预演\n")
    assert "任务5个，1月4日下发。规则：内置。" in ran.out  # the first working day: a Sunday that is worked
    assert "等待事件1个，无人负责1个" in ran.out
    assert sorted(tmp_path.iterdir()) == before


def test_json_has_the_whole_year(zeren: Zeren, given: tuple[object, ...]) -> None:
    said = zeren("simulate", *given, "--json").json
    assert (said["assignments"], said["issued_on"], said["policy"]["name"]) == (5, "2026-01-04", "内置")
    assert said["profiles"]["in_time"]["upwards"]["contact_leader"]["duties"] == 0
    assert said["profiles"]["never"]["upwards"]["party_group"]["duties"] == 5


@pytest.mark.parametrize(("name", "begins"), [("year.md", "# 2026"), ("year.html", "<!doctype html>")])
def test_the_report_is_written_to_a_file(zeren: Zeren, given: tuple[object, ...], tmp_path: Path, name: str, begins: str) -> None:
    ran = zeren("simulate", *given, "--output", name)
    assert (ran.status, ran.out) == (0, f"已写好：{name}\n")
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_the_policy_of_the_working_folder_holds_unless_another_is_named(zeren: Zeren, given: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("[warning]\nbefore = []\n", "utf-8")
    (tmp_path / "other.toml").write_text("[warning]\nbefore = [2]\n", "utf-8")
    own = zeren("simulate", *given, "--json").json
    other = zeren("simulate", *given, "--policy", "other.toml", "--json").json
    assert (own["policy"]["name"], own["profiles"]["never"]["notices"]["warning"]) == ("policy.toml", 0)
    assert (other["policy"]["name"], other["profiles"]["never"]["notices"]["warning"]) == ("other.toml", 5)


def test_two_policies_are_compared(zeren: Zeren, given: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[overdue]\nprincipal = 3\n", "utf-8")
    compared = zeren("simulate", *given, "--compare", "other.toml", "--json").json["compared"]
    assert compared["differences"] == [{"entry": "overdue.principal", "first": "7", "second": "3"}]
    assert compared["profiles"]["late"]["upwards"]["principal"]["duties"] == 5
    assert "## 甲乙对照" in zeren("simulate", *given, "--compare", "other.toml").out


def test_the_day_of_issue_may_be_another(zeren: Zeren, given: tuple[object, ...]) -> None:
    assert zeren("simulate", *given, "--issued", "2026-03-02", "--json").json["issued_on"] == "2026-03-02"


def test_a_list_with_problems_is_not_rehearsed(zeren: Zeren, list_file: Path, given: tuple[object, ...]) -> None:
    list_file.write_text(LIST + "核对账目,,办公室,,2月30日前\n", encoding="utf-8")
    ran = zeren("simulate", *given, "--output", "year.md")
    assert ran.status == 1
    assert "row 6" in ran.out
    assert "2月30日" in ran.out
    assert not (list_file.parent / "year.md").exists()
    shown = zeren("simulate", *given, "--json")
    assert (shown.status, list(shown.json), shown.json["problems"][0]["address"]) == (1, ["problems"], "row 6")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--output", "year.pdf"), "year.pdf：--output 应为 .md 或 .html 文件"),
        (("--output", "nowhere/year.md"), "nowhere/year.md：没有这个文件夹，写不了文件"),
        (("--policy", "none.toml"), "none.toml：找不到这个文件"),
        (("--issued", "5. Januar"), "--issued 不是日期：5. Januar（例：2026-01-05）"),
        (("--issued", "2031-01-05"), "--issued 应在2025年或2026年：2031-01-05"),
        (("--policy", "bad.toml"), "bad.toml:2：[overdue] principal："),
        (("--compare", "bad.toml"), "bad.toml:2：[overdue] principal："),
        (("--policy", "latin.toml"), "latin.toml：不是 UTF-8 编码"),
    ],
)
def test_bad_input_gets_one_sentence(zeren: Zeren, given: tuple[object, ...], tmp_path: Path, more: tuple[str, ...], sentence: str) -> None:
    (tmp_path / "bad.toml").write_text("[overdue]\nprincipal = 0\n", "utf-8")
    (tmp_path / "latin.toml").write_bytes("# é".encode("latin-1"))
    ran = zeren("simulate", *given, *more)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(sentence)
    assert ran.err.count("\n") == 1


def test_a_list_of_nobody_is_refused(zeren: Zeren, list_file: Path, given: tuple[object, ...]) -> None:
    list_file.write_text("工作任务,牵头单位,完成时限\n更新预案,林政科,3月底前\n", encoding="utf-8")
    ran = zeren("simulate", *given)
    assert (ran.status, ran.out) == (1, "")
    assert "分解不出任何任务" in ran.err


def test_a_party_that_the_roster_does_not_know_is_named(zeren: Zeren, list_file: Path, given: tuple[object, ...]) -> None:
    list_file.write_text("工作任务,完成时限\n更新预案,3月底前\n", encoding="utf-8")
    ran = zeren("simulate", *given, "--party", "造林中心")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("分解不出任何任务：名册中没有“造林中心”，相近的有：")
    assert "造林科" in ran.err
    assert "没有写明责任单位；整份清单归一个单位时可以另外指明" in zeren("simulate", *given).err


def test_a_year_without_its_holiday_notice_and_a_title_of_another_year_are_said(zeren: Zeren, given: tuple[object, ...]) -> None:
    wrong_year, no_notice = zeren("simulate", *given[:-1], 2099, "--json").json["doubts"]
    assert wrong_year.startswith("标题写的是2026年，装入的是2099年度")
    assert no_notice.startswith("2099年的放假通知还没有公布")
    assert "请注意：标题写的是2026年" in zeren("simulate", *given[:-1], 2099).out
    assert zeren("simulate", *given, "--json").json["doubts"] == []


def test_a_report_is_overwritten_by_force_only(zeren: Zeren, given: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "year.md").write_text("mine", "utf-8")
    assert "文件已存在，没有覆盖；要覆盖请加 --force" in zeren("simulate", *given, "--output", "year.md").err
    assert zeren("simulate", *given, "--output", "year.md", "--force").status == 0
    assert (tmp_path / "year.md").read_text("utf-8") != "mine"


def test_a_list_whose_steps_all_wait_has_nothing_to_rehearse(zeren: Zeren, list_file: Path, given: tuple[object, ...]) -> None:
    list_file.write_text("工作任务,牵头单位,完成时限\n整改检查发现的问题,造林科,会后7日内\n", encoding="utf-8")
    ran = zeren("simulate", *given)
    assert (ran.status, ran.err) == (1, "2026年度责任清单.csv：没有一项有期限，没有可以预演的\n")


def test_the_example_lives_through_its_year(zeren: Zeren) -> None:
    examples = Path(__file__).parents[2] / "examples"
    said = zeren("simulate", examples / "list-2026.xlsx", "--roster", examples / "roster.xlsx", "--year", 2026, "--json").json
    never = said["profiles"]["never"]
    assert said["assignments"] > 800
    assert never["notices"]["party_group"] == said["assignments"]
    assert said["profiles"]["in_time"]["notices"]["contact_leader"] == 0
    assert said["profiles"]["in_time"]["notices"]["review"] == 0
