import re
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from engine.activities import ACTIVITIES
from engine.activity_ledger import Ledger, LedgerRow
from reports.activity_workbook import LONGEST, ledger_workbook

MADE_ON = date(2026, 7, 1)
ENTRIES: dict[str, str | int] = {"theme": "学习条例", "place": "三楼会议室", "number_due": 30, "number_present": 28}
ROW = LedgerRow("第一党支部", "林一", "周望", "3月", date(2026, 3, 7), ENTRIES, "集中学习，\n开展讨论", True)
EMPTY = LedgerRow("第二党支部", "", "吴名", "3月", None, {}, "已办", False)


def ledger(*rows: LedgerRow, activity: int = 0) -> Ledger:
    return Ledger(ACTIVITIES[activity], 2026, 12, rows)


def sheet_of(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(content)).worksheets[0]


def written(found: Ledger) -> list[tuple[object, ...]]:
    return list(sheet_of(ledger_workbook(found, language="zh", made_on=MADE_ON)).iter_rows(values_only=True))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_ledger_has_title_header_rows_and_totals() -> None:
    title, summary, header, first, second, totals = written(ledger(ROW, EMPTY))
    assert title[0] == "2026年主题党日台账"
    assert summary[0] == "应报 12 项，已报 2 项　　制表日期：2026年7月1日"
    assert header == (
        *("序号", "责任单位", "责任人", "报送人", "时段", "活动日期"),
        *("主题", "地点", "应到人数", "实到人数", "活动情况", "审核"),
    )
    assert [str(value) for value in first] == [
        *("1", "第一党支部", "林一", "周望", "3月", "2026-03-07 00:00:00"),
        *("学习条例", "三楼会议室", "30", "28", "集中学习，\n开展讨论", "已通过"),
    ]
    assert [value for value in second if value is not None] == [2, "第二党支部", "吴名", "3月", "已办", "待审核"]
    assert [value for value in totals if value is not None] == ["合计", 30, 28]


@pytest.mark.parametrize("activity", range(len(ACTIVITIES)))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_ledger_is_written_in_both_languages_and_without_rows_too(activity: int, language: str) -> None:
    sheet = sheet_of(ledger_workbook(ledger(activity=activity), language=language, made_on=MADE_ON))  # type: ignore[arg-type]
    assert sheet.title == ACTIVITIES[activity].title.in_(language)  # type: ignore[arg-type]
    counts = [field for field in ACTIVITIES[activity].fields if field.kind == "count"]
    assert [cell.value for cell in sheet[4] if cell.value is not None] == ["合计" if language == "zh" else "Total", *[0] * len(counts)]


def test_it_is_printed_on_a4_across_with_its_header_on_every_page_and_in_sight() -> None:
    content = ledger_workbook(ledger(ROW), language="zh", made_on=MADE_ON)
    sheet = sheet_of(content)
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", Worksheet.PAPERSIZE_A4)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert '<pageSetUpPr fitToPage="1"' in parts(content)["xl/worksheets/sheet1.xml"]
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$3", "A4")
    assert {cell.border.left.style for row in (*sheet["A3:L4"], *sheet["I5:L5"]) for cell in row} == {"thin"}
    assert [sheet[place].font.name for place in ("A1", "A3", "B4", "A5")] == ["宋体", "黑体", "仿宋", "黑体"]
    assert all(sheet.column_dimensions[letter].width >= 6 for letter in "ABCDEFGHIJKL")


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", '=HYPERLINK("http://evil.example","点")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1", " =1+1", "＝1+1"),
        *("=cmd|' /C calc'!A0", "=", "#N/A", "#REF!"),
    ],
)
def test_what_people_wrote_stays_text_whatever_it_begins_with(text: str) -> None:
    row = replace(ROW, text=text, party=text, person=text, reported_by=text, period=text, entries=ENTRIES | {"theme": text})
    content = ledger_workbook(ledger(row), language="zh", made_on=MADE_ON)
    found = parts(content)
    assert not any(re.search(r"<(?:\w+:)?f[ />]", part) for name, part in found.items() if name.startswith("xl/worksheets/"))
    assert not any(word in name for name in found for word in ("externalLink", "calcChain", "vba", "connections"))
    assert not any("<hyperlink" in part for name, part in found.items() if name.startswith("xl/worksheets/"))
    for place in ("B4", "C4", "D4", "E4", "G4", "K4"):
        cell = sheet_of(content)[place]
        kind = re.search(rf'<c r="{place}"[^>]* t="(\w+)"', found["xl/worksheets/sheet1.xml"])
        assert kind is not None
        assert kind[1] in ("s", "inlineStr")
        assert bool(cell.quotePrefix) is not text.startswith("#")


def test_a_row_is_as_high_as_its_longest_text() -> None:
    texts = ("已办", "字" * 100, "一\n二\n三\n四\n五\n六", "字" * 20_000)
    sheet = sheet_of(ledger_workbook(ledger(*(replace(ROW, text=text) for text in texts)), language="zh", made_on=MADE_ON))
    heights = [sheet.row_dimensions[row].height for row in range(4, 8)]
    assert heights == sorted(heights)
    assert heights[-1] == 409
    assert len(set(heights)) == 3  # 100 characters take six lines, too


def test_an_ordinary_text_has_no_quotation_mark_in_front() -> None:
    sheet = sheet_of(ledger_workbook(ledger(ROW), language="zh", made_on=MADE_ON))
    assert [sheet[place].quotePrefix for place in ("B4", "G4", "K4")] == [False] * 3


def test_what_excel_does_not_take_is_left_out() -> None:
    row = replace(ROW, text="甲\x00\x0b\x1f\ud800\uffff\x85乙\r\n丙", party="_x0041_ 支部")
    content = ledger_workbook(ledger(row), language="zh", made_on=MADE_ON)
    assert sheet_of(content)["K4"].value == "甲乙\n丙"
    assert "_x005F_x0041_ " in parts(content)["xl/worksheets/sheet1.xml"]  # which Excel shows as it was written


def test_a_text_that_is_too_long_for_a_cell_says_that_it_goes_on() -> None:
    text = written(ledger(replace(ROW, text="🌲" * 40_000)))[3][10]
    assert isinstance(text, str)
    assert (len(text), text[-1]) == (LONGEST + 1, "…")
    assert len(text.encode("utf-16-le")) // 2 <= 32_767


@given(st.text(alphabet=st.characters(codec=None)), st.dictionaries(st.sampled_from(list(ENTRIES)), st.text() | st.integers(0, 10_000_000)))
def test_whatever_was_written_there_is_a_workbook_without_formulas(text: str, entries: dict[str, str | int]) -> None:
    content = ledger_workbook(ledger(replace(ROW, text=text, entries=entries)), language="zh", made_on=MADE_ON)
    assert all(cell.data_type != "f" for row in sheet_of(content).iter_rows() for cell in row)
