"""The text of a 督办规则: what its TOML says, where in it an entry stands, and a policy written out in full.

In: the bytes of a file, or what was pasted. Out: plain values, and for what cannot be read one sentence with its line.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from office.text import Refused, Text, plain

SHOWN = 40  # characters of what was written, in a sentence about it
_HEADER = re.compile(r"\s*\[\[?\s*([^\]]*?)\s*\]")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_TYPED = {"“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "、": ",", "。": "."}  # by a Chinese keyboard


@cache
def default_text() -> str:
    """The policy that holds where the office has none of its own, with what each entry means."""
    return files("office").joinpath("policy.toml").read_text(encoding="utf-8")


def decoded(content: bytes, *, place: str) -> str:
    """The text of a file in UTF-8, with or without the byte order mark that Windows Notepad writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = Text("不是 UTF-8 编码：请在记事本中“另存为”，编码选 UTF-8", "It is not in UTF-8: save it with that encoding")
        raise Refused(said, place=place) from None


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A text as it was written; `place` names its file in a refusal."""

    text: str
    place: str

    @classmethod
    def of(cls, text: str, place: str) -> Self:
        return cls(text.removeprefix("\ufeff").replace("\r\n", "\n"), place)

    def values(self) -> dict[str, Any]:
        """What its TOML says. Refuses what is no TOML, with the line and, where one is to blame, the sign of a Chinese keyboard."""
        try:
            return tomllib.loads(f"{self.text}\n")
        except (ValueError, RecursionError) as error:
            raise self._unreadable(str(error)) from None

    def fault(self, said: Text, part: str = "", entry: str = "", *, number: int = 0) -> Refused:
        """A refusal at the line of an entry, else of its part; `number`: in the n-th [[exceptions]], from 1."""
        line = self._line(part, entry, number)
        where = f"[{'exceptions.' * bool(number)}{part}] {entry}".strip() if part else ""
        separated = ("：", ": ") if where else ("", "")
        return Refused(
            Text(f"{where}{separated[0]}{said.zh}", f"{where}{separated[1]}{said.en}"),
            place=f"{self.place}:{line}" if line else self.place,
        )

    def _line(self, part: str, entry: str, number: int) -> int | None:
        """Found where the text is written as the default one: a header a part, and a line an entry."""
        header = f"exceptions.{part}" if number and part else "exceptions" if number else part
        here, seen, found = not header, 0, None
        for place, line in enumerate(self.text.splitlines(), start=1):
            if named := _HEADER.match(line):
                seen += named[1] == "exceptions"
                here = named[1] == header and (not number or seen == number)
                if here or (number and seen == number and named[1] == "exceptions"):
                    found = place
            elif here and entry and re.match(rf"\s*{re.escape(entry)}\s*=", line):
                return place
        return found

    def _unreadable(self, error: str) -> Refused:
        place = re.search(r"at line (\d+)", error)
        if place is None:
            said = Text("结尾处没有写完：检查引号和方括号是否成对", "It ends too early: are quotes and brackets in pairs?")
            return Refused(said, place=self.place)
        written = self.text.split("\n")[int(place[1]) - 1]
        line = plain(written)
        if typed := typed_in_chinese(_STRING.sub("", written).split("#")[0]):
            wrong, right = typed
            said = Text(f"有中文全角符号 {wrong} ，请切换到英文输入法，改为 {right}", f"{wrong} is a full-width sign: type {right} instead")
        elif "twice" in error or "overwrite" in error or "mutate" in error:
            said = Text(f"重复了：{line[:SHOWN]}", f"This stands twice: {line[:SHOWN]}")
        else:
            said = Text(
                f"读不懂这一行（应为“名称 = 值”或“[部分]”，文字加英文引号）：{line[:SHOWN]}",
                f"This is neither “name = value” nor a [part], or lacks quotes: {line[:SHOWN]}",
            )
        return Refused(said, place=f"{self.place}:{place[1]}")


def typed_in_chinese(written: str) -> tuple[str, str] | None:
    """The first sign that stands there full-width, as a Chinese keyboard types it, and the one that was meant; None without one."""
    for sign in written:
        meant = _TYPED.get(sign) or unicodedata.normalize("NFKC", sign)
        if meant != sign and len(meant) == 1 and meant.isascii():
            return sign, "空格" if meant == " " else meant
    return None


def in_full(parts: Mapping[str, Mapping[str, Any]], exceptions: Sequence[Mapping[str, Any]]) -> str:
    """The default text with the values of a policy in it, its exceptions at the end. So it stays the same when defaults change."""
    lines, part = [], ""
    for line in default_text().splitlines():
        if header := _HEADER.match(line):
            part = header[1]
        elif entry := re.match(r"(\w+) = (?:[^#]*[^# ])( *)(?=#|$)", line):
            said = f"{entry[1]} = {toml_value(parts[part][entry[1]])}"
            line = f"{said.ljust(entry.end() - 1)} {line[entry.end() :]}"  # comments stay below each other
        lines.append(line.rstrip())
    for exception in exceptions:
        lines += ["", "[[exceptions]]"]
        lines += [f"{name} = {toml_value(value)}" for name, value in exception.items() if not isinstance(value, Mapping)]
        for name, value in exception.items():
            if isinstance(value, Mapping):
                lines += [f"[exceptions.{name}]", *(f"{entry} = {toml_value(given)}" for entry, given in value.items())]
    return "\n".join(lines) + "\n"


def toml_value(value: Any) -> str:
    """A value as TOML writes it: texts, numbers, truth, and lists of them; anything else as Python shows it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | int | float) else str(value)
