"""`zeren read`: what a person and a program are shown."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.intake.files import HEADER, workbook
from zeren.cli import app, main


def _list(folder: Path, deadline: str = "每季度") -> Path:
    return workbook(folder, ("年度清单",), HEADER, (1, "巡查水库", "逐库查看", "水库科", "办公室、财务科", deadline), merge=("A1:F1",))


def test_json_has_the_items_with_their_steps_and_what_was_passed_over(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["read", str(_list(tmp_path)), "--year", "2026", "--json"])
    reading = json.loads(done.stdout)
    assert done.exit_code == 0
    (item,) = reading["items"]
    assert (item["content"], item["address"], item["lead"], item["assisting"]) == ("巡查水库", "清单!B3", ["水库科"], ["办公室", "财务科"])
    assert item["steps"][0]["due"] == ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]
    assert item["steps"][0]["ask"] is False
    assert [line["why"] for line in reading["skipped"]] == ["标题", "表头"]


def test_a_problem_is_printed_with_its_place_and_ends_with_status_1(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["read", str(_list(tmp_path, "2月30日前")), "--year", "2026"])
    assert done.exit_code == 1
    assert "清单!F3" in done.stdout
    assert "2月30日" in done.stdout


def test_a_person_sees_duty_party_date_and_place_within_100_columns(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["read", str(_list(tmp_path)), "--year", "2026"])
    lines = done.stdout.splitlines()
    assert any("巡查水库" in line and "清单!B3" in line for line in lines)
    assert any("牵头 水库科" in line for line in lines)
    assert any("每季度 → 3月31日" in line for line in lines)
    assert max(sum(2 if ord(character) > 0x2E7F else 1 for character in line) for line in lines) <= 100


def test_names_that_the_roster_does_not_know_are_asked(tmp_path: Path) -> None:
    import openpyxl

    roster = tmp_path / "roster.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    sheets: dict[str, list[tuple[str | None, ...]]] = {
        "单位": [("单位名称", "单位类别", "上级单位"), ("水务局", "局", None), ("水库科", "科室", "水务局"), ("办公室", "科室", "水务局")],
        "人员": [("姓名", "电子邮箱"), ("陆平川", "lu@example.com")],
        "职务": [("姓名", "所在单位", "职务"), ("陆平川", "水库科", "科长")],
        "联系点": [("联系领导", "联系支部")],
    }
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(roster)
    done = CliRunner().invoke(app, ["read", str(_list(tmp_path)), "--year", "2026", "--roster", str(roster), "--json"])
    questions = json.loads(done.stdout)["questions"]
    assert [("财务科" in note["text"], note["address"]) for note in questions] == [(True, "清单!C3")]


def test_a_file_that_cannot_be_read_is_one_sentence_without_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"no workbook at all")
    monkeypatch.setattr("sys.argv", ["zeren", "read", str(path), "--year", "2026"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("list.xlsx：")
    assert said.count("\n") == 1


def test_dates_are_short_in_the_lists_year_and_never_split(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["read", str(_list(tmp_path, "每月5日前")), "--year", "2026"])
    assert "1月5日" in done.stdout
    assert not re.search(r"\d *\n *\d|月 *\n *\d+日|月\d+ *\n *日", done.stdout)
    later = CliRunner().invoke(app, ["read", str(_list(tmp_path, "2027年1月底前")), "--year", "2026"])
    assert "2027年1月31日" in later.stdout


def test_the_party_option_names_who_carries_what_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("序号,工作任务,完成时限\n1,备份数据,每季度\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["read", str(path), "--year", "2026", "--party", "信息中心", "--json"])
    assert json.loads(done.stdout)["items"][0]["responsible"] == ["信息中心"]
