"""`zeren demo`: the year's start of the example office, lived through on this machine alone.

In: nothing but the installed program; everything lies in a temporary folder. Out: the example list issued by the real flows
through a real Prefect server, its mail and that of the last morning in a local catcher, the first weeks on the board, and the
addresses to look at.
"""

import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import examples
from board.links import YEAR, runs_page, state_tag, tag
from engine.access import links_of
from engine.completion import Completion
from engine.digests import digests_of
from engine.moves import OFFICER
from engine.overview import mail_overview
from engine.status import Status, status
from models import Assignment, Message, MessageState, Person
from office.text import Refused, Text
from office.workdays import is_workday, workdays_after
from zeren.catcher import MailCatcher
from zeren.cli.options import language, print_json, say
from zeren.clock import now_or
from zeren.database import engine_for, prepare, reading, transaction
from zeren.mailing import sender_of
from zeren.policy import policy_in_force
from zeren.portal import PortalServer
from zeren.ports import LOOPBACK, free_port
from zeren.prefect_server import PrefectServer, prefect_environment, prefect_server
from zeren.settings import settings
from zeren.story import Told, live
from zeren.up import port_or_other, run_until_ended

MAIL_PAGE_PORT, SMTP_PORT, PORTAL_PORT = 8025, 2525, 8080  # where such servers usually are
COUNTS = ("lists", "items", "people", "assignments", "mails", "questions")
ISSUE, DELIVER = "issue-annual-list/下发年度清单", "deliver-notices/投递通知"
WEEKS, ENDS_AT = 12, time(9)  # on a working day, after its follow-up: mail goes out then


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
        begins = f"{moment():%Y-%m-%d %H:%M}"
        console.print(say(f"演练时刻：{begins}（{settings().timezone}）", f"Rehearsing {begins} ({settings().timezone})"))
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
            "ZEREN_PORTAL_URL": f"http://{LOOPBACK}:{free_port(PORTAL_PORT)}",
            "ZEREN_TIMEZONE": "Asia/Shanghai",
            "ZEREN_NOW": now,
        }
        settings.cache_clear()
        yield folder


async def _main_job(demo: Demo) -> None:
    """Issue the list as the officer would in the UI, say what happened; then live the first weeks, and execute what is started there."""
    from_now = moment()
    with _progress(demo.console) as progress:
        with _step(progress, say("启动 Prefect 服务", "Starting the Prefect server")):
            from flows.deployment import UPDATE_BOARD, deploy, look_at, start, worker  # takes seconds, in which the server starts too

            logging.getLogger("prefect").setLevel(logging.WARNING)
            await demo.server.wait()
        with _step(progress, say("部署流程", "Deploying the flows")):
            await deploy(stream_output=False)
        async with worker(demo.folder) as working:
            with _step(progress, say("下发清单、投递邮件", "Issuing the list, delivering the mail")) as noted:
                run = await look_at(await start(ISSUE, {"confirmed": True}), lambda: _has_arrived(demo, noted))
            assert run.state is not None
            if run.state.is_final() and not run.state.is_completed():
                raise Refused(Text(f"下发没有完成：{run.state.message}", f"Issuing did not complete: {run.state.message}"))
            _report(demo)
            if demo.leave:
                return
            with _step(progress, say("上看板", "Building the board")):
                await look_at(run)
            with _step(progress, say("演练头几周", "Living the first weeks")):
                told = await asyncio.to_thread(_live, demo, from_now)  # takes seconds, in which the worker must answer the server
                at_once = [await start(UPDATE_BOARD, {"full": False}), await start(DELIVER, {})]
                for begun in at_once:
                    await look_at(begun)
            progress.stop()
            with PortalServer(demo.folder, urlsplit(settings().portal_url).port or 0):  # only now: it keeps the clock it began with
                _show_where(demo, told, run.id)
                await working


def moment() -> datetime:
    """What the demonstration takes for now, in the office's zone."""
    zone = settings().zone
    return now_or(settings().now or None, zone).astimezone(zone)


def _live(demo: Demo, begins: datetime) -> Told:
    """Let WEEKS pass: in the database, and for every flow that starts from here on."""
    day = (begins + timedelta(weeks=WEEKS)).date()
    ends = datetime.combine(day if is_workday(day) else workdays_after(day, 1), ENDS_AT, settings().zone)
    sender, policy = sender_of(settings()), policy_in_force()
    with transaction(settings().database_url) as session:
        told = live(session, begins=begins, ends=ends, policy=policy, sender=sender, evidence_url=demo.catcher.web_url)
    os.environ["ZEREN_NOW"] = ends.isoformat()
    settings.cache_clear()
    return told


def _has_arrived(demo: Demo, noted: Callable[[str], None]) -> bool:
    """Whether the main job is done: the board is built after it. Notes how far it is."""
    noted(say(f"收到邮件 {len(demo.catcher.mails)} 封", f"{len(demo.catcher.mails)} mails received"))
    with reading(settings().database_url) as session:
        return _all_arrived(status(session, zone=settings().zone, now=moment()), len(demo.catcher.mails))


def _report(demo: Demo) -> None:
    """What the main job did, by the database and by the catcher."""
    with reading(settings().database_url) as session:
        counts = status(session, zone=settings().zone, now=moment())
        unsent = mail_overview(session).unsent
    demo.arrived = _all_arrived(counts, len(demo.catcher.mails))
    if demo.as_json:
        told = counts.as_json()
        print_json({name: told[name] for name in COUNTS})
    say_line, duties = demo.console.print, sum(counts.assignments.values())
    say_line(say(f"已下发：{counts.items} 项责任事项，{duties} 项任务", f"Issued: {counts.items} items, {duties} assignments"))
    for mail in unsent:
        say_line(say(f"未送达：{mail.recipient} {mail.words}", f"Not delivered: {mail.recipient} {mail.words}"))
    say_line(
        say(
            f"邮件：共 {sum(counts.mails.values())} 封，收到 {len(demo.catcher.mails)} 封",
            f"Mail: {sum(counts.mails.values())} messages, {len(demo.catcher.mails)} received",
        )
    )


def _show_where(demo: Demo, told: Told, issued: object) -> None:
    """What the weeks brought, and where to look at it."""
    say_line, today = demo.console.print, f"{moment():%Y-%m-%d}"
    say_line(
        say(
            f"演练到 {today}：签收 {told.acknowledged} 项；报送 {told.reported} 项；通过 {told.approved} 项，退回 {told.returned} 项",
            f"It is {today} now: {told.acknowledged} acknowledged, {told.reported} reported with evidence, "
            f"{told.approved} approved, {told.returned} returned",
        )
    )
    say_line(
        say(
            f"其间督办：{told.notices}条提醒、预警和上报，{told.digests}封汇总邮件；邮件页上是下发时的和今天的",
            f"The follow-up said {told.notices} things in {told.digests} digests; the mail page has the mails of the issue and of today",
        )
    )
    ui = demo.server.ui_url
    with transaction(settings().database_url) as session:
        person, personal, officers = _links(session)
    board = runs_page(ui, tag(YEAR, examples.YEAR), examples.YEAR)
    waiting = runs_page(ui, state_tag(Completion.REPORTED, examples.YEAR), examples.YEAR)
    places = (
        (Text("看板", "the board"), board.present),
        (Text("新版界面", "in the new UI"), board.new),
        (Text("待审核", "to review"), waiting.present),
        (Text(f"门户（{person}的链接）", f"the portal, as {person} opens it"), personal),
        (Text("门户（计划员的链接）", "the portal, as the officer opens it"), officers),
        (Text("下发的运行", "the issue's run"), f"{ui}/runs/flow-run/{issued}"),
        *_digest(demo),
        (Text("邮件", "the mail"), demo.catcher.web_url),
        (Text("文件", "the files"), str(demo.folder)),
    )
    for name, place in places:
        say_line(f"{name.in_(language())}{say('：', ': ')}{place}")
    say_line(say("按 Ctrl-C 结束，临时文件随之删除", "Press Ctrl-C to end; the temporary files go with it"))


def _digest(demo: Demo) -> list[tuple[Text, str]]:
    """Of today's digests in the catcher the one that says most; none where nothing was due."""
    with reading(settings().database_url) as session:
        todays = digests_of(session, moment().date(), settings().zone)
        ids = dict(session.execute(select(Message.id, Message.message_id)).all())
    readers = {ids[id_]: reader for reader, id_ in todays.items()}
    caught = [mail for mail in demo.catcher.mails if mail.message["Message-ID"] in readers]
    if not caught:
        return []
    mail = max(caught, key=lambda mail: len(mail.content))
    reader = readers[mail.message["Message-ID"]]
    return [(Text(f"今天的督办邮件（发给{reader}）", f"today's digest for {reader}"), f"{demo.catcher.web_url}mails/{mail.number}")]


def _links(session: Session) -> tuple[str, str, str]:
    """Whoever carries most, their link into the portal, and the officer's."""
    carried = select(Person.name).join(Assignment, Assignment.person_id == Person.id).group_by(Person.name)
    person = session.scalars(carried.order_by(func.count().desc(), Person.name).limit(1)).one()
    links = links_of(session, [person, OFFICER], sender=sender_of(settings()), now=moment())
    return person, links[person], links[OFFICER]


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


@contextmanager
def _step(progress: Progress, name: str) -> Iterator[Callable[[str], None]]:
    """One line of the progress, ticked off at the end of the block; gives what writes a note beside it."""
    step = progress.add_task(name, total=None, note="")
    yield lambda note: progress.update(step, note=note)
    progress.update(step, total=1, completed=1)
