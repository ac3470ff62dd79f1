"""`zeren audit`: which notices of the follow-up are missing, extra or late; status 1 where any is."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.text import Refused, Text
from zeren.cli.options import AsJson, Now, language, print_json, say

if TYPE_CHECKING:
    from audit.faults import AuditReport

Since = Annotated[str, typer.Option("--since", metavar="DATE", help=say("只报这一天及以后的", "only what was owed on that day or later"))]


def register(app: typer.Typer) -> None:
    app.command(help=say("另算一遍应发的督办通知，与台账核对。", "Work out which notices should exist, and compare the ledger."))(audit)


def audit(since: Since = "", json: AsJson = False, now: Now = None) -> None:
    from audit.auditing import audit as audit_ledger
    from zeren.clock import now_or
    from zeren.database import reading
    from zeren.settings import settings

    zone = settings().zone
    with reading(settings().database_url) as session:
        report = audit_ledger(session, zone=zone, now=now_or(now, zone), since=_day(since))
    if json:
        print_json(_as_json(report))
    else:
        _print(report)
    if report.faults:
        raise typer.Exit(1)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise Refused(Text(f"--since 不是日期：{written}（例：2026-07-01）", f"--since is no date: {written} (like 2026-07-01)")) from None


def _print(report: "AuditReport") -> None:
    from audit.faults import KIND_WORDS

    typer.echo(say(f"{report.words.zh}。", f"{report.words.en}."))
    for fault in report.faults:
        typer.echo(f"{KIND_WORDS[fault.kind].in_(language())}\t{fault.line(language())}")


def _as_json(report: "AuditReport") -> dict[str, Any]:
    return {
        "at": report.at.isoformat(),
        "since": report.since.isoformat() if report.since else None,
        "assignments": report.duties,
        "notices": report.notices,
        "made_up": report.made_up,
        "counts": {kind.value: count for kind, count in report.counts.items()},
        "faults": [
            {
                "kind": fault.kind.value,
                "assignment": fault.assignment_id,
                "stage": fault.stage or None,
                "owed_on": fault.owed_on.isoformat(),
                "text": fault.line(language()),
            }
            for fault in report.faults
        ],
    }
