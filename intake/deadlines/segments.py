"""One measure cell or sentence → its dated segments.

In: text without a deadline column of its own: `3月：…；4月：…`, `3-5月完成…；6-12月…`, `每半年听取汇报1次`, `…（全年不少于4次）`.
Out: `DatedText`s in the order of the text, each in the text's own words: of a segment only the phrase at its head (`3月：`,
`于6月底前`) or alone in its brackets is left out. Where the dates stand is found by `openings`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from intake.deadlines.moments import with_units
from intake.deadlines.openings import DATED, NUMBERING, OCCASIONS, ONLY_DONE, Opening, find_openings
from intake.deadlines.phrases import read_deadline
from intake.deadlines.words import Token, fold, fold_characters, tokens
from intake.values import Deadline
from office.text import Text

_SOFT = frozenset(("standing", "never", "vague", "immediate", "relative", "before_new_year"))

_SENTENCE_ENDS = ";。!?"
# What stands before a date at the head of its segment and goes with it: 于6月底前…, 一是3月底前…
_HEAD = re.compile(rf"^(?:{NUMBERING}|[一二三四五六七八九十]是)?并?(?:于|在|到|从|自|至|截至|截止到?)?$")
# The words that belong to the date behind them, where no punctuation parts two dates: 3月制定方案并于6月底前报送
_JOINT = re.compile(r"(?:[、\s]|并(?=$|于|在|力|争|确|拟)|(?<![存关])[于在]|力争|争取|确保|拟(?=于|$)|原则上)*$")
_STANDING = re.compile(
    rf"(?:^|(?<=[,;。:，；：]))\s*{NUMBERING}?\s*(?:要|坚持|并)?(常态化(?:推进|开展|坚持)?|长期坚持|持续推进|常抓不懈|全年(?!度))"
)
_DATED_CLAUSES = re.compile(r"[（(]([^（）()，,；;]+(?:[，,；;][^（）()，,；;]+)+)[)）]")
_DATED_CLAUSE = re.compile(r"(?:\d{4}年)?(?:\d{1,2}月|年[底中]|[上下]半年|第[一二三四]季度).{2,}")
_REACHED = re.compile(r"(?:完成|新增|新建|建成|发展|改造|培训|培育|打造|发放|办理|服务|实现|不少于|不低于|至少)[^,;。]{0,12}$")
_LONGEST_JOINT = 20
_EDGES = ",;:、。，；：．· \t\r\n\u3000"


@dataclass(frozen=True, slots=True)
class DatedText:
    """A segment: what is to be done and by when. `context` is the heading before its date: `对台高校：`."""

    text: str
    deadline: Deadline | None
    context: str = ""


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
        numbered = re.match(rf"\s*{NUMBERING}", fold_characters(line)) is not None
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
    return f"：{bracket[1]}" if all(_DATED_CLAUSE.fullmatch(clause.strip()) for clause in clauses) else bracket[0]


def _segments(line: str, year: int) -> Iterator[DatedText]:
    openings = list(find_openings(line, year))
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
    for opening, (start, end) in zip(openings, _spans(line, openings), strict=True):
        text, context = _deed(line, start, opening, end)
        in_brackets = [other for other in appended if opening.end <= other.start < end]
        yield DatedText(text, _read(opening, line[opening.end : end], in_brackets, year), context or title)


def _spans(line: str, openings: Sequence[Opening]) -> list[tuple[int, int]]:
    """Where the segment of each date begins and ends: all of the line, in order."""
    ends = [_end(line, opening, following) for opening, following in pairwise(openings)] + [len(line)]
    spans = list(zip([0, *ends], ends, strict=False))
    for i, (opening, following) in enumerate(pairwise(openings)):
        between = fold_characters(line[opening.end : following.start])
        done = ONLY_DONE.fullmatch(fold_characters(line[following.end : ends[i + 1]]))
        if done and between and not following.bracketed and not re.search(r"[,;。:!?、\s]|并", between):
            spans[i] = spans[i + 1] = (spans[i][0], ends[i + 1])  # 每季度对发现的问题在30日内完成整改: one clause says both
    return spans


def _deed(line: str, start: int, opening: Opening, end: int) -> tuple[str, str]:
    """What is to be done, in the words of the line, and the heading before it. Only a phrase at the head of the segment, or
    alone in its brackets, is left out."""
    lead, body = line[start : opening.start].lstrip(_EDGES), line[opening.end : end]
    if opening.alone and body[:1] in _EDGES:  # and not in the middle of a clause: 修订办法（3月底前）并报送
        return (_without_number(lead).rstrip() + body).strip(_EDGES), ""
    if not (_ends_with_colon(lead) or _HEAD.match(fold(lead).text)):
        return _without_number(line[start:end]).strip(_EDGES), ""
    context = _without_number(lead).strip() if _ends_with_colon(lead) else ""
    text = body.strip(_EDGES)
    if ONLY_DONE.fullmatch(fold(body).text) and (text or line[:start].strip()):
        text = line[opening.start : end].strip(_EDGES)  # 3月底前摸底，6月底前完成: 完成 alone says nothing
    return text, context


def _without_number(text: str) -> str:
    number = re.match(rf"\s*{NUMBERING}\s*", fold_characters(text))
    return text[number.end() :] if number else text


def _ends_with_colon(text: str) -> bool:
    return text.rstrip().endswith((":", "："))


def _end(line: str, opening: Opening, following: Opening | None) -> int:
    """Where the segment of a date ends: before the clause that holds the next one, so that its subject goes with it."""
    if following is None:
        return len(line)
    between = fold_characters(line[opening.end : following.start])
    end_of_sentence = max(between.rfind(mark) for mark in _SENTENCE_ENDS)
    if end_of_sentence >= 0:
        return opening.end + end_of_sentence + 1
    comma = between.find(",") if opening.bracketed else between.rfind(",")
    if comma >= 0:
        return opening.end + comma + 1
    if following.bracketed:
        return opening.end
    joint = _JOINT.search(between, max(0, len(between) - _LONGEST_JOINT))
    return opening.end + joint.start() if joint else following.start


def _read(opening: Opening, body: str, in_brackets: Sequence[Opening], year: int) -> Deadline:
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


def _is_target(opening: Opening, count: Token, sentence: str) -> bool:
    """Occasions always count; amounts count for a year when something is to be reached: 全年新增床位200张."""
    if OCCASIONS.search(count.text):
        return True
    yearly = re.search(r"全年|每年|年内", opening.phrase)
    return bool(yearly and _REACHED.search(fold(sentence).text[: count.start]))


def _is_phrase(text: str) -> bool:
    """Whether a whole cell is nothing but a deadline: 每月, 长期坚持, 5月/10月, 12月20日前完成."""
    words = with_units(tokens(fold(text).text))
    if not any(token.kind in DATED or token.kind in _SOFT for token in words):
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
