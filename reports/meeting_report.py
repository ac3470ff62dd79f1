"""例会材料 → a Word file as it is put on the table: A4 across, a heading a part, tables whose heads repeat on each page.

In: the material. Out: the bytes of one .docx.
"""

import re
from datetime import date
from io import BytesIO

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from engine.completion import Light
from engine.meeting_material import Material
from engine.meeting_parts import Column, Part, parts_of, subtitle_of, title_of
from notifications.mime import WORD_FILE, Attachment
from office.text import Language, Text

TITLE_FACE, HEAD_FACE, BODY_FACE, LATIN_FACE = "宋体", "黑体", "仿宋", "Times New Roman"  # as offices set such papers
LONG_SIDE, SHORT_SIDE, MARGIN = Mm(297), Mm(210), Mm(18)
WIDTH = LONG_SIDE - 2 * MARGIN
GROUNDS = {Light.RED: "F6CCC8", Light.YELLOW: "FFE9B8", Light.GREEN: "D5EBDF"}  # pale: a black figure stands on each, also in print
HEAD_GROUND = "E7E6E6"
BLACK = RGBColor(0, 0, 0)

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # in XML, of all but tabulator and end of line
_NUMBERS = "一二三四五六七八九十"


def file_name(held_on: date, language: Language) -> str:
    return Text(f"{title_of(held_on, 'zh')}.docx", f"meeting-{held_on}.docx").in_(language)


def attached(material: Material, *, language: Language) -> Attachment:
    """The Word file as a mail carries it."""
    return Attachment(file_name(material.held_on, language), WORD_FILE, meeting_report(material, language=language))


def meeting_report(material: Material, *, language: Language) -> bytes:
    """The material as a Word file."""
    word = Document()
    _set_page(word)
    title = title_of(material.held_on, language)
    word.core_properties.title, word.core_properties.author = title, "Zeren"
    _line(word.add_paragraph(), title, face=TITLE_FACE, size=20, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(word.add_paragraph(), subtitle_of(material, language), size=12).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for place, part in enumerate(parts_of(material, language)):
        number = f"{_NUMBERS[place]}、" if language == "zh" else f"{place + 1}. "
        heading = _line(word.add_paragraph(style="Heading 1"), number + part.title, face=HEAD_FACE, size=14)
        heading.paragraph_format.keep_with_next = True
        if part.said:
            _line(word.add_paragraph(), part.said, size=13)
        if part.columns:
            _table(word, part)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _set_page(word: Word) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = LONG_SIDE, SHORT_SIDE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name in ("Normal", "Heading 1"):
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.paragraph_format.space_after = Pt(4)
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _line(paragraph: Paragraph, text: str, *, face: str = BODY_FACE, size: float, bold: bool = False) -> Paragraph:
    run = paragraph.add_run(_FORBIDDEN.sub("", text))
    run.font.name, run.font.size, run.bold = LATIN_FACE, Pt(size), bold
    run.font.color.rgb = BLACK
    properties = run._r.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)
    return paragraph


def _table(word: Word, part: Part) -> None:
    table = word.add_table(rows=1, cols=len(part.columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.width for column in part.columns)
    widths = [Length(WIDTH * column.width // whole) for column in part.columns]
    for each, width in zip(table.columns, widths, strict=True):
        each.width = width
    head = table.rows[0]
    _repeat(head._tr)
    for cell, column, width in zip(head.cells, part.columns, widths, strict=True):
        cell.width = width
        _fill(cell, column.title, face=HEAD_FACE, centred=True)
        _shade(cell, HEAD_GROUND)
    for values in part.rows:
        row = table.add_row()
        _keep_whole(row._tr)
        for cell, value, column, width in zip(row.cells, values, part.columns, widths, strict=True):
            cell.width = width
            _fill(cell, value, face=BODY_FACE, centred=column.is_number)
            if (ground := _ground(column, value)) is not None:
                _shade(cell, ground)


def _ground(column: Column, value: str) -> str | None:
    return GROUNDS.get(column.light) if column.light is not None and value != "0" else None


def _fill(cell: _Cell, text: str, *, face: str, centred: bool) -> None:
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _line(paragraph, line, face=face, size=10.5)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: object) -> None:
    """The head stands on each page that the table goes on to."""
    _of_row(row, "w:tblHeader")


def _keep_whole(row: object) -> None:
    """No row is cut by the end of a page."""
    _of_row(row, "w:cantSplit")


def _of_row(row: object, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))  # type: ignore[attr-defined]
