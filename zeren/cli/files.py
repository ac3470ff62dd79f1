"""Files that a command reads from and writes to; none is overwritten that nobody asked to."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from office.files import EXISTS, unreadable, unwritable
from office.text import Refused, Text
from zeren.cli.options import say

Force = Annotated[bool, typer.Option("--force", help=say("文件已存在时覆盖", "overwrite the file where it exists"))]


def read_text(file: str) -> str:
    """What stands in a text file, or in the standard input for `-`."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except OSError as error:
        raise unreadable(error, Path(file)) from None
    except UnicodeDecodeError:
        raise Refused(Text("文件应为 UTF-8 文本", "The file has to be text in UTF-8"), place=file) from None


def write(file: Path, content: bytes, *, force: bool) -> None:
    """Write a file. Refuses one that exists, unless by force."""
    try:
        with file.open("wb" if force else "xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise Refused(Text(f"{EXISTS.zh}；要覆盖请加 --force", f"{EXISTS.en}; to overwrite it, add --force"), place=str(file)) from None
    except OSError as error:
        raise unwritable(error, file) from None
