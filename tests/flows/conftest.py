"""A Prefect server for the session, and for each test an office of its own: a fresh database and a mail server."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from zeren.catcher import MailCatcher
from zeren.settings import settings


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        environment.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        environment.setenv("DO_NOT_TRACK", "1")
        with prefect_test_harness(server_startup_timeout=120):
            yield


@pytest.fixture
def office(prefect_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    """The settings of a test: nine in the morning of 5 January 2026, and mail that goes to the catcher which this gives."""
    with MailCatcher() as catcher:
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
