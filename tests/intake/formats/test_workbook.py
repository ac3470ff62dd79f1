from datetime import date
from pathlib import Path

import openpyxl

from intake.formats.workbook import read_workbook
from tests.intake.files import repacked, workbook


def test_a_merged_range_shows_its_first_cell_everywhere(tmp_path: Path) -> None:
    (grid,) = read_workbook(workbook(tmp_path, ("甲", "乙"), (None, "丙"), merge=("A1:A2",)))
    below = grid.rows[1]
    assert below.own(0) is None
    assert (cell := below.value(0)) is not None
    assert (cell.text, cell.address) == ("甲", "清单!A1")


def test_a_cell_merged_from_the_left_belongs_to_its_own_column(tmp_path: Path) -> None:
    (grid,) = read_workbook(workbook(tmp_path, ("甲", None, "乙"), merge=("A1:B1",)))
    assert grid.rows[0].value(1) is None


def test_a_date_reads_as_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "dates.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append([date(2026, 3, 1), date(2026, 3, 1), 7, 0.5])
    page["A1"].number_format = 'yyyy"年"m"月"'
    page["B1"].number_format = 'm"月"d"日"'
    book.save(path)
    (grid,) = read_workbook(path)
    assert [cell.text for cell in grid.rows[0].cells] == ["2026年3月", "2026年3月1日", "7", "0.5"]


def test_a_range_merged_down_a_million_rows_costs_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("甲", "乙"), ("", "丙"), merge=("A1:A2",))
    deep = repacked(path, tmp_path / "deep.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"A1:A2", b"A1:A1048576"))
    (grid,) = read_workbook(deep)
    assert len(grid.rows) == 2
    assert grid.rows[1].cells[0].text == "甲"
