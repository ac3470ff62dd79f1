"""Excel workbooks (.xlsx) → one grid a sheet, hidden ones too, merged ranges filled.

calamine reads the values; openpyxl is asked only where a sheet has formulas, errors or dates, because calamine tells neither
a formula without a saved value nor how a date is shown (`2026年3月` is a month, though the cell holds its first day).
"""

import bisect
import datetime
import re
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import python_calamine
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from intake.formats.grid import Cell, Grid, Row, clean
from intake.formats.hidden import Hidden, hidden_parts, questions_about
from intake.values import Note
from office.text import Refused, Text

Value = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
Places = dict[tuple[int, int], str]  # row and column from 0
_DAY_IN_FORMAT = re.compile(r"d", re.IGNORECASE)
_FORMULA_OR_ERROR = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b't="e"', b"t='e'")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')

_UNSEEN = Text("这个工作表是隐藏的，已照读，请确认。", "This sheet is hidden; it was read. Please confirm.")
_UNCHECKED = Text(
    "没有保存结果的公式和日期的显示格式未能核对（文件中有无法打开的部件），请核对空格和日期。",
    "Formulas without a saved value and the formats of dates could not be checked; please look for empty cells.",
)


def read_workbook(path: Path) -> tuple[Grid, ...]:
    """The sheets in their order, without chart sheets; refuses a file that is no workbook."""
    try:
        return _sheets(path)
    except python_calamine.PasswordError:
        raise Refused(Text("文件加了打开密码。请取消密码后再读。", "The file is encrypted with a password."), place=path.name) from None
    except (python_calamine.CalamineError, InvalidFileException, OSError, ValueError, KeyError, SyntaxError, TypeError):
        raise _damaged(path) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # Rust's word for what calamine did not expect; it is no Exception
            raise _damaged(path) from None
        raise


def _damaged(path: Path) -> Refused:
    zh = "工作簿已损坏或缺少部件，读不出来。请用 Excel 或 WPS 打开，另存为 .xlsx 后再读。"
    return Refused(
        Text(zh, "The workbook is damaged or lacks a part. Open it with Excel or WPS and save it as .xlsx again."), place=path.name
    )


def _sheets(path: Path) -> tuple[Grid, ...]:
    parts = _parts(path)
    hidden = hidden_parts(parts)
    with python_calamine.load_workbook(path) as book:
        kept = [sheet for sheet in book.sheets_metadata if "WorkSheet" in str(sheet.typ)]
        sheets = [book.get_sheet_by_name(sheet.name) for sheet in kept]
        values = {sheet.name: _values(sheet) for sheet in sheets}
        dated = any(isinstance(value, datetime.date) for lines in values.values() for line in lines.values() for value in line)
        doubtful = _doubtful(path) if dated or _has_formulas_or_errors(parts) else {}
        grids = [
            _grid(sheet, values[sheet.name], (doubtful or {}).get(sheet.name, {}), hidden.get(sheet.name, Hidden())) for sheet in sheets
        ]
    unseen = {sheet.name for sheet in kept if sheet.visible != python_calamine.SheetVisibleEnum.Visible}
    grids = [replace(grid, questions=(Note(grid.address, _UNSEEN), *grid.questions)) if grid.name in unseen else grid for grid in grids]
    if doubtful is None and grids:
        grids[0] = replace(grids[0], questions=(*grids[0].questions, Note(grids[0].address or path.name, _UNCHECKED)))
    return tuple(grids)


def _parts(path: Path) -> dict[str, bytes]:
    """The XML of the workbook and of its sheets."""
    with zipfile.ZipFile(path) as package:
        return {
            name: package.read(name)
            for name in package.namelist()
            if (name.startswith("xl/worksheets/") and name.endswith(".xml")) or name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        }


def _values(sheet: python_calamine.CalamineSheet) -> dict[int, list[Value]]:
    """Row → its values, rows that say something only."""
    return {index: line for index, line in enumerate(sheet.to_python(skip_empty_area=False)) if any(value != "" for value in line)}


def _grid(sheet: python_calamine.CalamineSheet, values: dict[int, list[Value]], doubtful: Places, hidden: Hidden) -> Grid:
    texts = {
        (index, column): text
        for index, line in values.items()
        for column, value in enumerate(line)
        if value != "" and (text := _text(value, doubtful.get((index, column), "")))
    }
    width = max((column + 1 for _, column in texts), default=0)
    filled = sorted({index for index, _ in texts})
    anchors, merged = _anchors(sheet.merged_cell_ranges or [], filled, width)
    letters = [get_column_letter(column + 1) for column in range(width)]
    cells: dict[tuple[int, int], Cell] = {}

    def cell(index: int, column: int) -> Cell:
        place = anchors.get((index, column), (index, column))
        if place not in cells:
            cells[place] = Cell(texts.get(place, ""), f"{sheet.name}!{letters[place[1]]}{place[0] + 1}", *place)
        return cells[place]

    rows = tuple(Row(index, tuple(cell(index, column) for column in range(width))) for index in filled)
    questions = questions_about(hidden, sheet.name, filled, letters)
    return Grid(sheet.name, rows, faults=_faults(sheet.name, doubtful, texts), questions=questions, merged=merged)


def _anchors(
    ranges: list[tuple[tuple[int, int], tuple[int, int]]], filled: list[int], width: int
) -> tuple[dict[tuple[int, int], tuple[int, int]], bool]:
    """Covered cell → top left cell, for rows that say something only: a range may reach down a million rows."""
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    merged = False
    for (top, left), (bottom, right) in ranges:
        if left >= width:
            continue
        for index in filled[bisect.bisect_left(filled, top) : bisect.bisect_right(filled, bottom)]:
            merged = merged or index != top
            for column in range(left, min(right + 1, width)):
                anchors[index, column] = (top, left)
    return anchors, merged


def _text(value: Value, number_format: str) -> str:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10g}"
    if isinstance(value, datetime.date):
        pattern = _QUOTED.sub("", number_format)
        month_only = number_format and "m" in pattern.lower() and not _DAY_IN_FORMAT.search(pattern)
        return f"{value.year}年{value.month}月" if month_only else f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def _doubtful(path: Path) -> dict[str, Places] | None:
    """Sheet → place → the formula, the error or the number format that calamine does not tell; None where that cannot be looked up."""
    try:
        with warnings.catch_warnings(action="ignore"):  # openpyxl's remarks about parts that no list needs are not for the officer
            book = openpyxl.load_workbook(path, read_only=True)
    except Exception:  # it stumbles over such parts too, like an empty chart sheet; the values are read all the same
        return None
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet in book.worksheets:
        places = found.setdefault(sheet.title, {})
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is None:
                    continue
                if cell.data_type in "fe":
                    places[cell.row - 1, cell.column - 1] = str(cell.value)
                elif cell.data_type == "d":
                    places[cell.row - 1, cell.column - 1] = cell.number_format
    book.close()
    return found


def _has_formulas_or_errors(parts: dict[str, bytes]) -> bool:
    return any(mark in content for name, content in parts.items() if name.startswith("xl/worksheets/") for mark in _FORMULA_OR_ERROR)


def _faults(name: str, doubtful: Places, texts: Places) -> tuple[Note, ...]:
    faults = []
    for place, said in sorted(doubtful.items()):
        address = f"{name}!{get_column_letter(place[1] + 1)}{place[0] + 1}"
        if said.startswith("#"):
            faults.append(Note(address, Text(f"单元格是错误值 {said}。", f"The cell holds the error {said}.")))
        elif said.startswith("=") and place not in texts:
            zh = "公式没有保存计算结果，读不到值。请在 Excel 中打开、保存一次，或改成文字。"
            en = "The formula was saved without its value. Open and save the file in Excel, or type the value."
            faults.append(Note(address, Text(zh, en)))
    return tuple(faults)
