from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.intake.files import document, read, whys


def test_owner_lines_hold_for_the_duty_above_them(tmp_path: Path) -> None:
    reading = read(
        document(
            tmp_path,
            "某局年度重点工作",
            "一、惠民实事",
            "1.改造两处公厕。",
            "牵头单位：环卫科",
            "责任单位：市政科、财务科",
            "完成时限：8月底前",
            "2.新增口袋公园。",
            "牵头单位：园林科",
        )
    )
    first, second = reading.items
    assert (first.address, first.content, first.section) == ("paragraph 3", "改造两处公厕。", "一、惠民实事")
    assert (first.parties.lead, first.parties.responsible) == (("环卫科",), ("市政科", "财务科"))
    assert first.steps[0].deadline.phrase == "8月底前"
    assert second.parties.lead == ("园林科",)
    assert [note.address for note in reading.questions] == ["paragraph 7"]


def test_a_line_about_all_above_covers_the_duties_without_owner_in_its_section(tmp_path: Path) -> None:
    reading = read(
        document(
            tmp_path,
            "方案",
            "一、安全",
            "1.查电路。（责任单位：电工班）",
            "2.查燃气。",
            "3.查消防栓。",
            "以上工作牵头单位：保卫处；完成时限：3月底前",
            "二、绿化",
            "1.补种行道树。",
            "（责任单位：绿化队）",
        )
    )
    assert [(item.parties.lead, item.parties.responsible) for item in reading.items] == [
        ((), ("电工班",)),
        (("保卫处",), ()),
        (("保卫处",), ()),
        ((), ("绿化队",)),
    ]
    assert reading.items[2].steps[0].deadline.phrase == "3月底前"


def _leads(path: Path) -> tuple[list[tuple[str, ...]], list[str]]:
    reading = read(path)
    return [item.parties.lead for item in reading.items], [note.address for note in reading.questions]


def test_a_line_about_all_above_does_not_reach_over_a_section_with_an_owner_line(tmp_path: Path) -> None:
    sections = (
        "一、安全",
        "（一）电路",
        "1.每月查电路。",
        "2.每月换保险。",
        "牵头单位：电工班",
        "（二）燃气",
        "1.每月查管道。",
        "2.每月查阀门。",
    )
    leads, asked = _leads(document(tmp_path, "方案", *sections, "以上工作牵头单位：保卫处", "二、绿化", "1.每月浇水。", "牵头单位：绿化队"))
    assert leads == [("电工班",), ("电工班",), ("保卫处",), ("保卫处",), ("绿化队",)]
    assert asked == ["paragraph 5"]  # the owner line at the end of （一） was taken for both of its duties


def test_a_line_about_all_above_reaches_over_sections_without_owner_line_and_asks(tmp_path: Path) -> None:
    sections = (
        "一、安全",
        "（一）电路",
        "1.每月查电路。",
        "2.每月换保险。（牵头单位：电工班）",
        "（二）燃气",
        "1.每月查管道。",
        "2.每月查阀门。",
    )
    leads, asked = _leads(document(tmp_path, "方案", *sections, "以上工作牵头单位：保卫处"))
    assert leads == [("保卫处",), ("电工班",), ("保卫处",), ("保卫处",)]
    assert asked == ["paragraph 9"]


def test_a_line_about_all_above_holds_in_a_list_without_headings(tmp_path: Path) -> None:
    leads, asked = _leads(document(tmp_path, "方案", "1.每月查电路。", "2.每月查管道。", "以上工作牵头单位：保卫处"))
    assert (leads, asked) == ([("保卫处",), ("保卫处",)], [])


def test_a_deadline_for_all_above_is_for_those_that_have_an_owner_but_no_date(tmp_path: Path) -> None:
    lines = ("一、安全", "1.查电路。", "牵头单位：电工班", "2.每月查管道。", "牵头单位：保卫处", "以上工作完成时限：6月底前")
    reading = read(document(tmp_path, "方案", *lines))
    assert [item.steps[0].deadline.phrase for item in reading.items] == ["6月底前", "每月"]


def test_the_only_owner_line_at_the_end_of_a_section_is_read_for_all_and_asked(tmp_path: Path) -> None:
    reading = read(document(tmp_path, "方案", "一、安全", "1.每月查电路。", "2.每月查燃气。", "责任单位：保卫处"))
    assert [item.parties.responsible for item in reading.items] == [("保卫处",), ("保卫处",)]
    assert [note.address for note in reading.questions] == ["paragraph 4"]


def test_the_heading_or_the_title_names_the_party(tmp_path: Path) -> None:
    by_heading = read(document(tmp_path, "清单", "一、党支部书记：第一责任", "1.每年讲党课。", "二、组织委员", "1.每月收党费。"))
    assert [item.parties.responsible for item in by_heading.items] == [("党支部书记",), ("组织委员",)]
    by_title = read(document(tmp_path, "某局2026年党组书记主体责任清单", "一、抓统筹", "1.每年讲党课。"))
    assert by_title.items[0].parties.responsible == ("党组书记",)


def test_title_and_introduction_are_passed_over_with_their_reason(tmp_path: Path) -> None:
    reading = read(document(tmp_path, "年度任务分工", "为做好全年工作，现提出如下分工。", "1.每月例会。", "某局办公室", "2026年1月9日"))
    assert list(whys(reading).values()) == ["标题", "前言或说明文字，不是责任事项", "分节标题", "注释或说明"]
    assert len(reading.items) == 1


def test_a_number_before_a_date_is_a_number(tmp_path: Path) -> None:
    reading = read(document(tmp_path, "清单", "1.3月底前定计划。", "2.6月—8月检修。"))
    assert [(item.number, item.steps[0].deadline.phrase) for item in reading.items] == [("1", "3月底前"), ("2", "6月-8月")]


def _number(paragraph: Any, num: str, level: int) -> None:
    properties = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", str(level)), ("w:numId", num)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), value)
        properties.append(element)
    paragraph._p.get_or_add_pPr().append(properties)


def test_numbers_that_word_makes_up_count_as_numbers(tmp_path: Path) -> None:
    file = docx.Document()
    numbering = file.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    for level, (number_format, text) in enumerate((("chineseCounting", "%1、"), ("decimal", "%2."))):
        element = OxmlElement("w:lvl")
        element.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", number_format), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            element.append(child)
        abstract.append(element)
    numbering.insert(0, abstract)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), "90")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "90")
    num.append(link)
    numbering.append(num)
    file.add_paragraph("年度清单")
    for text, level in (("服务", 0), ("每月走访。", 1), ("每季度座谈。", 1), ("安全", 0), ("年底前演练。", 1)):
        _number(file.add_paragraph(text), "90", level)
    path = tmp_path / "list.docx"
    file.save(str(path))
    items = read(path).items
    assert [(item.section, item.number, item.content) for item in items] == [
        ("一、服务", "1", "每月走访。"),
        ("一、服务", "2", "每季度座谈。"),
        ("二、安全", "1", "年底前演练。"),
    ]


def test_a_heading_above_a_table_is_its_section_and_no_duty(tmp_path: Path) -> None:
    file = docx.Document()
    file.add_paragraph("工作要点")
    file.add_paragraph("一、日常工作")
    table = file.add_table(rows=2, cols=3)
    for row, line in enumerate((("工作任务", "责任单位", "完成时限"), ("更新门牌", "地名科", "10月"))):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    file.add_paragraph("二、其他工作")
    file.add_paragraph("1.每年体检。（责任单位：工会）")
    path = tmp_path / "list.docx"
    file.save(str(path))
    reading = read(path)
    assert [(item.section, item.content) for item in reading.items] == [("一、日常工作", "更新门牌"), ("二、其他工作", "每年体检。")]
