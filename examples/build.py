"""Make the example's files from its data: roster.toml → roster.xlsx, list-2026.toml → list-2026.xlsx and list-2026.docx.

`python -m examples.build [FOLDER]` writes them, the same bytes at every run, beside this file or into FOLDER.
"""

import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
TITLE_FACE, HEAD_FACE, BODY_FACE = "宋体", "黑体", "仿宋"  # as offices set such tables

HEADERS = ("序号", "责任事项", "工作措施", "责任领导", "责任单位", "配合单位", "完成时限", "考核标准", "分值")
GROUP = ("责任分工", 3, 5)  # a header over the columns 责任领导 to 配合单位
WIDTHS = (5, 16, 31, 11, 19, 16, 16, 24, 6)  # in half-width characters
CENTRED = {0, 3, 4, 5, 6, 8}
MEASURE_KEYS = ("text", "leader", "responsible", "assisting", "deadline", "standard")  # the columns from 工作措施 to 考核标准
HEADER_ROWS = 2


@dataclass(frozen=True, slots=True)
class Span:
    """A merged cell of a grid, zero-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One of the year's lists as a table: header rows, section rows, a row a measure, the total row."""

    rows: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...]
    wide: frozenset[int]  # section and total rows

    def heading(self, row: int) -> bool:
        return row < HEADER_ROWS or row in self.wide

    def centred(self, row: int, column: int) -> bool:
        """Headers, 合计 and short cells stand in the middle; sentences and section rows on the left."""
        if row in self.wide:
            return row == len(self.rows) - 1
        return row < HEADER_ROWS or column in CENTRED

    @property
    def covered(self) -> set[tuple[int, int]]:
        """Cells that lie under a merged one."""
        return {
            (row, column)
            for span in self.spans
            for row in range(span.top, span.bottom + 1)
            for column in range(span.left, span.right + 1)
            if (row, column) != (span.top, span.left)
        }


def grid_of(duty_list: dict[str, Any]) -> Grid:
    """Lay a list out as a table of `HEADERS`; equal neighbours within an item become one merged cell."""
    last = len(HEADERS) - 1
    group, first, end = GROUP
    rows = [
        tuple(group if column == first else "" if first < column <= end else header for column, header in enumerate(HEADERS)),
        tuple(header if first <= column <= end else "" for column, header in enumerate(HEADERS)),
    ]
    spans = [Span(0, first, 0, end)]
    spans += [Span(0, column, 1, column) for column in range(len(HEADERS)) if not first <= column <= end]
    wide: set[int] = set()
    number = total = 0
    for section in duty_list["sections"]:
        points = sum(item["points"] for item in section["items"])
        wide.add(len(rows))
        spans.append(Span(len(rows), 0, len(rows), last))
        rows.append((f"{section['heading']}（{points}分）", *[""] * last))
        total += points
        for item in section["items"]:
            number += 1
            block = [
                (str(number), item["content"], *(measure.get(key, item.get(key, "")) for key in MEASURE_KEYS), str(item["points"]))
                for measure in item["measures"]
            ]
            spans += _runs(block, len(rows))
            rows += block
    wide.add(len(rows))
    spans.append(Span(len(rows), 0, len(rows), last - 1))
    rows.append(("合计", *[""] * (last - 1), str(total)))
    return Grid(tuple(rows), tuple(spans), frozenset(wide))


def _runs(block: list[tuple[str, ...]], top: int) -> Iterator[Span]:
    for column in range(len(HEADERS)):
        start = 0
        for row in range(1, len(block) + 1):
            if row == len(block) or block[row][column] != block[start][column]:
                if row - start > 1 and block[start][column]:
                    yield Span(top + start, column, top + row - 1, column)
                start = row


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many half-width characters."""
    return sum(max(1, ceil(sum(1 if ord(sign) < 256 else 2 for sign in line) / (width - 1))) for line in text.split("\n"))


def _heights(grid: Grid, points_a_line: float) -> list[float]:
    """Row heights in points at which every cell shows all of its text; a merged cell's lack goes to its last row."""
    covered, spans = grid.covered, {(span.top, span.left): span for span in grid.spans}
    lines = [1.7] * len(grid.rows)
    for row, cells in enumerate(grid.rows):
        for column, text in enumerate(cells):
            if (row, column) not in covered and (row, column) not in spans:
                lines[row] = max(lines[row], _lines(text, WIDTHS[column]) + 0.6)
    for (row, column), span in spans.items():
        if span.left == span.right:
            lack = _lines(grid.rows[row][column], WIDTHS[column]) + 0.6 - sum(lines[span.top : span.bottom + 1])
            lines[span.bottom] += max(0, lack)
    return [count * points_a_line for count in lines]


# --- Excel ---

THIN = Side(style="thin", color="000000")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def list_workbook(duties: dict[str, Any]) -> Workbook:
    """The year's list, one sheet a list: title row, party row, table, note."""
    book = _empty_workbook(duties["title"])
    for duty_list in duties["lists"]:
        _list_sheet(book.create_sheet(duty_list["sheet"]), duties, duty_list)
    return book


def _list_sheet(sheet: Worksheet, duties: dict[str, Any], duty_list: dict[str, Any]) -> None:
    grid, above = grid_of(duty_list), 2
    last = get_column_letter(len(HEADERS))
    for row, (text, size, face) in enumerate([(duties["title"], 20, TITLE_FACE), (f"责任主体：{duty_list['party']}", 12, HEAD_FACE)], 1):
        sheet.merge_cells(f"A{row}:{last}{row}")
        sheet.cell(row, 1, text).font = Font(name=face, size=size, bold=row == 1)
        sheet.cell(row, 1).alignment = Alignment(horizontal="center" if row == 1 else "left", vertical="center")
        sheet.row_dimensions[row].height = 38 if row == 1 else 22
    for row, (cells, height) in enumerate(zip(grid.rows, _heights(grid, 13.5), strict=True)):
        sheet.row_dimensions[row + above + 1].height = height
        for column, text in enumerate(cells):
            cell = sheet.cell(row + above + 1, column + 1, int(text) if text.isdigit() else text or None)
            cell.font = Font(name=HEAD_FACE if grid.heading(row) else BODY_FACE, size=11)
            cell.border = BORDER
            cell.alignment = Alignment(horizontal="center" if grid.centred(row, column) else "left", vertical="center", wrap_text=True)
            if row < HEADER_ROWS:
                cell.fill = PatternFill("solid", fgColor="E7E6E6")
    for span in grid.spans:
        sheet.merge_cells(None, span.top + above + 1, span.left + 1, span.bottom + above + 1, span.right + 1)
    foot = above + len(grid.rows) + 1
    sheet.merge_cells(f"A{foot}:{last}{foot}")
    sheet.cell(foot, 1, duties["note"]).font = Font(name=BODY_FACE, size=11)
    sheet.cell(foot, 1).alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    sheet.row_dimensions[foot].height = 24
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _print_on_a4_landscape(sheet, f"1:{above + HEADER_ROWS}")
    sheet.freeze_panes = f"A{above + HEADER_ROWS + 1}"


def _print_on_a4_landscape(sheet: Worksheet, repeated_rows: str) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.6, 0.25
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = repeated_rows
    footer = sheet.oddFooter
    assert footer is not None
    footer.center.text = "第 &P 页，共 &N 页"


ROSTER_SHEETS = {
    "单位": ("units", ("单位名称", "单位类别", "上级单位"), (26, 14, 22)),
    "人员": ("people", ("姓名", "电子邮箱"), (14, 34)),
    "职务": ("posts", ("姓名", "所在单位", "职务", "任职日期", "离任日期"), (14, 26, 16, 14, 14)),
    "联系点": ("contact_points", ("联系领导", "联系支部"), (14, 28)),
}


def roster_workbook(roster: dict[str, Any]) -> Workbook:
    """Who is who: units, people, posts and contact points, one sheet each."""
    book = _empty_workbook("临岚市民政局2026年度人员和职务")
    for name, (key, headers, widths) in ROSTER_SHEETS.items():
        sheet = book.create_sheet(name)
        for row, values in enumerate([headers, *roster[key]], 1):
            for column, value in enumerate([*values, *[None] * (len(headers) - len(values))], 1):
                cell = sheet.cell(row, column, value or None)
                cell.font = Font(name=HEAD_FACE if row == 1 else BODY_FACE, size=11)
                cell.border = BORDER
                cell.alignment = Alignment(horizontal="center", vertical="center")
                if row == 1:
                    cell.fill = PatternFill("solid", fgColor="E7E6E6")
        for column, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.freeze_panes = "A2"
    return book


def _empty_workbook(title: str) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = "临岚市民政局"
    return book


# --- Word ---


def list_document(duties: dict[str, Any]) -> Document:
    """The same list as a Word document: for each list its party and a table, the header rows repeated on every page."""
    document = docx.Document()
    document.core_properties.title = duties["title"]
    document.core_properties.author = "临岚市民政局"
    document.core_properties.comments = ""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(18)
    _write(document.add_paragraph(), duties["title"], TITLE_FACE, 20, bold=True, centred=True)
    for position, duty_list in enumerate(duties["lists"]):
        party = document.add_paragraph()
        party.paragraph_format.page_break_before = position > 0
        party.paragraph_format.keep_with_next = True
        _write(party, f"责任主体：{duty_list['party']}", HEAD_FACE, 12)
        grid = grid_of(duty_list)
        _fill(document.add_table(len(grid.rows), len(HEADERS), style="Table Grid"), grid, section.page_width - Mm(30))
        note = document.add_paragraph()
        _write(note, duties["note"], BODY_FACE, 10.5)
        note.paragraph_format.space_before = Pt(6)
    return document


def _fill(table: Table, grid: Grid, width: int) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    cells = [list(row.cells) for row in table.rows]
    for column, share in enumerate(WIDTHS):
        table.columns[column].width = width * share // sum(WIDTHS)
        for line in cells:
            line[column].width = width * share // sum(WIDTHS)
    for span in grid.spans:
        cells[span.top][span.left].merge(cells[span.bottom][span.right])
    covered = grid.covered
    for row, texts in enumerate(grid.rows):
        for column, text in enumerate(texts):
            if (row, column) not in covered:
                face = HEAD_FACE if grid.heading(row) else BODY_FACE
                _write_cell(cells[row][column], text, face, centred=grid.centred(row, column))
        properties = table.rows[row]._tr.get_or_add_trPr()
        for mark in ("w:cantSplit", "w:tblHeader") if row < HEADER_ROWS else ("w:cantSplit",):
            properties.append(OxmlElement(mark))


def _write_cell(cell: _Cell, text: str, face: str, *, centred: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for position, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if position == 0 else cell.add_paragraph()
        _write(paragraph, line, face, 10.5, centred=centred)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)


def _write(paragraph: Paragraph, text: str, face: str, size: float, *, bold: bool = False, centred: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = face, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)  # else Word sets Chinese in its default face
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


# --- the same bytes at every run ---

SAVED_AT = "2026-01-09T08:30:00Z"


def _frozen(document: Workbook | Document) -> bytes:
    """The document's package without the times at which it and its parts were written."""
    package, out = BytesIO(), BytesIO()
    document.save(package)
    with zipfile.ZipFile(package) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as frozen:
        for name in parts.namelist():
            content = parts.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(\w+)[^>]*>)[^<]*(</)", rb"\g<1>" + SAVED_AT.encode() + rb"\g<3>", content)
            frozen.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def build() -> dict[str, bytes]:
    """The example's files by name."""
    roster = tomllib.loads((HERE / "roster.toml").read_text(encoding="utf-8"))
    duties = tomllib.loads((HERE / "list-2026.toml").read_text(encoding="utf-8"))
    documents: dict[str, Workbook | Document] = {
        "roster.xlsx": roster_workbook(roster),
        "list-2026.xlsx": list_workbook(duties),
        "list-2026.docx": list_document(duties),
    }
    return {name: _frozen(document) for name, document in documents.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for file_name, file_content in build().items():
        (folder / file_name).write_bytes(file_content)
