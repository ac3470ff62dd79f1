"""`zeren read`: what was understood of a list, before anything is issued."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zeren.cli.options import AsJson, ListParty, Now, Year, language, print_json, say

if TYPE_CHECKING:
    from intake.values import Item, ListReading, Note, Parties, Step


def register(app: typer.Typer) -> None:
    app.command("read", help=say("读一份清单，看读懂了什么、要问什么。", "Read a list: what is understood, what is asked."))(read)


def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("清单文件：.xlsx、.docx 或 .csv", "the list: .xlsx, .docx or .csv"))],
    year: Year,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", metavar="R", help=say("名册 .xlsx：不认识的名称会列为问题", "roster .xlsx: names it does not know are asked")
        ),
    ] = None,
    party: ListParty = "",
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    from intake.reading import read_list

    reading = read_list(file, year, party=party)
    questions = (*reading.questions, *(_unknown_names(reading, roster, year) if roster else ()))
    if as_json:
        print_json(as_plain(reading, questions))
    else:
        from zeren.cli.reading_page import print_reading

        print_reading(reading, questions, year)
    if reading.problems:
        raise typer.Exit(1)


def as_plain(reading: "ListReading", questions: "tuple[Note, ...]") -> dict[str, Any]:
    """The reading as plain JSON values; dates as `YYYY-MM-DD`, sentences in the language of the settings."""
    return {
        "title": reading.title,
        "items": [_item(item) for item in reading.items],
        "questions": [{"address": note.address, "text": note.text.in_(language())} for note in questions],
        "problems": [{"address": note.address, "text": note.text.in_(language())} for note in reading.problems],
        "skipped": [{"address": line.address, "text": line.text, "why": line.why.in_(language())} for line in reading.skipped],
    }


def _item(item: "Item") -> dict[str, Any]:
    return {
        "content": item.content,
        "address": item.address,
        "number": item.number,
        "section": item.section,
        **_parties(item.parties),
        "standard": item.standard,
        "points": item.points,
        "remarks": item.remarks,
        "steps": [_step(step, item.parties) for step in item.steps],
    }


def _step(step: "Step", of_item: "Parties") -> dict[str, Any]:
    from zeren.cli.deadline import as_json as deadline_as_json

    return {
        "text": step.text,
        "address": step.address,
        "phrase": step.deadline.phrase,
        **deadline_as_json(step.deadline),
        **(_parties(step.parties) if step.parties != of_item else {}),
    }


def _parties(parties: "Parties") -> dict[str, list[str]]:
    return {
        "leader": list(parties.leader),
        "lead": list(parties.lead),
        "responsible": list(parties.responsible),
        "assisting": list(parties.assisting),
    }


def _unknown_names(reading: "ListReading", roster: Path, year: int) -> "tuple[Note, ...]":
    """A question for each name that the roster does not know on the first day of the list's year, at its first place."""
    from engine.parties import resolver
    from intake.roster import read_roster
    from intake.values import Note

    known = resolver(read_roster(roster).roster, date(year, 1, 1))
    found: dict[str, Note] = {}
    for step in (step for item in reading.items for step in item.steps):
        parties = step.parties
        units = parties.lead + parties.responsible
        for name in (*parties.leader, *units, *parties.assisting):
            if name not in found and (question := known.resolve(name, lead_units=units).question):
                found[name] = Note(step.address, question)
    return tuple(found.values())
