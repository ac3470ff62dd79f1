"""例会材料 as a page of the Prefect UI. Pure.

In: the material. Out: Markdown. Figures are a table; what people wrote is a list, because the present UI breaks no lines in tables.
"""

from collections.abc import Sequence
from datetime import date

from board.markdown import plain, shortened, table
from board.page_parts import Page
from engine.meeting_material import Material
from engine.meeting_parts import Column, Part, parts_of, subtitle_of, title_of

LINE_SHOWN = 200  # characters of one cell in a list: the Word file has all of it


def meeting_key(held_on: date) -> str:
    return f"meeting-{held_on}"


def meeting_page(material: Material) -> Page:
    title = title_of(material.held_on, "zh")
    parts = [_part(part) for part in parts_of(material, "zh")]
    return Page(meeting_key(material.held_on), title, "\n\n".join((f"# {title}", plain(subtitle_of(material, "zh")), *parts)))


def _part(part: Part) -> str:
    lines = [f"## {part.title}", plain(part.said)]
    if all(column.is_number for column in part.columns[1:]):
        numbers = range(1, len(part.columns))
        rows = ([plain(value) for value in row] for row in part.rows)
        lines.append(table([column.title for column in part.columns], rows, numbers=numbers))
    else:
        lines.append("\n".join(line for row in part.rows for line in _entry(part.columns, row)))
    return "\n\n".join(filter(None, lines))


def _entry(columns: Sequence[Column], row: Sequence[str]) -> list[str]:
    """One row as an entry: what it is about, and below it a line for each other cell that says something."""
    start = 1 if columns[0].is_number else 0  # a list counts by itself
    about, *others = zip(columns[start:], row[start:], strict=True)
    lines = [f"1. **{_one_line(about[1])}**"]
    for column, value in others:
        if value not in ("", "—"):
            lines.append(f"   - {plain(column.title)}：{_one_line(value)}")
    return lines


def _one_line(value: str) -> str:
    return plain("；".join(shortened(line, LINE_SHOWN) for line in value.split("\n")))
