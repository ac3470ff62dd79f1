"""One list file as the office wrote it → what it says: items, questions, problems and what was passed over.

The one door of this room for lists. The kind of file is known by its content; every line of it ends up somewhere with its address.
"""

import re
from dataclasses import replace
from pathlib import Path

from intake.formats.delimited import read_delimited
from intake.formats.document import Paragraph, read_document
from intake.formats.grid import Grid
from intake.formats.package import kind_of
from intake.formats.workbook import read_workbook
from intake.gathering import HEADER, Gathered, Whole, with_party
from intake.headers import EXPECTED_WORDS, Header
from intake.parties import split_names, union
from intake.prose import Prose
from intake.tables import read_grid
from intake.values import Item, ListReading
from office.text import Refused, Text

NO_TABLE = Text("没有认出表头，未读入", "no header was recognised; not read")

_ROSTER_SHEETS = {"单位", "人员", "职务", "联系点"}


def read_list(path: Path, year: int, *, party: str = "") -> ListReading:
    """Read a list of the year `year` (.xlsx, .docx or .csv). Refuses a file that cannot be read or holds no list at all.

    `party` carries the duties that name nobody: for one list a party whose file does not say whose it is.
    """
    kind = kind_of(path)
    gathered = Gathered()
    if kind == "document":
        title = _read_document(read_document(path), year, gathered)
    else:
        grids = read_workbook(path) if kind == "workbook" else (read_delimited(path),)
        if len(_ROSTER_SHEETS & {grid.name for grid in grids}) >= 3:
            raise Refused(Text("这是名册，不是清单。", "This is a roster, no list."), place=path.name)
        title = _read_sheets(grids, year, gathered)
    if not gathered.items and not gathered.problems and any(line.why == HEADER for line in gathered.skipped):
        raise Refused(Text("有表头，但表头下面没有责任事项。", "There is a header but no duty below it."), place=path.name)
    if not gathered.items and not gathered.problems:
        zh = (
            f"没有找到责任事项：既没有认出表头（如 {EXPECTED_WORDS}），也没有带序号的段落。"
            if kind == "document"
            else f"没有找到表头行（如 {EXPECTED_WORDS}）。"
        )
        en = f"No duties were found: no header row with words like {EXPECTED_WORDS}" + (
            ", no numbered paragraphs." if kind == "document" else "."
        )
        raise Refused(Text(zh, en), place=path.name)
    gathered.items = [_carried_by(split_names(party), item) for item in gathered.items]
    return gathered.reading(title)


def _carried_by(party: tuple[str, ...], item: Item) -> Item:
    steps = tuple(replace(step, parties=with_party(step.parties, party)) for step in item.steps)
    return replace(item, steps=steps, parties=union(*(step.parties for step in steps)))


def _read_sheets(grids: tuple[Grid, ...], year: int, gathered: Gathered) -> str:
    title = ""
    for grid in grids:
        whole = Whole(year)
        if read_grid(grid, whole, gathered) is None:
            _skip_grid(grid, gathered)
        title = title or whole.title
    return title


def _read_document(blocks: tuple[Paragraph | Grid, ...], year: int, gathered: Gathered) -> str:
    """Paragraphs and tables in their order. A heading above a table is the table's section; the title holds for all of them."""
    whole = Whole(year)
    prose = Prose(whole, gathered)
    header: Header | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            prose.take(block)
        elif found := read_grid(block, prose.around_table(), gathered, header):
            prose.hold_table()
            header = found
        else:
            _skip_grid(block, gathered)
    prose.finish()
    order = {_place(block.address): position for position, block in enumerate(blocks)}
    gathered.items.sort(key=lambda item: order[_place(item.address)])
    gathered.skipped.sort(key=lambda line: order[_place(line.address)])
    return whole.title


def _place(address: str) -> str:
    """The paragraph or the table that an address of a document lies in."""
    return re.sub(r" row \d+$", "", address)


def _skip_grid(grid: Grid, gathered: Gathered) -> None:
    for row in grid.rows:
        cells = row.own_cells()
        if cells:
            gathered.skip(cells[0].address, " ".join(cell.text for cell in cells), NO_TABLE)
