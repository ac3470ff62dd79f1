"""An empty roster workbook to fill in: the sheets and headers of `intake.roster`, with lists to choose from."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from intake.roster import EXAMPLE, SHEETS
from office.files import unwritable
from office.text import Refused, Text

KINDS = ("局", "党组", "机关党委", "党总支", "党支部", "科室", "局属单位", "县区局")
LAST_ROW = 1000  # how far down the lists to choose from reach

_EXAMPLES: dict[str, tuple[str, ...]] = {
    "单位": (f"{EXAMPLE}：养老科", "科室", "市民政局"),
    "人员": (f"{EXAMPLE}：张三", "zhangsan@example.com"),
    "职务": (f"{EXAMPLE}：张三", "养老科", "科长", "2026-03-01", ""),
    "联系点": (f"{EXAMPLE}：李四", "机关一支部"),
}
_NOTES: dict[str, tuple[str, str]] = {
    "单位": (
        "每个单位一行，含局、党组、机关党委、党支部、科室、局属单位；最上级的单位不填上级。",
        "One unit a row; leave the parent of the topmost one empty.",
    ),
    "人员": ("同名的人在姓名后注明单位，如 张伟（养老科）。", "Tell people of one name apart: 张伟（养老科）."),
    "职务": (
        "一人多职填多行；某单位的分管领导，职务填“分管领导”。日期可不填。",
        "One post a row; the leader in charge of a unit has the post 分管领导 in it. Dates may be left out.",
    ),
    "联系点": ("每个党支部都要有联系领导。", "Every branch needs a leader who covers it."),
}
_EXAMPLE_NOTE = (f"以“{EXAMPLE}”开头的行不读入，可以删除。", f"Rows that begin with {EXAMPLE} are not read.")
# Column → the column of another sheet that it is chosen from.
_CHOSEN_FROM = {
    ("单位", "上级单位"): "单位",
    ("职务", "姓名"): "人员",
    ("职务", "所在单位"): "单位",
    ("联系点", "联系领导"): "人员",
    ("联系点", "联系支部"): "单位",
}
_WIDTHS = {"姓名": 18, "电子邮箱": 32, "职务": 18, "任职日期": 14, "离任日期": 14, "联系领导": 18, "单位类别": 14}
_LINE = Side(style="thin", color="BFBFBF")


def write_template(path: Path) -> None:
    """Write the empty roster; refuses to overwrite a file, or where it cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise Refused(Text("文件名要以 .xlsx 结尾", "The file's name must end in .xlsx"), place=str(path))
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet, headers in SHEETS.items():
        _fill(book.create_sheet(sheet), sheet, tuple(headers))
    try:
        with path.open("xb") as file:
            book.save(file)
    except OSError as error:
        raise unwritable(error, path) from None


def _fill(page: Worksheet, sheet: str, headers: tuple[str, ...]) -> None:
    for column, (header, example) in enumerate(zip(headers, _EXAMPLES[sheet], strict=True), start=1):
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = _WIDTHS.get(header, 26)
        title = page.cell(1, column, header)
        title.font = Font(bold=True, color="FFFFFF")
        title.fill = PatternFill("solid", fgColor="2F5597")
        title.alignment = Alignment(horizontal="center", vertical="center")
        title.border = Border(_LINE, _LINE, _LINE, _LINE)
        shown = page.cell(2, column, example)
        shown.font = Font(italic=True, color="808080")
        shown.alignment = Alignment(vertical="center")
        if header.endswith("日期"):
            page.column_dimensions[letter].number_format = "yyyy-mm-dd"
        if choice := _choice(sheet, header):
            page.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{LAST_ROW}")
    note = get_column_letter(len(headers) + 2)  # beside the table, with a free column between
    page.column_dimensions[note].width = 60
    for row, sentences in ((1, _NOTES[sheet]), (2, _EXAMPLE_NOTE)):
        page[f"{note}{row}"] = "\n".join(sentences)
        page[f"{note}{row}"].alignment = Alignment(wrap_text=True, vertical="center")
        page[f"{note}{row}"].font = Font(color="808080", size=9)
        page.row_dimensions[row].height = 40
    page.freeze_panes = "A2"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _choice(sheet: str, header: str) -> DataValidation | None:
    """A list to choose from. Kinds are suggestions; a name that another sheet does not have is warned of, not forbidden."""
    if header == "单位类别":
        return DataValidation("list", formula1=f'"{",".join(KINDS)}"', allow_blank=True, showErrorMessage=False)
    source = _CHOSEN_FROM.get((sheet, header))
    if source is None:
        return None
    # Only as long as that column is filled: Excel would open a longer list at its first empty line.
    formula = f"OFFSET('{source}'!$A$1,1,0,MAX(COUNTA('{source}'!$A:$A)-1,1),1)"
    return DataValidation(
        "list",
        formula1=formula,
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="warning",
        errorTitle=header,
        error=f"“{source}”表中没有这个名称，请先在那里填写。",
    )
