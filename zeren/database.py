"""Database engine and transactions, and a clear sentence for what can be wrong with a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from office.text import Refused, Text

BUSY_SECONDS = 15  # how long SQLite waits for another writer before the database counts as locked


@cache
def engine_for(database_url: str) -> Engine:
    """The engine of one database URL; `postgresql://` means psycopg 3."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise Refused(Text("ZEREN_DATABASE_URL 不是数据库地址", "ZEREN_DATABASE_URL is no database address")) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")  # readers and the one writer do not wait for each other

    return engine


def _refusal(url: URL, error: OperationalError) -> Refused:
    words = str(error.orig).strip().splitlines()[0] if error.orig else "?"
    where = url.render_as_string(hide_password=True)
    if "locked" in words:
        return Refused(Text(f"数据库正被占用，请稍后再试（{where}）", f"The database is locked; try again later ({where})"))
    return Refused(Text(f"数据库无法使用（{where}）：{words}", f"The database cannot be used ({where}): {words}"))


@contextmanager
def transaction(database_url: str) -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on any error; refuses where the database cannot be used."""
    engine = engine_for(database_url)
    try:
        with Session(engine) as session, session.begin():
            yield session
    except OperationalError as error:
        raise _refusal(engine.url, error) from None
