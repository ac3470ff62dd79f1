"""台账 → an Excel workbook as offices file it: title, header, a row an activity, the totals; printed on A4 across.

In: a ledger. Out: the bytes of one .xlsx. What people wrote stays text, whatever it begins with: the workbook has no formula at all.
"""

import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from engine.activities import Field
from engine.activity_ledger import Ledger, LedgerRow
from office.text import Language, Text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIGHEST = 409  # points of a row, in Excel
LONGEST = 16_000  # characters of a cell; Excel takes 32,767, and counts some characters twice
TITLE_FACE, HEAD_FACE, BODY_FACE = "宋体", "黑体", "仿宋"  # as offices set such tables
TITLE_ROW, SUMMARY_ROW, HEADER_ROW = 1, 2, 3
DAY_FORMATS = {"zh": 'yyyy"年"m"月"d"日"', "en": "yyyy-mm-dd"}

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # in a cell, of all but tabulator and end of line
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_LIKE_A_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_THIN = Side(style="thin", color="000000")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_GREY = PatternFill("solid", fgColor="E7E6E6")


@dataclass(frozen=True, slots=True)
class _Column:
    title: Text
    width: int  # in half-width characters
    centred: bool
    field: Field | None = None

    @property
    def counts(self) -> bool:
        return self.field is not None and self.field.kind == "count"


_BEFORE = (
    _Column(Text("序号", "No."), 6, True),
    _Column(Text("责任单位", "Party"), 20, True),
    _Column(Text("责任人", "Carried by"), 10, True),
    _Column(Text("报送人", "Reported by"), 10, True),
    _Column(Text("时段", "Period"), 10, True),
    _Column(Text("活动日期", "Held on"), 18, True),
)
_AFTER = (_Column(Text("活动情况", "What was done"), 40, False), _Column(Text("审核", "Review"), 9, True))
APPROVED, WAITING = Text("已通过", "Approved"), Text("待审核", "Waiting")


def ledger_workbook(ledger: Ledger, *, language: Language, made_on: date) -> bytes:
    """One ledger as a workbook of one sheet. `made_on` is the day as of which it stands."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = ledger.activity.title.in_(language)
    book.properties.title = title(ledger).in_(language)
    book.properties.creator = "Zeren"
    columns = _columns(ledger)
    _head(sheet, ledger, columns, language, made_on)
    for number, row in enumerate(ledger.rows, 1):
        values = _values(number, row, ledger, language)
        for position, (value, column) in enumerate(zip(values, columns, strict=True), 1):
            _body_cell(_cell(sheet, HEADER_ROW + number, position), value, column, language)
        sheet.row_dimensions[HEADER_ROW + number].height = _height(values, columns)
    _totals(sheet, ledger, columns, language)
    for position, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    _print_on_a4_landscape(sheet, language)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def title(ledger: Ledger) -> Text:
    """What the ledger is called: 2026年主题党日台账."""
    name = ledger.activity.title
    return Text(f"{ledger.year}年{name.zh}台账", f"{name.en} {ledger.year}")


def _columns(ledger: Ledger) -> tuple[_Column, ...]:
    fields = ledger.activity.fields
    return (*_BEFORE, *(_Column(one.title, 22 if one.kind == "text" else 11, one.kind == "count", one) for one in fields), *_AFTER)


def _values(number: int, row: LedgerRow, ledger: Ledger, language: Language) -> tuple[str | int | date | None, ...]:
    """The cells of one row, in the order of `_columns`."""
    entries = (row.entries.get(field.key) for field in ledger.activity.fields)
    review = APPROVED if row.approved else WAITING
    return (number, row.party, row.person, row.reported_by, row.period, row.held_on, *entries, row.text, review.in_(language))


def _height(values: tuple[str | int | date | None, ...], columns: tuple[_Column, ...]) -> float:
    """In points, so that every text shows all of its lines: not every program finds the height of a row itself."""
    lines = max(_lines(value, column.width) for value, column in zip(values, columns, strict=True) if isinstance(value, str))
    return min(lines * 14.5 + 9, HIGHEST)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many half-width characters."""
    return sum(max(1, ceil(sum(1 if ord(sign) < 256 else 2 for sign in line) / (width - 1))) for line in text.split("\n"))


def _head(sheet: Worksheet, ledger: Ledger, columns: tuple[_Column, ...], language: Language, made_on: date) -> None:
    summary = Text(
        f"应报 {ledger.due} 项，已报 {ledger.reported} 项　　制表日期：{made_on.year}年{made_on.month}月{made_on.day}日",
        f"{ledger.reported} of {ledger.due} reported, as of {made_on}",
    )
    for row, words, face, size, height in (
        (TITLE_ROW, title(ledger), TITLE_FACE, 20, 38),
        (SUMMARY_ROW, summary, BODY_FACE, 12, 22),
    ):
        sheet.merge_cells(None, row, 1, row, len(columns))
        cell = _cell(sheet, row, 1)
        cell.value = words.in_(language)
        cell.font = Font(name=face, size=size, bold=row == TITLE_ROW)
        cell.alignment = Alignment(horizontal="center" if row == TITLE_ROW else "right", vertical="center")
        sheet.row_dimensions[row].height = height
    for position, column in enumerate(columns, 1):
        cell = _cell(sheet, HEADER_ROW, position)
        cell.value = column.title.in_(language)
        _dress(cell, HEAD_FACE, centred=True, fill=_GREY)
    sheet.row_dimensions[HEADER_ROW].height = 32


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # none that lies under a merged one
    return cell


def _body_cell(cell: Cell, value: str | int | date | None, column: _Column, language: Language) -> None:
    if isinstance(value, str):
        _put_text(cell, value)
    else:
        cell.value = value
    _dress(cell, BODY_FACE, centred=column.centred)
    if isinstance(value, date):
        cell.number_format = DAY_FORMATS[language]
    elif column.counts:
        cell.number_format = "#,##0"


def _put_text(cell: Cell, written: str) -> None:
    """What somebody wrote, as text and as nothing else."""
    text = _FORBIDDEN.sub("", written.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    cell.value = _ESCAPED.sub("_x005F_", text)
    cell.data_type = "s"  # openpyxl takes =1+1 for a formula, and #N/A for an error
    if _LIKE_A_FORMULA.match(written):
        cell.quotePrefix = True  # stays text when somebody opens the cell and closes it again


def _totals(sheet: Worksheet, ledger: Ledger, columns: tuple[_Column, ...], language: Language) -> None:
    """The last row: 合计 over the columns before the first count, then the sums as plain numbers."""
    row, totals = HEADER_ROW + len(ledger.rows) + 1, ledger.totals
    for position, column in enumerate(columns, 1):
        cell = _cell(sheet, row, position)
        if column.field is not None and column.counts:
            cell.value = totals[column.field.key]
            cell.number_format = "#,##0"
        _dress(cell, HEAD_FACE, centred=True)
    _cell(sheet, row, 1).value = Text("合计", "Total").in_(language)
    first_count = next((position for position, column in enumerate(columns, 1) if column.counts), len(columns))
    sheet.merge_cells(None, row, 1, row, first_count - 1)
    sheet.row_dimensions[row].height = 26


def _dress(cell: Cell, face: str, *, centred: bool, fill: PatternFill | None = None) -> None:
    cell.font = Font(name=face, size=11)
    cell.border = _BORDER
    cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="center", wrap_text=True)
    if fill is not None:
        cell.fill = fill


def _print_on_a4_landscape(sheet: Worksheet, language: Language) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.6, 0.25
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"{TITLE_ROW}:{HEADER_ROW}"
    footer = sheet.oddFooter
    assert footer is not None
    footer.center.text = Text("第 &P 页，共 &N 页", "&P / &N").in_(language)
