"""`zeren deliver`: send what is queued. `zeren mail`: whom, what, why, how far, and the server's words."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.text import Refused, Text
from zeren.cli.options import AsJson, Now, language, print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.overview import MailOverview
    from notifications.delivery import Delivered
    from notifications.reading import LedgerRow

Number = Annotated[int | None, typer.Argument(metavar="ID", help=say("显示这一封的全文", "show this one in full"))]

KINDS = {
    "briefing": Text("每日提要", "morning mail"),
    "audit": Text("核对督办", "audit of the follow-up"),
    "digest": Text("每日督办", "digest of the day"),
    "link": Text("个人链接", "personal link"),
    "issued": Text("清单下发", "list issued"),
    "handover": Text("职务交接", "handover of a post"),
    "decided": Text("任务决定", "decision"),
    "asked": Text("请决定延期", "more time to be decided"),
    "standing_in": Text("代办", "standing in"),
    "overtaken": Text("决定未计入", "decision that came too late"),
    "meeting": Text("请报进展", "how far duties are"),
    "meeting_material": Text("例会材料", "material for a meeting"),
}


def register(app: typer.Typer) -> None:
    app.command(help=say("发送邮件台账中待发的邮件。", "Send the mail that is queued."))(deliver)
    app.command(help=say("查看邮件台账；给出编号则显示该邮件。", "List the mail ledger, or show one mail of it."))(mail)


def deliver(json: AsJson = False, now: Now = None) -> None:
    import asyncio
    from functools import partial

    from engine.overview import mail_overview
    from engine.succession import hand_over_open
    from notifications.delivery import deliver as deliver_mail
    from zeren.clock import clock_from
    from zeren.database import reading, transaction
    from zeren.mailing import sender_of, smtp_server_of
    from zeren.settings import settings

    server = smtp_server_of(settings())
    clock = clock_from(now, settings().zone)
    open_transaction = partial(transaction, settings().database_url)
    with open_transaction() as session:  # a term may have ended or begun since the roster was loaded
        hand_over_open(session, sender=sender_of(settings()), now=clock())
    with _progress(quiet=json) as show:
        delivered = asyncio.run(deliver_mail(open_transaction, server, clock, at_once=True, on_progress=show))
    if json:
        print_json(
            {
                "sent": delivered.sent,
                "deferred": delivered.deferred,
                "refused": delivered.refused,
                "unknown": delivered.unknown,
                "fault": delivered.words or delivered.answer or None,
            }
        )
    else:
        typer.echo(_sentence(delivered).in_(language()))
    if delivered.deferred or delivered.refused or delivered.unknown or delivered.words:
        with reading(settings().database_url) as session:
            raise Refused(_failure(mail_overview(session), delivered, str(server)))


def mail(number: Number = None, json: AsJson = False, now: Now = None) -> None:
    from notifications.reading import ledger_rows, message_text
    from zeren.database import reading
    from zeren.settings import settings

    with reading(settings().database_url) as session:
        rows = ledger_rows(session, number)
        text = message_text(session, number) if number is not None and rows else ""
    if number is not None and not rows:
        raise Refused(Text(f"台账中没有编号为 {number} 的邮件", f"The ledger holds no mail {number}"))
    if json:
        shown: list[dict[str, Any]] = [_as_json(row) for row in rows]
        print_json({**shown[0], "text": text} if number is not None else shown)
    elif number is not None:
        typer.echo(text)
    else:
        _print_table(rows)


def _sentence(delivered: "Delivered") -> Text:
    counts = (
        (delivered.sent, "发出 {} 封", "{} sent"),
        (delivered.deferred, "待重发 {} 封", "{} to be tried again"),
        (delivered.refused, "被拒收 {} 封", "{} refused"),
        (delivered.unknown, "结果不明 {} 封（将以同一邮件标识重发）", "{} unknown (to be sent again with the same Message-ID)"),
    )
    said = [(zh.format(count), en.format(count)) for count, zh, en in counts if count]
    if not said:
        return Text("没有待发的邮件。", "There is no mail to send.")
    return Text("，".join(zh for zh, _ in said) + "。", ", ".join(en for _, en in said) + ".")


def _failure(ledger: "MailOverview", delivered: "Delivered", server: str) -> Text:
    """What did not go out, and why, in the server's words."""
    waiting = sum(count for state, count in ledger.states if state not in ("sent", "refused"))
    if delivered.words:
        return Text(
            f"邮件服务器 {server} 无法使用，{waiting} 封未发出的邮件留待下次：{delivered.words}",
            f"The mail server {server} cannot be used; {waiting} mails that were not sent wait for the next time: {delivered.words}",
        )
    said = (
        (waiting, "{} 封暂未送达，留待下次", "{} could not be delivered yet and wait for the next time"),
        (delivered.refused, "{} 封被服务器拒收", "{} were refused by the server"),
    )
    zh = "，".join(zh.format(count) for count, zh, _ in said if count)
    en = ", ".join(en.format(count) for count, _, en in said if count)
    return Text(f"{zh}：{delivered.answer}（各封情况见 zeren mail）", f"{en}: {delivered.answer} (zeren mail tells of each)")


@contextmanager
def _progress(*, quiet: bool) -> "Iterator[Callable[[Delivered], None] | None]":
    """What shows the counts while mail goes out; None where nobody watches."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with console.status(say("正在发送……", "Sending …")) as status:
        yield lambda delivered: status.update(_sentence(delivered).in_(language()))


def _as_json(row: "LedgerRow") -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person,
        "address": row.address,
        "subject": row.subject,
        "why": row.kind,
        "key": row.key,
        "message_id": row.message_id,
        "state": row.state.value,
        "attempts": row.attempts,
        "perhaps_twice": row.perhaps_twice,
        "due_at": row.due_at.isoformat(),
        "queued_at": row.queued_at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "words": row.words,
    }


def _print_table(rows: "list[LedgerRow]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Plain

    from notifications.reading import STATE_WORDS
    from zeren.settings import settings

    if not rows:
        typer.echo(say("邮件台账是空的。", "The mail ledger is empty."))
        return
    zone = settings().zone
    table = Table(box=None, pad_edge=False)
    for zh, en in (
        ("编号", "ID"),
        ("收件人", "To"),
        ("事由", "Why"),
        ("标题", "Subject"),
        ("状态", "State"),
        ("时间", "When"),
        ("服务器答复", "Server's words"),
    ):
        table.add_column(say(zh, en))
    for row in rows:
        state = STATE_WORDS[row.state].in_(language())
        twice = say("（可能重复）", " (perhaps twice)") if row.perhaps_twice else ""
        cells = (
            str(row.id),
            f"{row.person} <{row.address}>" if row.person else row.address,
            KINDS[row.kind].in_(language()) if row.kind in KINDS else row.kind,
            row.subject,
            f"{state}{twice}",
            f"{(row.sent_at or row.due_at).astimezone(zone):%m-%d %H:%M}",
            row.words,
        )
        table.add_row(*(Plain(cell) for cell in cells))  # what others wrote is no markup
    console = Console()
    if not console.is_terminal:
        console.width = 200  # a pipe has no width of its own
    console.print(table)
