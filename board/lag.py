"""How far the board is behind the office's own database: told without asking the Prefect server, which may be down.

In: a session and the day. Out: counts and the last fault; None where there never was a board.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.memory import UNFINISHED, count_shown, days_before, to_show
from models import Board


@dataclass(frozen=True, slots=True)
class BoardStatus:
    """`behind`: assignments that look different from what the server was told. `fault` is empty where the last update ended well."""

    api_url: str
    shown: int
    behind: int
    updated_at: datetime | None
    failed_at: datetime | None
    fault: str

    @property
    def unfinished(self) -> bool:
        """Whether an update is under way, or ended without a word: nobody can tell from the database."""
        return self.fault == UNFINISHED

    def as_json(self) -> dict[str, Any]:
        return {
            "shown": self.shown,
            "behind": self.behind,
            "updated_at": self.updated_at.isoformat() if self.updated_at else None,
            "failed_at": self.failed_at.isoformat() if self.failed_at else None,
            "fault": self.fault,
        }


def board_status(session: Session, *, zone: ZoneInfo, now: datetime, closed_days: int | None = None) -> BoardStatus | None:
    """What is known of the board; `closed_days` as in `board.updating.update`."""
    board = session.scalar(select(Board))
    if board is None:
        return None
    return BoardStatus(
        api_url=board.api_url,
        shown=count_shown(session),
        behind=len(to_show(session, today=now.astimezone(zone).date(), ended_after=days_before(now, closed_days))),
        updated_at=board.updated_at,
        failed_at=board.failed_at,
        fault=board.fault,
    )
