"""`zeren load`: what issuing a list would mean, and with `--issue` the issuing itself. `zeren status`: what there is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.text import Refused, Text
from zeren.cli.options import AsJson, Now, Year, language, print_json, say

if TYPE_CHECKING:
    from datetime import datetime

    from engine.issuing import Issued
    from engine.preview import Preview
    from intake.values import ListReading, Roster, RosterReading

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("清单文件：.xlsx .docx .csv", "the list: .xlsx, .docx or .csv"))]
RosterFile = Annotated[Path | None, typer.Option("--roster", metavar="FILE", help=say("同时装入的名册", "a roster to load on the way"))]
Title = Annotated[
    str, typer.Option("--title", metavar="TITLE", help=say("清单标题，代替文件中的", "title of the list, instead of the file's"))
]
Issue = Annotated[
    bool, typer.Option("--issue", help=say("下发：存入任务并发出通知", "issue it: store the assignments and queue the mails"))
]


def register(app: typer.Typer) -> None:
    app.command(help=say("预演清单的分解；加 --issue 正式下发。", "Show what a list would mean; with --issue make it so."))(load)
    app.command(help=say("看看已有的清单、任务和邮件。", "Show the lists, assignments and mails that there are."))(status)


def load(
    file: File, year: Year, roster: RosterFile = None, issue: Issue = False, title: Title = "", json: AsJson = False, now: Now = None
) -> None:
    from engine.preview import preview
    from intake.reading import read_list
    from intake.roster import read_roster
    from zeren.cli.preview_tables import print_preview
    from zeren.clock import now_or
    from zeren.settings import settings

    moment = now_or(now, settings().zone)
    roster_reading = _sound(read_roster(roster)) if roster else None
    reading = read_list(file, year)
    issued = _issue(reading, roster_reading, year=year, title=title, file=file, now=moment) if issue else None
    shown = preview(
        reading,
        _roster(roster_reading, year),
        asked=roster_reading.questions if roster_reading else (),
        year=year,
        title=title,
        file_name=file.name,
        issued_on=moment.astimezone(settings().zone).date(),
    )
    if json:
        print_json(_as_json(shown, issued))
    else:
        print_preview(shown, issued)
    if shown.problems:
        raise typer.Exit(1)


def _sound(reading: "RosterReading") -> "RosterReading":
    """The roster if it has no problems; refuses with the first of them."""
    if not reading.problems:
        return reading
    first, count = reading.problems[0], len(reading.problems)
    raise Refused(
        Text(f"名册有{count}处差错，未装入。{first.text.zh}", f"The roster is not loaded; problems: {count}. {first.text.en}"),
        place=first.address,
    )


def _issue(
    reading: "ListReading", roster_reading: "RosterReading | None", *, year: int, title: str, file: Path, now: "datetime"
) -> "Issued":
    """Roster and list in one transaction: both are stored, or neither; open duties follow their posts first."""
    from engine.issuing import issue, refuse_unfit
    from engine.roster import store_roster
    from engine.succession import hand_over_open
    from zeren.database import prepare, transaction
    from zeren.mailing import sender_of
    from zeren.settings import settings

    refuse_unfit(reading)  # before a database is made
    sender = sender_of(settings())
    if roster_reading is not None:  # without one there must be a database already
        prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        if roster_reading is not None:
            store_roster(session, roster_reading.roster, year=year, now=now, zone=settings().zone)
            hand_over_open(session, sender=sender, now=now)
        return issue(session, reading, year=year, title=title, file_name=file.name, sender=sender, now=now)


def _roster(roster_reading: "RosterReading | None", year: int) -> "Roster":
    """The roster to plan with: the file's, or else the one stored for the year."""
    from engine.issuing import refuse_no_roster
    from engine.roster import load_roster
    from zeren.database import reading
    from zeren.settings import settings

    if roster_reading is not None:
        return roster_reading.roster
    with reading(settings().database_url) as session:
        roster = load_roster(session, year)
    refuse_no_roster(roster)
    return roster


def _as_json(preview: "Preview", issued: "Issued | None") -> dict[str, Any]:
    def tallies(rows: Any) -> dict[str, int]:
        return {row.name: row.assignments for row in rows}

    def notes(rows: Any) -> list[dict[str, str]]:
        return [{"address": note.address, "text": note.text.in_(language())} for note in rows]

    def steps(rows: Any) -> list[dict[str, str]]:
        return [{"address": row.step.address, "content": row.item.content, "text": row.step.text} for row in rows]

    plan = preview.plan
    return {
        "title": preview.title,
        "year": preview.year,
        "issued": issued is not None,
        "items": preview.items,
        "assignments": [
            {
                "address": assignment.step.item.address,
                "content": assignment.step.item.content,
                "party": assignment.party.name,
                "person": assignment.party.person,
                "leader": assignment.leader,
                "due": assignment.period.due_on.isoformat(),
                "make_up": assignment.period.make_up,
            }
            for assignment in plan.assignments
        ],
        "per_person": tallies(preview.overview.people),
        "per_unit": tallies(preview.overview.units),
        "per_month": tallies(preview.overview.months),
        "questions": notes((*preview.questions, *preview.roster_questions)),
        "problems": notes(preview.problems),
        "waiting": steps(plan.waiting),
        "unowned": steps(plan.unowned),
        "without_address": list(preview.without_address),
        "uncovered_branches": list(preview.uncovered_branches),
        "added": issued.assignments if issued else 0,
        "messages": issued.messages if issued else 0,
    }


def status(json: AsJson = False, now: Now = None) -> None:
    from engine.status import status as counted
    from zeren.cli.preview_tables import print_status
    from zeren.database import reading
    from zeren.settings import settings

    with reading(settings().database_url) as session:
        found = counted(session)
    if json:
        print_json(found.as_json())
    else:
        print_status(found)
