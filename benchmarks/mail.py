"""Composing and delivering personal messages, against Postfix's `smtp-source` sending as many of the same size.

Both talk to the same `smtp-sink`. `smtp-source` is measured as it comes (one connection at a time, a new one for each
message) and in its quickest form: `-d` keeps its connections open, `-s 4` gives it as many of them as Zeren has. It makes
its content up once, and has no list, ledger or template to look at. Zeren's time holds all of it: rendering text, HTML and
calendar, the ledger on SQLite, and settling every message. The bar is set against `smtp-source` as it comes; its quickest
form, which is all but as fast as `smtp-sink` can take mail in, stands beside it to compare and has no bar.

Names, parties, leaders, step texts and calendar UIDs are each person's own. What a list gives to all who have a step is the
same for all: its due dates, its standard, whom it assists, its deadline as written. Zeren words the dates of a step once.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks import Figure
from notifications.delivery import CONNECTIONS, deliver
from notifications.issued import Duty, IssuedNotice, compose_issued
from notifications.ledger import queue
from notifications.sender import Sender
from notifications.smtp import SmtpServer
from office.text import Refused, Text
from zeren.database import engine_for, prepare, transaction

SIZE = 2000
BAR = 4.0
ROUNDS = 5  # of each, in turn; the best one counts

_QUICKEST = ("-d", "-s", str(CONNECTIONS))
_NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_SENDER = Sender("责任清单 <zeren@office.example>", "党办 <office@office.example>")
_MONTH_ENDS = tuple((f"{month}月", date(2026 + month // 12, month % 12 + 1, 1) - timedelta(days=1)) for month in range(1, 13))
_QUARTER_ENDS = tuple((f"第{quarter}季度", due_on) for quarter, (_, due_on) in zip("一二三四", _MONTH_ENDS[2::3], strict=True))


def measure(size: int = SIZE) -> Iterator[Figure]:
    """`size` messages, composed and delivered, against `smtp-source` as it comes and in its quickest form."""
    notices = [_notice(number) for number in range(size)]
    ours, plain, quickest = [], [], []
    with _sink() as port:
        for _ in range(ROUNDS):
            seconds, message_size = _zeren(notices, port)
            ours.append(seconds)
            plain.append(_smtp_source(size, message_size, port))
            quickest.append(_smtp_source(size, message_size, port, *_QUICKEST))
    yield Figure("mail composed and delivered", min(ours), "s", reference=min(plain), bar=BAR)
    yield Figure(f"mail composed and delivered, against smtp-source {' '.join(_QUICKEST)}", min(ours), "s", reference=min(quickest))


def _notice(number: int) -> IssuedNotice:
    """A branch secretary's: a monthly, a quarterly and a single duty, one to assist in. No two people's are the same."""

    def duty(content: str, due: tuple[tuple[str, date], ...], phrase: str) -> Duty:
        return Duty(
            content=content,
            text=f"第{number}支部{content}，年底前将办理情况报机关党委",
            due=due,
            phrase=phrase,
            standing=False,
            make_up=False,
            standard="有计划、有记录、有成果；每少一次扣0.5分，扣完为止",
            target="",
            party=f"第{number}党支部",
            leader=f"分管领导{number % 7}",
            assisting=("机关党委办公室", "人事科"),
            key=f"{content}-{number}",
        )

    return IssuedNotice(
        person=f"支部书记{number}",
        address=f"secretary{number}@office.example",
        list_title="某市某局2026年度党支部主体责任清单",
        year=2026,
        accountable=(
            duty("开展主题党日活动", _MONTH_ENDS, "每月"),
            duty("研究意识形态工作", _QUARTER_ENDS, "每季度"),
            duty("制定年度学习计划", (("", date(2026, 3, 31)),), "3月底前"),
        ),
        assisting=(duty("开展节前廉洁提醒", (("", date(2026, 9, 30)),), "国庆节前"),),
    )


def _zeren(notices: list[IssuedNotice], port: int) -> tuple[float, int]:
    """Seconds for all, and the bytes of one message."""
    with tempfile.TemporaryDirectory(prefix="zeren-benchmark-") as folder:
        url = f"sqlite:///{Path(folder) / 'mail.db'}"
        prepare(url)
        server = SmtpServer("127.0.0.1", port, _SENDER.envelope_address)
        began = time.perf_counter()
        mails = [compose_issued(notice, _SENDER, key=f"issued:{notice.person}", person_id=None, now=_NOW) for notice in notices]
        with transaction(url) as session:
            queue(session, mails, now=_NOW)
        delivered = asyncio.run(deliver(partial(transaction, url), server, lambda: _NOW))
        seconds = time.perf_counter() - began
        engine_for(url).dispose()
    assert delivered.sent == len(notices), delivered
    return seconds, sum(len(mail.content) for mail in mails) // len(mails)


def _smtp_source(size: int, message_size: int, port: int, *flags: str) -> float:
    arguments = [*flags, "-m", str(size), "-l", str(message_size), "-f", "a@office.example", "-t", "b@office.example"]
    began = time.perf_counter()
    subprocess.run([_program("smtp-source"), *arguments, f"127.0.0.1:{port}"], check=True)
    return time.perf_counter() - began


@contextmanager
def _sink() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to run as root
    process = subprocess.Popen([_program("smtp-sink"), *as_nobody, f"127.0.0.1:{port}", "100"])
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Refused(Text("smtp-sink 没有启动", "smtp-sink did not start"))


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/lib/postfix/sbin")
    if found is None:
        raise Refused(Text(f"缺少 {name}（Debian 软件包 postfix）", f"{name} is missing (Debian's package postfix)"))
    return found
