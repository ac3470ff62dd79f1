"""The command line. Command modules import what they need inside the command: `zeren --help` must stay fast."""

import sys
from importlib import import_module

import typer
from typer.exceptions import Abort, TyperException

from office.text import Refused
from zeren.cli.misuse import misused
from zeren.cli.options import language, say

app = typer.Typer(
    name="zeren",
    help=say("责任：年度责任清单的分解、下发与送达。", "Zeren: annual responsibility lists, planned, issued and delivered."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes around the help would take two thirds of its time
)

# One module a group of commands, in the order of the officer's work; each has `register(app)`.
for _commands in (
    "deadline",
    "read",
    "roster",
    "policy",
    "simulate",
    "load",
    "assignments",
    "deciding",
    "handing",
    "links",
    "meeting",
    "mail",
    "audit",
    "run",
    "database",
):
    import_module(f"zeren.cli.{_commands}").register(app)


def main() -> None:
    """Run the command line; a refusal is one sentence on standard error and status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # a console of another code page must not stop a Chinese sentence
    try:
        status = app(standalone_mode=False)
    except Refused as refusal:
        typer.echo(refusal.in_(language()), err=True)
        sys.exit(1)
    except TyperException as error:  # what was typed is no command
        typer.echo(misused(error).in_(language()), err=True)
        sys.exit(2)
    except Abort:
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
