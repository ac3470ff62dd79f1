"""Options that every command has, and how a command prints."""

import json
import os
from typing import Annotated, Any

import typer

from office.text import Language, Text


def language() -> Language:
    """Of help texts, which are fixed before settings are read."""
    return "en" if os.environ.get("ZEREN_LANGUAGE") == "en" else "zh"


def say(zh: str, en: str) -> str:
    return Text(zh, en).in_(language())


Now = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help=say("按这个时刻演练，例：2026-07-01T09:00", "rehearse this moment, like 2026-07-01T09:00")),
]
AsJson = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]
Year = Annotated[int, typer.Option("--year", min=2000, max=2100, help=say("清单年度", "year of the list"))]


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
