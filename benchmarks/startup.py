"""How long an officer waits for `zeren --help`; the bare interpreter's start stands beside it to compare."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import Figure

SIZE = 9  # runs, of which the median counts


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Two figures in seconds; the bar is on the first one's value."""
    yield Figure("zeren --help", _seconds([str(Path(sys.executable).with_name("zeren")), "--help"], size), "s", bar=0.4)
    yield Figure("python -c pass", _seconds([sys.executable, "-c", "pass"], size), "s")


def _seconds(command: list[str], runs: int) -> float:
    def once() -> float:
        began = perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return perf_counter() - began

    once()  # the first run reads the files from disk
    return median(once() for _ in range(runs))
