"""Reading a list of 1,000 rows from .xlsx, beside openpyxl loading the same file and looking at every cell."""

import tempfile
import tomllib
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

from openpyxl import Workbook, load_workbook

import examples
from benchmarks import Figure
from examples.build import HEADERS, grid_of
from intake.reading import read_list

SIZE = 1_000  # rows
RUNS = 5


def measure(size: int = SIZE) -> Iterator[Figure]:
    """One figure: seconds for the whole reading, deadlines and parties included; the median of lists that differ in every row."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for run in range(RUNS):
            path = Path(folder) / f"list-{run}.xlsx"
            _write_list(path, size, run)
            ours.append(_seconds(_read, path, size))
            theirs.append(_seconds(_look, path, size))
    yield Figure(f"read a list of {size} rows", median(ours), "s", reference=median(theirs), bar=3)


def _read(path: Path, size: int) -> None:
    assert len(read_list(path, examples.YEAR).items) == size


def _look(path: Path, size: int) -> None:
    assert sum(1 for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True) for _cell in row) > size


def _write_list(path: Path, size: int, run: int) -> None:
    """As many duties as asked for, each a row, in the words of the example's."""
    duties = tomllib.loads((Path(examples.__file__).parent / "list-2026.toml").read_text(encoding="utf-8"))
    grid = grid_of(duties["lists"][0])
    rows = [row for position, row in enumerate(grid.rows) if position > 1 and position not in grid.wide]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([duties["title"]])
    sheet.append(HEADERS)
    for number, row in enumerate(islice(cycle(rows), size), 1):
        mark = f"（{run}-{number}号）"
        sheet.append([number, row[1] + mark, row[2] + mark, *row[3:-1], 1])
    book.save(path)


def _seconds(work: Callable[[Path, int], None], path: Path, size: int) -> float:
    began = perf_counter()
    work(path, size)
    return perf_counter() - began
