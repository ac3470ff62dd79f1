"""How a reading looks in a terminal of 100 columns: each duty with its steps, then what is asked, wrong and passed over."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from intake.values import Deadline, Item, ListReading, Note, Parties
from office.text import Text
from zeren.cli.deadline import in_words
from zeren.cli.options import language, say

WIDTH = 100
_DATES_SHOWN = 4  # of a recurring duty; the rest is counted
_ROLES = {
    "leader": Text("责任领导", "leader"),
    "lead": Text("牵头", "lead"),
    "responsible": Text("责任", "responsible"),
    "assisting": Text("配合", "assisting"),
}


def print_reading(reading: ListReading, questions: Sequence[Note], year: int) -> None:
    """Print the whole reading to standard output; `questions` are the reading's and those about unknown names. Dates of `year`, the
    list's, are shown without it."""
    probe = Console(file=sys.stdout)
    out = Console(file=sys.stdout, width=min(probe.width, WIDTH) if probe.is_terminal else WIDTH, highlight=False)
    if reading.title:
        out.print(Styled(f"《{reading.title}》", style="bold"))
    out.print(_counts(reading, questions))
    for section, items in groupby(reading.items, key=lambda item: item.section):
        out.print()
        if section:
            out.print(Styled(f"【{section}】", style="bold cyan"))
        for item in items:
            _print_item(out, item, year)
    _print_notes(out, say("待确认（已按所示理解）", "Questions (read as said)"), questions, "yellow")
    _print_notes(out, say("差错", "Problems"), reading.problems, "red")
    if reading.skipped:
        reasons = Counter(line.why.in_(language()) for line in reading.skipped)
        out.print()
        out.print(Styled(say("跳过的行", "Passed over"), style="bold"))
        table = _grid()
        for line in reading.skipped:
            table.add_row(Styled(line.address, style="dim"), _shortened(line.text), Styled(line.why.in_(language()), style="dim"))
        out.print(table if len(reading.skipped) <= 40 else "  " + "，".join(f"{why} {number}" for why, number in reasons.items()))


def print_problems(problems: Sequence[Note]) -> None:
    """Print what is wrong with a list, as a whole reading has it."""
    _print_notes(Console(file=sys.stdout, width=WIDTH, highlight=False), say("差错", "Problems"), problems, "red")


def _counts(reading: ListReading, questions: Sequence[Note]) -> str:
    steps = sum(len(item.steps) for item in reading.items)
    return say(
        f"读懂 {len(reading.items)} 项责任事项、{steps} 个步骤；待确认 {len(questions)} 处，差错 {len(reading.problems)} 处，"
        f"跳过 {len(reading.skipped)} 行（都列在后面）。",
        f"{len(reading.items)} duties with {steps} steps; {len(questions)} questions, {len(reading.problems)} problems, "
        f"{len(reading.skipped)} lines passed over (all listed below).",
    )


def _print_item(out: Console, item: Item, year: int) -> None:
    head = Table.grid(expand=True, padding=(0, 1))
    head.add_column(no_wrap=True, style="bold")
    head.add_column(ratio=1, overflow="fold")
    head.add_column(justify="right", style="dim", no_wrap=True)
    points = say(f"（{item.points:g} 分）", f" ({item.points:g} points)") if item.points is not None else ""
    head.add_row(item.number, Styled(f"{_plain(item.content)}{points}", style="bold"), item.address)
    out.print(head)
    same = all(step.parties == item.parties for step in item.steps)
    if same and item.parties:
        out.print(Padding(_parties(item.parties), (0, 0, 0, 3)))
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(width=4, justify="right")
    table.add_column(ratio=3, overflow="fold")
    table.add_column(ratio=2, overflow="fold")
    for step in item.steps:
        text = Styled("" if _plain(step.text) == _plain(item.content) else _plain(step.text))
        if not same:
            text.append(f"{chr(10) if text.plain else ''}{_parties(step.parties).plain}", style="green")
        table.add_row("·", text, _deadline(step.deadline, year))
    out.print(table)


def _parties(parties: Parties) -> Styled:
    said = [f"{name.in_(language())} {'、'.join(names)}" for role, name in _ROLES.items() if (names := getattr(parties, role))]
    return Styled("  ".join(said), style="green")


def _deadline(deadline: Deadline, year: int) -> Styled:
    if deadline.problem:
        return Styled(f"{deadline.phrase} ✗", style="red")
    due = [_short(day, year) for day in deadline.due[:_DATES_SHOWN]]
    if len(deadline.due) > _DATES_SHOWN:
        due.append(say(f"… 共 {len(deadline.due)} 期", f"… {len(deadline.due)} in all"))
    said = " ".join(due)
    if not (deadline.phrase or said):
        return Styled(say("没有时限 ？", "no deadline ？"), style="yellow")
    rest = [line.in_(language()) for line in in_words(deadline) if not _is_told(line, deadline)]
    phrase = _shortened(deadline.phrase or "") + (" → " if deadline.phrase and (said or rest) else "")
    asked = " ？" if deadline.ask else ""
    return Styled(f"{phrase}{'；'.join([*([said] if said else []), *rest])}{asked}", style="yellow" if deadline.ask else "")


def _short(day: date, year: int) -> str:
    """`6月30日` in the list's year, `2027年1月31日` in another: without a space, so that no line breaks inside it."""
    if language() == "en":
        return f"{day.day}-{day:%b}" if day.year == year else f"{day.day}-{day:%b}-{day.year}"
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"


def _is_told(line: Text, deadline: Deadline) -> bool:
    """Whether the dates, or the list of questions, say this already."""
    return line.zh.startswith(("待确认", "进度检查")) or any(line.zh.startswith(f"{period.label}：") for period in deadline.periods)


def _print_notes(out: Console, title: str, notes: Sequence[Note], colour: str) -> None:
    if not notes:
        return
    out.print()
    out.print(Styled(title, style=f"bold {colour}"))
    table = _grid()
    for note in notes:
        table.add_row(Styled(note.address, style="dim"), note.text.in_(language()), "")
    out.print(table)


def _grid() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    return table


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= 60 else f"{plain[:58]}…"
