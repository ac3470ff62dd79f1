"""Database engine, schema and transactions, and a clear sentence for what can be wrong with a database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session

from models import migrations
from office.text import Refused, Text, Unavailable

BUSY_SECONDS = 15  # how long SQLite waits for another writer before the database counts as locked
PREPARING = 7_236_036  # PostgreSQL's advisory lock of whoever creates or upgrades the tables
VERSION = text(f"SELECT version_num FROM {migrations.VERSION_TABLE}")  # noqa: S608 - a constant of ours


@cache
def engine_for(database_url: str) -> Engine:
    """The engine of one database URL; `postgresql://` means psycopg 3."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        raise Refused(Text("ZEREN_DATABASE_URL 不是数据库地址", "ZEREN_DATABASE_URL is no database address")) from None
    if "@" in (url.host or ""):  # the rest of a password: it would be shown as part of the host
        raise Refused(
            Text(
                "ZEREN_DATABASE_URL 的密码里有特殊字符，请按网址规则转写（@ 写成 %40）",
                "The password in ZEREN_DATABASE_URL has a special character: write it as in a web address (@ as %40)",
            )
        )
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg":
        return create_engine(url, pool_pre_ping=True)
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise Refused(
            Text(f"不支持 {url.drivername} 数据库，请用 sqlite 或 postgresql", f"No {url.drivername} here: use sqlite or postgresql")
        )
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})

    # Python's driver would begin a transaction late, at the first change, and none for DDL. Begun at once and for writing, a
    # transaction covers what it read too, waits for the other writer, and takes its tables back when it fails.
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN" if options.get("only_reads") else "BEGIN IMMEDIATE")

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


@contextmanager
def transaction(database_url: str) -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on any error.

    Refuses where the database is missing, locked, unreachable, or of another version than this code.
    """
    engine = engine_for(database_url)
    if _has_no_file(engine.url):
        raise _missing(engine.url)
    with _refusing(engine.url), Session(engine) as session, session.begin():
        _check_version(session.connection(), engine.url)
        yield session


@contextmanager
def reading(database_url: str) -> Iterator[Session]:
    """One look at the database, as of one moment: waits for no writer and stores nothing. Refuses like `transaction`."""
    engine = engine_for(database_url).execution_options(only_reads=True)
    if _has_no_file(engine.url):
        raise _missing(engine.url)
    with _refusing(engine.url), Session(engine) as session:
        _check_version(session.connection(), engine.url)
        yield session


@contextmanager
def alone(database_url: str, work: str, *, wait_seconds: float) -> Iterator[None]:
    """While the block runs, nobody else is in one of the same `work` on this database, in whatever process or, with PostgreSQL, on
    whatever machine. Holds no transaction, and ends with the process however that ends. Unavailable when it takes too long.
    """
    engine = engine_for(database_url)
    locked = _locked_on_postgresql if engine.dialect.name == "postgresql" else _locked_beside_sqlite
    with locked(engine, work, wait_seconds):
        yield


@contextmanager
def _locked_on_postgresql(engine: Engine, work: str, wait_seconds: float) -> Iterator[None]:
    key = {"key": crc32(f"zeren {work}".encode())}
    with _refusing(engine.url), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = {round(wait_seconds * 1000)}"))
        try:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), key)
        except OperationalError as error:
            if "lock timeout" not in str(error.orig):
                raise
            raise _under_way(work) from None
        finally:
            connection.execute(text("RESET lock_timeout"))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


@contextmanager
def _locked_beside_sqlite(engine: Engine, work: str, wait_seconds: float) -> Iterator[None]:
    """An empty database beside the one, locked: SQLite knows how to do that on every system, and the system ends it with the process."""
    name = engine.url.database or ""
    if name in ("", ":memory:"):
        yield
        return
    with closing(sqlite3.connect(f"{name}-{work}", timeout=wait_seconds, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise Unavailable(
                    Text(f"数据库无法使用（{_shown(engine.url)}）：{error}", f"The database cannot be used ({_shown(engine.url)}): {error}")
                ) from None
            raise _under_way(work) from None
        yield


def _under_way(work: str) -> Unavailable:
    return Unavailable(Text(f"另一个程序正在做同一件事（{work}），请稍后再试", f"Another program is at it ({work}); try again later"))


@contextmanager
def rehearsal(database_url: str) -> Iterator[Session | None]:
    """A transaction that is always taken back: what would happen. None where there is no database yet. Refuses like `transaction`."""
    engine = engine_for(database_url)
    if _has_no_file(engine.url):
        yield None
        return
    with _refusing(engine.url), Session(engine) as session:
        if _version(session.connection()) is None:
            yield None
            return
        _check_version(session.connection(), engine.url)
        yield session


def prepare(database_url: str) -> None:
    """Create the tables of a new database; a database that has them is only checked. Refuses like `transaction`."""
    engine = engine_for(database_url)
    with _refusing(engine.url):
        _share_between_readers_and_writer(engine)
        with engine.begin() as connection:
            _one_at_a_time(connection)
            if inspect(connection).has_table(migrations.VERSION_TABLE):
                _check_version(connection, engine.url)
            else:
                migrations.upgrade(connection)


def upgrade(database_url: str) -> str:
    """Bring an existing database to this code's version, all or nothing; returns the version that it had."""
    from alembic.util import CommandError  # only here: its import takes longer than most commands

    engine = engine_for(database_url)
    if _has_no_file(engine.url):
        raise _missing(engine.url)
    with _refusing(engine.url), engine.begin() as connection:
        _one_at_a_time(connection)
        found = _version(connection)
        if found is None:
            raise _missing(engine.url)
        if found > migrations.HEAD:
            raise _newer(engine.url)
        try:
            migrations.upgrade(connection)
        except CommandError:
            raise Refused(
                Text(
                    f"数据库的版本 {found} 不是本程序建立的，无法升级（{_shown(engine.url)}）",
                    f"The database has version {found}, which is none of this program's ({_shown(engine.url)})",
                )
            ) from None
        return found


def _check_version(connection: Connection, url: URL) -> None:
    found = _version(connection)
    if found is None:
        raise _missing(url)
    if found < migrations.HEAD:
        raise Refused(
            Text(
                f"数据库版本较旧，请先备份，再运行 zeren database upgrade（{_shown(url)}）",
                f"The database is older than this program: back it up, then run zeren database upgrade ({_shown(url)})",
            )
        )
    if found > migrations.HEAD:
        raise _newer(url)


def _version(connection: Connection) -> str | None:
    """The version of the tables; None where there are none. One SELECT where there are."""
    try:
        with connection.begin_nested():  # a failed statement ends a PostgreSQL transaction
            found: str | None = connection.scalar(VERSION)
            return found
    except DatabaseError:
        if inspect(connection).has_table(migrations.VERSION_TABLE):
            raise
        return None


def _has_no_file(url: URL) -> bool:
    """Connecting would create the file; a question must not."""
    name = url.database or ""
    return url.get_backend_name() == "sqlite" and name not in ("", ":memory:") and not name.startswith("file:") and not Path(name).exists()


def _share_between_readers_and_writer(engine: Engine) -> None:
    """A write-ahead log lets readers and the one writer not wait for each other. The file remembers it."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _one_at_a_time(connection: Connection) -> None:
    """Two programs that start together on a new database must not both create its tables; SQLite's write lock sees to it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PREPARING})


def _shown(url: URL) -> str:
    """A database address without its password; parameters after `?` may hold one too."""
    return url.set(query={}).render_as_string(hide_password=True)


def _missing(url: URL) -> Refused:
    return Refused(
        Text(
            f"还没有数据库（{_shown(url)}），先用 zeren roster load 装入名册，或在 zeren load 时加上 --roster 名册",
            f"There is no database yet ({_shown(url)}): first run zeren roster load ROSTER, or add --roster ROSTER to zeren load",
        )
    )


def _newer(url: URL) -> Refused:
    return Refused(
        Text(
            f"数据库版本比本程序新，请升级本程序（{_shown(url)}）",
            f"The database is newer than this program: update the program ({_shown(url)})",
        )
    )


@contextmanager
def _refusing(url: URL) -> Iterator[None]:
    """Turn what a database says when it cannot be used into one sentence; mistakes of the program stay errors."""
    try:
        yield
    except DatabaseError as error:
        # Exactly these two: integrity and programming errors derive from DatabaseError, and are the program's own.
        if type(error) not in (OperationalError, DatabaseError):
            raise
        words = next(iter(str(error.orig).strip().splitlines()), "?")
        if "locked" in words:
            said = Text(f"数据库正被占用，请稍后再试（{_shown(url)}）", f"The database is locked; try again later ({_shown(url)})")
        else:
            said = Text(f"数据库无法使用（{_shown(url)}）：{words}", f"The database cannot be used ({_shown(url)}): {words}")
        raise Unavailable(said) from None
