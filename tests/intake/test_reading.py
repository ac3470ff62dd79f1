"""The door of the room: what a whole file is, and whose it is."""

from pathlib import Path
from typing import Any

import docx
import pytest
import python_calamine
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from intake.reading import read_list
from intake.roster_template import write_template
from office.text import Refused
from tests.intake.files import HEADER, YEAR, document, read, repacked, whys, workbook


def test_a_roster_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    write_template(path)
    with pytest.raises(Refused, match=r"roster\.xlsx：这是名册，不是清单") as refused:
        read(path)
    assert "--" not in str(refused.value)


def test_the_given_party_carries_the_duties_that_name_nobody(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, (1, "备份数据", "每周备份", None, None, "全年"), (2, "更换机房空调", "采购", "后勤科", None, "6月"))
    first, second = read_list(path, YEAR, party="信息中心").items
    assert first.parties.responsible == first.steps[0].parties.responsible == ("信息中心",)
    assert (second.parties.lead, second.parties.responsible) == (("后勤科",), ())
    assert not read(path).items[0].parties


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_refused_in_a_sentence_of_ours(tmp_path: Path, part: str) -> None:
    path = workbook(tmp_path, HEADER, (1, "甲事", "做", "一科", None, "3月"))
    with pytest.raises(Refused) as refused:
        read(repacked(path, tmp_path / "broken.xlsx", part, lambda xml: xml[: len(xml) // 2] + b"<"))
    assert refused.value.text.zh.startswith("工作簿已损坏")


def test_a_damaged_document_is_refused_in_a_sentence_of_ours(tmp_path: Path) -> None:
    path = document(tmp_path, "清单", "1.每月走访。")
    with pytest.raises(Refused) as refused:
        read(repacked(path, tmp_path / "broken.docx", "word/document.xml", lambda xml: xml[: len(xml) // 2]))
    assert refused.value.text.zh.startswith("Word 文档已损坏")


def test_a_strict_document_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = document(tmp_path, "清单", "1.每月走访。")
    ordinary, strict = b"schemas.openxmlformats.org/wordprocessingml/2006/main", b"purl.oclc.org/ooxml/wordprocessingml/main"
    with pytest.raises(Refused, match="另存为普通"):
        read(repacked(path, tmp_path / "strict.docx", "word/document.xml", lambda xml: xml.replace(ordinary, strict)))


def test_a_panic_of_the_parser_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the parser's own: no Exception."""

    def panic(_: Path) -> None:
        raise PanicException

    monkeypatch.setattr(python_calamine, "load_workbook", panic)
    with pytest.raises(Refused, match="工作簿已损坏"):
        read(workbook(tmp_path, HEADER))


def test_a_row_that_a_revision_deleted_is_passed_over(tmp_path: Path) -> None:
    file = docx.Document()
    table = file.add_table(rows=3, cols=3)
    for row, line in enumerate((("工作任务", "责任单位", "完成时限"), ("办展览", "宣教部", "5月"), ("修展柜", "保管部", "6月"))):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:del"))
    path = tmp_path / "list.docx"
    file.save(str(path))
    reading = read(path)
    assert [item.content for item in reading.items] == ["办展览"]
    assert whys(reading)["table 1 row 3"] == "修订中已删除的行"


def test_a_list_of_word_that_starts_anew_counts_from_its_start(tmp_path: Path) -> None:
    def element(tag: str, **attributes: str) -> Any:
        made = OxmlElement(tag)
        for name, value in attributes.items():
            made.set(qn(f"w:{name}"), value)
        return made

    file = docx.Document()
    root = file.part.numbering_part.element
    abstract, level = element("w:abstractNum", abstractNumId="90"), element("w:lvl", ilvl="0")
    level.extend([element("w:start", val="1"), element("w:numFmt", val="decimal"), element("w:lvlText", val="%1.")])
    abstract.append(level)
    root.insert(0, abstract)
    for name in ("90", "91"):
        num = element("w:num", numId=name)
        num.append(element("w:abstractNumId", val="90"))
        if name == "91":
            override = element("w:lvlOverride", ilvl="0")
            override.append(element("w:startOverride", val="1"))
            num.append(override)
        root.append(num)
    for text, name in (("每月走访。", "90"), ("每季度座谈。", "90"), ("每月巡查。", "91"), ("年底前演练。", "91")):
        numbered = element("w:numPr")
        numbered.extend([element("w:ilvl", val="0"), element("w:numId", val=name)])
        file.add_paragraph(text)._p.get_or_add_pPr().append(numbered)
    path = tmp_path / "list.docx"
    file.save(str(path))
    assert [item.number for item in read(path).items] == ["1", "2", "1", "2"]
