"""What nobody sees on opening a workbook: hidden sheets, rows and columns. They are read, and asked about.

In: the XML parts of an .xlsx package. Out: for each sheet its hidden rows and columns, counted from 0.
Source: ECMA-376 part 1, 18.3.1.73 (row) and 18.3.1.13 (col): `hidden`; a filter hides rows the same way.
"""

import html
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intake.values import Note
from office.text import Text

_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_ROW_OR_COLUMN = re.compile(rb"<(?:\w+:)?(row|col)\s[^>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Rows and columns, counted from 0, that a sheet hides."""

    rows: frozenset[int] = frozenset()
    columns: tuple[range, ...] = field(default=())


def hidden_parts(parts: Mapping[str, bytes]) -> dict[str, Hidden]:
    """Sheet name → what it hides, for the sheets that hide anything."""
    targets = {
        said["Id"]: said["Target"]
        for said in _elements(parts.get("xl/_rels/workbook.xml.rels", b""), "Relationship")
        if "Id" in said and "Target" in said
    }
    found = {}
    for sheet in _elements(parts.get("xl/workbook.xml", b""), "sheet"):
        target = targets.get(next((value for key, value in sheet.items() if key.endswith(":id")), ""), "")
        content = parts.get(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), b"")
        if _HIDDEN.search(content):
            found[sheet.get("name", "")] = _hidden(content)
    return found


def questions_about(hidden: Hidden, sheet: str, filled_rows: Sequence[int], letters: Sequence[str]) -> tuple[Note, ...]:
    """One question for the hidden rows that say something, one for the hidden columns."""
    notes = []
    if rows := [index + 1 for index in filled_rows if index in hidden.rows]:
        said = "、".join(map(str, rows[:20])) + ("等" if len(rows) > 20 else "")
        notes.append(
            Note(
                f"{sheet}!A{rows[0]}",
                Text(f"第 {said} 行是隐藏的，已照读，请确认。", f"Hidden rows are read as well: {said}. Please confirm."),
            )
        )
    if columns := [letter for column, letter in enumerate(letters) if any(column in each for each in hidden.columns)]:
        said = "、".join(columns)
        notes.append(
            Note(
                f"{sheet}!{columns[0]}1",
                Text(f"{said} 列是隐藏的，已照读，请确认。", f"Hidden columns are read as well: {said}. Please confirm."),
            )
        )
    return tuple(notes)


def _hidden(content: bytes) -> Hidden:
    rows, columns = set(), []
    for match in _ROW_OR_COLUMN.finditer(content):
        if not _HIDDEN.search(match.group()):
            continue
        said = _attributes(match.group().decode("utf-8", "replace"))
        if match.group(1) == b"row" and said.get("r", "").isdigit():
            rows.add(int(said["r"]) - 1)
        elif match.group(1) == b"col" and said.get("min", "").isdigit() and said.get("max", "").isdigit():
            columns.append(range(int(said["min"]) - 1, int(said["max"])))
    return Hidden(frozenset(rows), tuple(columns))


def _elements(content: bytes, name: str) -> list[dict[str, str]]:
    return [_attributes(each) for each in re.findall(rf"<(?:\w+:)?{name}\s[^>]*>", content.decode("utf-8", "replace"))]


def _attributes(element: str) -> dict[str, str]:
    return {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(element)}
