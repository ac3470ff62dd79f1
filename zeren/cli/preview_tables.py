"""How a plan and the counts of the database look in a terminal of 100 columns."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from board.lag import BoardStatus
from engine.completion import COMPLETION_WORDS, LIGHT_SIGNS, Light
from engine.issuing import Issued
from engine.loading import in_words
from engine.overview import Tally
from engine.planning import PlannedStep
from engine.preview import Preview
from engine.status import Status
from intake.values import Note
from notifications.reading import STATE_WORDS
from office.text import Text
from zeren.cli.options import language, say

WIDTH = 100
SHOWN = 18  # characters of an item, and of its step, which are two columns wide


def console() -> Console:
    """A console as wide as the terminal, and at most as wide as a page."""
    probe = Console(file=sys.stdout)
    return Console(file=sys.stdout, width=min(probe.width, WIDTH) if probe.is_terminal else WIDTH, highlight=False)


def print_preview(preview: Preview, issued: Issued | None, policy: Text, *, rehearsed: bool) -> None:
    """`issued`: what issuing did, or, rehearsed, what it would do; None where there is nothing to compare with."""
    out = console()
    plan = preview.plan
    out.print(Styled(f"《{preview.title}》", style="bold"), say(f"{preview.year}年度", str(preview.year)))
    out.print(_done(preview, issued, rehearsed))
    out.print(Styled(policy.in_(language()) + say("。", "."), style="dim"))
    out.print()
    if plan.assignments:
        people = _tallies(say("责任人", "Person"), preview.overview.people, preview.year)
        units = _tallies(say("单位", "Unit"), preview.overview.units, preview.year)
        out.print(_side_by_side(people, units))
        out.print(_months(preview.overview.months))
    _print_notes(out, say("差错（改正后才能下发）", "Problems (to be mended before it can be issued)"), preview.problems, "red")
    _print_notes(out, say("待确认（已按所示理解装入）", "Questions (loaded as read)"), preview.questions, "yellow")
    _print_steps(out, say("等待事件（事件登记后才有期限）", "Waiting for an event (dated when it is entered)"), plan.waiting)
    _print_steps(out, say("无人负责（没有产生任务）", "Nobody accountable (no assignment)"), plan.unowned)
    _print_names(out, say("有任务但没有邮箱，收不到通知", "With duties but without a mail address"), preview.without_address)
    _print_names(out, say("没有联系领导的党支部", "Branches that no leader covers"), preview.uncovered_branches)
    shown = {*preview.without_address, *preview.uncovered_branches}
    rest = [note for note in preview.roster_questions if not any(name in note.text.zh for name in shown)]
    _print_notes(out, say("名册待确认", "Questions of the roster"), rest, "yellow")


def print_status(status: Status, board: BoardStatus | None, zone: ZoneInfo) -> None:
    out = console()
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column(style="dim")
    table.add_row(say("清单", "Lists"), str(status.lists), "")
    table.add_row(say("责任事项", "Items"), str(status.items), "")
    table.add_row(say("人员", "People"), str(status.people), "")
    table.add_row(say("任务", "Assignments"), str(sum(status.assignments.values())), _by_state(status.standing, COMPLETION_WORDS))
    table.add_row(say("邮件", "Mails"), str(sum(status.mails.values())), _by_state(status.mails, STATE_WORDS))
    table.add_row(say("待确认", "Questions"), str(status.questions), "")
    if board is not None:
        table.add_row(say("看板", "Board"), str(board.shown), _board(board, zone))
    out.print(table)
    for lit in status.lights:
        if lit.light in (Light.RED, Light.YELLOW):
            out.print(f" {LIGHT_SIGNS[lit.light]} {lit.said.in_(language())}", soft_wrap=True)


def _board(board: BoardStatus, zone: ZoneInfo) -> str:
    """How far behind it is, since when, and why."""
    at = f"{board.updated_at.astimezone(zone):%Y-%m-%d %H:%M}" if board.updated_at else say("从未", "never")
    behind = say(f"落后 {board.behind} 项", f"{board.behind} behind") if board.behind else say("与数据库一致", "up to date")
    fault = say(f"  更新失败：{board.fault}", f"  failed: {board.fault}") if board.fault else ""
    if board.unfinished:
        fault = say("  正在更新，或上一次没有做完", "  being updated, or the last update did not end")
    return say(f"{behind}  上次更新 {at}{fault}", f"{behind}  last updated {at}{fault}")


def _by_state(counts: Mapping[str, int], words: Mapping[Any, Text]) -> str:
    """`words` by state; states are strings, as in the counts."""
    return "  ".join(f"{words[state].in_(language())} {number}" for state, number in counts.items())


def _done(preview: Preview, issued: Issued | None, rehearsed: bool) -> str:
    plan = preview.plan
    late = sum(assignment.period.make_up for assignment in plan.assignments)
    of_them = say(f"（其中补办{late}个）", f" ({late} of them overdue, to be made up)") if late else ""
    size = say(
        f"责任事项{preview.items}项，任务{len(plan.assignments)}个{of_them}，应通知{preview.told}人。",
        f"{preview.items} items, {len(plan.assignments)} assignments{of_them}, {preview.told} people to be told. ",
    )
    done = in_words(issued, rehearsed=rehearsed).in_(language()) + say("。", ". ") if issued else ""
    rehearsal = say("预演：没有写入任何内容，也没有发出邮件。", "Rehearsal: nothing is written, nothing is mailed.")
    return size + done + (rehearsal if rehearsed else "")


def _side_by_side(*parts: RenderableType) -> Table:
    grid = Table.grid(padding=(0, 4))
    grid.add_row(*parts)
    return grid


def _tallies(title: str, tallies: Iterable[Tally], year: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(title)
    table.add_column(say("任务", "Duties"), justify="right")
    table.add_column(say("最早", "First"), style="dim", justify="right")
    table.add_column(say("最晚", "Last"), style="dim", justify="right")
    for tally in tallies:
        table.add_row(tally.name, str(tally.assignments), _day(tally.first_due_on, year), _day(tally.last_due_on, year))
    return table


def _day(day: date, year: int) -> str:
    return f"{day:%m-%d}" if day.year == year else day.isoformat()


def _months(tallies: Sequence[Tally]) -> Table:
    """A bar a month; the longest takes 60 columns."""
    most = max(tally.assignments for tally in tallies)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("到期月份", "Due in"))
    table.add_column(say("任务", "Duties"), justify="right")
    table.add_column("")
    for tally in tallies:
        table.add_row(tally.name, str(tally.assignments), "█" * max(1, round(60 * tally.assignments / most)))
    return table


def _print_notes(out: Console, title: str, notes: Sequence[Note], style: str) -> None:
    if notes:
        places: dict[str, list[str]] = {}
        for note in notes:
            places.setdefault(note.text.in_(language()), []).append(note.address)
        rows = ((_first(addresses), text) for text, addresses in places.items())
        _print_rows(out, f"{title} {len(notes)}", style, rows)


def _first(addresses: Sequence[str]) -> str:
    """A name misspelt once is often misspelt in many cells."""
    if len(addresses) == 1:
        return addresses[0]
    return say(f"{addresses[0]} 等{len(addresses)}处", f"{addresses[0]} and {len(addresses) - 1} more")


def _print_steps(out: Console, title: str, steps: Sequence[PlannedStep]) -> None:
    """A row an item, with the first of its steps."""
    if steps:
        items: dict[int, list[PlannedStep]] = {}
        for step in steps:
            items.setdefault(step.item_position, []).append(step)
        rows = ((_first([step.step.address for step in same]), _brief(same[0])) for same in items.values())
        _print_rows(out, f"{title} {len(steps)}", "cyan", rows)


def _brief(step: PlannedStep) -> str:
    """Item and step in one line of the page."""
    content, text = _shortened(step.item.content), _shortened(step.step.text)
    return content if text in ("", content) else f"{content} / {text}"


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _print_rows(out: Console, title: str, style: str, rows: Iterable[tuple[str, str]]) -> None:
    out.print(Styled(title, style=f"bold {style}"))
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for address, text in rows:
        table.add_row(Styled(f"  {address}"), Styled(text))
    out.print(table)
    out.print()


def _print_names(out: Console, title: str, names: Sequence[str]) -> None:
    if names:
        out.print(Styled(f"{title} {len(names)}", style="bold yellow"))
        out.print(Styled("  " + "、".join(names)))
        out.print()
