"""Reading a list of 1,000 rows from .xlsx, beside openpyxl loading the same file and looking at every cell."""

import tempfile
import tomllib
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from openpyxl import Workbook, load_workbook

import examples
from benchmarks import Figure
from examples.build import HEADERS, grid_of
from intake.reading import read_list

SIZE = 1_000  # rows
RUNS = 5


def measure(size: int = SIZE) -> Iterator[Figure]:
    """One figure: seconds for the whole reading, deadlines and parties included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        _write_list(path, size)

        def read() -> None:
            assert len(read_list(path, examples.YEAR).items) == size

        def look() -> None:
            assert sum(1 for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True) for _cell in row) > size

        ours, theirs = zip(*((_seconds(read), _seconds(look)) for _ in range(RUNS)), strict=True)
    yield Figure(f"read a list of {size} rows", min(ours), "s", reference=min(theirs), bar=3)


def _write_list(path: Path, size: int) -> None:
    """As many duties as asked for, each a row, in the words of the example's."""
    duties = tomllib.loads((Path(examples.__file__).parent / "list-2026.toml").read_text(encoding="utf-8"))
    grid = grid_of(duties["lists"][0])
    rows = [row for position, row in enumerate(grid.rows) if position > 1 and position not in grid.wide]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([duties["title"]])
    sheet.append(HEADERS)
    for number, row in enumerate(islice(cycle(rows), size), 1):
        sheet.append([number, f"{row[1]}（第{number}项）", f"{row[2]}（第{number}项）", *row[3:-1], 1])
    book.save(path)


def _seconds(work: Callable[[], None]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
