"""`zeren demo`: the year's start of the example office, lived through on this machine alone.

In: nothing but the installed program; everything lies in a temporary folder. Out: the example list issued by the real flows
through a real Prefect server, every mail in a local catcher, and the addresses where both can be looked at.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

import examples
from engine.overview import mail_overview
from engine.status import Status, status
from models import MessageState
from office.text import Refused, Text
from zeren.catcher import MailCatcher
from zeren.cli.options import print_json, say
from zeren.clock import now_or
from zeren.database import engine_for, prepare, reading
from zeren.ports import LOOPBACK, free_port
from zeren.prefect_server import PrefectServer, prefect_environment, prefect_server
from zeren.settings import settings
from zeren.up import port_or_other, run_until_ended

MAIL_PAGE_PORT, SMTP_PORT = 8025, 2525  # where catchers of mail usually are
COUNTS = ("lists", "items", "people", "assignments", "mails", "questions")
FLOW, DEPLOYMENT = "issue-annual-list", "下发年度清单"


@dataclass(slots=True)
class Demo:
    """One demonstration under way."""

    console: Console
    folder: Path
    catcher: MailCatcher
    server: PrefectServer
    leave: bool
    as_json: bool
    arrived: bool = False  # all mail of the ledger is in the catcher


def demo(*, now: str, port: int, leave: bool, as_json: bool) -> bool:
    """Run the main job at the moment `now` and stay until Ctrl-C, or leave; true when all mail arrived."""
    console = Console(stderr=as_json, soft_wrap=True, markup=False, highlight=False)  # with --json, standard output is for the counts alone
    with _at_home(now) as folder:
        moment = now_or(now, settings().zone).astimezone(settings().zone)
        console.print(
            say(
                f"演练时刻：{moment:%Y-%m-%d %H:%M}（{settings().timezone}）", f"Rehearsing {moment:%Y-%m-%d %H:%M} ({settings().timezone})"
            )
        )
        page_port = port_or_other(console, MAIL_PAGE_PORT)
        ui_port = port_or_other(console, port)
        with MailCatcher(settings().smtp_port, page_port) as catcher, prefect_server(folder / "prefect", ui_port) as server:
            os.environ |= prefect_environment(folder / "prefect", server.api_url)
            prepare(settings().database_url)
            running = Demo(console, folder, catcher, server, leave, as_json)
            try:
                run_until_ended(_main_job(running))
            finally:
                engine_for(settings().database_url).dispose()
    return running.arrived


@contextmanager
def _at_home(now: str) -> Iterator[Path]:
    """A temporary folder with the example's files, and an environment in which nothing leads out of it."""
    with tempfile.TemporaryDirectory(prefix="zeren-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for file in (examples.ROSTER, examples.LIST_WORKBOOK):
            shutil.copy(file, folder)
        for setting in [setting for setting in os.environ if setting.startswith("PREFECT_")]:
            del os.environ[setting]  # an own server or database of the user's is not for a demonstration
        os.environ |= {
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "ZEREN_DATABASE_URL": f"sqlite:///{(folder / 'zeren.db').as_posix()}",
            "ZEREN_SMTP_HOST": LOOPBACK,
            "ZEREN_SMTP_PORT": str(free_port(SMTP_PORT)),
            "ZEREN_SMTP_TLS": "none",
            "ZEREN_SMTP_USERNAME": "",
            "ZEREN_SMTP_PASSWORD": "",
            "ZEREN_MAIL_FROM": "责任清单 <zeren@example.com>",
            "ZEREN_MAIL_REPLY_TO": "计划员 <officer@example.com>",
            "ZEREN_TIMEZONE": "Asia/Shanghai",
            "ZEREN_NOW": now,
        }
        settings.cache_clear()
        yield folder


async def _main_job(demo: Demo) -> None:
    """Issue the list as the officer would in the UI, say what happened, and go on executing what is started there."""
    with _progress(demo.console) as progress:
        step = progress.add_task(say("启动 Prefect 服务", "Starting the Prefect server"), total=None, note="")
        from flows.deployment import deploy, run_to_its_end, worker  # takes seconds, in which the server starts too

        logging.getLogger("prefect").setLevel(logging.WARNING)
        await demo.server.wait()
        _done(progress, step)
        step = progress.add_task(say("部署流程", "Deploying the flows"), total=None, note="")
        await deploy(stream_output=False)
        _done(progress, step)
        async with worker(demo.folder) as working:
            step = progress.add_task(say("下发清单、投递邮件", "Issuing the list, delivering the mail"), total=None, note="")
            run = await run_to_its_end(f"{FLOW}/{DEPLOYMENT}", {"confirmed": True}, lambda: progress.update(step, note=_received(demo)))
            progress.update(step, note=_received(demo))
            _done(progress, step)
            progress.stop()
            assert run.state is not None
            if not run.state.is_completed():
                raise Refused(Text(f"下发没有完成：{run.state.message}", f"Issuing did not complete: {run.state.message}"))
            _report(demo, run.state.message or "", f"{demo.server.ui_url}/runs/flow-run/{run.id}")
            if not demo.leave:
                await working


def _report(demo: Demo, outcome: str, run_url: str) -> None:
    """What happened, and where to look at it."""
    with reading(settings().database_url) as session:
        zone = settings().zone
        counts = status(session, zone=zone, now=now_or(settings().now or None, zone))
        unsent = mail_overview(session).unsent
    demo.arrived = _all_arrived(counts, len(demo.catcher.mails))
    if demo.as_json:
        told = counts.as_json()
        print_json({name: told[name] for name in COUNTS})
    say_line = demo.console.print
    say_line(outcome)
    for mail in unsent:
        say_line(say(f"未送达：{mail.recipient} {mail.words}", f"Not delivered: {mail.recipient} {mail.words}"))
    say_line(
        say(
            f"邮件：共 {sum(counts.mails.values())} 封，收到 {len(demo.catcher.mails)} 封",
            f"Mail: {sum(counts.mails.values())} messages, {len(demo.catcher.mails)} received",
        )
    )
    if not demo.leave:
        say_line(say(f"打开看看：本次运行 {run_url}", f"Open: this run {run_url}"))
        say_line(say(f"　　　　　邮件     {demo.catcher.web_url}", f"      the mail {demo.catcher.web_url}"))
        say_line(say(f"　　　　　文件     {demo.folder}", f"      the files {demo.folder}"))
        say_line(say("按 Ctrl-C 结束，临时文件随之删除", "Press Ctrl-C to end; the temporary files go with it"))


def _received(demo: Demo) -> str:
    return say(f"收到邮件 {len(demo.catcher.mails)} 封", f"{len(demo.catcher.mails)} mails received")


def _all_arrived(counts: Status, received: int) -> bool:
    """Every message of the ledger is sent, there is one at least, and the catcher has as many."""
    total = sum(counts.mails.values())
    return total > 0 and counts.mails.get(MessageState.SENT, 0) == total == received


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
    )


def _done(progress: Progress, step: TaskID) -> None:
    progress.update(step, total=1, completed=1)
