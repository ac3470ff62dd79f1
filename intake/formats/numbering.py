"""The numbers that Word shows but does not write: automatic lists and numbered headings.

Source: ECMA-376 part 1, 17.9 (abstractNum → lvl with start, numFmt, lvlText; num → abstractNum; a paragraph names num and level).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_DIGITS = "〇一二三四五六七八九"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}


def chinese(number: int) -> str:
    """1..99 as an office numbers: 一, 十, 十二, 二十三; the digits beyond."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def _formatted(number: int, number_format: str) -> str:
    if number_format in _CHINESE:
        return chinese(number)
    if number_format == "decimalEnclosedCircle" and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if number_format in ("upperLetter", "lowerLetter") and 0 < number <= 26:
        return chr((65 if number_format == "upperLetter" else 97) + number - 1)
    return str(number)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    number_format: str
    text: str


@dataclass(slots=True)
class Numbering:
    """Counts as Word does while the paragraphs are asked for in their order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # num → its levels
    abstract_of: dict[str, str] = field(default_factory=dict)
    by_style: dict[str, tuple[str | None, int | None]] = field(default_factory=dict)
    heading_of: dict[str, int] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)  # num → level → where it begins again, at its first paragraph
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, document: Any) -> "Numbering":
        numbering = cls()
        numbering._read_styles(document.styles.element)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # a document without lists has no numbering part
            return numbering
        abstract = {each.get(qn("w:abstractNumId")): _levels(each) for each in root.findall(qn("w:abstractNum"))}
        for num in root.findall(qn("w:num")):
            name, link = num.get(qn("w:numId")), _value(num, "w:abstractNumId") or ""
            levels = dict(abstract.get(link, {}))
            for override in num.findall(qn("w:lvlOverride")):
                levels |= _levels(override)
                if (start := _value(override, "w:startOverride")) is not None:
                    numbering.restarts.setdefault(name, {})[int(override.get(qn("w:ilvl")))] = int(start)
            numbering.levels[name] = levels
            numbering.abstract_of[name] = link
        return numbering

    def _read_styles(self, styles: Any) -> None:
        parents: dict[str, str] = {}
        for style in styles.findall(qn("w:style")):
            name = style.get(qn("w:styleId"))
            if parent := _value(style, "w:basedOn"):
                parents[name] = parent
            properties = style.find(qn("w:pPr"))
            if properties is None:
                continue
            self.by_style[name] = _numbered(properties)
            outline = _value(properties, "w:outlineLvl")
            if outline is not None and int(outline) < 9:
                self.heading_of[name] = int(outline) + 1
        for name in parents:
            seen, parent = {name}, parents.get(name)
            while parent and parent not in seen:
                seen.add(parent)
                if name not in self.heading_of and parent in self.heading_of:
                    self.heading_of[name] = self.heading_of[parent]
                if self.by_style.get(name, (None, None))[0] is None and self.by_style.get(parent, (None, None))[0] is not None:
                    self.by_style[name] = self.by_style[parent]
                parent = parents.get(parent)

    def heading_level(self, paragraph: Any) -> int:
        """1 for the highest heading, 0 for a paragraph that is none."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return 0
        outline = _value(properties, "w:outlineLvl")
        if outline is not None:
            return int(outline) + 1 if int(outline) < 9 else 0
        return self.heading_of.get(_value(properties, "w:pStyle") or "", 0)

    def label(self, paragraph: Any) -> str:
        """The number before this paragraph, `（二）` or `3.`; empty where it has none. Bullets are no numbers."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        own_num, own_level = _numbered(properties)
        style_num, style_level = self.by_style.get(_value(properties, "w:pStyle") or "", (None, None))
        num = own_num if own_num is not None else style_num
        depth = own_level if own_level is not None else style_level or 0
        levels = self.levels.get(num or "0")
        if not levels or depth not in levels:
            return ""
        counts = self.counts[self.abstract_of.get(num or "", num or "")]
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if (restart := self.restarts.get(num or "", {}).pop(depth, None)) is not None:
            counts[depth] = restart - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        if levels[depth].number_format in ("bullet", "none"):
            return ""
        text = levels[depth].text
        for each, level in levels.items():
            text = text.replace(f"%{each + 1}", _formatted(counts.get(each, level.start), level.number_format))
        return text


def _levels(parent: Any) -> dict[int, _Level]:
    return {
        int(level.get(qn("w:ilvl"))): _Level(
            int(_value(level, "w:start") or 1), _value(level, "w:numFmt") or "decimal", _value(level, "w:lvlText") or ""
        )
        for level in parent.findall(qn("w:lvl"))
    }


def _numbered(properties: Any) -> tuple[str | None, int | None]:
    numbered = properties.find(qn("w:numPr"))
    if numbered is None:
        return None, None
    level = _value(numbered, "w:ilvl")
    return _value(numbered, "w:numId"), None if level is None else int(level)


def _value(parent: Any, tag: str) -> str | None:
    child = parent.find(qn(tag))
    return None if child is None else child.get(qn("w:val"))
