"""`zeren extend`, `reassign`, `substitute`: more time, other hands, a leave; entered by the officer on the command line."""

from typing import TYPE_CHECKING, Annotated

import typer

from office.text import Refused, Text
from zeren.cli.deciding import OFFICER, By, Number, working
from zeren.cli.options import AsJson, Now, civil_date, language, print_json, say

if TYPE_CHECKING:
    from datetime import date

Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help=say("申请延期到哪一天", "ask for more time until then"))]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help=say("原因", "why"))]
Progress = Annotated[str, typer.Option("--progress", metavar="TEXT", help=say("目前进展", "how far it is"))]
GrantUntil = Annotated[str | None, typer.Option("--grant", metavar="DATE", help=say("准予延期到哪一天", "grant it until then"))]
Deny = Annotated[bool, typer.Option("--deny", help=say("不予延期", "deny it"))]
Comment = Annotated[str, typer.Option("--comment", metavar="TEXT", help=say("意见，不予延期必填", "comment; needed to deny it"))]
Request = Annotated[
    int | None, typer.Option("--request", metavar="N", help=say("第几次申请，默认最近一次", "which request; the latest where left out"))
]
To = Annotated[str, typer.Option("--to", metavar="NAME", help=say("转办给同一单位的谁", "to whom of the same unit"))]
OnLeave = Annotated[str, typer.Argument(metavar="NAME", help=say("谁不在岗", "who is on leave"))]
ByWhom = Annotated[str, typer.Option("--by-whom", metavar="NAME", help=say("由谁代办", "who stands in"))]
From = Annotated[str, typer.Option("--from", metavar="DATE", help=say("第一天", "first day"))]
Upto = Annotated[str, typer.Option("--to", metavar="DATE", help=say("最后一天", "last day"))]


def register(app: typer.Typer) -> None:
    app.command(help=say("代为申请延期，或登记对延期申请的决定。", "Ask for more time, or enter what was decided about it."))(extend)
    app.command(help=say("把任务转办给同一单位的另一个人。", "Give an assignment to somebody else of the same unit."))(reassign)
    app.command(help=say("安排不在岗期间由谁代办。", "Let somebody stand in for a person on leave."))(substitute)


def extend(
    number: Number,
    until: Until = None,
    reason: Why = "",
    progress: Progress = "",
    grant: GrantUntil = None,
    deny: Deny = False,
    comment: Comment = "",
    request: Request = None,
    by: By = OFFICER,
    json: AsJson = False,
    now: Now = None,
) -> None:
    if sum((until is not None, grant is not None, deny)) != 1:
        raise Refused(
            Text("请写明 --until（申请）、--grant（准予）或 --deny（不予），三者选一", "Say one of --until, --grant and --deny"),
        )
    if until is not None:
        _ask(number, civil_date(until, "--until"), reason, progress, by, json=json, now=now)
    else:
        _decide(number, None if grant is None else civil_date(grant, "--grant"), comment, request, by, json=json, now=now)


def _ask(number: int, until: "date", reason: str, progress: str, by: str, *, json: bool, now: str | None) -> None:
    from engine.extending import ask_extension, deciders

    with working(now) as (session, sender, moment):
        which = ask_extension(session, number, wanted_on=until, reason=reason, progress=progress, by=by, sender=sender, now=moment)
        allowed = deciders(session, number, on=moment.astimezone(sender.zone).date())
    if json:
        print_json({"assignment": number, "request": which, "deciders": list(allowed)})
        return
    names = "、".join(allowed)
    typer.echo(say(f"已登记第{which}次延期申请，由{names}决定。", f"Request {which} for more time is entered; {names} may decide."))


def _decide(number: int, until: "date | None", comment: str, request: int | None, by: str, *, json: bool, now: str | None) -> None:
    from engine.extending import decide_extension, extensions_of
    from models import Grant

    grant = Grant.DENIED if until is None else Grant.GRANTED
    with working(now) as (session, sender, moment):
        which = request or max(len(extensions_of(session, number)), 1)
        decision = decide_extension(
            session, number, which, grant=grant, granted_on=until, comment=comment, by=by, sender=sender, now=moment
        )
    if json:
        print_json({"assignment": number, "request": which, "counted": decision.counted, "said": decision.said.in_(language())})
    elif decision.counted:
        typer.echo(decision.said.in_(language()) + say("。", "."))
    if not decision.counted:
        raise Refused(decision.said)


def reassign(number: Number, to: To, reason: Why = "", by: By = OFFICER, json: AsJson = False, now: Now = None) -> None:
    from engine.reassigning import reassign

    with working(now) as (session, sender, moment):
        told = reassign(session, number, to=to, reason=reason, by=by, sender=sender, now=moment)
    if json:
        print_json({"assignment": number, "person": to, "told": told})
        return
    but = "" if told else say(f"；{to}没有邮箱，未能通知", f"; {to} has no mail address and is not told")
    typer.echo(say(f"已转办给{to}{but}。", f"{to} carries it now{but}."))


def substitute(
    person: OnLeave,
    by_whom: ByWhom,
    starts: From,
    ends: Upto,
    reason: Why = "",
    by: By = OFFICER,
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.substitutes import stand_in

    starts_on, ends_on = civil_date(starts, "--from"), civil_date(ends, "--to")
    with working(now) as (session, sender, moment):
        which = stand_in(
            session,
            person=person,
            substitute=by_whom,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            by=by,
            sender=sender,
            now=moment,
        )
    if json:
        print_json({"substitution": which, "person": person, "substitute": by_whom, "from": f"{starts_on}", "to": f"{ends_on}"})
        return
    typer.echo(
        say(
            f"{starts_on}至{ends_on}，{person}的责任事项由{by_whom}代办。",
            f"{by_whom} stands in for {person} from {starts_on} to {ends_on}.",
        )
    )
