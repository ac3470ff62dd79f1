"""`zeren portal`: the pages behind the links, served by uvicorn.

In: settings. Out: the portal on a port, until Ctrl-C. After a change the board is asked to follow, and mail that is due goes out.
"""

import asyncio
import logging
import os
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from subprocess import Popen
from typing import Self

import uvicorn
from fastapi import FastAPI

from engine.access import with_secret
from evidence.receiving import Receiver
from evidence.store import FileStore
from notifications.delivery import deliver
from office.text import Refused, Text
from portal.app import create_app
from zeren.child import child
from zeren.clock import clock_from
from zeren.database import transaction
from zeren.mailing import sender_of, smtp_server_of
from zeren.poke import poke_board
from zeren.policy import policy_in_force
from zeren.ports import LOOPBACK
from zeren.settings import settings

LOG_FILE = "portal.log"
END_WITHIN_SECONDS = 8
READY_WITHIN_SECONDS = 60
LOG = logging.getLogger("zeren.portal")


class Follower:
    """Lets the board and the mail follow the changes of the portal, one round at a time, in a thread of its own.

    Changes that come during a round are followed together by the next one: however many people change something at once, no
    request waits for a mail server or for Prefect.
    """

    def __init__(self, follow: Callable[[], None]) -> None:
        self._follow = follow
        self._asked = threading.Event()
        self._ends = False
        self._thread = threading.Thread(target=self._run, name="portal-follower", daemon=True)
        self._thread.start()

    def changed(self) -> None:
        self._asked.set()

    def end(self) -> None:
        """Follow what has been asked for, and end; a round that takes too long is left to the clock."""
        self._ends = True
        self._asked.set()
        self._thread.join(END_WITHIN_SECONDS)

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._follow()
            except Exception:
                LOG.exception("the board or the mail could not follow; the clock catches up")
            if self._ends and not self._asked.is_set():
                return


def serve(host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM. The log is the portal's own: uvicorn's would write the links down."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    clock = clock_from(settings().now or None, settings().zone)
    follower = Follower(partial(_follow, clock))
    try:
        uvicorn.run(app(clock, follower.changed), host=host, port=port, access_log=False, server_header=False, log_level="warning")
    finally:
        follower.end()


def app(clock: Callable[[], datetime], changed: Callable[[], None]) -> FastAPI:
    """The application with this process's settings."""
    receiver = Receiver(FileStore(Path(settings().evidence_folder)), settings().evidence_max_mb, settings().scan_command)
    url, sender = settings().database_url, sender_of(settings())
    with suppress(Refused), transaction(url) as session:  # where there is no database yet, it is looked up with each request
        sender = with_secret(session, sender, now=clock())
    return create_app(database_url=url, sender=sender, clock=clock, changed=changed, receiver=receiver, policy=policy_in_force)


def _follow(clock: Callable[[], datetime]) -> None:
    """The board and the mail after a change. Either catches up by the clock where it fails now.

    `clock` is the one by which the mail was queued: a rehearsed one that began anew would take it for mail that is not due yet.
    """
    poke_board()
    try:
        asyncio.run(deliver(partial(transaction, settings().database_url), smtp_server_of(settings()), clock))
    except Refused as refusal:
        LOG.warning("mail waits: %s", refusal)


class PortalServer:
    """A portal on a loopback port, in a process of its own with this one's environment; context manager, it ends with the block."""

    process: Popen[bytes]

    def __init__(self, home: Path, port: int) -> None:
        self.url = f"http://{LOOPBACK}:{port}"
        self._home = home
        self._port = port
        self._running = ExitStack()

    def __enter__(self) -> Self:
        self.keep()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def keep(self) -> None:
        """Start it, or start it again where it has ended."""
        if self._is_up():
            return
        self._running.close()
        self._home.mkdir(parents=True, exist_ok=True)
        start = child("zeren.portal", [str(self._port)], log=self._home / LOG_FILE, cwd=Path.cwd(), environment={})
        self.process = self._running.enter_context(start)

    def _is_up(self) -> bool:
        return hasattr(self, "process") and self.process.poll() is None

    def wait(self) -> None:
        """Return once it answers; Refused where it ends or stays silent."""
        give_up_at = time.monotonic() + READY_WITHIN_SECONDS
        while self._is_up() and time.monotonic() < give_up_at:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=5):  # noqa: S310  our own loopback address
                return
            time.sleep(0.1)
        log = self._home / LOG_FILE
        raise Refused(Text(f"门户未能启动（日志：{log}）", f"The portal did not start (log: {log})"))


def lead_links_to(port: int) -> None:
    """Have the links of this process and its children lead to this port, unless a setting says where the portal is."""
    if "portal_url" not in settings().model_fields_set:
        os.environ["ZEREN_PORTAL_URL"] = f"http://{LOOPBACK}:{port}"
        settings.cache_clear()


if __name__ == "__main__":
    serve(LOOPBACK, int(sys.argv[1]))
