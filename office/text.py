"""Whatever an office user reads is said in Chinese, with English beside it."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, kept together so that neither can be forgotten or drift."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.zh


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
