from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from intake.roster import is_mail_address, read_roster
from intake.values import ContactPointRow, PersonRow, PostRow, RosterReading, UnitRow
from office.text import Refused
from tests.intake.files import HEADER
from tests.intake.files import workbook as list_workbook

Rows = list[list[Any]]
SHEETS: dict[str, Rows] = {
    "单位": [
        ["单位名称", "单位类别", "上级单位"],
        ["市林业局", "局", None],
        ["造林科", "科室", "市林业局"],
        ["望山支部", "党支部", "市林业局"],
    ],
    "人员": [["姓名", "电子邮箱"], ["孟松年", "meng@example.com"], ["石小满", "shi@example.com"]],
    "职务": [["姓名", "所在单位", "职务"], ["孟松年", "造林科", "科长"], ["石小满", "望山支部", "书记"]],
    "联系点": [["联系领导", "联系支部"], ["孟松年", "望山支部"]],
}


def read(folder: Path, **sheets: Rows | None) -> RosterReading:
    """The roster of `SHEETS`, with these sheets in place of its own; None leaves a sheet out."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (SHEETS | sheets).items():
        if rows is not None:
            page = book.create_sheet(name)
            for row in rows:
                page.append(row)
    path = folder / "roster.xlsx"
    book.save(path)
    return read_roster(path)


def problems(reading: RosterReading) -> list[tuple[str, str]]:
    return [(note.address, note.text.zh) for note in reading.problems]


def the_problem(reading: RosterReading) -> tuple[str, str]:
    (problem,) = problems(reading)
    return problem


def test_every_sheet_becomes_its_rows_with_their_addresses(tmp_path: Path) -> None:
    reading = read(tmp_path)
    assert reading.problems == ()
    assert reading.roster.units[1] == UnitRow("造林科", "科室", "市林业局", "单位!A3")
    assert reading.roster.people[0] == PersonRow("孟松年", "meng@example.com", "人员!A2")
    assert reading.roster.posts[1] == PostRow("石小满", "望山支部", "书记", None, None, "职务!A3")
    assert reading.roster.contact_points == (ContactPointRow("孟松年", "望山支部", "联系点!B2"),)


def test_columns_are_found_by_name_below_title_rows_and_beside_others(tmp_path: Path) -> None:
    people: Rows = [
        ["市林业局人员名册"],
        [],
        ["序号", "邮箱", "手机", "姓名"],
        [1, "meng@example.com", "-", "孟松年"],
        [2, None, "-", "石小满"],
    ]
    reading = read(tmp_path, 人员=people)
    assert reading.problems == ()
    assert reading.roster.people == (PersonRow("孟松年", "meng@example.com", "人员!D4"), PersonRow("石小满", None, "人员!D5"))


def test_names_that_are_padded_to_align_are_the_same_names(tmp_path: Path) -> None:
    reading = read(tmp_path, 人员=[["姓 名", "电子邮箱"], ["孟　松　年", None], ["石 小满", None]])
    assert reading.problems == ()
    assert [person.name for person in reading.roster.people] == ["孟松年", "石小满"]


def test_a_missing_sheet_is_one_problem(tmp_path: Path) -> None:
    assert the_problem(read(tmp_path, 人员=None)) == ("人员", "缺少工作表“人员”")


def test_a_missing_header_is_a_problem(tmp_path: Path) -> None:
    address, text = the_problem(read(tmp_path, 联系点=[["联系领导", "负责片区"], ["孟松年", "望山支部"]]))
    assert address == "联系点!A1"
    assert "联系支部" in text


def test_an_empty_roster_is_a_problem(tmp_path: Path) -> None:
    empty: dict[str, Rows | None] = {name: rows[:1] for name, rows in SHEETS.items()}
    assert the_problem(read(tmp_path, **empty)) == ("单位!A2", "工作表“单位”没有内容")


def test_a_duplicate_unit_is_a_problem(tmp_path: Path) -> None:
    address, text = the_problem(read(tmp_path, 单位=[*SHEETS["单位"], ["造林科", "科室", "市林业局"]]))
    assert address == "单位!A5"
    assert "单位!A3" in text


def test_two_people_of_one_name_learn_how_to_be_told_apart(tmp_path: Path) -> None:
    address, text = the_problem(read(tmp_path, 人员=[*SHEETS["人员"], ["孟松年", "other@example.com"]]))
    assert address == "人员!A4"
    assert "孟松年（养老科）" in text


def test_people_told_apart_in_their_names_are_two(tmp_path: Path) -> None:
    people: Rows = [["姓名", "电子邮箱"], ["孟松年（造林科）", None], ["孟松年（办公室）", None], ["石小满", None]]
    posts: Rows = [["姓名", "所在单位", "职务"], ["孟松年(造林科)", "造林科", "科长"]]  # half-width brackets are no other person
    reading = read(tmp_path, 人员=people, 职务=posts, 联系点=SHEETS["联系点"][:1])
    assert reading.problems == ()
    assert reading.roster.posts[0].person == "孟松年（造林科）"


@pytest.mark.parametrize(
    ("sheet", "row", "address", "nearest"),
    [
        ("职务", ["孟松林", "造林科", "科长"], "职务!A4", "孟松年"),
        ("职务", ["孟松年", "造林处", "科长"], "职务!B4", "造林科"),
        ("联系点", ["孟松年", "望水支部"], "联系点!B3", "望山支部"),
        ("单位", ["绿化科", "科室", "市林业厅"], "单位!C5", "市林业局"),
    ],
)
def test_an_unknown_name_is_a_problem_with_the_nearest(tmp_path: Path, sheet: str, row: list[str], address: str, nearest: str) -> None:
    found, text = the_problem(read(tmp_path, **{sheet: [*SHEETS[sheet], row]}))
    assert found == address
    assert f"相近的有：{nearest}" in text


def test_units_above_each_other_in_a_circle_are_one_problem(tmp_path: Path) -> None:
    units: Rows = [*SHEETS["单位"], ["甲科", "科室", "丙科"], ["乙科", "科室", "甲科"], ["丙科", "科室", "乙科"], ["丁科", "科室", "甲科"]]
    address, text = the_problem(read(tmp_path, 单位=units))
    assert address == "单位!A5"
    assert "甲科 → 丙科 → 乙科 → 甲科" in text


@pytest.mark.parametrize(
    "address",
    [
        *("meng", "meng@", "meng@example", "@example.com", "meng @example.com", "孟@example.com", "meng＠example.com", "a@b@example.com"),
        *("meng@example..com", ".meng@example.com", "meng@-example.com", "meng@example.com.", f"{'a' * 65}@example.com"),
        *("a@example.com;b@example.com", "meng@example.com\nBcc: x@example.com", "孟松年 <meng@example.com>"),
    ],
)
def test_what_is_no_mail_address_is_a_problem(tmp_path: Path, address: str) -> None:
    assert not is_mail_address(address)
    place, text = the_problem(read(tmp_path, 人员=[*SHEETS["人员"][:2], ["石小满", address]]))
    assert place == "人员!B3"
    assert "\n" not in text


@pytest.mark.parametrize("address", ["meng.songnian@lyj.example.gov.cn", "meng+zeren@example.com", "a_b@example-1.com", "root@localhost"])
def test_usual_mail_addresses_are_taken(address: str) -> None:
    assert is_mail_address(address)


def test_a_line_break_in_a_name_is_a_problem(tmp_path: Path) -> None:
    reading = read(tmp_path, 人员=[*SHEETS["人员"], ["何青禾\nBcc: x@example.com", "he@example.com"]])
    address, text = the_problem(reading)
    assert address == "人员!A4"
    assert "\n" not in text
    assert len(reading.roster.people) == 2


def test_a_name_longer_than_its_column_is_a_problem(tmp_path: Path) -> None:
    assert the_problem(read(tmp_path, 人员=[*SHEETS["人员"], ["何" * 51, None]]))[0] == "人员!A4"


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-03-01", None, (date(2026, 3, 1), None)),
        ("2026年3月1日", "至今", (date(2026, 3, 1), None)),
        ("2026.3", "2026.6", (date(2026, 3, 1), date(2026, 6, 30))),
        (datetime(2026, 3, 1), datetime(2026, 6, 15), (date(2026, 3, 1), date(2026, 6, 15))),  # noqa: DTZ001 - what a cell holds
    ],
)
def test_terms_are_read_as_offices_write_them(tmp_path: Path, starts: Any, ends: Any, expected: tuple[date | None, date | None]) -> None:
    posts: Rows = [["姓名", "所在单位", "职务", "任职日期", "离任日期"], ["孟松年", "造林科", "科长", starts, ends]]
    (post,) = read(tmp_path, 职务=posts).roster.posts
    assert (post.starts_on, post.ends_on) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "address"),
    [
        ("2026-02-30", None, "职务!D2"),
        ("三月", None, "职务!D2"),
        ("2026-03-01", "2026-02-01", "职务!E2"),
        ("2026-03-01", "不详", "职务!E2"),
    ],
)
def test_a_term_that_cannot_be_is_a_problem(tmp_path: Path, starts: str, ends: str | None, address: str) -> None:
    posts: Rows = [["姓名", "所在单位", "职务", "任职日期", "离任日期"], ["孟松年", "造林科", "科长", starts, ends]]
    assert the_problem(read(tmp_path, 职务=posts))[0] == address


def test_a_formula_without_its_value_is_a_problem(tmp_path: Path) -> None:
    addresses = [address for address, _ in problems(read(tmp_path, 人员=[*SHEETS["人员"], ['="何"&"青禾"', "he@example.com"]]))]
    assert addresses == ["人员!A4"]


def test_one_cell_may_name_several_branches(tmp_path: Path) -> None:
    units: Rows = [*SHEETS["单位"], ["机关支部", "党支部", "市林业局"]]
    reading = read(tmp_path, 单位=units, 联系点=[["联系领导", "联系支部"], ["孟松年", "望山支部、机关支部"]])
    assert [point.branch for point in reading.roster.contact_points] == ["望山支部", "机关支部"]


def test_a_shared_mailbox_is_asked_about(tmp_path: Path) -> None:
    reading = read(tmp_path, 人员=[["姓名", "电子邮箱"], ["孟松年", "office@example.com"], ["石小满", "Office@example.com"]])
    assert reading.problems == ()
    assert [question.address for question in reading.questions] == ["人员!B3"]


def test_a_list_is_no_roster(tmp_path: Path) -> None:
    path = list_workbook(tmp_path, HEADER, (1, "备份数据", "每周备份", "后勤科", None, "全年"))
    with pytest.raises(Refused, match=f"{path.name}：这不是名册"):
        read_roster(path)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("姓名,电子邮箱\n孟松年,meng@example.com\n", encoding="utf-8")
    with pytest.raises(Refused, match="xlsx"):
        read_roster(path)
