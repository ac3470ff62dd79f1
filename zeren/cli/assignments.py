"""`zeren assignments`: the duties that are open, how each stands today, and one of them with its reports and its history."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.text import Refused, Text
from zeren.cli.options import AsJson, Now, language, print_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from engine.completion import Completion
    from engine.listing import ListedAssignment, PastEvent, PastReport

CONTENT_SHOWN = 24  # characters

Number = Annotated[int | None, typer.Argument(metavar="ID", help=say("显示这一项的详情", "show this one in full"))]
AnyYear = Annotated[int | None, typer.Option("--year", min=2000, max=2100, help=say("只看这个年度", "of this year only"))]
OfPerson = Annotated[str, typer.Option("--person", metavar="NAME", help=say("只看这位责任人的", "carried by this person only"))]
OfParty = Annotated[str, typer.Option("--party", metavar="NAME", help=say("只看这个单位的", "of this unit only"))]
InState = Annotated[
    str,
    typer.Option("--state", metavar="STATE", help=say("只看这个状态，例：逾期、待审核", "in this state only, like overdue or reported")),
]
All = Annotated[bool, typer.Option("--all", help=say("办结和撤销的也列出", "closed and withdrawn ones too"))]


def register(app: typer.Typer) -> None:
    app.command(help=say("列出未办结的任务；给出编号则显示详情和历史。", "List the open assignments, or show one with its history."))(
        assignments
    )


def assignments(
    number: Number = None,
    year: AnyYear = None,
    person: OfPerson = "",
    party: OfParty = "",
    state: InState = "",
    everything: All = False,
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.listing import listed_assignments, past_events, past_reports
    from zeren.clock import now_or
    from zeren.database import reading
    from zeren.settings import settings

    zone = settings().zone
    moment = now_or(now, zone)
    wanted = _completion(state)
    with reading(settings().database_url) as session:
        if number is not None:
            found = listed_assignments(session, zone=zone, now=moment, ids=[number])
            reports, events = past_reports(session, number), past_events(session, number)
        else:
            open_only = not everything and wanted is None
            found = listed_assignments(session, zone=zone, now=moment, year=year, person=person, party=party, open_only=open_only)
            found = [one for one in found if wanted is None or one.completion is wanted]
    if number is not None and not found:
        raise Refused(Text(f"没有编号为 {number} 的任务", f"There is no assignment {number}"))
    if number is not None:
        _show_one(found[0], reports, events, zone, as_json=json)
    elif json:
        print_json([_as_json(one) for one in found])
    else:
        _print_table(found)


def _completion(written: str) -> "Completion | None":
    from engine.completion import COMPLETION_WORDS

    for one, words in COMPLETION_WORDS.items():
        if written in (one.value, words.zh, words.en):
            return one
    if not written:
        return None
    known = Text("、".join(words.zh for words in COMPLETION_WORDS.values()), ", ".join(one.value for one in COMPLETION_WORDS))
    raise Refused(Text(f"没有“{written}”这个状态；有：{known.zh}", f"There is no state {written}; there are: {known.en}"))


def _as_json(one: "ListedAssignment") -> dict[str, Any]:
    return {
        "id": one.id,
        "year": one.year,
        "list": one.list_title,
        "number": one.number,
        "content": one.content,
        "text": one.text,
        "period": one.period,
        "party": one.party,
        "person": one.person,
        "leader": one.leader,
        "due_on": one.due_on.isoformat(),
        "original_due_on": one.original_due_on.isoformat() if one.original_due_on else None,
        "done_on": one.done_on.isoformat() if one.done_on else None,
        "state": one.completion.value,
    }


def _show_one(
    one: "ListedAssignment", reports: "Sequence[PastReport]", events: "Sequence[PastEvent]", zone: "ZoneInfo", *, as_json: bool
) -> None:
    if as_json:
        print_json({**_as_json(one), "reports": [_report_json(report) for report in reports], "history": [_event_json(e) for e in events]})
        return
    from engine.completion import COMPLETION_WORDS
    from engine.escalation import ESCALATE
    from engine.listing import BY_WORDS, EVENT_WORDS
    from engine.moves import STATE_WORDS

    words = {state.value: text for state, text in STATE_WORDS.items()}

    def in_words(value: str | None, of: dict[str, Text]) -> str:
        return of[value].in_(language()) if value in of else value or ""

    was = say(f"（原为{one.original_due_on}）", f" (it was {one.original_due_on})") if one.original_due_on else ""
    lines = [
        (say("状态", "State"), COMPLETION_WORDS[one.completion].in_(language())),
        (say("清单", "List"), f"{one.list_title} {one.number}"),
        (say("事项", "Duty"), one.content),
        (say("任务", "Step"), one.text if one.text != one.content else ""),
        (say("要求", "Standard"), one.standard),
        (say("责任主体", "Party"), "　".join(dict.fromkeys(name for name in (one.party, one.person) if name))),
        (say("责任领导", "Leader"), one.leader),
        (say("期限", "Due"), f"{one.period}　{one.due_on}{was}"),
        (say("办结", "Done"), str(one.done_on or "")),
    ]
    for label, value in lines:
        if value:
            typer.echo(f"{label}{say('：', ': ')}{value}")
    for report in reports:
        amount = "" if report.amount is None else say(f"，完成 {report.amount:g}", f", reached {report.amount:g}")
        typer.echo(
            say(f"\n第{report.number}次报送", f"\nReport {report.number}")
            + f"（{report.reported_by} {report.reported_at.astimezone(zone):%Y-%m-%d %H:%M}{amount}）\n    {report.text}"
        )
        for proof in report.evidence:
            typer.echo(f"    {proof.name} {proof.url}" if proof.name != proof.url else f"    {proof.url}")
    typer.echo(say("\n历史", "\nHistory"))
    for event in events:
        values = (event.to_value,) if event.action == ESCALATE else (event.from_value, event.to_value)
        change = " → ".join(filter(None, (in_words(value, words) for value in values)))
        at = f"{event.at.astimezone(zone):%Y-%m-%d %H:%M}"
        said = (at, in_words(event.by, BY_WORDS), in_words(event.action, EVENT_WORDS), change, event.reason)
        typer.echo("    " + "  ".join(part for part in said if part))


def _report_json(report: "PastReport") -> dict[str, Any]:
    return {
        "number": report.number,
        "text": report.text,
        "amount": report.amount,
        "at": report.reported_at.isoformat(),
        "by": report.reported_by,
        "evidence": [{"name": proof.name, "url": proof.url, "size": proof.size} for proof in report.evidence],
        "verdict": report.verdict.value if report.verdict else None,
        "comment": report.comment,
        "reviewed_by": report.reviewed_by or None,
        "reviewed_at": report.reviewed_at.isoformat() if report.reviewed_at else None,
    }


def _event_json(event: "PastEvent") -> dict[str, Any]:
    return {
        "action": event.action,
        "from": event.from_value,
        "to": event.to_value,
        "at": event.at.isoformat(),
        "by": event.by,
        "reason": event.reason,
    }


def _print_table(found: "Sequence[ListedAssignment]") -> None:
    from rich.table import Table
    from rich.text import Text as Plain

    from engine.completion import COMPLETION_WORDS, Completion
    from zeren.cli.preview_tables import console

    if not found:
        typer.echo(say("没有这样的任务。", "There are no such assignments."))
        return
    colours = {Completion.OVERDUE: "red", Completion.DUE_SOON: "yellow", Completion.REPORTED: "cyan"}
    table = Table(box=None, pad_edge=False)
    for zh, en in (("编号", "ID"), ("状态", "State"), ("期限", "Due"), ("事项", "Duty"), ("时段", "Period"), ("责任主体", "Party")):
        table.add_column(say(zh, en), no_wrap=zh in ("编号", "状态", "期限"))
    for one in found:
        content = one.content or one.text
        short = content if len(content) <= CONTENT_SHOWN else f"{content[: CONTENT_SHOWN - 1]}…"
        state = Plain(COMPLETION_WORDS[one.completion].in_(language()), style=colours.get(one.completion, ""))
        who = f"{one.party}（{one.person}）" if one.person and one.person != one.party else one.party
        table.add_row(str(one.id), state, str(one.due_on), Plain(f"{one.number} {short}".strip()), Plain(one.period), Plain(who))
    console().print(table)
