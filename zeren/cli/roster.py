"""`zeren template roster` writes an empty roster, `zeren roster load` stores a filled one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.text import Text
from zeren.cli.options import AsJson, Now, language, print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.roster import Changed, RosterChange
    from engine.succession import HandedOver
    from intake.values import Note, Roster

NewFile = Annotated[
    Path, typer.Argument(metavar="FILE", help=say("要写的 .xlsx 文件，不覆盖已有的", "the .xlsx file to write; none is overwritten"))
]
RosterFile = Annotated[Path, typer.Argument(metavar="FILE", help=say("填好的名册 .xlsx", "the roster, an .xlsx file"))]
RosterYear = Annotated[
    int | None, typer.Option("--year", min=2000, max=2100, help=say("联系点的年度，默认今年", "year of the contact points; this year"))
]
NAMES_SHOWN = 8  # of what changed, on the console; --json has all


def register(app: typer.Typer) -> None:
    templates = typer.Typer(help=say("空白表格。", "Empty files to fill in."), no_args_is_help=True)
    templates.command("roster", help=say("写一份空白名册，带表头、下拉选项和示例。", "Write an empty roster with lists to choose from."))(
        template
    )
    app.add_typer(templates, name="template")
    rosters = typer.Typer(
        help=say("名册：单位、人员、职务、联系点。", "The roster: units, people, posts, contact points."), no_args_is_help=True
    )
    rosters.command("load", help=say("装入名册；未办结的任务随职务移交。", "Load a roster; open duties follow their posts."))(load)
    app.add_typer(rosters, name="roster")


def template(file: NewFile, now: Now = None) -> None:
    from intake.roster_template import write_template

    write_template(file)
    typer.echo(say(f"已写好空白名册：{file}", f"Empty roster written: {file}"))


def load(file: RosterFile, year: RosterYear = None, json: AsJson = False, now: Now = None) -> None:
    from engine.roster import load_roster, roster_questions, store_roster
    from engine.succession import hand_over_open
    from intake.roster import read_roster
    from zeren.clock import now_or
    from zeren.database import prepare, transaction
    from zeren.mailing import sender_of
    from zeren.poke import poke_board
    from zeren.settings import settings

    zone = settings().zone
    moment = now_or(now, zone)
    today = moment.astimezone(zone).date()
    reading = read_roster(file)
    if reading.problems:
        _print_refused(reading.problems, json)
        raise typer.Exit(1)
    prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        change = store_roster(session, reading.roster, year=year or today.year, now=moment, zone=zone)
        handed_over = hand_over_open(session, sender=sender_of(settings()), now=moment)
        stored = load_roster(session, year or today.year)
    poke_board(full=True)
    questions = (*reading.questions, *roster_questions(reading.roster, today))
    if json:
        print_json(_as_json(stored, change, handed_over, questions, today))
    else:
        _print(stored, year or today.year, change, handed_over, questions)


def _print_refused(problems: "Iterable[Note]", json: bool) -> None:
    if json:
        print_json({"problems": _notes(problems)})
        return
    for note in problems:
        typer.echo(say(f"{note.address}：{note.text.zh}", f"{note.address}: {note.text.en}"), err=True)
    typer.echo(say("名册有差错，没有装入。", "The roster has problems and was not loaded."), err=True)


def _print(roster: "Roster", year: int, change: "RosterChange", handed_over: "Iterable[HandedOver]", questions: "Iterable[Note]") -> None:
    counts = Text(
        f"{year}年名册：单位 {len(roster.units)}，人员 {len(roster.people)}，职务 {len(roster.posts)}，联系点 {len(roster.contact_points)}",
        f"Roster {year}: {len(roster.units)} units, {len(roster.people)} people, {len(roster.posts)} posts, "
        f"{len(roster.contact_points)} contact points",
    )
    typer.echo(counts.in_(language()))
    sheets = (
        (Text("单位", "units"), change.units),
        (Text("人员", "people"), change.people),
        (Text("职务", "posts"), change.posts),
        (Text("联系点", "contact points"), change.contact_points),
    )
    for sheet, changed in sheets:
        for what, names in (
            (Text("新增", "added"), changed.added),
            (Text("改动", "changed"), changed.changed),
            (Text("不再列入", "no longer listed"), changed.removed),
        ):
            if names:
                typer.echo(f"  {sheet.in_(language())} {what.in_(language())} {len(names)}: {_shortened(names)}")
    if not change:
        typer.echo(say("  与已装入的名册相同，没有变动。", "  The same as before; nothing changed."))
    for one in handed_over:
        typer.echo("  " + _handed_over(one).in_(language()))
    asked = tuple(questions)
    if asked:
        typer.echo(say("请核对：", "Please check:"))
    for note in asked:
        typer.echo(f"  {note.address} {note.text.in_(language())}")


def _shortened(names: "tuple[str, ...]") -> str:
    comma = say("、", ", ")
    return comma.join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")


def _handed_over(one: "HandedOver") -> Text:
    if one.question is not None:
        return Text(f"{one.assignments} 项任务待移交：{one.question.zh}", f"{one.assignments} assignments wait: {one.question.en}")
    mail = ("", "") if one.told else ("，没有邮箱，未能通知", "; no mail address, so not told")
    source = one.seat.person or "—"
    return Text(
        f"{one.seat}：{source} → {one.successor}，移交未办结任务 {one.assignments} 项{mail[0]}",
        f"{one.seat}: {source} → {one.successor}, {one.assignments} open assignments handed over{mail[1]}",
    )


def _notes(notes: "Iterable[Note]") -> list[dict[str, str]]:
    return [{"address": note.address, "text": note.text.in_(language())} for note in notes]


def _as_json(
    roster: "Roster", change: "RosterChange", handed_over: "Iterable[HandedOver]", questions: "Iterable[Note]", today: Any
) -> dict[str, Any]:
    from engine.roster import uncovered_branches

    def names(changed: "Changed") -> dict[str, list[str]]:
        return {"added": list(changed.added), "changed": list(changed.changed), "removed": list(changed.removed)}

    return {
        "units": len(roster.units),
        "people": len(roster.people),
        "posts": len(roster.posts),
        "contact_points": len(roster.contact_points),
        "changes": {
            "units": names(change.units),
            "people": names(change.people),
            "posts": names(change.posts),
            "contact_points": names(change.contact_points),
        },
        "handed_over": [
            {
                "unit": one.seat.unit,
                "post": one.seat.post,
                "from": one.seat.person,
                "to": one.successor,
                "assignments": one.assignments,
                "told": one.told,
                "question": one.question.in_(language()) if one.question else None,
            }
            for one in handed_over
        ],
        "uncovered_branches": list(uncovered_branches(roster, today)),
        "without_address": [person.name for person in roster.people if person.email is None],
        "questions": _notes(questions),
        "problems": [],
    }
