"""What every table looks like once its file format is forgotten: rows of addressed cells, merged ranges filled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from intake.values import Note, Skipped

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028\u2029\u2060\ufeff]|_x000[dD]_")


def clean(text: str) -> str:
    """Text as an office reads it: line feeds only, no invisible characters, no space at the ends of its lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\xa0", " ")
    lines = (line.strip() for line in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


_AS_ABOVE = frozenset(("同上", "同前", "同上行", "〃", "″", '"', "”", "“", "''", "””"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and address. A merged range shows the same cell everywhere: `row` and `column` are its top left."""

    text: str
    address: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says something. All rows of a grid have as many cells as it has columns."""

    index: int
    cells: tuple[Cell, ...]

    def own(self, column: int) -> Cell | None:
        """The cell that starts in this very place and is not empty."""
        cell = self.cells[column]
        return cell if cell.text and cell.row == self.index and cell.column == column else None

    def value(self, column: int) -> Cell | None:
        """The cell that holds here, be it merged from above. One merged from the left belongs to its own column."""
        cell = self.cells[column]
        return cell if cell.text and cell.column == column else None

    def own_cells(self) -> tuple[Cell, ...]:
        return tuple(cell for column in range(len(self.cells)) if (cell := self.own(column)))

    def covers_all(self, cell: Cell) -> bool:
        """Whether this one cell is merged over the whole width of the row."""
        return len(self.cells) > 1 and all(each is cell or not each.text for each in self.cells) and self.cells[-1] is cell


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet, a Word table or a CSV file. Blank rows are left out; `Row.index` still counts them."""

    name: str  # of the sheet; empty for Word tables and CSV
    rows: tuple[Row, ...]
    faults: tuple[Note, ...] = ()  # cells that cannot be read, like a formula without its value
    questions: tuple[Note, ...] = ()  # what an officer does not see on opening the file
    passed_over: tuple[Skipped, ...] = ()
    merged: bool = False  # whether any cell reaches over several rows; if none does, an empty cell may stand for "as above"

    @property
    def address(self) -> str:
        return self.rows[0].cells[0].address if self.rows else ""

    @property
    def width(self) -> int:
        return len(self.rows[0].cells) if self.rows else 0


def rows_of(lines: Iterable[tuple[int, tuple[Cell, ...]]]) -> tuple[Row, ...]:
    """Rows of equal width, without those that say nothing."""
    kept = [(index, cells) for index, cells in lines if any(cell.text for cell in cells)]
    width = max((len(cells) for _, cells in kept), default=0)
    return tuple(
        Row(index, cells + tuple(Cell("", cells[0].address, index, column) for column in range(len(cells), width))) for index, cells in kept
    )


def with_repeats(grid: Grid, first: int) -> Grid:
    """The grid with what stands above in the place of 同上 and 〃, from position `first` of its rows on."""
    above: dict[int, str] = {}
    rows = list(grid.rows)
    for position in range(first, len(rows)):
        row = rows[position]
        if any(cell.text in _AS_ABOVE for cell in row.cells):
            cells = tuple(replace(cell, text=above.get(cell.column, cell.text)) if cell.text in _AS_ABOVE else cell for cell in row.cells)
            rows[position] = row = replace(row, cells=cells)
        above |= {column: cell.text for column in range(len(row.cells)) if (cell := row.value(column))}
    return replace(grid, rows=tuple(rows))
