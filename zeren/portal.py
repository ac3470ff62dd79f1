"""`zeren portal`: the pages behind the links, served by uvicorn.

In: settings. Out: the portal on a port, until Ctrl-C. After a change the board is asked to follow, and mail that is due goes out.
"""

import asyncio
import logging
from functools import partial

import uvicorn
from fastapi import FastAPI

from notifications.delivery import deliver
from office.text import Refused
from portal.app import create_app
from zeren.clock import clock_from
from zeren.database import transaction
from zeren.mailing import sender_of, smtp_server_of
from zeren.poke import poke_board
from zeren.settings import settings

LOG = logging.getLogger("zeren.portal")


def app() -> FastAPI:
    """The application with this process's settings."""
    clock = clock_from(settings().now or None, settings().zone)
    return create_app(database_url=settings().database_url, sender=sender_of(settings()), clock=clock, changed=_follow)


def serve(host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM. The log is the portal's own: uvicorn's would write the links down."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    uvicorn.run(app(), host=host, port=port, access_log=False, server_header=False, log_level="warning")


def _follow() -> None:
    """The board and the mail after a change. Either catches up by the clock where it fails now."""
    poke_board()
    try:
        clock = clock_from(settings().now or None, settings().zone)
        asyncio.run(deliver(partial(transaction, settings().database_url), smtp_server_of(settings()), clock))
    except Refused as refusal:
        LOG.warning("mail waits: %s", refusal)
