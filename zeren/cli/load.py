"""`zeren load`: what issuing a list would mean, and with `--issue` the issuing itself. `zeren status`: what there is."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.text import Refused
from zeren.cli.options import AsJson, ListParty, Now, Year, language, print_json, say

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from engine.issuing import Issued
    from engine.planning import Plan
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
    file: File,
    year: Year,
    roster: RosterFile = None,
    issue: Issue = False,
    title: Title = "",
    party: ListParty = "",
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.loading import gets_policy, sound
    from engine.preview import preview
    from intake.reading import read_list
    from intake.roster import read_roster
    from zeren.cli.preview_tables import print_preview
    from zeren.clock import now_or
    from zeren.policy import policy_source
    from zeren.settings import settings

    moment = now_or(now, settings().zone)
    roster_reading = sound(read_roster(roster)) if roster else None
    reading = read_list(file, year, party=party)
    given = _Given(reading, roster_reading.roster if roster_reading else None, year, title, file.name, moment)
    shown = preview(
        reading,
        _roster(roster_reading, year),
        asked=roster_reading.questions if roster_reading else (),
        year=year,
        title=title,
        file_name=file.name,
        issued_on=moment.astimezone(settings().zone).date(),
    )
    outcome = _issue(given, shown.plan) if issue else _foresee(given, shown.plan)
    refusal = outcome if isinstance(outcome, Refused) else None
    issued = None if isinstance(outcome, Refused) else outcome
    gets = gets_policy(issued, policy_source())
    if json:
        print_json(_as_json(shown, issued, refusal, rehearsed=not issue) | {"policy": gets.in_(language())})
    else:
        print_preview(shown, issued, gets, rehearsed=not issue)
    if "mail_from" not in settings().model_fields_set:  # mails are rendered at issue: later it cannot be mended
        sender = settings().mail_from
        warning = say(
            f"尚未设置发件人（ZEREN_MAIL_FROM）：通知将以 {sender} 的名义发出", f"ZEREN_MAIL_FROM is not set: mails come from {sender}"
        )
        typer.echo(warning, err=True)
    if refusal is not None:
        raise refusal
    if shown.problems:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Given:
    reading: "ListReading"
    roster: "Roster | None"
    year: int
    title: str
    file_name: str
    now: "datetime"

    def load(self, session: "Session") -> "Issued":
        from engine.loading import load

        return load(session, self.reading, self.roster, **self._rest())

    def foresee(self, session: "Session | None") -> "Issued | Refused | None":
        from engine.loading import foresee

        return foresee(session, self.reading, self.roster, **self._rest())

    def _rest(self) -> dict[str, Any]:
        from zeren.mailing import sender_of
        from zeren.policy import policy_in_force
        from zeren.settings import settings

        return {
            "year": self.year,
            "title": self.title,
            "file_name": self.file_name,
            "policy": policy_in_force(),
            "sender": sender_of(settings()),
            "now": self.now,
        }


def _issue(given: _Given, plan: "Plan") -> "Issued":
    """Roster and list in one transaction: both are stored, or neither."""
    from engine.issuing import refuse_nothing_planned, refuse_unfit
    from zeren.database import prepare, transaction
    from zeren.poke import poke_board
    from zeren.settings import settings

    refuse_unfit(given.reading)  # before a database is made
    refuse_nothing_planned(plan)
    if given.roster is not None:  # without one there must be a database already
        prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        issued = given.load(session)
    poke_board()
    return issued


def _foresee(given: _Given, plan: "Plan") -> "Issued | Refused | None":
    """What `--issue` would do with what is stored by now, or why it would refuse."""
    from engine.issuing import refuse_nothing_planned
    from zeren.database import rehearsal
    from zeren.settings import settings

    try:
        if not given.reading.problems:
            refuse_nothing_planned(plan)
        with rehearsal(settings().database_url) as session:
            return given.foresee(session)
    except Refused as refusal:  # the database cannot be used: the plan is worth seeing all the same
        return refusal


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


def _as_json(preview: "Preview", issued: "Issued | None", refusal: Refused | None, *, rehearsed: bool) -> dict[str, Any]:
    def tallies(rows: Any) -> dict[str, int]:
        return {row.name: row.assignments for row in rows}

    def notes(rows: Any) -> list[dict[str, str]]:
        return [{"address": note.address, "text": note.text.in_(language())} for note in rows]

    def steps(rows: Any) -> list[dict[str, str]]:
        return [{"address": row.step.address, "content": row.item.content, "text": row.step.text} for row in rows]

    plan, unfit = preview.plan, bool(refusal or preview.problems)
    return {
        "title": preview.title,
        "year": preview.year,
        "issued": not rehearsed,
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
        "issued_before": issued is not None and not issued.first_time,
        "refused": refusal.in_(language()) if refusal else None,
        "added": issued.assignments if issued else 0 if unfit else len(plan.assignments),
        "messages": issued.messages if issued else 0 if unfit else preview.told,
    }


def status(json: AsJson = False, now: Now = None) -> None:
    from board.lag import board_status
    from engine.status import status as counted
    from zeren.cli.preview_tables import print_status
    from zeren.clock import now_or
    from zeren.database import reading
    from zeren.settings import settings

    zone = settings().zone
    moment = now_or(now, zone)
    with reading(settings().database_url) as session:
        found = counted(session, zone=zone, now=moment)
        board = board_status(session, zone=zone, now=moment, closed_days=settings().board_closed_days)
    if json:
        print_json(found.as_json() | ({"board": board.as_json()} if board else {}))
    else:
        print_status(found, board, zone)
