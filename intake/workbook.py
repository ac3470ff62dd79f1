"""Excel workbooks (.xlsx) → one grid a sheet, hidden ones too, merged ranges filled.

calamine reads the values; openpyxl is asked only where a sheet has formulas, errors or dates, because calamine tells neither
a formula without a saved value nor how a date is shown (`2026年3月` is a month, though the cell holds its first day).
"""

import bisect
import datetime
import re
import zipfile
from pathlib import Path

import openpyxl
import python_calamine
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from intake.grid import Cell, Grid, Row, clean
from intake.values import Note
from office.text import Refused, Text

Value = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
Places = dict[tuple[int, int], str]  # row and column from 0
_DAY_IN_FORMAT = re.compile(r"d", re.IGNORECASE)
_FORMULA_OR_ERROR = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b't="e"', b"t='e'")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def read_workbook(path: Path) -> tuple[Grid, ...]:
    """The sheets in their order, without chart sheets; refuses a file that is no workbook."""
    try:
        with python_calamine.load_workbook(path) as book:
            sheets = [book.get_sheet_by_name(sheet.name) for sheet in book.sheets_metadata if "WorkSheet" in str(sheet.typ)]
            values = {sheet.name: _values(sheet) for sheet in sheets}
            dated = any(isinstance(value, datetime.date) for lines in values.values() for line in lines.values() for value in line)
            doubtful = _doubtful(path) if dated or _has_formulas_or_errors(path) else {}
            return tuple(_grid(sheet, values[sheet.name], doubtful.get(sheet.name, {})) for sheet in sheets)
    except python_calamine.PasswordError:
        raise Refused(Text("文件加了打开密码。请取消密码后再读。", "The file is encrypted with a password."), place=path.name) from None
    except (python_calamine.CalamineError, InvalidFileException, OSError, ValueError, KeyError, SyntaxError, TypeError) as error:
        raise Refused(Text(f"工作簿读不出来：{error}。", f"The workbook cannot be read: {error}."), place=path.name) from None


def _values(sheet: python_calamine.CalamineSheet) -> dict[int, list[Value]]:
    """Row → its values, rows that say something only."""
    return {index: line for index, line in enumerate(sheet.to_python(skip_empty_area=False)) if any(value != "" for value in line)}


def _grid(sheet: python_calamine.CalamineSheet, values: dict[int, list[Value]], doubtful: Places) -> Grid:
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
    return Grid(sheet.name, rows, faults=_faults(sheet.name, doubtful, texts), merged=merged)


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


def _doubtful(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Sheet → place → the formula, the error or the number format that calamine does not tell."""
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except Exception:  # openpyxl stumbles over parts that no list needs, like an empty chart sheet; the values are read all the same
        return {}
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


def _has_formulas_or_errors(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(mark in content for name in sheets for content in [package.read(name)] for mark in _FORMULA_OR_ERROR)


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
