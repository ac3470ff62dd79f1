"""`zeren acknowledge`, `progress`, `report`, `review`, `withdraw`: what people do about their duties, entered by the officer."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from office.text import Refused, Text
from zeren.cli.options import AsJson, Now, Year, language, print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from notifications.sender import Sender

OFFICER = "计划员"  # engine.moves.OFFICER, which help texts must not wait for

Numbers = Annotated[list[int], typer.Argument(metavar="ID...", help=say("任务编号，见 zeren assignments", "from zeren assignments"))]
Number = Annotated[int, typer.Argument(metavar="ID", help=say("任务编号，见 zeren assignments", "from zeren assignments"))]
By = Annotated[str, typer.Option("--by", metavar="NAME", help=say("由谁", "who does it"))]
Words = Annotated[str, typer.Option("--text", metavar="TEXT", help=say("办理情况", "what was done"))]
HowFar = Annotated[str, typer.Argument(metavar="TEXT", help=say("目前进展", "how far it is"))]
Amount = Annotated[float | None, typer.Option("--amount", help=say("数量目标已完成多少", "how much of the target is reached"))]
Proofs = Annotated[
    list[str],
    typer.Option("--evidence", metavar="[NAME=]URL", help=say("佐证材料的网址，可以多次", "address of evidence; may be repeated")),
]
Approve = Annotated[
    bool | None, typer.Option("--approve/--return", help=say("通过，或退回重办", "approve it, or return it to be done again"))
]
Comment = Annotated[str, typer.Option("--comment", metavar="TEXT", help=say("审核意见，退回必填", "comment; needed to return it"))]
ReportNumber = Annotated[
    int | None, typer.Option("--report", metavar="N", help=say("第几次报送，默认最近一次", "which report; the latest where left out"))
]
ItemNumbers = Annotated[
    list[str], typer.Argument(metavar="NUMBER...", help=say("清单中的事项编号", "numbers of items, as the list writes them"))
]
Title = Annotated[
    str, typer.Option("--title", metavar="TITLE", help=say("哪一份清单，只有一份时不用写", "which list, where there are several"))
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=say("撤销的原因", "why"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("只看会撤销多少，不保存", "only show how much it would be"))]


def register(app: typer.Typer) -> None:
    app.command(help=say("代为登记签收。", "Mark assignments as received."))(acknowledge)
    app.command(help=say("代为登记进展：还没有办完，办到什么程度。", "Enter how far an assignment is before it is done."))(progress)
    app.command(help=say("代为登记办理情况，提交审核。", "Enter what was done about an assignment, for review."))(report)
    app.command(help=say("审核办理情况：通过或退回。", "Approve a report, or return it."))(review)
    app.command(
        help=say("撤销已下发清单中的事项，未办结的任务不再办理。", "Withdraw items of an issued list with their open assignments.")
    )(withdraw)


def acknowledge(numbers: Numbers, by: By = OFFICER, json: AsJson = False, now: Now = None) -> None:
    from engine.reporting import acknowledge

    with working(now) as (session, _, moment):
        _refuse_unknown(session, numbers)
        done = acknowledge(session, numbers, by=by, now=moment)
    if json:
        print_json({"acknowledged": list(done)})
        return
    typer.echo(say(f"已登记签收 {len(done)} 项。", f"{len(done)} marked as received."))
    if others := [number for number in numbers if number not in done]:
        names = "、".join(map(str, others))
        typer.echo(say(f"不用登记的：{names}（早已签收）", f"Left as they are: {names} (received before)"))


def progress(number: Number, text: HowFar, by: By = OFFICER, json: AsJson = False, now: Now = None) -> None:
    from engine.progress import note_progress

    with working(now) as (session, sender, moment):
        noted = note_progress(session, number, text=text, by=by, now=moment, sender=sender)
    if json:
        print_json({"assignment": number, "noted": noted})
    elif noted:
        typer.echo(say("已登记进展。", "The progress is noted."))
    else:
        typer.echo(say("今天已经登记过同样的进展。", "The same was noted today already."))


def _refuse_unknown(session: "Session", numbers: list[int]) -> None:
    from engine.moves import held

    known = held(session, numbers)
    if unknown := "、".join(str(number) for number in numbers if number not in known):
        raise Refused(Text(f"没有编号为 {unknown} 的任务，没有登记", f"There is no assignment {unknown}; nothing is entered"))


def report(
    number: Number,
    text: Words,
    amount: Amount = None,
    evidence: Proofs = [],  # noqa: B006 - typer reads it and never changes it
    by: By = OFFICER,
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.reporting import report

    with working(now) as (session, _, moment):
        which = report(session, number, text=text, amount=amount, evidence=[_proof(one) for one in evidence], by=by, now=moment)
    if json:
        print_json({"assignment": number, "report": which})
    else:
        typer.echo(say(f"已登记第{which}次报送，待审核。", f"Report {which} is entered and awaits review."))


def review(
    number: Number,
    approve: Approve = None,
    comment: Comment = "",
    report_number: ReportNumber = None,
    by: By = OFFICER,
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.reviewing import review
    from models import Verdict

    if approve is None:
        raise Refused(Text("请写明 --approve（通过）或 --return（退回）", "Say --approve or --return"))
    verdict = Verdict.APPROVED if approve else Verdict.RETURNED
    with working(now) as (session, sender, moment):
        decision = review(session, number, number=report_number, verdict=verdict, comment=comment, by=by, sender=sender, now=moment)
    if json:
        print_json({"assignment": number, "counted": decision.counted, "said": decision.said.in_(language())})
    elif decision.counted:
        typer.echo(decision.said.in_(language()) + say("。", "."))
    if not decision.counted:
        raise Refused(decision.said)


def withdraw(
    numbers: ItemNumbers,
    year: Year,
    reason: Reason,
    title: Title = "",
    dry_run: DryRun = False,
    by: By = OFFICER,
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.withdrawing import withdraw_items

    with working(now, keep=not dry_run) as (session, sender, moment):
        done = withdraw_items(session, year=year, title=title, numbers=numbers, reason=reason, by=by, sender=sender, now=moment)
    if json:
        counts = {"items": done.items, "assignments": done.assignments, "messages": done.messages}
        print_json({"list": done.title, "withdrawn": not dry_run, **counts})
        return
    rehearsed = say("预演，没有写入任何内容，也没有发出邮件：", "Rehearsal, nothing is written, nothing is mailed: ") if dry_run else ""
    typer.echo(rehearsed + done.said.in_(language()))


def _proof(written: str) -> tuple[str, str]:
    """照片=https://… → name and address; an address may hold a = itself."""
    name, mark, url = written.partition("=")
    return (name, url) if mark and "://" not in name else ("", written)


@contextmanager
def working(now: str | None, *, keep: bool = True) -> "Iterator[tuple[Session, Sender, datetime]]":
    """One transaction, with who the office's mail comes from, and the moment; then the board follows. Not kept, it is taken back."""
    from zeren.clock import now_or
    from zeren.database import transaction
    from zeren.mailing import sender_of
    from zeren.poke import poke_board
    from zeren.settings import settings

    with transaction(settings().database_url) as session:
        yield session, sender_of(settings()), now_or(now, settings().zone)
        if not keep:
            session.rollback()
    if keep:
        poke_board()
