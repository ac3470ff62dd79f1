"""`zeren meeting`: the material of a regular meeting as a Word file, and what the meeting decided as new duties."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from office.text import Refused, Text
from zeren.cli.deciding import working
from zeren.cli.files import Force, read_text, write
from zeren.cli.options import AsJson, Now, language, print_json, say

if TYPE_CHECKING:
    from datetime import date

    from office.policy import Policy

HeldOn = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=say("例会日期，默认下一次例会", "day of the meeting; the next one"))
]
DecidedOn = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=say("例会日期，默认最近一次例会", "day of the meeting; the last one"))
]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help=say("写到哪个 Word 文件", "the Word file to write"))]

Lines = Annotated[
    str, typer.Argument(metavar="FILE|-", help=say("每行一条的文本文件，- 为标准输入", "a text file, a line each; - is standard input"))
]
Issue = Annotated[bool, typer.Option("--issue", help=say("下发：存入任务并发出通知", "issue it: store the duties and queue the mails"))]


def register(app: typer.Typer) -> None:
    meetings = typer.Typer(help=say("例会：材料和议定事项。", "Regular meetings: material and decisions."), no_args_is_help=True)
    meetings.command("report", help=say("按现在的情况编一份例会材料（Word）。", "Make the material as things stand now, as a Word file."))(
        report
    )
    meetings.command("decisions", help=say("登记例会议定事项；加 --issue 正式下发。", "Enter what was decided; with --issue make it so."))(
        decisions
    )
    app.add_typer(meetings, name="meeting")


def report(on: HeldOn = None, output: Output = None, force: Force = False, json: AsJson = False, now: Now = None) -> None:
    from engine.meetings import material_on, next_meeting
    from reports.meeting_report import file_name, meeting_report
    from zeren.clock import now_or
    from zeren.database import reading
    from zeren.mailing import sender_of
    from zeren.settings import settings

    sender, moment = sender_of(settings()), now_or(now, settings().zone)
    held_on = _day(on) if on else next_meeting(policy().meeting, moment.astimezone(sender.zone).date())
    if held_on is None:
        raise Refused(Text("督办规则里不开例会；可以用 --on 写明日期", "The policy has no regular meetings: name the day with --on"))
    with reading(settings().database_url) as session:
        material = material_on(session, policy().meeting, held_on, sender=sender, now=moment)
    file = output or Path(file_name(held_on, sender.language))
    write(file, meeting_report(material, language=sender.language), force=force)
    if json:
        counts = {"open": material.total.tally.open, "overdue": len(material.overdue), "done_since": material.done_since}
        print_json({"held_on": f"{held_on}", "file": str(file), **counts, "silent": material.silent})
        return
    typer.echo(say(f"已写好{held_on}例会的材料：{file}", f"Material for the meeting of {held_on} written: {file}"))


def decisions(file: Lines, on: DecidedOn = None, issue: Issue = False, json: AsJson = False, now: Now = None) -> None:
    from engine.loading import in_words
    from engine.meeting_decisions import record_decisions
    from engine.meetings import last_meeting

    written = read_text(file)
    with working(now, keep=issue) as (session, sender, moment):
        tomorrow = moment.astimezone(sender.zone).date() + timedelta(days=1)
        held_on = _day(on) if on else last_meeting(session, policy().meeting, tomorrow)
        decided = record_decisions(session, written, held_on, named=on is not None, policy=policy(), sender=sender, now=moment)
    said = in_words(decided.issued, rehearsed=not issue).in_(language())
    if json:
        duties = [{**duty._asdict(), "due": [f"{day}" for day in duty.due]} for duty in decided.duties]
        questions = [question.in_(language()) for question in decided.questions]
        of = {"list": decided.issued.title, "issued": issue, "said": said, "issued_before": decided.issued_before}
        print_json({**of, "duties": duties, "questions": questions})
        return
    if not on:
        typer.echo(say(f"没有写 --on，按最近一次例会：{held_on}。", f"Without --on it is the last meeting: {held_on}."))
    for number, duty in enumerate(decided.duties, 1):
        assisting = (say(f"配合{name}", f"assisted by {name}") for name in duty.assisting)
        leaders = say("、", ", ").join(duty.leaders)
        led = [say(f"责任领导{leaders}", f"led by {leaders}")] if leaders else []
        parts = (*duty.parties, *assisting, *led)
        due = say("、", ", ").join(f"{day}" for day in duty.due)
        typer.echo(f"{number}. {duty.content}\n   {say('、', ', ').join(parts)}　{duty.phrase}{say('（', ' (')}{due}{say('）', ')')}")
    if decided.issued_before:
        typer.echo(
            say(f"另有{decided.issued_before}条此前已下发，不重复。", f"Issued before, and not again: {decided.issued_before} lines.")
        )
    for question in decided.questions:
        typer.echo(f"? {question.in_(language())}")
    typer.echo(say(f"《{decided.issued.title}》{said}。", f"{decided.issued.title}: {said}."))


def policy() -> "Policy":
    """The 督办规则 that the office has for new lists and for its meetings."""
    from zeren.policy import policy_in_force

    return policy_in_force()


def _day(written: str) -> "date":
    from datetime import date

    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refused(Text(f"--on 不是日期：{written}（例：2026-07-31）", f"--on is no date: {written} (like 2026-07-31)")) from None
