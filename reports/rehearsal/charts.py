"""Weeks → inline SVG, in the colours of the page around it, without a script. A chart says its figures in words, too (`<title>`)."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from engine.rehearsing import MailKind
from office.text import Language, Text
from reports.rehearsal.blocks import PeopleWeeks, Weeks
from reports.rehearsal.words import KIND_WORDS, day, month

WEEK = 12  # width of a week
HEIGHT = 90  # of the columns
FOOT = 20
MARGIN = 16  # on the right, for the name of the last month
NAME = 96  # room for the name beside a row of a person
ROW = 17


def weeks_chart(block: Weeks, language: Language) -> str:
    """A column a week, divided by the kinds of mail."""
    parts = []
    for place, (week, kinds) in enumerate(block.weeks.items()):
        y = float(HEIGHT)
        for kind in MailKind:
            if count := kinds.get(kind, 0):
                height = count / block.highest * (HEIGHT - 4)
                y -= height
                parts.append(
                    _rect(place * WEEK + 1, y, WEEK - 2, height, f"kind-{kind.value}", _said(week, KIND_WORDS[kind], count, language))
                )
    width = len(block.weeks) * WEEK
    foot = f'<line x1="0" y1="{HEIGHT}.5" x2="{width}" y2="{HEIGHT}.5" class="axis"/>'
    return _svg(width, HEIGHT + FOOT, block.title.in_(language), *parts, foot, *_months(list(block.weeks), 0, HEIGHT + 15, language))


def people_chart(block: PeopleWeeks, language: Language) -> str:
    """A row a person, a field a week: the darker, the more mails."""
    parts = []
    mails = Text("封", "mails")
    for row, (name, theirs) in enumerate(block.people):
        y = row * ROW
        parts.append(f'<text x="0" y="{y + 12}">{escape(name)}</text>')
        for place, week in enumerate(block.weeks):
            count = theirs.get(week, 0)
            shade = f' style="opacity:{0.15 + 0.85 * count / block.highest:.2f}"' if count else ""
            words = _said(week, mails, count, language) if count else ""
            parts.append(_rect(NAME + place * WEEK, y + 1, WEEK - 1, ROW - 2, "some" if count else "none", words, shade))
    height = len(block.people) * ROW
    width = NAME + len(block.weeks) * WEEK
    return _svg(width, height + FOOT, block.title.in_(language), *parts, *_months(block.weeks, NAME, height + 14, language))


def kinds_of(block: Weeks) -> tuple[MailKind, ...]:
    """Which kinds a chart has, for its legend."""
    return tuple(kind for kind in MailKind if any(kind in kinds for kinds in block.weeks.values()))


def _months(weeks: Sequence[date], left: int, y: int, language: Language) -> Iterator[str]:
    """The name of each month below the first of its weeks."""
    before = None
    for place, week in enumerate(weeks):
        first = week.replace(day=1)
        if first != before and (before is not None or week.day <= 7 or len(weeks) == 1):
            yield f'<text x="{left + place * WEEK}" y="{y}" class="soft">{month(first, first.year).in_(language)}</text>'
        before = first


def _said(week: date, what: Text, count: int, language: Language) -> str:
    began = day(week, week.year)
    return Text(f"{began.zh}起一周：{what.zh}{count}", f"week of {began.en}: {what.en} {count}").in_(language)


def _rect(x: float, y: float, width: float, height: float, name: str, words: str, more: str = "") -> str:
    title = f"<title>{escape(words)}</title>" if words else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width}" height="{height:.1f}" class="{name}"{more}>{title}</rect>'


def _svg(width: int, height: int, words: str, *parts: str) -> str:
    return f'<svg viewBox="0 0 {width + MARGIN} {height}" role="img" aria-label="{escape(words)}">{"".join(parts)}</svg>'
