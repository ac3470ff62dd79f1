import json

from typer.testing import CliRunner

from zeren.cli import app


def test_a_phrase_is_one_json_object_a_line() -> None:
    result = CliRunner().invoke(app, ["deadline", "--year", "2026", "--json", "每半年（全年不少于3次）", "会后7日内", "8月前"])
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "phrase": "每半年（全年不少于3次）",
            "due": ["2026-06-30", "2026-12-31"],
            "standing": False,
            "relative": None,
            "target": 3,
            "ask": False,
        },
        {"phrase": "会后7日内", "due": [], "standing": False, "relative": "7d", "target": None, "ask": False},
        {"phrase": "8月前", "due": ["2026-07-31"], "standing": False, "relative": None, "target": None, "ask": True},
    ]


def test_a_person_reads_the_window_the_target_and_the_question() -> None:
    output = CliRunner().invoke(app, ["deadline", "--year", "2026", "8月前", "全年不少于4次", "2月30日"]).stdout
    assert "8月前：2026-01-01 至 2026-07-31" in output
    assert "待确认：" in output
    assert "目标：全年4次" in output
    assert "有错误：日期不存在：2月30日" in output
