"""Options that every command has, and how a command prints."""

import json
import os
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from office.text import Language, Refused, Text


def language() -> Language:
    """`ZEREN_LANGUAGE`, or `language` in zeren.toml.

    Looked up by itself: help texts must not wait for the settings, and a sentence about wrong settings must not need right ones.
    """
    return "en" if (os.environ.get("ZEREN_LANGUAGE") or written_language()) == "en" else "zh"


@cache
def written_language() -> object:
    return _written("language")


def _written(name: str) -> object:
    """A setting of zeren.toml as it stands there; None without one."""
    try:
        return tomllib.loads(Path("zeren.toml").read_text("utf-8")).get(name)
    except (OSError, ValueError):
        return None


def say(zh: str, en: str) -> str:
    return Text(zh, en).in_(language())


def _moment(written: str | None, name: str = "--now") -> str | None:
    """Every command takes a moment to rehearse and refuses what is none, also the commands that look the same at any time."""
    try:
        if written is not None:
            datetime.fromisoformat(written)
    except ValueError:
        raise Refused(
            Text(
                f"{name} 不是日期时间：{written}（例：2026-07-01T09:00）",
                f"{name} is no date and time: {written} (like 2026-07-01T09:00)",
            )
        ) from None
    return written


def _moment_or_written(given: str | None) -> str | None:
    """Without the option, `now` in zeren.toml, which the flows follow too."""
    if given is not None:
        return _moment(given)
    written = _written("now")
    return _moment(written, "zeren.toml now") if isinstance(written, str) and written else None


def _given(given: str | None) -> str | None:
    return _moment(given)


def _now(read: Callable[[str | None], str | None]) -> Any:
    return typer.Option(
        "--now",
        metavar="TIME",
        envvar="ZEREN_NOW",
        callback=read,
        help=say("按这个时刻演练，例：2026-07-01T09:00", "rehearse this moment, like 2026-07-01T09:00"),
    )


Now = Annotated[str | None, _now(_moment_or_written)]
GivenNow = Annotated[str | None, _now(_given)]  # of what starts flows: each of them reads zeren.toml anew
AsJson = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]
Year = Annotated[int, typer.Option("--year", min=2000, max=2100, help=say("清单年度", "year of the list"))]
ListParty = Annotated[
    str, typer.Option("--party", metavar="NAME", help=say("清单没有写明责任单位的事项归谁", "who carries the duties that name nobody"))
]


def civil_date(written: str, option: str) -> date:
    """A day as it was typed; refuses what is none, naming its option."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refused(
            Text(f"{option} 不是日期：{written}（例：2026-07-15）", f"{option} is no date: {written} (like 2026-07-15)")
        ) from None


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
