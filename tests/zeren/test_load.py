"""`zeren load` and `zeren status` from file to database."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from rich.cells import cell_len
from sqlalchemy import text

from intake.values import PersonRow, PostRow, Roster, UnitRow
from tests.factories import roster_value
from tests.zeren.conftest import Zeren
from zeren.database import transaction
from zeren.settings import settings

AT = ("--now", "2026-01-05T09:00")
YEAR = ("--year", 2026, *AT)
LIST = """工作任务,责任领导,牵头单位,配合单位,完成时限
清点全市苗木,吴望舒,造林科,办公室,6月底前
开展主题党日,,各支部,,第一季度
整改检查发现的问题,,市苗圃站,,会后7日内
更新防火预案,,林政科,,3月底前
"""


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    path = tmp_path / "2026年度责任清单.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    return write_roster(tmp_path / "roster.xlsx", roster_value())


def write_roster(path: Path, roster: Roster) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, list[tuple[object, ...]]] = {
        "单位": [("单位名称", "单位类别", "上级单位"), *((u.name, u.kind, u.parent) for u in roster.units)],
        "人员": [("姓名", "电子邮箱"), *((p.name, p.email) for p in roster.people)],
        "职务": [
            ("姓名", "所在单位", "职务", "任职日期", "离任日期"),
            *((p.person, p.unit, p.title, p.starts_on, p.ends_on) for p in roster.posts),
        ],
        "联系点": [("联系领导", "联系支部"), *((c.leader, c.branch) for c in roster.contact_points)],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_dry_run_shows_everything_and_writes_nothing(zeren: Zeren, list_file: Path, roster_file: Path, tmp_path: Path) -> None:
    ran = zeren("load", list_file, *YEAR, "--roster", roster_file, "--json")
    assert ran.status == 0
    assert not (tmp_path / "zeren.db").exists()
    shown = ran.json
    assert shown["issued"] is False
    assert shown["items"] == 4
    assert [(a["address"], a["party"], a["person"], a["leader"], a["due"]) for a in shown["assignments"]] == [
        ("row 2", "造林科", "孟松年", "吴望舒", "2026-06-30"),
        ("row 3", "机关第一党支部", "何青禾", "周启明", "2026-03-31"),
        ("row 3", "机关第二党支部", "孟松年", "吴望舒", "2026-03-31"),
        ("row 3", "苗圃站党支部", "石小满", "郑临川", "2026-03-31"),
        ("row 3", "望山支部", "石小满", "郑临川", "2026-03-31"),
    ]
    assert shown["per_person"] == {"孟松年": 2, "石小满": 2, "何青禾": 1}
    assert shown["per_month"] == {"2026-03": 4, "2026-06": 1}
    assert shown["per_unit"]["造林科"] == 1
    assert [row["address"] for row in shown["waiting"]] == ["row 4"]
    assert [row["address"] for row in shown["unowned"]] == ["row 5"]
    assert shown["uncovered_branches"] == ["望山支部"]
    assert any("林政科" in question["text"] for question in shown["questions"])
    assert shown["problems"] == []


def test_the_page_names_people_units_months_questions_and_gaps(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    ran = zeren("load", list_file, *YEAR, "--roster", roster_file)
    for words in ("责任事项4项，任务5个", "预演", "孟松年", "造林科", "2026-03", "林政科", "望山支部", "整改检查发现的问题"):
        assert words in ran.out


def test_issuing_stores_roster_and_list_and_queues_the_mails(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    ran = zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue", "--json")
    assert (ran.status, ran.json["issued"], ran.json["added"], ran.json["messages"]) == (0, True, 5, 4)
    counts = zeren("status", "--json", *AT).json
    assert counts.items() >= {"lists": 1, "items": 4, "people": 7, "mails": {"queued": 4}, "questions": 1}.items()
    assert (counts["assignments"], counts["standing"]) == ({"sent": 5}, {"sent": 5})


def test_status_reads_well_for_a_person(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    ran = zeren("status", *AT)
    assert "待签收 5" in ran.out
    assert "待发 4" in ran.out
    assert "🔴" not in ran.out
    assert "🔴 红灯：" in zeren("status", "--now", "2027-01-05T09:00").out


def test_issuing_again_changes_nothing(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    before = zeren("status", "--json", *AT).json
    ran = zeren("load", list_file, *YEAR, "--issue")
    assert ran.status == 0
    assert "没有变化" in ran.out
    assert zeren("status", "--json", *AT).json == before


def test_a_dry_run_without_a_roster_file_plans_with_the_stored_one(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    assert zeren("roster", "load", roster_file, *YEAR).status == 0
    assert len(zeren("load", list_file, *YEAR, "--json").json["assignments"]) == 5
    assert zeren("status", "--json", *AT).json["lists"] == 0


@pytest.mark.parametrize("issue", [(), ("--issue",)], ids=["dry run", "issue"])
def test_without_any_roster_it_says_so_and_makes_no_database(zeren: Zeren, list_file: Path, tmp_path: Path, issue: tuple[str, ...]) -> None:
    ran = zeren("load", list_file, *YEAR, *issue)
    assert ran.status == 1
    assert "Traceback" not in ran.err
    assert "名册" in ran.err
    assert not (tmp_path / "zeren.db").exists()


def test_a_list_with_a_problem_is_shown_but_not_issued(zeren: Zeren, list_file: Path, roster_file: Path, tmp_path: Path) -> None:
    list_file.write_text(LIST + "核对账目,,办公室,,2月30日前\n", encoding="utf-8")
    shown = zeren("load", list_file, *YEAR, "--roster", roster_file, "--json")
    assert (shown.status, len(shown.json["problems"])) == (1, 1)
    refused = zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    assert (refused.status, refused.out) == (1, "")
    assert "row 6" in refused.err
    assert not (tmp_path / "zeren.db").exists()


def test_a_roster_with_a_problem_is_refused_with_its_cell(zeren: Zeren, list_file: Path, tmp_path: Path) -> None:
    people = (*roster_value().people, PersonRow("周启明", "other@example.com"))
    bad = write_roster(tmp_path / "bad.xlsx", replace(roster_value(), people=people))
    ran = zeren("load", list_file, *YEAR, "--roster", bad, "--issue")
    assert (ran.status, ran.out) == (1, "")
    assert "人员!A" in ran.err
    assert not (tmp_path / "zeren.db").exists()


def test_a_person_without_an_address_is_named(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    list_file.write_text(LIST + "上报县区名单,,清河县林业局,,4月底前\n", encoding="utf-8")
    assert zeren("load", list_file, *YEAR, "--roster", roster_file, "--json").json["without_address"] == ["罗一鸣"]


def test_a_dry_run_tells_what_issuing_again_would_do(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    before = zeren("status", "--json", *AT).json
    assert "此前已下发，没有变化" in zeren("load", list_file, *YEAR).out
    roster = roster_value()
    write_roster(roster_file, replace(roster, units=(*roster.units, UnitRow("林政科", "科室", "市林业局"))))
    grown = zeren("load", list_file, *YEAR, "--roster", roster_file)
    assert "此前已下发，正式下发将补充任务1个" in grown.out
    list_file.write_text(LIST + "核对账目,,办公室,,5月底前\n", encoding="utf-8")
    changed = zeren("load", list_file, *YEAR)
    assert (changed.status, "新增1项" in changed.err) == (1, True)
    assert "办公室" in changed.out, "the plan is shown all the same"
    shown = zeren("load", list_file, *YEAR, "--json").json
    assert (shown["added"], shown["messages"], "新增1项" in shown["refused"]) == (0, 0, True)
    assert zeren("status", "--json", *AT).json == before


def test_it_warns_while_nobody_is_named_as_the_sender(
    zeren: Zeren, list_file: Path, roster_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ZEREN_MAIL_FROM" in zeren("load", list_file, *YEAR, "--roster", roster_file).err
    monkeypatch.setenv("ZEREN_MAIL_FROM", "党办 <office@example.com>")
    settings.cache_clear()
    assert zeren("load", list_file, *YEAR, "--roster", roster_file).err == ""


def test_how_many_are_to_be_made_up_is_said(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    assert "任务5个（其中补办4个）" in zeren("load", list_file, "--year", 2026, "--now", "2026-05-05", "--roster", roster_file).out


@pytest.mark.parametrize("issue", [(), ("--issue",)])
def test_a_list_of_which_no_assignment_comes_is_refused_before_there_is_a_database(
    zeren: Zeren, list_file: Path, roster_file: Path, tmp_path: Path, issue: tuple[str, ...]
) -> None:
    list_file.write_text("工作任务,完成时限\n清点全市苗木,6月底前\n", encoding="utf-8")
    ran = zeren("load", list_file, *YEAR, "--roster", roster_file, *issue)
    assert (ran.status, "分解不出任何任务" in ran.err) == (1, True)
    assert not (tmp_path / "zeren.db").exists()
    assert zeren("load", list_file, *YEAR, "--roster", roster_file, "--party", "造林科", *issue).status == 0


def test_another_list_needs_a_title_of_its_own(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    list_file.write_text(LIST + "核对账目,,办公室,,5月底前\n", encoding="utf-8")
    refused = zeren("load", list_file, *YEAR, "--issue")
    assert refused.status == 1
    assert "新增1项" in refused.err
    assert zeren("load", list_file, *YEAR, "--issue", "--title", "补充清单").status == 0
    assert zeren("status", "--json", *AT).json["lists"] == 2


def test_a_successor_in_the_roster_takes_over_before_the_list_is_issued_again(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    list_file.write_text(LIST + "述职述廉,班子其他成员,,,12月底前\n", encoding="utf-8")
    zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    before = zeren("status", "--json", *AT).json["assignments"]
    changed = roster_value()
    posts = tuple(replace(p, person="罗一鸣") if (p.person, p.unit) == ("郑临川", "局党组") else p for p in changed.posts)
    write_roster(roster_file, replace(changed, posts=tuple(p for p in posts if p.person != "郑临川" or p.unit != "市林业局")))
    again = zeren("load", list_file, "--year", 2026, "--now", "2026-03-02T09:00", "--roster", roster_file, "--issue", "--json")
    assert again.json["added"] == 0
    assert zeren("status", "--json", *AT).json["assignments"] == before


def test_a_term_that_ends_hands_its_duties_over_when_mail_is_delivered(
    zeren: Zeren, list_file: Path, roster_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEREN_SMTP_PORT", "1")  # nobody listens there: what is queued stays queued
    settings.cache_clear()
    known = roster_value()
    ends = tuple(replace(p, ends_on=date(2026, 4, 30)) if (p.person, p.unit) == ("孟松年", "造林科") else p for p in known.posts)
    posts = (*ends, PostRow("何青禾", "造林科", "科长", date(2026, 5, 1)))
    write_roster(roster_file, replace(known, posts=posts))
    zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    zeren("deliver", "--now", "2026-04-30T09:00")
    assert [mail["person"] for mail in zeren("mail", "--json").json if mail["why"] == "handover"] == []
    zeren("deliver", "--now", "2026-05-01T09:00")
    assert [mail["person"] for mail in zeren("mail", "--json").json if mail["why"] == "handover"] == ["何青禾"]


def test_an_edit_of_the_history_outside_the_program_shows(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    zeren("load", list_file, *YEAR, "--roster", roster_file, "--issue")
    assert zeren("database", "check").status == 0
    with transaction(settings().database_url) as session:
        session.execute(text("UPDATE assignment_events SET at = '2026-01-01 00:00:00' WHERE id = 1"))
    checked = zeren("database", "check")
    assert (checked.status, "1条任务的状态、报送或历史记录" in checked.err) == (1, True)


def test_a_name_misspelt_in_many_cells_is_asked_once_on_the_page(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    list_file.write_text(LIST + "修订防火预案,,林政科,,9月底前\n", encoding="utf-8")
    ran = zeren("load", list_file, *YEAR, "--roster", roster_file)
    assert "row 5 等2处" in ran.out
    assert ran.out.count("名册中没有“林政科”") == 1


def test_the_page_is_no_wider_than_100_columns(zeren: Zeren, list_file: Path, roster_file: Path) -> None:
    ran = zeren("load", list_file, *YEAR, "--roster", roster_file)
    assert max(cell_len(line) for line in ran.out.splitlines()) <= 100
