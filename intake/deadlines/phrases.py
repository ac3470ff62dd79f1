"""One deadline phrase → its reading (FIELD.md section 3; the decisions beyond it stand in the package's docstring)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter

from intake.deadlines import spans
from intake.deadlines.counts import Count, counts
from intake.deadlines.durations import duration
from intake.deadlines.moments import Moments, moments, with_units
from intake.deadlines.recurrences import Every, When, every, occurrences
from intake.deadlines.spans import ONE_DAY, PARTS, Span
from intake.deadlines.words import Token, fold, numbers, tokens, weekday
from intake.values import Deadline, Period, Relative, Target
from office.text import Text

IMMEDIATE_WORKDAYS = 10  # 立行立改: FIELD.md section 3
_ISSUE = re.compile(r"^(?:本|此)?(?:责任)?(?:清单|通知|文件|任务)?(?:印发|下发|发布|发文|签发|公布|制发)|^清单")
_FILLERS = re.compile(r"[在于自从须应需请并要求,、。;(）)]|之日|当日|后|起|完成|必须|务必|争取|力争|确保")


@dataclass(slots=True)
class _Facts:
    """What a phrase says, before it is decided what of it holds."""

    folded: str
    outside: list[Token]
    inside: list[Token]  # of brackets
    main: Moments
    bracket: Moments
    excluded: list[Span] = field(default_factory=list)
    often: list[Every] = field(default_factory=list)
    when: When = field(default_factory=When)
    counts: list[Count] = field(default_factory=list)
    year: int = 0
    doubts: list[Text] = field(default_factory=list)

    @property
    def whole_year(self) -> tuple[Period, ...]:
        return (spans.whole_year(self.year).period(),)

    def says(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in (*self.outside, *self.inside))


@lru_cache(maxsize=4096)
def read_deadline(phrase: str, year: int) -> Deadline:
    """Read one phrase as it stands in a list of `year`. Never raises; what is not understood is asked or a problem."""
    listed = re.sub(r"(?<=[月日底])\s+(?=\d{1,2}月)", "、", phrase)  # a space or a line break between dates is a mark of a list
    folded = fold(re.sub(r"《[^》]*》", "", listed)).text
    if not folded:
        return Deadline(None, ask=Text("没有写明完成时限", "no deadline is said"))
    facts = _facts(folded, year)
    problems = [*facts.main.problems, *facts.bracket.problems]
    if problems:
        return Deadline(phrase.strip(), problem=_together(problems))
    rules = (_dated, _open_ended, _measured, _counted, _named_year, _standing, _not_understood)
    reading = next(reading for rule in rules if (reading := rule(facts)) is not None)
    return replace(reading, phrase=phrase.strip(), never_closes=facts.says("never"), ask=_together(facts.doubts))


def read_deadline_lines(cell: str, year: int) -> tuple[Deadline, ...]:
    """One reading a line, for a deadline cell whose lines stand beside the lines of its measures; empty lines are left out."""
    return tuple(read_deadline(line, year) for line in cell.splitlines() if line.strip())


def _facts(folded: str, year: int) -> _Facts:
    outside, inside = _brackets(with_units(tokens(folded)))
    excluding = any(token.kind == "excluded" for token in inside)
    main = moments(outside, year)
    bracket = moments(inside, year)
    facts = _Facts(folded, outside, inside, main, Moments(problems=bracket.problems) if excluding else bracket, year=year)
    facts.excluded = bracket.found if excluding else []
    facts.doubts = [*main.doubts, *facts.bracket.doubts]
    facts.counts = counts([*outside, *inside])
    if main.found and main.years_only:  # 2026年每月, 2026年度: only says which year
        facts.year = main.found[-1].due_on.year
    everything = [*outside, *inside]
    often = {token: every(token) for token in everything if token.kind == "every"}
    if any(each.unit != "year" for each in often.values()):  # beside one, 每年 is what a yearly count is counted for
        often = {token: each for token, each in often.items() if each.unit != "year"}
    facts.often = [often[t] for t in outside if t in often] or [often[t] for t in inside if t in often]
    if not facts.often and any(token.kind == "next_month" for token in outside):
        facts.often = [Every("month", 3 if "季" in folded else 1)]
    if facts.often:
        left = [t for i, t in enumerate(outside) if i not in main.used]
        if not excluding:
            left += [t for i, t in enumerate(inside) if i not in bracket.used]
        facts.when = _when(left)
        months = facts.often[0].step if facts.often[0].unit == "month" else 12
        if any(number not in range(1, 32) for number in facts.when.days) or (facts.when.month or 1) > months:
            main.problems.append(Text(f"日期不存在：{folded}", f"no such date: {folded}"))
    return facts


def _brackets(words: Iterable[Token]) -> tuple[list[Token], list[Token]]:
    outside: list[Token] = []
    inside: list[Token] = []
    depth = 0
    for token in words:
        depth += (token.kind == "open") - (token.kind == "close" and depth > 0)
        (inside if depth or token.kind == "close" else outside).append(token)
    return outside, inside


def _when(left: Sequence[Token]) -> When:
    """Which day of each period the words beside a recurrence name."""
    when = When()
    after = range_open = False
    for token in left:
        values = numbers(token.text)
        match token.kind:
            case "to":
                range_open = bool(when.days)
                continue
            case "day":
                when = replace(when, days=(*(when.days[:-1] if range_open else when.days), values[0]))
            case "part":
                when = replace(
                    when, part=PARTS[token.text if token.text in PARTS else token.text[-1]], days=when.days[:-1] if range_open else ()
                )
            case "month_of_period":
                when = replace(when, month=1 if token.text == "首月" else -1 if token.text[0] in "末最" else values[0])
            case "next_month":
                when = replace(when, following=True)
            case "last_workday":
                when = replace(when, last_workday=True)
            case "nth_week":
                week = 1 if token.text[0] == "首" else -1 if token.text[0] == "最" else values[0]
                when = replace(when, week=week, weekday=weekday(token.text))
            case "first_workday":
                when = replace(when, first_workday=True)
            case "after" | "after_end":
                after = True
            case "relative" if values:
                if after or "工作日" in token.text or "个" in token.text:
                    when = replace(when, after=duration(token))
                else:  # 每月5日内
                    when = replace(when, days=(*when.days, values[0]))
        range_open = False
    return when


def _dated(facts: _Facts) -> Deadline | None:
    found = _dates(facts)
    if not found:
        return None
    target = _target(facts, found)
    once_a_year = target is not None and target.per == "year" and len(found) == 1
    checkpoints = _checkpoint(facts.year, target) if once_a_year else ()
    return Deadline(None, _periods(found), standing=facts.says("standing", "never"), target=target, checkpoints=checkpoints)


def _open_ended(facts: _Facts) -> Deadline | None:
    """`3月起`: standing from then on."""
    since = facts.main.since or facts.bracket.since
    if since is None:
        return None
    span = Span(f"{since.month}月起", since, date(since.year, 12, 31))
    return Deadline(None, (span.period(),), standing=True, target=_target(facts, [span]))


def _measured(facts: _Facts) -> Deadline | None:
    relative = _relative(facts)
    if relative is None:
        return None
    return Deadline(None, standing=facts.says("standing", "never"), relative=relative, target=_target(facts, []))


def _counted(facts: _Facts) -> Deadline | None:
    """`全年不少于4次`: due at the year's end, with its target."""
    count = next((count for count in facts.counts if count.per == "year"), None)
    target = count.target() if count else None
    if count is None or (target is None and facts.says("standing", "never")):
        return None
    if not facts.says("whole", "every", "year", "near_year", "of_year"):
        facts.doubts.append(Text("只写了数量，没有写时间，暂按全年理解", "a count without a time; read as by the year's end"))
    return Deadline(None, facts.whole_year, target=target, checkpoints=_checkpoint(facts.year, target))


def _named_year(facts: _Facts) -> Deadline | None:
    """`2026年度` by itself."""
    if not (facts.main.years_only and facts.main.found) or facts.says("whole", "vague", "standing", "never"):
        return None
    return Deadline(None, _periods(facts.main.found))


def _standing(facts: _Facts) -> Deadline | None:
    if any(often.unit == "day" for often in facts.often):
        facts.doubts.append(Text("每日事项不逐日分解，暂按全年坚持理解", "daily duties are not split; read as standing for the year"))
    elif facts.says("standing", "never", "whole") or "即日起" in facts.folded:
        pass
    elif facts.says("vague"):
        zh, en = f"“{facts.folded}”不是确切时限，暂按全年坚持理解", f"“{facts.folded}” names no date; read as standing for the year"
        facts.doubts.append(Text(zh, en))
    else:
        return None
    return Deadline(None, facts.whole_year, standing=True)


def _not_understood(facts: _Facts) -> Deadline:
    said = f"“{facts.folded}”" if len(facts.folded) <= 60 else f"“{facts.folded[:60]}…”"
    if (facts.says("day", "part") and not facts.says("month")) or facts.says("near_month"):
        why = Text(f"{said}没有写明是哪个月，暂不定日期", f"{said} does not say which month; read as undated")
    elif facts.says("before", "after", "after_end", "during") or re.search(r"前|提前|时$", facts.folded):
        why = Text(f"{said}要看事件的日期，暂不定日期", f"{said} hangs on an event without a date; read as undated")
    else:
        why = Text(f"没有读懂时限{said}，暂不定日期", f"the deadline {said} is not understood; read as undated")
    facts.doubts = [why]
    return Deadline(None)


def _dates(facts: _Facts) -> list[Span]:
    """The dated periods that hold: recurrences within their window, and what brackets say instead."""
    outside = [] if facts.main.years_only else facts.main.found
    inside = [] if facts.bracket.years_only else facts.bracket.found
    if not facts.often:
        if facts.says("before_new_year"):
            facts.doubts.append(
                Text("“年前”可指年底前或春节前，暂按年底前理解", "“before the year” may mean Spring Festival; read as by the year's end")
            )
            outside = [*outside, spans.whole_year(facts.year, "end")]
        if inside and outside and not _all_within(inside, outside):
            facts.doubts.append(
                Text("括号内外的日期不一致，暂按都有效理解", "dates inside and outside the brackets differ; read as all of them")
            )
            return sorted({span.due_on: span for span in (*outside, *inside)}.values(), key=attrgetter("due_on"))
        return inside or outside
    return _recurring(facts, outside, inside)


def _recurring(facts: _Facts, outside: list[Span], inside: list[Span]) -> list[Span]:
    often = facts.often[0]
    if len(facts.often) > 1 and len(set(facts.often)) > 1:
        facts.doubts.append(Text("写了几种频次，暂按第一种理解", "several frequencies are named; read as the first"))
    if often.unit == "year":
        if often.step > 1:
            facts.doubts.append(Text("不是每年都有的事项，暂按今年有理解", "not owed every year; read as owed this year"))
        if facts.main.since or (facts.main.found and not facts.main.years_only):
            return outside
        if inside:
            return inside
        return occurrences(often, facts.when, facts.year) if _names_time(facts) else []
    if often.unit == "month" and often.step in (3, 6) and facts.when.days and facts.when.month is None and not facts.when.following:
        facts.doubts.append(
            Text("没有写明是哪个月的几日，暂按每期最后一个月理解", "the month of the day is not said; read as the last of each period")
        )
    if often.unit == "term":
        facts.doubts.append(
            Text("学期起止各地不一，暂按上、下半年理解", "terms differ from place to place; read as the halves of the year")
        )
    if often.bare and facts.when.part is not None:
        facts.doubts.append(Text("没有写“每”字，暂按每季度末理解", "“each” is not said; read as the end of each quarter"))
    found = occurrences(often, facts.when, facts.year)
    named = inside or outside
    ranges = facts.bracket.ranges if inside else facts.main.ranges
    length = min((span.due_on - span.starts_on for span in found), default=timedelta())
    if len(named) > 1 and not ranges and all(span.by or span.due_on - span.starts_on <= length for span in named):
        return named  # 每季度末（6月、9月和12月底）
    if inside and not ranges and len(inside) == 1 and not facts.bracket.since:
        facts.doubts.append(Text("括号内的日期没有采用", "the date in brackets is not used"))
        named = outside
    window = _window(facts, named)
    found = [span for span in found if any(start <= span.due_on <= end for start, end in window)] if window else found
    return [span for span in found if not any(_covers(other, span) for other in facts.excluded)]


def _window(facts: _Facts, named: list[Span]) -> list[tuple[date, date]]:
    since = facts.main.since or facts.bracket.since
    if since:
        return [(since, date.max)]
    return [(date(span.due_on.year, 1, 1) if span.by else span.starts_on, span.due_on) for span in named]


def _names_time(facts: _Facts) -> bool:
    """`每年` has its own day; `每年不少于2次` is a yearly count and is decided with the other counts."""
    return not any(count.per == "year" and count.target() for count in facts.counts)


def _all_within(inside: list[Span], outside: list[Span]) -> bool:
    return all(any(_covers(other, span) or (other.by and span.due_on <= other.due_on) for other in outside) for span in inside)


def _covers(whole: Span, span: Span) -> bool:
    return whole.starts_on <= span.due_on <= whole.due_on


def _target(facts: _Facts, found: list[Span]) -> Target | None:
    """A year's count beside a recurrence is the target of the year; else the count of each period."""
    targets = [target for count in facts.counts if (target := count.target())]
    yearly = [target for target in targets if target.per == "year"]
    if len({target.amount for target in targets if target.per == "period"}) > 1:
        facts.doubts.append(Text("各期数量不同，暂按第一个理解", "the counts differ between periods; read as the first"))
    if yearly and not facts.often and facts.counts and any(count.per == "period" for count in facts.counts) and found:
        facts.doubts.append(Text("全年数量与分期并写，请核对", "a count of the year beside dated parts; please check"))
    return next(iter(yearly or targets), None)


def _checkpoint(year: int, target: Target | None) -> tuple[date, ...]:
    return (date(year, 6, 30),) if target is not None and target.amount > 1 else ()


def _periods(found: list[Span]) -> tuple[Period, ...]:
    """In the order of their dates, one a date. A `by` date has the time since the one before it."""
    periods: list[Period] = []
    for span in sorted({span.due_on: span for span in found}.values(), key=attrgetter("due_on")):
        starts_on = span.starts_on
        if span.by and len(found) > 1 and periods:
            starts_on = periods[-1].due_on + ONE_DAY
        elif span.by:
            starts_on = date(span.due_on.year, 1, 1)
        periods.append(Period(span.label, min(starts_on, span.due_on), span.due_on))
    return tuple(periods)


def _relative(facts: _Facts) -> Relative | None:
    """`30个工作日内` counts from the issue; words before it name an event, unless they name the issue itself."""
    words = [*facts.outside, *facts.inside]
    token = next((token for token in words if token.kind == "relative"), None)
    if token is not None:
        before = facts.folded[: token.start]
        if re.search(r"(?<!之)前$|提前", before):
            return None  # 会前3个工作日: a duration before an event
        event = _FILLERS.sub("", before)
        measured = duration(token)
        return Relative(measured.days, measured.working, from_issue=not event or bool(_ISSUE.search(event)))
    if facts.says("immediate"):
        return Relative(IMMEDIATE_WORKDAYS, working=True, from_issue=True)
    return None


def _together(texts: Sequence[Text]) -> Text | None:
    once = list(dict.fromkeys(texts))
    return Text("；".join(text.zh for text in once), "; ".join(text.en for text in once)) if once else None
