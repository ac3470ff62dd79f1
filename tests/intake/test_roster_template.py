from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake.roster import SHEETS, read_roster
from intake.roster_template import write_template
from office.text import Refused


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "roster.xlsx"
    write_template(path)
    return path


def test_the_template_has_the_sheets_and_headers_that_are_read(template: Path) -> None:
    book = load_workbook(template)
    assert book.sheetnames == list(SHEETS)
    for name, headers in SHEETS.items():
        page = book[name]
        assert [page.cell(1, column).value for column in range(1, len(headers) + 1)] == list(headers)
        assert page.freeze_panes == "A2"


def test_the_examples_of_the_template_are_no_data(template: Path) -> None:
    assert read_roster(template).roster.units == ()
    assert [problem.text.zh for problem in read_roster(template).problems] == ["工作表“单位”没有内容"]


def test_a_template_that_is_filled_in_is_a_roster(template: Path) -> None:
    book = load_workbook(template)
    for name, row in (
        ("单位", ["望山支部", "党支部"]),
        ("人员", ["石小满", "shi@example.com"]),
        ("职务", ["石小满", "望山支部", "书记"]),
        ("联系点", ["石小满", "望山支部"]),
    ):
        for column, value in enumerate(row, start=1):
            book[name].cell(3, column, value)
    book.save(template)
    reading = read_roster(template)
    assert reading.problems == ()
    assert [post.title for post in reading.roster.posts] == ["书记"]


def test_names_are_chosen_from_the_sheet_that_has_them(template: Path) -> None:
    chosen = {str(v.sqref).split(":")[0]: v.formula1 for v in load_workbook(template)["职务"].data_validations.dataValidation}
    assert "'人员'!$A" in chosen["A2"]
    assert "'单位'!$A" in chosen["B2"]


def test_a_file_is_never_overwritten(template: Path) -> None:
    before = template.read_bytes()
    with pytest.raises(Refused, match="已存在"):
        write_template(template)
    assert template.read_bytes() == before


@pytest.mark.parametrize("name", ["roster.xls", "missing/roster.xlsx"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        write_template(tmp_path / name)
