"""Whatever an office user reads is said in Chinese, with English beside it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but the tabulator and the end of a line


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, kept together so that neither can be forgotten or drift."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.zh


def plain(written: str) -> str:
    """What a person wrote, without white space around it and without what no database takes: control characters, halves of characters."""
    printable = _CONTROL.sub("", written.replace("\r\n", "\n"))
    return printable.encode("utf-8", "replace").decode().strip()


def tidy_number(number: str) -> str:
    """The number of an item for comparing: 07, 7. and （7） are one; 一 and 1 are not."""
    return unicodedata.normalize("NFKC", number).strip(" .、()").lstrip("0")


class Refused(Exception):
    """The input cannot be taken. Carries one clear sentence for the officer, with its place where there is one.

    The command line prints it and ends with status 1; a flow fails with it as its message.
    """

    def __init__(self, text: Text, *, place: str = "") -> None:
        self.text = text
        self.place = place
        super().__init__(self.in_("zh"))

    def in_(self, language: Language) -> str:
        sentence = self.text.in_(language)
        if not self.place:
            return sentence
        return f"{self.place}：{sentence}" if language == "zh" else f"{self.place}: {sentence}"


class Unavailable(Refused):
    """Something that is needed does not answer at the moment: the same may be taken when it is tried again."""
