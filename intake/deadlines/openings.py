"""The deadline phrases of a line, each with its place.

In: one line and the list's year. Out: `Opening`s in order, none inside another. A date is a deadline only where a deadline
stands: at the beginning of a clause, before a colon, with `前`, as a recurrence, or in brackets of its own; never inside
《》 or quotes, nor as part of a name (`2017年度…大会`, `上半年工作`), nor as a fact (`facts`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from intake.deadlines.facts import is_fact
from intake.deadlines.moments import with_units
from intake.deadlines.words import Token, fold, tokens

_PLAIN = frozenset(("iso", "iso_month", "month", "quarter", "half", "of_year", "term", "day"))
_NAMED_DAYS = frozenset(("festival", "two_festivals", "fixed_day", "holidays", "season"))
_FREQUENT = frozenset(("every", "whole"))
_YEARS = frozenset(("year", "near_year", "range_of_years"))
DATED = _PLAIN | _NAMED_DAYS | _FREQUENT | _YEARS
_BEHIND = frozenset(("part", "before", "around", "during", "after_end", "since", "within", "relative", "next_month", "least"))
_BEHIND |= frozenset(("month_of_period", "last_workday", "first_workday", "nth_week"))
_BOUNDARIES = ",;。:!?"
NUMBERING = r"(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[).、]|\d{1,2}\.|[①-⑳])"
_CONNECTIVES = (
    r"(?:(?:并|同时|其中|原则上|计划|预计|力争|争取|确保|保证|拟|须|需|应|务必|要|待|最迟|不晚于|分别|统一|定|至迟|完成时限:?|时限:?|时间:?)*"
    r"(?:于|在|到|从|自|至|截至|截止到?)?)"
)
_LEAD = re.compile(rf"^{NUMBERING}?{_CONNECTIVES}$")
_NO_DEADLINE_AFTER = re.compile(
    r"^(?:度(?!前)|的|级|届|版|工作(?!日)|计划|目标任务|任务|总结(?=大会|会议|报告|材料)|预算|预案|考核(?:工作|结果|情况|办法)|以来|来|之际|至今|例会|生活补|形势|常规|同期|情况|进展)"
)
ONLY_DONE = re.compile(r"(?:完成|办结|落实|到位|完成到位|落实到位|全部完成|全面完成|基本完成|完成整改|整改到位)?[,;.。]*")
OCCASIONS = re.compile(r"次|场|期|轮|堂|节|学时|课时|回|遍")
_QUOTES = "“”\"‘’'「」『』"
_LONGEST_CLAUSE = 200  # characters looked back for its beginning


class Opening(NamedTuple):
    """A deadline phrase inside a line: characters `start` to `end` of it; `bracketed` inside brackets, `alone` with them."""

    start: int
    end: int
    phrase: str
    bracketed: bool
    alone: bool
    frequent: bool
    since: bool


def find_openings(line: str, year: int) -> Iterator[Opening]:
    """The deadline phrases of a line, in order, none inside another."""
    folded = fold(line)
    words = with_units(tokens(folded.text))
    hidden = _hidden(line)
    inside_brackets = _bracketed(folded.text)
    i = 0
    while i < len(words):
        token = words[i]
        after = _run(words, i)
        if after == i or folded.at[token.start] in hidden:
            i += 1
            continue
        run, start = words[i:after], token.start
        marks = _BOUNDARIES + ("、" if any(word.kind == "to" for word in run) else "")  # 2-3月选址、4-6月施工
        boundary = _clause_start(folded.text, folded.at, line, start, marks)
        if is_fact(run, folded.text, year) or not _is_deadline(
            run, words[after:], folded.text, boundary, start, inside_brackets.get(start)
        ):
            i = after
            continue
        event = folded.text[boundary:start]
        if run[0].kind == "relative" and re.search(r"(?:后|之日起|起)的?第?$", event):
            start = boundary + len((re.match(rf"^{NUMBERING}?", event) or [""])[0])
        bracket = inside_brackets.get(token.start)
        end = run[-1].end
        phrase = folded.text[start:end]
        if bracket is not None:
            opened, closed = bracket
            inner = folded.text[start:closed]
            whole = start == opened + 1 and (end >= closed or not re.search(r"[,;:]", inner))
            yield Opening(
                folded.at[opened if whole else start],
                folded.at[closed] + 1 if whole and closed < len(folded.at) else folded.at[end - 1] + 1,
                inner if whole else phrase,
                True,
                whole and ONLY_DONE.fullmatch(folded.text[end:closed]) is not None,
                _is_frequent(run),
                _is_since(run),
            )
            while after < len(words) and words[after].start < closed:
                after += 1
        else:
            yield Opening(folded.at[start], folded.at[end - 1] + 1, phrase, False, False, _is_frequent(run), _is_since(run))
        i = after


def _run(words: Sequence[Token], i: int) -> int:
    """The index behind the deadline phrase that starts at word i; i when none does."""
    start = i
    while i < len(words) and words[i].kind == "by":
        i += 1
    if i < len(words) and words[i].kind in ("standing", "never") and (_is_colon(words, i + 1) or (i == 0 and words[i].text == "长期坚持")):
        return i + 1
    if i == len(words) or not (words[i].kind in DATED or words[i].kind == "relative"):
        return start
    dated = words[i].kind != "day"
    i += 1
    while i < len(words):
        kind, follower = words[i].kind, words[i + 1].kind if i + 1 < len(words) else ""
        if kind in _NAMED_DAYS and words[i - 1].kind in _PLAIN and follower not in _BEHIND:
            break  # 10月重阳节敬老: the festival is what is done in that month
        if kind in DATED or kind in _BEHIND or (kind == "count" and words[i - 1].kind in ("least", "every", "whole")):
            i += 1
        elif _joins(words[i], words[start].kind, follower):
            i += 2
        else:
            break
    return i if dated else start


def _joins(word: Token, first: str, follower: str) -> bool:
    """Whether a word binds dates to one phrase: `3月-5月`, `5月、10月`, `3月至11月，每月`, `春节、国庆等节点前`."""
    if word.kind == "separator" and word.text == ",":
        return follower == "every" and first != "every"
    if word.kind == "separator":
        return word.text in "、/和及与" and follower in DATED
    return (word.kind == "to" and follower in DATED | {"part"}) or (word.text == "等" and follower == "holidays")


def _is_colon(words: Sequence[Token], i: int) -> bool:
    return i < len(words) and words[i].text.startswith(":")


def _is_deadline(
    run: Sequence[Token], rest: Sequence[Token], text: str, boundary: int, start: int, bracket: tuple[int, int] | None
) -> bool:
    kinds = {token.kind for token in run}
    behind = text[run[-1].end :]
    if kinds <= {"standing", "never"}:
        return True
    sided = bool(kinds & {"before", "within", "during"}) or run[-1].text.endswith("内")
    if kinds <= _YEARS | {"least"} and run[-1].text[-1] in "年度":
        return bool(re.match(r"[:,]", behind)) and "near_year" not in kinds and _at_start(text, boundary, start)
    if behind.startswith("的") or (_NO_DEADLINE_AFTER.match(behind) and not sided):
        return False
    if kinds <= {"relative", "by"}:
        introduced = re.search(r"(?:[后起]的?第?|[在于限须应])$", text[boundary:start]) is not None
        return introduced or (run[-1].text.endswith("内") and _at_start(text, boundary, start))
    if any(token.kind == "every" and re.match(r"每(?:个)?(?:工作日|日|天)", token.text) for token in run):
        return False
    if bracket is not None and _at_start(text, boundary, start):
        return True
    if re.match(r":", behind):
        return True
    if kinds & _NAMED_DAYS and not kinds & _PLAIN and not kinds & _FREQUENT:
        return "before" in kinds or ("during" in kinds and _at_start(text, boundary, start))
    if _at_start(text, boundary, start):
        often = run[0].text if len(run) == 1 and run[0].kind == "every" else ""
        return not often or often[0] in "每逐按" or often[-1] == "一" or _counted(rest)  # 半年: only with 一通报 or 一次
    if run[0].kind == "every" and run[0].text.startswith("每"):
        return True
    if kinds & {"whole", "every"} and kinds & {"count", "least"}:
        return True
    return "before" in kinds or run[-1].text == "年内" or text[start - 1 : start] == "于"


def _is_since(run: Sequence[Token]) -> bool:
    return run[-1].kind == "since" and not _is_frequent(run)


def _counted(rest: Sequence[Token]) -> bool:
    """Whether the clause goes on to a count: 半年开展一次自查."""
    clause = takewhile(lambda token: token.kind not in ("separator", "open"), rest)
    return any(token.kind == "count" and OCCASIONS.search(token.text) for token in clause)


def _at_start(text: str, boundary: int, start: int) -> bool:
    return _LEAD.match(text[boundary:start]) is not None


def _clause_start(text: str, at: Sequence[int], line: str, start: int, marks: str) -> int:
    """Where the clause of a position begins: behind punctuation, a bracket or a space; no further back than a clause reaches."""
    i = start
    while i > max(0, start - _LONGEST_CLAUSE) and text[i - 1] not in marks + "()" and not line[at[i - 1] + 1 : at[i]].strip(_QUOTES):
        if at[i] != at[i - 1] + 1 and line[at[i - 1] + 1 : at[i]].isspace():
            break
        i -= 1
    return i


def _hidden(line: str) -> set[int]:
    """Positions inside 《》 and inside quotes that hold more than the name of a day (“七一”)."""
    hidden: set[int] = set()
    for match in re.finditer(r"《[^》]*》?|“([^”]*)”?", line):
        if match[1] is None or len(match[1]) > 3:
            hidden.update(range(match.start(), match.end()))
    return hidden


def _bracketed(text: str) -> dict[int, tuple[int, int]]:
    """For each position inside brackets, where they open and close."""
    inside: dict[int, tuple[int, int]] = {}
    for match in re.finditer(r"\(([^()]*)\)?", text):
        span = (match.start(), match.start() + 1 + len(match[1]))
        inside.update(dict.fromkeys(range(match.start() + 1, span[1]), span))
    return inside


def _is_frequent(run: Sequence[Token]) -> bool:
    return any(token.kind in _FREQUENT or token.text == "年内" for token in run)
