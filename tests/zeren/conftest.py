"""The command line as an officer meets it, in this process: `zeren("load", file, "--year", "2026")`."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from zeren.cli import main
from zeren.database import engine_for
from zeren.settings import settings


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Zeren = Callable[..., Ran]


@pytest.fixture
def zeren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Zeren]:
    """Runs a command with a database of the test's own, which does not exist yet."""
    url = f"sqlite:///{tmp_path / 'zeren.db'}"
    monkeypatch.setenv("ZEREN_DATABASE_URL", url)
    for name in [name for name in os.environ if name.startswith("ZEREN_") and name != "ZEREN_DATABASE_URL"]:
        monkeypatch.delenv(name)  # what the developer has set is not under test
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["zeren", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    yield run
    engine_for(url).dispose()
    settings.cache_clear()
