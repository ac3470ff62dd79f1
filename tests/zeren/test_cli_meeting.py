"""`zeren meeting`: the material as a file, and what the meeting decided."""

import io
import sys
from datetime import date
from pathlib import Path

import docx
import pytest

import examples
from tests import factories
from tests.zeren.conftest import Zeren
from zeren.database import prepare, transaction
from zeren.settings import settings

AT = ("--now", "2026-03-26T09:00")
LINES = "修订信访接待办法 | 社会事务科 | 4月20日前 | 顾清扬\n\n各支部补齐党费台账 | 各党支部 | 下次例会前\n"


@pytest.fixture
def duty(zeren: Zeren) -> int:
    prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        return factories.assignment(session, due_on=date(2026, 3, 20)).id


def test_the_material_of_the_next_meeting_is_written_beside_where_one_stands(zeren: Zeren, duty: int, tmp_path: Path) -> None:
    assert zeren("meeting", "report", *AT).out == "已写好2026-03-31例会的材料：2026年3月31日例会材料.docx\n"
    assert docx.Document(str(tmp_path / "2026年3月31日例会材料.docx")).paragraphs[0].text == "2026年3月31日例会材料"


def test_another_day_and_file_may_be_named(zeren: Zeren, duty: int, tmp_path: Path) -> None:
    said = zeren("meeting", "report", "--on", "2026-04-10", "--output", "m.docx", "--json", *AT).json
    assert said == {"held_on": "2026-04-10", "file": "m.docx", "open": 1, "overdue": 1, "done_since": 0, "silent": 0}
    assert (tmp_path / "m.docx").exists()


def test_a_file_that_exists_is_overwritten_by_force_only(zeren: Zeren, duty: int, tmp_path: Path) -> None:
    (tmp_path / "m.docx").write_bytes(b"mine")
    refused = zeren("meeting", "report", "--output", "m.docx", *AT)
    assert (refused.status, refused.err) == (1, "m.docx：文件已存在，没有覆盖；要覆盖请加 --force\n")
    assert (tmp_path / "m.docx").read_bytes() == b"mine"
    assert zeren("meeting", "report", "--output", "m.docx", "--force", *AT).status == 0
    assert (tmp_path / "m.docx").read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "--on", "4月10日"), "--on 不是日期"),
        (("report", "--on", "2026-03-01"), "已经过去"),
        (("report", "--output", "no/m.docx"), "没有这个文件夹，写不了文件"),
        (("decisions", "no.txt"), "no.txt：找不到这个文件"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(zeren: Zeren, duty: int, arguments: tuple[str, ...], said: str) -> None:
    ran = zeren("meeting", *arguments, *AT)
    assert ran.status == 1
    assert said in ran.err


def test_decisions_are_shown_first_and_issued_with_issue(zeren: Zeren, tmp_path: Path) -> None:
    zeren("roster", "load", examples.ROSTER, "--year", "2026", "--now", "2026-01-05T09:00")
    (tmp_path / "d.txt").write_text(LINES, "utf-8")
    at = ("--now", "2026-04-01T09:00")
    shown = zeren("meeting", "decisions", "d.txt", *at).out  # of the last meeting
    assert "1. 修订信访接待办法\n   社会事务科（魏长河）、责任领导顾清扬　4月20日前（2026-04-20）" in shown
    assert "《2026年3月31日例会议定事项》尚未下发" in shown
    assert zeren("assignments", "--json", *at).json == []
    issued = zeren("meeting", "decisions", "d.txt", "--on", "2026-03-31", "--issue", "--json", *at).json
    assert (issued["list"], issued["issued"], issued["duties"][0]["due"]) == ("2026年3月31日例会议定事项", True, ["2026-04-20"])
    assert len(zeren("assignments", "--json", *at).json) == 13
    assert "没有变化" in zeren("meeting", "decisions", "d.txt", "--issue", *at).out
    (tmp_path / "d.txt").write_text(f"{LINES}漏记的 | 养老服务科牵头，办公室配合 | 5月底前\n", "utf-8")
    more = zeren("meeting", "decisions", "d.txt", *at).out
    assert "没有写 --on，按最近一次例会：2026-03-31。" in more
    assert "、配合办公室" in more
    assert "另有2条此前已下发，不重复。" in more
    assert "《2026年3月31日例会议定事项（补充）》尚未下发" in more


def test_lines_may_come_from_standard_input_and_a_bad_one_is_named(zeren: Zeren, monkeypatch: pytest.MonkeyPatch, duty: int) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n修订办法 | 办公室\n"))
    ran = zeren("meeting", "decisions", "-", "--on", "2026-03-20", *AT)
    assert (ran.status, ran.err.startswith("第2行：有2栏")) == (1, True)


def test_a_file_that_is_no_text_is_refused(zeren: Zeren, duty: int, tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in zeren("meeting", "decisions", "d.txt", *AT).err
