"""One measure cell or sentence → its dated segments.

In: text without a deadline column of its own: `3月：…；4月：…`, `3-5月完成…；6-12月…`, `每半年听取汇报1次`, `…（全年不少于4次）`.
Out: `DatedText`s in the order of the text. A date is a deadline only where a deadline stands: at the beginning of a
clause, before a colon, with `前`, as a recurrence, or in brackets of its own; never inside 《》 or quotes, nor as part
of a name (`2017年度…大会`, `上半年工作`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from intake.deadlines.facts import is_fact
from intake.deadlines.moments import with_units
from intake.deadlines.phrases import read_deadline
from intake.deadlines.words import Token, fold, fold_characters, tokens
from intake.values import Deadline
from office.text import Text

_PLAIN = frozenset(("iso", "iso_month", "month", "quarter", "half", "of_year", "term", "day"))
_NAMED_DAYS = frozenset(("festival", "two_festivals", "fixed_day", "holidays", "season"))
_FREQUENT = frozenset(("every", "whole"))
_YEARS = frozenset(("year", "near_year", "range_of_years"))
_DATED = _PLAIN | _NAMED_DAYS | _FREQUENT | _YEARS
_BEHIND = frozenset(("part", "before", "around", "during", "after_end", "since", "within", "relative", "next_month", "least"))
_BEHIND |= frozenset(("month_of_period", "last_workday", "first_workday", "nth_week"))
_SOFT = frozenset(("standing", "never", "vague", "immediate", "relative", "before_new_year"))

_BOUNDARIES = ",;。:!?"
_SENTENCE_ENDS = ";。!?"
_NUMBERING = r"(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[).、]|\d{1,2}\.|[①-⑳])"
_CONNECTIVES = (
    r"(?:(?:并|同时|其中|原则上|计划|预计|力争|争取|确保|保证|拟|须|需|应|务必|要|待|最迟|不晚于|分别|统一|定|至迟|完成时限:?|时限:?|时间:?)*"
    r"(?:于|在|到|从|自|至|截至|截止到?)?)"
)
_LEAD = re.compile(rf"^{_NUMBERING}?{_CONNECTIVES}$")
_TRAILING_CONNECTIVE = re.compile(
    r"(?:[,;:、。，；：\s]|并(?=$|于|在)|(?<![存关])[于在]|(?<=[,，;；。\s])[从自]|力争|争取|确保|拟(?=于|$)|原则上)+$"
)
_NO_DEADLINE_AFTER = re.compile(
    r"^(?:度(?!前)|的|级|届|版|工作(?!日)|计划|目标任务|任务|总结(?=大会|会议|报告|材料)|预算|预案|考核(?:工作|结果|情况|办法)|以来|来|之际|至今|例会|生活补|形势|常规|同期|情况|进展)"
)
_STANDING = re.compile(
    rf"(?:^|(?<=[,;。:，；：]))\s*{_NUMBERING}?\s*(?:要|坚持|并)?(常态化(?:推进|开展|坚持)?|长期坚持|持续推进|常抓不懈|全年(?!度))"
)
_DATED_CLAUSES = re.compile(r"[（(]([^（）()，,；;]+(?:[，,；;][^（）()，,；;]+)+)[)）]")
_DATED_CLAUSE = re.compile(r"(?:\d{4}年)?(?:\d{1,2}月|年[底中]|[上下]半年|第[一二三四]季度).{2,}")
_ONLY_DONE = re.compile(r"^(?:前|之前)?(?:完成|办结|落实|到位|完成到位|落实到位|全部完成|全面完成|基本完成|完成整改)?(?=[,;。，；]|$)")
_OCCASIONS = re.compile(r"次|场|期|轮|堂|节|学时|课时|回|遍")
_QUOTES = "“”\"‘’'「」『』"
_REACHED = re.compile(r"(?:完成|新增|新建|建成|发展|改造|培训|培育|打造|发放|办理|服务|实现|不少于|不低于|至少)[^,;。]{0,12}$")
_LONGEST_CLAUSE = 200  # characters looked back for its beginning
_EDGES = ",;:、。，；：．· \t\r\n\u3000"


@dataclass(frozen=True, slots=True)
class DatedText:
    """A segment: what is to be done and by when. `context` is what stood before its date (a subject, a lead-in)."""

    text: str
    deadline: Deadline | None
    context: str = ""


class _Opening(NamedTuple):
    """A deadline phrase inside a line: characters `start` to `end` of it; `bracketed` with its brackets around."""

    start: int
    end: int
    phrase: str
    bracketed: bool
    frequent: bool
    since: bool


def split_dated(text: str, year: int) -> tuple[DatedText, ...]:
    """The dated segments of one cell or sentence, in order. A cell that is only a phrase yields one with empty text;
    text without any deadline yields one with `deadline` None. An undated numbered line has the deadline above it."""
    text = _DATED_CLAUSES.sub(_bracket_opened, _without_enumeration(text))
    if not text.strip():
        return ()
    if _is_phrase(text):
        return (DatedText("", read_deadline(text, year)),)
    segments: list[DatedText] = []
    numbered_date = False
    for line in text.splitlines():
        if not line.strip():
            continue
        found = list(_segments(line, year))
        numbered = re.match(rf"\s*{_NUMBERING}", fold_characters(line)) is not None
        if any(segment.deadline for segment in found):
            if segments and segments[-1].deadline is None and segments[-1].text.rstrip().endswith(("：", ":")):
                found[0] = replace(found[0], context=segments.pop().text + found[0].context)
            segments.extend(found)
            numbered_date = numbered
        elif segments and segments[-1].deadline and numbered and numbered_date:
            segments.append(DatedText(line.strip(), segments[-1].deadline))
        elif segments and segments[-1].deadline:
            segments[-1] = replace(segments[-1], text=f"{segments[-1].text}\n{line.strip()}".strip())
        else:
            segments.extend(found)
    if not any(segment.deadline for segment in segments):
        segments = [_standing(segment, year) for segment in segments]
    return tuple(segments)


def _standing(segment: DatedText, year: int) -> DatedText:
    """`常态化做好…`, `…，长期坚持`: said at the head of a clause, and no date anywhere."""
    folded = fold_characters(segment.text)
    match = _STANDING.search(folded)
    if not match:
        return segment
    deadline = read_deadline(match[1], year)
    if match[1].startswith("持续") and folded[match.end() :].strip(
        _EDGES
    ):  # the verb of the sentence as well, so it may say no time at all
        zh = f"没有写时限，暂按“{match[1]}”读作全年坚持，请确认。"
        deadline = replace(deadline, ask=Text(zh, f"No date is given; “{match[1]}” is read as standing for the year."))
    return replace(segment, deadline=deadline)


def _bracket_opened(bracket: re.Match[str]) -> str:
    """`修订办法（3月底前完成，6月底前验收）` names two steps: each clause of the bracket has a date and a deed."""
    clauses = re.split("[，,；;]", bracket[1])
    return f"，{bracket[1]}" if all(_DATED_CLAUSE.fullmatch(clause.strip()) for clause in clauses) else bracket[0]


def _segments(line: str, year: int) -> Iterator[DatedText]:
    openings = list(_openings(line, year))
    if any(not opening.since for opening in openings):  # 5月1日起试运行，11月底前建成: where it begins is no deadline beside one
        openings = [opening for opening in openings if not opening.since]
    first = next((opening for opening in openings if not opening.bracketed), None)
    appended = [opening for opening in openings if opening.bracketed and first is not None and opening.start > first.start]
    openings = [opening for opening in openings if opening not in appended]
    if not openings:
        yield DatedText(line.strip(), None)
        return
    lead = line[: openings[0].start]
    title = lead.strip() if _ends_with_colon(lead) and not openings[0].bracketed else ""  # 对台高校专转本：holds for every date of the line
    for opening, following in zip(openings, [*openings[1:], None], strict=True):
        end = following.start if following else len(line)
        body, next_lead = _cut(line[opening.end : end], following)
        text, context = _deed(lead, body, bracketed=opening.bracketed)
        in_brackets = [other for other in appended if opening.end <= other.start < end]
        yield DatedText(text, _read(opening, body, in_brackets, year), context or title)
        lead = next_lead


def _deed(lead: str, body: str, *, bracketed: bool) -> tuple[str, str]:
    """What is to be done, and what stood before the date. `制定方案，3月底前完成` names the deed before its date."""
    before = _without_number(lead)
    text = body.strip(_EDGES)
    if bracketed:
        return re.sub(r"([(（])[,，;；、]", r"\1", before.strip(_EDGES) + body).strip(_EDGES), ""
    if _ends_with_colon(lead):
        return text, before.strip()
    same_clause = before.strip() != "" and before.rstrip()[-1] not in "，,。；;"
    before = "" if _LEAD.match(fold(before).text) else _TRAILING_CONNECTIVE.sub("", before.rstrip(_QUOTES + " ")).strip()
    done = _ONLY_DONE.match(body.lstrip() if same_clause else text)
    if not done or not before:
        return text, before
    if same_clause and not body.lstrip().startswith(tuple(_EDGES)):  # 对发现的问题在30日内完成整改
        return before + text, ""
    tail = text.removeprefix(done[0]).strip(_EDGES)
    return before + (f"，{tail}" if tail else ""), ""


def _without_number(text: str) -> str:
    number = re.match(rf"\s*{_NUMBERING}\s*", fold_characters(text))
    return text[number.end() :] if number else text


def _ends_with_colon(text: str) -> bool:
    return text.rstrip().endswith((":", "："))


def _cut(rest: str, following: _Opening | None) -> tuple[str, str]:
    """What lies between two dates: the first one's text, and the second one's lead-in."""
    if following is None:
        return rest, ""
    folded = fold_characters(rest)
    end_of_sentence = max(folded.rfind(mark) for mark in _SENTENCE_ENDS)
    if end_of_sentence >= 0:
        return rest[: end_of_sentence + 1], rest[end_of_sentence + 1 :]
    comma = folded.rfind(",")
    lead = rest[comma + 1 :]
    if comma >= 0 and following.frequent and not _LEAD.match(fold(lead).text):
        return rest[:comma], lead  # 各支部每月…，支部书记每年…: the subject goes with its own date
    return _TRAILING_CONNECTIVE.sub("", rest), ""


def _read(opening: _Opening, body: str, in_brackets: Sequence[_Opening], year: int) -> Deadline:
    """The phrase with the brackets that belong to it and, for a recurrence, the count that follows in its sentence."""
    phrase = opening.phrase + "".join(f"…（{other.phrase}）" for other in in_brackets)
    deadline = read_deadline(phrase, year)
    if opening.frequent and deadline.target is None:
        sentence = re.split(r"[。；;]", re.sub(r"《[^》]*》|“[^”]*”", "", body))[0]
        words = [token for token in tokens(fold(sentence).text) if token.kind in ("least", "count")]
        counts = [i for i, token in enumerate(words) if token.kind == "count" and _is_target(opening, token, sentence)]
        if counts:
            least = words[0].text if words[0].kind == "least" and counts[0] > 0 else ""
            counted = read_deadline(f"{phrase}…{least}{words[counts[0]].text}", year)
            if counted.target is not None:
                return counted
    return deadline


def _is_target(opening: _Opening, count: Token, sentence: str) -> bool:
    """Occasions always count; amounts count for a year when something is to be reached: 全年新增床位200张."""
    if _OCCASIONS.search(count.text):
        return True
    yearly = re.search(r"全年|每年|年内", opening.phrase)
    return bool(yearly and _REACHED.search(fold(sentence).text[: count.start]))


def _openings(line: str, year: int) -> Iterator[_Opening]:
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
            start = boundary + len((re.match(rf"^{_NUMBERING}?", event) or [""])[0])
        bracket = inside_brackets.get(token.start)
        end = run[-1].end
        phrase = folded.text[start:end]
        if bracket is not None:
            opened, closed = bracket
            inner = folded.text[start:closed]
            whole = start == opened + 1 and (end >= closed or not re.search(r"[,;:]", inner))
            yield _Opening(
                folded.at[opened if whole else start],
                folded.at[closed] + 1 if whole and closed < len(folded.at) else folded.at[end - 1] + 1,
                inner if whole else phrase,
                True,
                _is_frequent(run),
                _is_since(run),
            )
            while after < len(words) and words[after].start < closed:
                after += 1
        else:
            yield _Opening(folded.at[start], folded.at[end - 1] + 1, phrase, False, _is_frequent(run), _is_since(run))
        i = after


def _run(words: Sequence[Token], i: int) -> int:
    """The index behind the deadline phrase that starts at word i; i when none does."""
    start = i
    while i < len(words) and words[i].kind == "by":
        i += 1
    if i < len(words) and words[i].kind in ("standing", "never") and (_is_colon(words, i + 1) or (i == 0 and words[i].text == "长期坚持")):
        return i + 1
    if i == len(words) or not (words[i].kind in _DATED or words[i].kind == "relative"):
        return start
    dated = words[i].kind != "day"
    i += 1
    while i < len(words):
        kind, follower = words[i].kind, words[i + 1].kind if i + 1 < len(words) else ""
        if kind in _NAMED_DAYS and words[i - 1].kind in _PLAIN and follower not in _BEHIND:
            break  # 10月重阳节敬老: the festival is what is done in that month
        if kind in _DATED or kind in _BEHIND or (kind == "count" and words[i - 1].kind in ("least", "every", "whole")):
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
        return word.text in "、/和及与" and follower in _DATED
    return (word.kind == "to" and follower in _DATED | {"part"}) or (word.text == "等" and follower == "holidays")


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
    return any(token.kind == "count" and _OCCASIONS.search(token.text) for token in clause)


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


def _is_phrase(text: str) -> bool:
    """Whether a whole cell is nothing but a deadline: 每月, 长期坚持, 5月/10月, 12月20日前完成."""
    words = with_units(tokens(fold(text).text))
    if not any(token.kind in _DATED or token.kind in _SOFT for token in words):
        return False
    plain = "".join(token.text for token in words if token.kind == "word")
    return re.fullmatch(r"(?:完成|前完成|开展|进行|推进|坚持|…|在)*", plain) is not None


def _without_enumeration(text: str) -> str:
    """Blank the numbers of `1、3月…；2、6月…`, which would be read as months; `1、4、7月` stays a list."""
    found = list(re.finditer(r"(?:^|(?<=[;；。\n\s]))(\d{1,2})、(?=\s*\d{1,2}\s*(?:月|[-—~至]))", text, re.MULTILINE))
    if len(found) < 2 or [int(match[1]) for match in found] != list(range(1, len(found) + 1)):
        return text
    for match in found:
        text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return text
