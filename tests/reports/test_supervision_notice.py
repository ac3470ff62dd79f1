"""The Word notice as python-docx reads it back."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st

from office.policy import COLOUR_WORDS, Colour
from office.text import Language, Text
from reports.supervision_notice import OverdueDuty, SupervisionNotice, supervision_notice

DUTY = OverdueDuty(
    content="召开支部党员大会",
    text="每季度至少一次",
    period="第一季度",
    due_on=date(2026, 3, 31),
    workdays_over=4,
    party="第三党支部",
    person="林一",
    gone_up_to=Text("联系领导吴望舒", "contact leader Wu"),
    standard="有记录",
)
NOTICE = SupervisionNotice("督办〔2026〕15号", Colour.RED, "局党组办公室", "苏婉宁", date(2026, 4, 7), date(2026, 4, 14), (DUTY,))


def opened(notice: SupervisionNotice = NOTICE, language: Language = "zh") -> Document:
    return docx.Document(BytesIO(supervision_notice(notice, language=language)))


def tables(notice: SupervisionNotice = NOTICE, language: Language = "zh") -> list[list[list[str]]]:
    """The texts of all cells; one that spans several columns once."""
    found = opened(notice, language).tables
    return [[[cell.text for cell in dict.fromkeys(row.cells)] for row in table.rows] for table in found]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_it_says_what_it_is_by_whom_and_when() -> None:
    document = opened()
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.text] == [
        "局党组办公室",
        "红色督办单",
        "编号：督办〔2026〕15号\t2026年4月7日",
    ]
    assert document.core_properties.title == "红色督办单"


@pytest.mark.parametrize(("colour", "ink"), [(Colour.RED, "C00000"), (Colour.YELLOW, "B27700"), (Colour.BLUE, "1B5A9C")])
def test_the_title_names_its_colour_and_has_it(colour: Colour, ink: str) -> None:
    (title,) = (paragraph for paragraph in opened(replace(NOTICE, colour=colour)).paragraphs if paragraph.text == COLOUR_WORDS[colour].zh)
    assert str(title.runs[0].font.color.rgb) == ink


def test_the_fields_the_duties_and_what_is_asked_stand_in_tables() -> None:
    fields, duties, asked = tables()
    assert fields == [
        ["责任单位", "第三党支部", "责任人", "林一"],
        ["签发单位", "局党组办公室", "经办人", "苏婉宁"],
        ["逾期任务", "1 项", "办理期限", "2026年4月14日前"],
    ]
    assert duties == [
        ["序号", "任务", "周期", "到期日", "超期\n工作日", "报至"],
        ["1", "召开支部党员大会\n每季度至少一次\n要求：有记录", "第一季度", "2026年3月31日", "4", "联系领导吴望舒"],
    ]
    assert asked == [
        [
            "办理要求",
            "以上任务逾期未办结。请于2026年4月14日前办结并报送办理情况；确有困难的，写明原因、目前进展和办结时间，报局党组办公室。",
        ],
        ["领导批示", ""],
        ["办理情况", "（由承办人填写）"],
        ["签发人", "", "承办人签收", ""],
        ["日期", "　　　年　　月　　日", "日期", "　　　年　　月　　日"],
    ]


def test_without_a_day_it_is_asked_at_once() -> None:
    fields, _, asked = tables(replace(NOTICE, done_by=None))
    assert fields[2][2:] == ["办理期限", "立即办理"]
    assert "请立即办结" in asked[0][1]


def test_a_text_that_repeats_the_content_is_said_once() -> None:
    assert tables(replace(NOTICE, duties=(replace(DUTY, text=DUTY.content, standard=""),)))[1][1][1] == "召开支部党员大会"


def test_each_row_says_whose_it_is_where_there_are_several() -> None:
    fields, duties, _ = tables(replace(NOTICE, duties=(DUTY, replace(DUTY, party="办公室", person="陈二"), DUTY)))
    assert fields[0] == ["责任单位", "第三党支部、办公室", "责任人", "林一、陈二"]
    assert [row[2] for row in duties] == ["责任单位\n责任人", "第三党支部\n林一", "办公室\n陈二", "第三党支部\n林一"]
    assert {len(row) for row in duties} == {7}


def test_the_header_row_is_repeated_and_no_row_is_torn_apart() -> None:
    document = opened(replace(NOTICE, duties=(DUTY,) * 30))
    header, *rows = document.tables[1].rows
    assert len(rows) == 30
    assert header._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert [row for row in rows if row._tr.find(f".//{qn('w:cantSplit')}") is None] == []


def test_it_is_printed_on_a4_in_chinese_faces_that_name_others_to_take() -> None:
    content = supervision_notice(NOTICE)
    (section,) = docx.Document(BytesIO(content)).sections
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    used = parts(content)
    for face in ("宋体", "黑体", "仿宋"):
        assert f'w:eastAsia="{face}"' in used["word/styles.xml"].decode()
        assert f'<w:font w:name="{face}"><w:altName' in used["word/fontTable.xml"].decode()


def test_it_is_said_in_english_too() -> None:
    duty = OverdueDuty("Meeting", "", "Q1", date(2026, 3, 31), 4, "Branch 3", "Li", Text("联系领导吴", "contact leader Wu"), "minutes")
    english = replace(NOTICE, number="15", office="Office", officer="Su", duties=(duty, replace(duty, person="Wu")))
    said = str(tables(english, "en")) + "".join(paragraph.text for paragraph in opened(english, "en").paragraphs)
    assert [letter for letter in said if "\u4e00" <= letter <= "\u9fff"] == []
    assert "Red notice" in said
    assert "contact leader Wu" in said


def test_xml_and_formulas_in_a_text_stay_text() -> None:
    bad = "</w:t></w:r><w:r><w:t>&amp; {{ notice }} =1+1 <script>"
    spoiled = replace(NOTICE, number=bad, office=bad, duties=(replace(DUTY, content=bad, period=bad, gone_up_to=Text(bad, bad)),))
    content = supervision_notice(spoiled)
    assert tables(spoiled)[1][1][1].startswith(bad)
    instructions = [name for name, part in parts(content).items() if b"instr" in part]
    assert instructions == ["word/footer1.xml"]  # the number of the page


def test_line_ends_become_words_own() -> None:
    assert (
        tables(replace(NOTICE, duties=(replace(DUTY, content="一\r\n二\r三\u2028四", text=""),)))[1][1][1] == "一\n二\n三\n四\n要求：有记录"
    )


@given(st.text(st.characters(), max_size=60))
def test_no_text_breaks_the_file(text: str) -> None:
    duty = OverdueDuty(text, text, text, date(2026, 3, 31), 4, text, text, Text(text, text), text)
    content = supervision_notice(SupervisionNotice(text, Colour.RED, text, text, date(2026, 4, 7), None, (duty,)))
    for part in parts(content).values():
        ET.fromstring(part)
    assert len(docx.Document(BytesIO(content)).tables) == 3


def test_the_same_notice_is_the_same_file() -> None:
    assert supervision_notice(NOTICE) == supervision_notice(replace(NOTICE))
