"""What holds for every command."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import typer

from tests import factories
from tests.zeren.conftest import Zeren
from zeren.cli import app
from zeren.cli.options import written_language
from zeren.database import prepare, transaction
from zeren.settings import settings


def commands(group: typer.core.TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


ROOT = typer.main.get_command(app)
assert isinstance(ROOT, typer.core.TyperGroup)


@pytest.mark.parametrize("path", list(commands(ROOT)), ids=" ".join)
def test_every_command_takes_a_moment_to_rehearse(zeren: Zeren, path: tuple[str, ...]) -> None:
    ran = zeren(*path, "--now", "morgen")
    assert ran.status == 1
    assert ran.err.startswith("--now 不是日期时间：morgen")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("issue",), "没有 issue 这个命令。用法见 zeren --help"),
        (("read",), "缺少 FILE。用法见 zeren read --help"),
        (("read", "list.xlsx"), "缺少 --year。用法见 zeren read --help"),
        (("read", "list.xlsx", "--year", "1826"), "--year 的值不对（应为 2000 至 2100）。用法见 zeren read --help"),
        (("load", "list.xlsx", "--roster"), "--roster 后面缺少内容。用法见 zeren --help"),
        (("load", "--send"), "没有 --send 这个选项。用法见 zeren load --help"),
    ],
)
def test_what_is_no_command_gets_one_sentence(zeren: Zeren, arguments: tuple[str, ...], sentence: str) -> None:
    ran = zeren(*arguments)
    assert (ran.status, ran.out, ran.err) == (2, "", sentence + "\n")


def test_without_a_command_the_commands_are_listed(zeren: Zeren) -> None:
    assert "下发" in zeren().err


def test_the_moment_may_be_set_in_the_file_of_settings_as_for_the_flows(zeren: Zeren, tmp_path: Path) -> None:
    prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        factories.assignment(session, due_on=date(2026, 6, 30))
    settings_file = tmp_path / "zeren.toml"
    settings_file.write_text('now = "2026-07-01T09:00"\n', "utf-8")
    assert zeren("status", "--json").json["standing"] == {"overdue": 1}
    assert zeren("status", "--json", "--now", "2026-01-05T09:00").json["standing"] == {"sent": 1}
    settings_file.write_text('now = "morgen"\n', "utf-8")
    ran = zeren("status")
    assert (ran.status, ran.err) == (1, "zeren.toml now 不是日期时间：morgen（例：2026-07-01T09:00）\n")


def test_english_may_be_chosen_in_the_file_of_settings(zeren: Zeren, tmp_path: Path) -> None:
    (tmp_path / "zeren.toml").write_text('language = "en"\n')
    written_language.cache_clear()
    try:
        assert zeren("read").err == "Missing argument 'FILE'. See zeren read --help\n"
    finally:
        written_language.cache_clear()
