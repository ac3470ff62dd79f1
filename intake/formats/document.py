"""Word documents (.docx) → paragraphs and tables in the order of the body, numbers that Word makes up included.

Walked as XML: python-docx leaves out insertions under review and content controls, and offices leave duties in both.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from intake.formats.grid import Cell, Grid, clean, rows_of
from intake.formats.numbering import Numbering
from intake.values import Skipped
from office.text import Refused, Text

_UNSEEN = {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}

_DELETED = Text("修订中已删除的行", "a row deleted in change tracking")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`label` is the number that Word shows before the text without writing it; `level` the heading level of its style, 0 for none."""

    text: str
    address: str
    label: str = ""
    level: int = 0


def read_document(path: Path) -> tuple[Paragraph | Grid, ...]:
    """Non-empty paragraphs (`paragraph 12`, empty ones count) and tables (`table 1 row 4`); refuses a file that is no document."""
    try:
        document = docx.Document(str(path))
        numbering = Numbering.of(document)
        return tuple(_blocks(document.element.body, numbering))
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError, AttributeError, OSError, zipfile.BadZipFile):
        zh, en = (
            "Word 文档已损坏或缺少部件，读不出来。请用 Word 或 WPS 打开，另存为普通 .docx 后再读。",
            "The document is damaged or lacks a part.",
        )
        raise Refused(Text(zh, f"{en} Open it with Word or WPS and save it as .docx again."), place=path.name) from None


def _blocks(body: Any, numbering: Numbering) -> Iterator[Paragraph | Grid]:
    paragraphs = tables = 0
    for element in _children(body):
        if element.tag == qn("w:p"):
            paragraphs += 1
            label = numbering.label(element)
            if text := clean(_text(element)):
                yield Paragraph(text, f"paragraph {paragraphs}", label, numbering.heading_level(element))
        else:
            tables += 1
            yield _grid(element, f"table {tables}", numbering)


def _children(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables, those inside content controls and insertions as well."""
    for element in parent:
        if element.tag in (qn("w:p"), qn("w:tbl")):
            yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:moveTo")):
            yield from _children(element)


def _text(element: Any) -> str:
    parts: list[str] = []
    for node in element:
        if node.tag in _UNSEEN:
            continue
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif node.tag == qn("w:tab"):
            parts.append(" ")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif node.tag == qn("w:txbxContent"):
            parts.append("\n" + "\n".join(_text(child) for child in _children(node)) + "\n")
        elif node.tag not in (qn("w:pPr"), qn("w:rPr")):
            parts.append(_text(node))
    return "".join(parts)


def _grid(table: Any, name: str, numbering: Numbering) -> Grid:
    lines: list[tuple[int, tuple[Cell, ...]]] = []
    above: list[Cell] = []
    passed_over: list[Skipped] = []
    merged = False
    for index, row in enumerate(_rows(table)):
        address = f"{name} row {index + 1}"
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
            said = " ".join("".join(node.text or "" for node in tc.iter(qn("w:t"), qn("w:delText"))) for tc in _cells(row))
            passed_over.append(Skipped(address, clean(said), _DELETED))
            continue
        line = [Cell("", address, index, column) for column in range(_before(row))]
        for tc in _cells(row):
            column, span, joins = len(line), _span(tc), _joins_above(tc)
            if joins and column < len(above):
                merged = True
                line.extend(above[column : column + span])
            else:
                line.extend([Cell(clean(_cell_text(tc, numbering)), address, index, column)] * span)
        lines.append((index, tuple(line)))
        above = line
    return Grid("", rows_of(lines), passed_over=tuple(passed_over), merged=merged)


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == qn("w:tr"):
            yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
            yield from _rows(element)


def _cells(row: Any) -> Iterator[Any]:
    for element in row:
        if element.tag == qn("w:tc"):
            yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent")):
            yield from _cells(element)


def _cell_text(tc: Any, numbering: Numbering) -> str:
    lines = []
    for child in _children(tc):
        if child.tag == qn("w:p"):
            label, text = numbering.label(child), _text(child)
            lines.append(label + text if text.strip() or label else "")
        else:
            lines.extend(" ".join(clean(_cell_text(cell, numbering)) for cell in _cells(row)) for row in _rows(child))
    return "\n".join(lines)


def _before(row: Any) -> int:
    properties = row.find(qn("w:trPr"))
    before = None if properties is None else properties.find(qn("w:gridBefore"))
    return 0 if before is None else min(int(before.get(qn("w:val"), "0")), 60)


def _span(tc: Any) -> int:
    span = tc.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return 1 if span is None else max(1, min(int(span.get(qn("w:val"), "1")), 60))


def _joins_above(tc: Any) -> bool:
    merge = tc.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"
