"""What the office's own database knows of the board: which run stands for which assignment, and how much of it the server has.

In: a session. The rows are the memory of `board.updating`; lost, they are made anew from what the server has.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from board.cards import DIGITS
from board.values import SeenRun
from engine.history import IDS_A_QUERY
from models import Assignment, Board, BoardPage, BoardRun
from models.bulk import insert_rows
from office.text import Refused

OpenSession = Callable[[], AbstractContextManager[Session]]
ONLY = 1  # the id of the one board
COLUMNS = ("assignment_id", "run_id", "version", "digest", "look_again_on", "logged", "logging", "version_before")
UNFINISHED = "上一次更新没有做完"


class Shown(NamedTuple):
    """One assignment on the board; see `BoardRun`."""

    assignment_id: int
    run_id: str
    version: int
    digest: str
    look_again_on: date | None
    logged: int
    logging: int
    version_before: int = 0

    @property
    def cut(self) -> bool:
        """Whether the state has to be sent again, whatever it is."""
        return len(self.digest) < 2 * DIGITS


@contextmanager
def attempt(open_transaction: OpenSession, *, now: datetime) -> Iterator[bool]:
    """One attempt to bring the board up to date, remembered as failed until it has come to its end. Gives whether the one before
    did not: then the server may have more than is remembered here. A refusal is remembered with its sentence.
    """
    with open_transaction() as session:
        board = _board(session)
        interrupted = board.failed_at is not None or board.updated_at is None
        board.failed_at = board.failed_at or now
        board.fault = board.fault or UNFINISHED
    try:
        yield interrupted
    except Refused as refusal:
        with open_transaction() as session:
            board = _board(session)
            board.failed_at, board.fault = now, refusal.in_("zh")
        raise
    with open_transaction() as session:
        board = _board(session)
        board.updated_at, board.failed_at, board.fault = now, None, ""


def _board(session: Session) -> Board:
    board = session.get(Board, ONLY)
    if board is None:
        board = Board(id=ONLY)
        session.add(board)
        session.flush()
    return board


def stands_on(session: Session, *, api_url: str, deployment_id: str) -> bool:
    """Remember where the board is. False where it was elsewhere before, or nowhere: nothing is remembered of it then."""
    board = _board(session)
    same = board.deployment_id == deployment_id
    if not same:
        session.execute(delete(BoardRun))
        session.execute(delete(BoardPage))
    board.api_url, board.deployment_id = api_url, deployment_id
    return same


def count_shown(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(BoardRun)) or 0


def keys(session: Session) -> dict[str, int]:
    """Ids of all assignments by their natural keys."""
    return dict(session.execute(select(Assignment.natural_key, Assignment.id)).all())


def shown(session: Session, ids: Collection[int] | None = None) -> dict[int, Shown]:
    """What is remembered of these assignments, or of all."""
    columns = [getattr(BoardRun, name) for name in COLUMNS]
    if ids is None:
        return {row[0]: Shown._make(row) for row in session.execute(select(*columns))}
    found = {}
    for some in _batches(sorted(ids)):
        found.update({row[0]: Shown._make(row) for row in session.execute(select(*columns).where(BoardRun.assignment_id.in_(some)))})
    return found


def to_show(session: Session, *, today: date | None, ended_after: datetime | None) -> list[int]:
    """Assignments that may look different from what is remembered of them, in the order of their dates; without `today`, all.

    Also those whose digest was cut: somebody set another state, and it has been settled (`board.deciding`).
    Those that have ended are left out unless they did `ended_after` that instant.
    """
    query = select(Assignment.id).order_by(Assignment.due_on, Assignment.id)
    if today is not None:
        query = query.outerjoin(BoardRun, BoardRun.assignment_id == Assignment.id).where(
            or_(
                BoardRun.run_id.is_(None),
                BoardRun.version != Assignment.version,
                BoardRun.look_again_on <= today,
                func.length(BoardRun.digest) < 2 * DIGITS,
            )
        )
    if ended_after is not None:
        query = query.where(or_(Assignment.ended_at.is_(None), Assignment.ended_at >= ended_after))
    return list(session.scalars(query))


def past(session: Session, *, ended_before: datetime) -> dict[int, str]:
    """Runs of the board whose assignments ended before that instant, by the assignments' ids."""
    query = select(BoardRun.assignment_id, BoardRun.run_id).join(Assignment, Assignment.id == BoardRun.assignment_id)
    return dict(session.execute(query.where(Assignment.ended_at < ended_before)).all())


def store(session: Session, rows: Iterable[Shown]) -> None:
    """Remember assignments that are on the board for the first time."""
    insert_rows(session, BoardRun, COLUMNS, rows)


def replace(session: Session, rows: Iterable[Shown]) -> None:
    """Remember what is shown of these assignments now; what stands in their logs stays."""
    values = [{"assignment_id": row.assignment_id, **_shown_now(row)} for row in rows]
    if values:
        session.execute(update(BoardRun), values)


def _shown_now(row: Shown) -> Mapping[str, object]:
    return {"version": row.version, "version_before": row.version_before, "digest": row.digest, "look_again_on": row.look_again_on}


def forget(session: Session, ids: Collection[int]) -> None:
    """These are not on the board any more."""
    for some in _batches(sorted(ids)):
        session.execute(delete(BoardRun).where(BoardRun.assignment_id.in_(some)))


def adopt(session: Session, runs: Mapping[int, SeenRun], versions: Mapping[int, int]) -> None:
    """The server has runs that are not remembered: nothing is known of what they show, nor of their logs."""
    store(session, (Shown(id, run.id, 0, "", None, 0, versions[id]) for id, run in runs.items()))


# Histories and logs


class Unlogged(NamedTuple):
    """A run whose log lacks the rows of its history after `logged`; in doubt: they may be there."""

    assignment_id: int
    run_id: str
    version: int
    logged: int
    in_doubt: bool


def unlogged(session: Session, *, limit: int) -> list[Unlogged]:
    """Runs whose logs lack something, at most `limit` of them."""
    query = (
        select(BoardRun.assignment_id, BoardRun.run_id, Assignment.version, BoardRun.logged, BoardRun.logging)
        .join(Assignment, Assignment.id == BoardRun.assignment_id)
        .where(BoardRun.logged < Assignment.version)
        .order_by(BoardRun.assignment_id)
        .limit(limit)
    )
    return [Unlogged(*row[:4], in_doubt=row.logging > row.logged) for row in session.execute(query)]


def begin_logging(session: Session, runs: Sequence[Unlogged]) -> None:
    """What is being sent: should nobody say that it arrived, the server must be asked."""
    _set(session, [{"assignment_id": run.assignment_id, "logging": run.version} for run in runs])


def end_logging(session: Session, runs: Sequence[Unlogged]) -> None:
    _set(session, [{"assignment_id": run.assignment_id, "logged": run.version, "logging": run.version} for run in runs])


def _set(session: Session, values: list[dict[str, object]]) -> None:
    if values:
        session.execute(update(BoardRun), values)


def days_before(now: datetime, days: int | None) -> datetime | None:
    """The instant so many days ago; None: no limit."""
    return None if days is None else now - timedelta(days=days)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IDS_A_QUERY):
        yield ids[start : start + IDS_A_QUERY]


def versions(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Positions of the last rows of these histories."""
    found: dict[int, int] = {}
    for some in _batches(sorted(ids)):
        found.update(dict(session.execute(select(Assignment.id, Assignment.version).where(Assignment.id.in_(some))).all()))
    return found
