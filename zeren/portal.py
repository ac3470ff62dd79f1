"""`zeren portal`: the pages behind the links, served by uvicorn.

In: settings. Out: the portal on a port, until Ctrl-C. After a change the board is asked to follow, and mail that is due goes out.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from subprocess import Popen
from typing import Self

import uvicorn
from fastapi import FastAPI

from evidence.receiving import Receiver
from evidence.store import FileStore
from notifications.delivery import deliver
from office.text import Refused
from portal.app import create_app
from zeren.child import child
from zeren.clock import clock_from
from zeren.database import transaction
from zeren.mailing import sender_of, smtp_server_of
from zeren.poke import poke_board
from zeren.ports import LOOPBACK
from zeren.settings import settings

LOG_FILE = "portal.log"
LOG = logging.getLogger("zeren.portal")


def app() -> FastAPI:
    """The application with this process's settings."""
    clock = clock_from(settings().now or None, settings().zone)
    receiver = Receiver(FileStore(Path(settings().evidence_folder)), settings().evidence_max_mb * 1_000_000, settings().scan_command)
    changed = partial(_follow, clock)
    return create_app(database_url=settings().database_url, sender=sender_of(settings()), clock=clock, changed=changed, receiver=receiver)


def serve(host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM. The log is the portal's own: uvicorn's would write the links down."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    uvicorn.run(app(), host=host, port=port, access_log=False, server_header=False, log_level="warning")


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

    def __init__(self, home: Path, port: int) -> None:
        self.url = f"http://{LOOPBACK}:{port}"
        self._home = home
        self._port = port
        self._running = ExitStack()
        self._process: Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.keep()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def keep(self) -> None:
        """Start it, or start it again where it has ended."""
        if self._process is not None and self._process.poll() is None:
            return
        self._running.close()
        self._home.mkdir(parents=True, exist_ok=True)
        start = child("zeren.portal", [str(self._port)], log=self._home / LOG_FILE, cwd=Path.cwd(), environment={})
        self._process = self._running.enter_context(start)


def lead_links_to(port: int) -> None:
    """Have the links of this process and its children lead to this port, unless a setting says where the portal is."""
    if "portal_url" not in settings().model_fields_set:
        os.environ["ZEREN_PORTAL_URL"] = f"http://{LOOPBACK}:{port}"
        settings.cache_clear()


if __name__ == "__main__":
    serve(LOOPBACK, int(sys.argv[1]))
