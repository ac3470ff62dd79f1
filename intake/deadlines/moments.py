"""Words → the moments they name: single days, months, quarters, holidays, and the periods between two of them.

A moment is read as an `Atom` first and becomes a `Span` when its chain (`3月、6月、9月底前`) is complete: what stands
at the end of a chain, 底 or 前, holds for the shorter ones before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from intake.deadlines import spans
from intake.deadlines.atoms import HOLIDAYS, SIDES, Atom, by_itself
from intake.deadlines.durations import duration
from intake.deadlines.festivals import festival, festival_named, fixed_day, public_holidays
from intake.deadlines.spans import ONE_DAY, Part, Span
from intake.deadlines.words import Token, numbers, numerals
from office.text import Text

_NEAR_YEARS = {"明": 1, "次": 1, "翌": 1, "来": 1, "下": 1, "第": 1, "去": -1, "上": -1}


@dataclass(slots=True)
class Moments:
    """What a sequence of tokens names. `since` is where an open period (3月起) begins."""

    found: list[Span] = field(default_factory=list)
    ranges: bool = False  # one of them is a period between two moments
    since: date | None = None
    years_only: bool = True  # nothing but years: 2026年度
    doubts: list[Text] = field(default_factory=list)
    problems: list[Text] = field(default_factory=list)
    used: set[int] = field(default_factory=set)  # indexes of the tokens that were read as moments


def with_units(tokens: Sequence[Token]) -> list[Token]:
    """Bare numbers take the unit of the next word that has one: `1、4、7月`, `二、三季度`, `3月5-10日`."""
    units: list[Token] = list(tokens)
    unit: str | None = None
    for i in range(len(units) - 1, -1, -1):
        token = units[i]
        if token.kind in ("month", "day", "quarter"):
            unit = token.kind
        elif token.kind == "number":
            value = numbers(token.text)
            after_month = i > 0 and units[i - 1].kind == "month"
            kind = "day" if after_month and unit else unit
            if kind and value and value[0] < 100:
                units[i] = replace(token, kind=kind)
        elif token.kind not in ("separator", "to", "year"):
            unit = None
    return units


def moments(tokens: Sequence[Token], year: int) -> Moments:
    """All the moments that the tokens name, in the order of their due dates."""
    return _Reader(tokens, year).read()


class _Reader:
    def __init__(self, tokens: Sequence[Token], year: int) -> None:
        self.tokens = tokens
        self.list_year = self.year = year
        self.said_year = False
        self.month: int | None = None
        self.result = Moments()

    def read(self) -> Moments:
        chain: list[tuple[Atom, Atom | None]] = []
        before: tuple[Atom, Atom | None] | None = None
        i = end = 0
        while i < len(self.tokens):
            atoms, after = self._atoms(i)
            if not atoms:
                if self.tokens[i].kind == "every":
                    self.month = None
                if self.tokens[i].kind not in ("separator", "each", "to") and self.tokens[i].text != "等":
                    self._resolve_chain(chain)
                    chain = []
                i += 1
                continue
            if chain and i and self.tokens[i - 1].kind == "month" and atoms[0].kind in HOLIDAYS:
                chain.pop()  # 10月国庆节前: the month only says where the holiday lies
            self._doubt_joint(before, self.tokens[end:i], atoms[0])
            last: Atom | None = None
            if after < len(self.tokens) and self.tokens[after].kind == "to":
                ends, after_end = self._atoms(after + 1)
                if ends:
                    self.result.used.add(after)
                    last, after = ends[-1], after_end
            i = end = self._side(after, atoms, last, chain)
            before = chain[-1] if chain else None
        self._resolve_chain(chain)
        self.result.found.sort(key=lambda span: span.due_on)
        return self.result

    def _doubt_joint(self, before: tuple[Atom, Atom | None] | None, between: Sequence[Token], atom: Atom) -> None:
        """`3月5月`, `3月→5月`, `3月或5月`: neither a dash nor a mark of a list stands between, so it may be a window or two dates."""
        if before is None or before[1] is not None or before[0].side or not {before[0].kind, atom.kind} <= {"month", "day"}:
            return
        if all(token.text == "或" or (token.kind == "word" and not re.search(r"\w", token.text)) for token in between):
            self._doubt("看不出是起止还是并列", "分别办理", "a window or several dates", "several dates")

    def _side(self, after: int, atoms: list[Atom], last: Atom | None, chain: list[tuple[Atom, Atom | None]]) -> int:
        """Take the words behind a moment (前, 起, 期间), and add the moment to its chain."""
        side = ""
        if after == len(self.tokens) - 1 and self.tokens[after].kind == "to":
            side, after = "since", after + 1  # 3月1日—
            self._doubt("没有写到什么时候为止", "从那时起长期坚持", "no end of the window is said", "standing from then on")
        while after < len(self.tokens) and self.tokens[after].kind in SIDES:
            side = side or self.tokens[after].kind
            self.result.used.add(after)
            after += 1
        if side == "after" and after < len(self.tokens) and self.tokens[after].kind == "relative":
            self.result.used.add(after)
            atoms = [replace(atom, then=duration(self.tokens[after])) for atom in atoms]
            after += 1
        if last is not None:
            chain.append((atoms[0], replace(last, side=side)))
        else:
            chain.extend((replace(atom, side=side), None) for atom in atoms)
        return after

    def _atoms(self, i: int) -> tuple[list[Atom], int]:
        """The moment that starts at token i (several for 第二三季度), and the index behind it; none: ([], i)."""
        start, year_part = i, None
        said_here = False
        while i < len(self.tokens) and self.tokens[i].kind in ("year", "near_year"):
            self.year, year_part = self._year(self.tokens[i])
            self.said_year = said_here = True
            i += 1
        atoms, after = self._dated(i) if i < len(self.tokens) else ([], i)
        if not atoms and said_here:
            atoms, after = [Atom("year", self.year, part=year_part)], i
        if not atoms:
            return [], start
        self.result.used.update(range(start, after))
        if any(atom.kind != "year" or atom.part for atom in atoms):
            self.result.years_only = False
        return [replace(atom, said_year=self.said_year) for atom in atoms], after

    def _year(self, token: Token) -> tuple[int, Part | None]:
        part = spans.PARTS.get(token.text[-1]) or ("end" if token.text[-1] in "终尾内" else None)
        if token.kind == "near_year":
            return self.list_year + _NEAR_YEARS.get(token.text[0], 0), part
        number = numbers(token.text)[0]
        if number < 100:
            number += 2000
        if number not in spans.YEARS:
            self.result.problems.append(Text(f"没有“{token.text}”这样的年份", f"“{token.text}” is no year"))
            number = self.list_year
        return number, part

    def _dated(self, i: int) -> tuple[list[Atom], int]:
        token = self.tokens[i]
        values = tuple(numbers(token.text))
        match token.kind:
            case "iso":
                year, month, day = _civil_date(token.text)
                self.year, self.month, self.said_year = year, month, True
                return [Atom("day", year, (month, day))], i + 1
            case "iso_month":
                year, month = _year_and_month(token.text)
                self.year, self.month, self.said_year = year, month, True
                return self._month(i + 1)
            case "dotted":
                self.month, number = (int(part) for part in token.text.split("."))
                self._doubt(f"“{token.text}”", f"{self.month}月{number}日", f"“{token.text}”", f"month {self.month}, day {number}")
                return [Atom("day", self.year, (self.month, number))], i + 1
            case "range_of_years":
                self.said_year = True
                return [Atom("year", values[-1])], i + 1
            case "month":
                self.month = values[0]
                return self._month(i + 1)
            case "day" if self.month:
                return [Atom("day", self.year, (self.month, values[0]))], i + 1
            case "part" if self.month and self._follows_range(i):
                return [Atom("month", self.year, (self.month,), _part(token))], i + 1
            case "quarter":
                return self._quarters(i)
            case "half":
                named = [number for number, signs in ((1, "上前1"), (2, "下后2")) if set(signs) & set(token.text)]
                part, after = self._part(i + 1)
                return [Atom("half", self.year, (number,), part) for number in named], after
            case "of_year":
                return [Atom("year", self.year, part=spans.PARTS.get(token.text[-1], "end"))], i + 1
            case "whole" if self._is_end_of_range(i):
                return [Atom("year", self.year, part="end")], i + 1
            case "term":
                return [Atom("term", self.year, (1 if token.text[0] in "春下" or "二" in token.text else 2,))], i + 1
            case "season":
                return [Atom("season", self.year, ("春夏秋冬".index(token.text[0]) + 1,))], i + 1
            case "two_festivals":
                names = ("元旦", "春节") if token.text[0] == "两" else ("中秋", "国庆")
                return [Atom("festival", self.year, name=name) for name in names], i + 1
            case "festival":
                return [Atom("festival", self.year, name=festival_named(token.text))], i + 1
            case "fixed_day":
                return [Atom("fixed_day", self.year, name=token.text)], i + 1
            case "holidays":
                return [Atom("holidays", self.year)], i + 1
        return [], i

    def _month(self, i: int) -> tuple[list[Atom], int]:
        assert self.month is not None
        if i < len(self.tokens) and self.tokens[i].kind == "day":
            number = numbers(self.tokens[i].text)[0]
            return [Atom("day", self.year, (self.month, number))], i + 1
        part, after = self._part(i)
        return [Atom("month", self.year, (self.month,), part)], after

    def _quarters(self, i: int) -> tuple[list[Atom], int]:
        text = self.tokens[i].text
        named = numerals(text)
        if "十" in text or not set(named) <= {1, 2, 3, 4}:
            self.result.problems.append(Text(f"没有“{text}”", f"there is no “{text}”"))
            named = []
        part, after = self._part(i + 1)
        if text[0] == "前":
            return [Atom("quarter_range", self.year, (1, named[0]), part)], after
        return [Atom("quarter", self.year, (number,), part) for number in named], after

    def _part(self, i: int) -> tuple[Part | None, int]:
        if i < len(self.tokens) and self.tokens[i].kind == "part":
            part, after = _part(self.tokens[i]), i + 1
            if after < len(self.tokens) and self.tokens[after].kind == "part":  # 9月下旬末
                part, after = _part(self.tokens[after]), after + 1
            return part, after
        return None, i

    def _follows_range(self, i: int) -> bool:
        return i > 0 and self.tokens[i - 1].kind in ("to", "separator")

    def _is_end_of_range(self, i: int) -> bool:
        return i > 0 and self.tokens[i - 1].kind == "to"

    def _resolve_chain(self, chain: list[tuple[Atom, Atom | None]]) -> None:
        if not chain:
            return
        last = chain[-1][1] or chain[-1][0]
        for first, end in chain:
            if end is not None:
                self._resolve(first, end)
                continue
            if first.kind in HOLIDAYS and last.kind in HOLIDAYS and not first.side:
                first = replace(first, side=last.side)
            elif first.kind == last.kind and first is not last:
                if first.part is None and not first.side and last.part is not None and first.kind != "year":
                    first = replace(first, part=last.part)
                if not first.side and first.part == last.part:
                    first = replace(first, side=last.side)
            self._resolve(first, None)

    def _resolve(self, first: Atom, end: Atom | None) -> None:
        try:
            if end is None:
                self._single(first)
            else:
                self._range(first, end)
        except spans.NoSuchDate as error:
            self.result.problems.append(Text(f"日期不存在：{error}", f"no such date: {error}"))

    def _range(self, first: Atom, end: Atom) -> None:
        start, last = self._plain(first), self._plain(end)
        if last.due_on < start.starts_on and end.year == first.year:
            last = self._plain(replace(end, year=end.year + 1))
            self._doubt("跨年", f"{first.year}年到{end.year + 1}年", "the window passes the year's end", f"{first.year} to {end.year + 1}")
        if last.due_on < start.starts_on:
            raise spans.NoSuchDate(f"{start.label}—{last.label}（先后颠倒）")
        span = spans.join(start, last)
        if end.side == "before" and not last.point and last.starts_on > start.starts_on:
            span = replace(span, due_on=last.starts_on - ONE_DAY)
            self._doubt_before(span)
        self.result.ranges = True
        self._add(span, end)

    def _single(self, atom: Atom) -> None:
        if atom.then is not None:
            due_on = atom.then.after(self._plain(atom).due_on)
            self._add(Span(f"{due_on.month}月{due_on.day}日", due_on, due_on, point=True, by=True), atom)
            return None
        match atom.kind:
            case "festival":
                return self._festival(atom)
            case "holidays":
                return self._holidays(atom)
            case "fixed_day":
                return self._fixed_day(atom)
        span = self._plain(atom)
        if atom.kind in ("term", "season"):
            self._doubt("起止各地不一", span.due_on.isoformat(), "its bounds differ from place to place", span.due_on.isoformat())
        if atom.side == "before":
            span = self._before(atom, span)
        elif atom.side == "around":
            self._doubt("“前后”“左右”不是确切日期", f"到{span.due_on}为止", "“around” is no exact date", f"by {span.due_on}")
        elif atom.side == "since" or atom.side == "after":
            self.result.since = span.starts_on if atom.side == "since" else span.due_on + ONE_DAY
            return None
        self._add(span, atom)
        return None

    def _plain(self, atom: Atom) -> Span:
        span = by_itself(atom)
        return span if atom.year == self.list_year else replace(span, label=f"{atom.year}年{span.label}")

    def _before(self, atom: Atom, span: Span) -> Span:
        if span.point:
            return replace(span, by=True, starts_on=date(span.due_on.year, 1, 1))
        due_on = span.starts_on - ONE_DAY
        if atom.kind != "month" and due_on.year < atom.year:  # 上半年前: nothing of the year would be left
            due_on = span.due_on
        span = Span(f"{span.label}前", date(due_on.year, 1, 1), due_on, point=True, by=True)
        self._doubt_before(span)
        return span

    def _festival(self, atom: Atom) -> None:
        year = atom.year + 1 if atom.name == "元旦" and atom.side == "before" and not atom.said_year else atom.year
        span = festival(atom.name, atom.side, year)
        if atom.side in ("", "around", "after"):
            on = str(span.due_on)
            self._doubt("没有写明节前、节中还是节后", on, "before, during or after the holiday is not said", on)
        self._add(span, atom)

    def _holidays(self, atom: Atom) -> None:
        side = atom.side
        if side in ("", "around"):
            self._doubt("没有写明节前还是节后", "每个法定节日前最后一个工作日", "before or after is not said", "before each public holiday")
            side = "before"
        for span in public_holidays(side, atom.year):
            self._add(span, atom)

    def _fixed_day(self, atom: Atom) -> None:
        span = fixed_day(atom.name, atom.side, atom.year)
        if atom.side in ("around", "after"):
            self._doubt("不是确切日期", str(span.due_on), "no exact date", str(span.due_on))
        self._add(span, atom)

    def _add(self, span: Span, atom: Atom) -> None:
        if atom.said_year and span.due_on.year < self.list_year:
            on = str(span.due_on)
            self._doubt(f"早于清单年度{self.list_year}年", on, f"lies before the list's year {self.list_year}", on)
        elif atom.said_year and span.due_on.year > self.list_year + 1:
            on = str(span.due_on)
            self._doubt(f"晚于清单年度{self.list_year}年一年以上", on, f"lies more than a year after the list's, {self.list_year}", on)
        self.result.found.append(span)

    def _doubt_before(self, span: Span) -> None:
        self._doubt("“前”字有歧义", f"到{span.due_on}为止", "“before” may mean its beginning or its end", f"by {span.due_on}")

    def _doubt(self, zh: str, reading_zh: str, en: str, reading_en: str) -> None:
        self.result.doubts.append(Text(f"{zh}，暂按{reading_zh}理解", f"{en}; read as {reading_en}"))


def _part(token: Token) -> Part:
    return spans.PARTS[token.text if token.text in spans.PARTS else token.text[-1]]


def _civil_date(text: str) -> tuple[int, int, int]:
    """`2026-06-30`, `2026.6.30`, `20260630`, with or without a time of day behind it."""
    digits = re.match(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})", text)
    assert digits, text  # the token's own pattern has the same shape
    return int(digits[1]), int(digits[2]), int(digits[3])


def _year_and_month(text: str) -> tuple[int, int]:
    return int(text[:4]), numbers(text[5:])[0]
