"""An office with a fresh database and an empty board on the session's Prefect server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from board.installing import install
from board.memory import attempt
from board.server import Gone, Server, connect
from board.updating import Updated, update
from board.values import FLOW, SeenRun
from engine.history import open_histories
from models import Assignment, Board
from tests import factories
from tests.board.desk import Desk, desk_on
from zeren.database import reading, transaction
from zeren.prefect_server import PrefectServer

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class OfficeBoard:
    """An office's database and its board; `requests` are those that the last update sent."""

    url: str
    now: datetime = factories.NOW
    requests: list[tuple[str, str]] = field(default_factory=list)

    def transaction(self) -> Any:
        return transaction(self.url)

    def reading(self) -> Any:
        return reading(self.url)

    def update(self, *, full: bool = False, closed_days: int | None = None) -> Updated:
        with attempt(self.transaction, now=self.now) as interrupted, connect() as server:
            self.requests.clear()
            _listen(server, self.requests)
            return update(
                server, self.reading, self.transaction, now=self.now, zone=ZONE, full=full or interrupted, closed_days=closed_days
            )

    def issue(self, session: Session, count: int = 1, **fields: Any) -> list[int]:
        """New assignments of one list with the first rows of their histories; their ids."""
        made = [factories.assignment(session, **fields) for _ in range(count)]
        keys = {row.id: row.natural_key for row in made}
        open_histories(session, keys, action="issue", to_value="sent", reason="2026年度责任清单", at=factories.NOW, by="officer")
        return sorted(keys)

    def issued(self, count: int = 1, **fields: Any) -> list[int]:
        with self.transaction() as session:
            return self.issue(session, count, **({"due_on": date(2026, 6, 30)} | fields))

    def runs(self) -> dict[int, SeenRun]:
        """What the server shows, by the ids of assignments; runs that stand for none are left out."""
        with connect() as server:
            runs = {run.key: run for run in server.runs(install(server))}
        with self.reading() as session:
            keys = {row.id: row.natural_key for row in session.query(Assignment)}
        return {id: runs[key] for id, key in keys.items() if key in runs}

    def fault(self) -> tuple[str, bool]:
        """What is remembered of the last update: its fault, and whether it failed."""
        with self.reading() as session:
            (board,) = session.query(Board)
            return board.fault, board.failed_at is not None

    def log(self, assignment_id: int) -> list[str]:
        with connect() as server:
            return [line.text for line in server.lines_of([self.runs()[assignment_id].id])]


def _listen(server: Server, heard: list[tuple[str, str]]) -> None:
    """Note every request that was carried out: one that SQLite gave way with, and that is sent again, is one."""
    call = server.call

    def noting(method: str, path: str, body: object = None) -> Any:
        answer = call(method, path, body)
        results = answer.get("results", ()) if isinstance(answer, dict) else ()
        if all(result["status"] in ("CREATED", "ACCEPT") for result in results):
            heard.append((method, path))
        return answer

    server.call = noting  # type: ignore[method-assign]


def clear(server: Server) -> None:
    try:
        server.call("DELETE", f"/flows/{server.call('GET', f'/flows/name/{FLOW}')['id']}")
    except Gone:
        return


@pytest.fixture
def office_board(prefect_server: PrefectServer, sqlite_url: str) -> Iterator[OfficeBoard]:
    with connect() as server:
        clear(server)
    yield OfficeBoard(sqlite_url)
    with connect() as server:
        clear(server)


@pytest.fixture
def desk(prefect_server: PrefectServer, sqlite_url: str) -> Iterator[Desk]:
    yield from desk_on(sqlite_url, clear)


@pytest.fixture
def desk_on_either(prefect_server: PrefectServer, database_url: str) -> Iterator[Desk]:
    """Once on each of the two databases, for what their locks decide."""
    yield from desk_on(database_url, clear)
