"""`zeren deadline`: how a deadline phrase is read, so that an officer can try one before the list is loaded."""

from typing import Annotated, Any

import typer

from intake.values import Deadline
from office.text import Text
from zeren.cli.options import AsJson, Now, Year, language, print_json, say

Phrases = Annotated[list[str], typer.Argument(metavar="PHRASE...", help=say("时限的写法，例：每季度末", "phrases, like 每季度末"))]


def register(app: typer.Typer) -> None:
    app.command(help=say("看看时限的写法会被怎样理解。", "Show how deadline phrases are read."))(deadline)


def deadline(phrases: Phrases, year: Year, json: AsJson = False, now: Now = None) -> None:
    from intake.deadlines import read_deadline

    for phrase in phrases:
        reading = read_deadline(phrase, year)
        if json:
            print_json({"phrase": phrase, **as_json(reading)})
        else:
            typer.echo(f"{phrase}\n    " + "\n    ".join(line.in_(language()) for line in in_words(reading)))


def as_json(reading: Deadline) -> dict[str, Any]:
    """The reading as plain values: `due` (ISO dates), `standing`, `relative` (`7d`, `30wd` or None), `target`, `ask`."""
    amount = reading.target.amount if reading.target else None
    return {
        "due": [day.isoformat() for day in reading.due],
        "standing": reading.standing,
        "relative": str(reading.relative) if reading.relative else None,
        "target": int(amount) if amount is not None and amount.is_integer() else amount,
        "ask": reading.ask is not None or reading.problem is not None,
    }


def in_words(reading: Deadline) -> list[Text]:
    """The reading as short lines for a person."""
    lines = [Text(f"{p.label}：{p.starts_on} 至 {p.due_on}", f"{p.label}: {p.starts_on} to {p.due_on}") for p in reading.periods]
    if reading.standing:
        closes = "，不自动销号" if reading.never_closes else ""
        lines.append(
            Text(f"长期事项，在例会上报告进展{closes}", "standing: progress at meetings" + (", never closed by itself" if closes else ""))
        )
    if reading.relative:
        days = reading.relative.days
        start, begins = ("清单下发", "the issue of the list") if reading.relative.from_issue else ("事件发生", "the event")
        unit, units = ("个工作日", "working days") if reading.relative.working else ("日", "days")
        lines.append(Text(f"自{start}起{days}{unit}内", f"within {days} {units} from {begins}"))
    if reading.target:
        per, of = ("全年", "a year") if reading.target.per == "year" else ("每期", "each period")
        goal = f"{reading.target.amount:g}{reading.target.unit}"
        lines.append(Text(f"目标：{per}{goal}", f"target: {goal} {of}"))
    lines += [Text(f"进度检查：{day}", f"checkpoint: {day}") for day in reading.checkpoints]
    if reading.ask:
        lines.append(Text(f"待确认：{reading.ask.zh}", f"to ask: {reading.ask.en}"))
    if reading.problem:
        lines.append(Text(f"有错误：{reading.problem.zh}", f"problem: {reading.problem.en}"))
    return lines
