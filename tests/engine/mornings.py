"""Mornings that are killed: for each line on the standard input, a moment and the seconds to live, a fork that follows up and delivers.

A process of its own, started once: a fork has everything loaded, so that a hundred of them cost seconds. Answers with a line when it is
ready, and with the exit status of each fork.
"""

import asyncio
import os
import signal
import sys
import time
from datetime import datetime
from functools import partial

from engine.follow_up import follow_up
from notifications.delivery import deliver
from notifications.sender import Sender
from notifications.smtp import SmtpServer
from reports.red_notice import red_notice
from zeren.database import engine_for, rehearsal, transaction

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example", secret_key="x" * 32)


def morning(url: str, port: int, now: datetime) -> None:
    """What the flow does: decide and queue, then send what is due."""
    with transaction(url) as session:
        follow_up(session, word=red_notice, sender=SENDER, now=now)
    asyncio.run(deliver(partial(transaction, url), SmtpServer("127.0.0.1", port, "office@example.com"), lambda: now))


def main() -> None:
    url, port, first = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    with rehearsal(url) as session:  # taken back: templates and queries are compiled once, for all forks
        assert session is not None
        follow_up(session, word=red_notice, sender=SENDER, now=first)
    engine_for(url).dispose()  # no fork shares a connection
    answer("ready")
    for line in sys.stdin:
        moment, seconds = line.split()
        process = os.fork()
        if process == 0:
            try:
                morning(url, port, datetime.fromisoformat(moment))
            except BaseException as fault:
                sys.stderr.write(f"{fault!r}\n")
                os._exit(1)
            os._exit(0)
        if seconds != "-":
            time.sleep(float(seconds))
            os.kill(process, signal.SIGKILL)  # one that has ended still has its number: nobody has waited for it
        answer(str(os.waitpid(process, 0)[1]))


def answer(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
