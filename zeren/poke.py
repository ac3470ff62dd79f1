"""After a change by the command line: the board follows, where a Prefect server is known.

In: `PREFECT_API_URL`, or else the server that showed the board last. Out: nothing; the change is made whatever the server does.
"""

import os

from sqlalchemy import select

from board.poking import poke
from models import Board
from office.text import Refused
from zeren.database import reading
from zeren.settings import settings


def poke_board(*, full: bool = False) -> None:
    """Ask for the board to be brought up to date; `full` after what changes no history. Quick, silent, and never a failure."""
    api_url = os.environ.get("PREFECT_API_URL") or _last_server()
    if api_url:
        poke(api_url, full=full, auth=os.environ.get("PREFECT_API_AUTH_STRING", ""))


def _last_server() -> str:
    try:
        with reading(settings().database_url) as session:
            return session.scalar(select(Board.api_url)) or ""
    except Refused:
        return ""
