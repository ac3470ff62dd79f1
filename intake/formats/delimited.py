"""CSV as offices export it → one grid. UTF-8 with or without BOM, UTF-16, GB18030; comma, semicolon or tab.

Merged cells come out as empty ones below the first. Addresses count records (`row 5`), not lines: a quoted field may hold line breaks.
"""

import csv
import io
from pathlib import Path

from intake.formats.grid import Cell, Grid, clean, rows_of
from intake.headers import find_header
from office.text import Refused, Text

_DELIMITERS = (",", ";", "\t", "，")
_LOOKED_AT = 40  # records that decide on the delimiter
_TEXT_CONTROLS = {"\t", "\n", "\r", "\x0b", "\x0c"}


def read_delimited(path: Path) -> Grid:
    """The records of the file; refuses what is no text in a known encoding."""
    text = decode(path.read_bytes())
    if text is None:
        zh = "文字编码认不出来（只认 UTF-8、UTF-16 和 GB18030）。请另存为“CSV UTF-8”。"
        raise Refused(Text(zh, "Its encoding is not known: UTF-8, UTF-16 and GB18030 are read."), place=path.name)
    looks = [_grid(text, delimiter, limit=_LOOKED_AT)[0] for delimiter in _DELIMITERS]
    best = max(range(len(looks)), key=lambda n: (_columns_understood(looks[n]), looks[n].width, -n))
    grid, broken = _grid(text, _DELIMITERS[best])
    if broken:
        zh = f"第 {broken} 行的引号不成对（或一格超过 10 万字），从这里起分不清单元格。请补上或删去引号后再读。"
        en = f"In row {broken} a quote is not closed, or closed in the middle of a cell, or a cell is longer than 100,000 characters."
        raise Refused(Text(zh, en), place=path.name)
    return grid


def decode(content: bytes) -> str | None:
    """The text, whatever it was saved as, or None. What holds control characters is no text."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(character >= " " or character in _TEXT_CONTROLS for character in text):
            return text
    return None


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" in content:  # UTF-16 without its mark: the zero bytes of its commas stand on one side
        return ("utf-16-be", "utf-16-le") if content[0::2].count(0) > content[1::2].count(0) else ("utf-16-le", "utf-16-be")
    return ("utf-8-sig", "gb18030")


def _grid(text: str, delimiter: str, limit: int | None = None) -> tuple[Grid, int]:
    """The records, and the number of the one at which they cannot be told apart any more; 0 where all can."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = []
    index = broken = 0
    try:
        for index, record in enumerate(records, start=1):
            if limit is not None and index > limit:
                break
            if record:
                address = f"row {index}"
                cells = (Cell(clean(field), address, index - 1, column) for column, field in enumerate(record))
                lines.append((index - 1, tuple(cells)))
    except csv.Error:  # strict: a quote without its fellow would swallow the rest of the file in silence
        broken = index + 1
    return Grid("", rows_of(lines)), broken


def _columns_understood(grid: Grid) -> int:
    header = find_header(grid, 0)
    return len(header.columns) if header else 0
