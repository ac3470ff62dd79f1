"""例会材料 as a Word file: A4 across, every part with its table, in both languages, whatever people wrote."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from engine.completion import Completion
from engine.escalation import Superior
from engine.meeting_material import Counted, Done, Heard, Material, OverdueAndSaid, Word
from engine.overview import Question
from engine.said_last import SaidLast
from engine.standing import OverdueDuty, Tally
from notifications.sender import SHANGHAI
from office.policy import Level
from office.text import Language
from reports.meeting_report import file_name, meeting_report
from tests.factories import NOW

TALLY = Tally({Completion.OVERDUE: 1, Completion.DUE_SOON: 2, Completion.REPORTED: 3, Completion.DONE_LATE: 1}, 7, 2, 1)
OVERDUE = OverdueDuty(
    *(7, "报送台账", "1月", "第一党支部", "林一", 1, 1, None, date(2026, 1, 9), 3),
    should_reach=Superior(Level.CONTACT_LEADER, "周望"),
    has_reached="联系领导周望",
)
MATERIAL = Material(
    held_on=date(2026, 1, 30),
    made_on=date(2026, 1, 27),
    since=date(2026, 1, 1),
    zone=SHANGHAI,
    total=Counted("", TALLY),
    leaders=(Counted("周望", TALLY),),
    branches=(Counted("第一党支部", TALLY),),
    units=(),
    overdue=(OverdueAndSaid(OVERDUE, "报送台账", "按季报送", SaidLast("差两家", NOW, "林一")), OverdueAndSaid(OVERDUE, "走访", "", None)),
    standing=(Heard("提醒谈话", "", "全年", date(2026, 12, 31), (Word("林一", "", "已谈2人", date(2026, 1, 9), is_new=True),), ("吴名",)),),
    dated=(),
    done=(Done("开展调研", "", ("办公室（何青禾）",), 1),),
    questions=(Question("Sheet1!B3", "由谁负责？", "Whose duty?"),),
)


def word(material: Material = MATERIAL, language: Language = "zh") -> Document:
    return docx.Document(BytesIO(meeting_report(material, language=language)))


def cells(document: Document, table: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[table].rows]


def test_it_has_a_title_numbered_parts_and_their_tables() -> None:
    document = word()
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == "2026年1月30日例会材料"
    assert lines[1] == "截至1月27日；进展和办结自1月1日（上次例会之后）起计"
    headings = (
        "总体情况",
        "责任领导、联系领导",
        "党支部",
        "逾期事项",
        "长期坚持和全年事项的进展",
        "上次例会以来办结的事项",
        "待确认的问题",
    )
    assert [line for line in lines if "、" in line[:3]] == [
        f"{number}、{title}" for number, title in zip("一二三四五六七", headings, strict=True)
    ]
    assert cells(document, 0)[1] == ["周望", "6", "1", "2", "3", "3", "50%"]
    assert cells(document, 2)[1:] == [
        ["1", "报送台账（1月）\n按季报送", "第一党支部（林一）", "1月9日", "3", "联系领导周望", "1月5日：差两家"],
        ["2", "走访（1月）", "第一党支部（林一）", "1月9日", "3", "联系领导周望", "没有报过"],
    ]
    assert cells(document, 3)[1] == ["1", "提醒谈话", "12月31日", "林一 1月9日：已谈2人", "吴名"]
    assert cells(document, 4)[1] == ["1", "开展调研", "1", "1", "办公室（何青禾）"]


def test_it_is_printed_on_a4_across_and_a_table_repeats_its_head() -> None:
    document = word()
    section = document.sections[0]
    assert (section.orientation, round(section.page_width.mm), round(section.page_height.mm)) == (WD_ORIENT.LANDSCAPE, 297, 210)  # type: ignore[union-attr]
    for table in document.tables:
        assert table.rows[0]._tr.trPr is not None
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert sum(column.width.mm for column in table.columns if column.width) == pytest.approx(297 - 36, abs=1)


def test_a_light_is_shaded_where_it_is_lit() -> None:
    document = word(replace(MATERIAL, leaders=(Counted("周望", Tally({Completion.OVERDUE: 1}, 1, 1, 0)),)))
    shaded = [cell._tc.tcPr.find(qn("w:shd")) is not None for cell in document.tables[0].rows[1].cells if cell._tc.tcPr is not None]
    assert shaded == [False, False, True, False, False, False, False]


def test_english_offices_have_it_in_english() -> None:
    document = word(language="en")
    text = [paragraph.text for paragraph in document.paragraphs] + [cell.text for table in document.tables for cell in table.rows[0].cells]
    assert [line for line in text if any("\u4e00" <= letter <= "\u9fff" for letter in line)] == []
    assert document.paragraphs[0].text == "Material for the regular meeting of 2026-01-30"


def test_what_people_wrote_breaks_no_file() -> None:
    wild = "a\x00b\x1f<w:p>&\ud800]]>\u2028"
    document = word(replace(MATERIAL, done=(Done(wild, wild, (wild,), 0),)))
    assert "<w:p>&" in cells(document, 4)[1][1]


@pytest.mark.parametrize(("language", "name"), [("zh", "2026年1月30日例会材料.docx"), ("en", "meeting-2026-01-30.docx")])
def test_the_file_is_named_for_its_meeting(language: Language, name: str) -> None:
    assert file_name(MATERIAL.held_on, language) == name
