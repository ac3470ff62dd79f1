"""The append-only history of assignments: rows chained by SHA-256 within each assignment.

The chain of an assignment starts from its natural key, so a row cannot be moved to another assignment either.
No lock is needed: two writers who continue the same chain meet the unique constraint on (assignment, position).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from models import Assignment, AssignmentEvent
from models.bulk import insert_rows

COLUMNS = ("assignment_id", "position", "action", "from_value", "to_value", "at", "by", "reason", "digest")
IDS_A_QUERY = 5000  # databases bound the number of parameters of one statement


ISSUE = "issue"  # the action of the first row
ROSTER = "roster"  # who did what follows from the roster: no person decided it
FOLLOW_UP = "follow-up"  # what goes up, goes up by the clock
HAND_OVER = "hand over"  # the action of a change of holder
ASK_EXTENSION = "ask extension"  # 申请延期: from the due date to the one that is asked for
EXTEND = "extend"  # 准予延期: from one due date to the next
DENY_EXTENSION = "deny extension"  # 不予延期; nothing else changes
PROGRESS = "progress"  # 报告进展: how far it is; nothing else changes
NOT_COUNTED = "not counted"  # the action of a decision that came too late or is not allowed; nothing else changes


class Change(NamedTuple):
    """What happened to one assignment; `from_value` and `to_value` say what it was and what it is."""

    assignment_id: int
    action: str
    from_value: str | None
    to_value: str | None
    reason: str


def open_histories(
    session: Session, assignments: Mapping[int, str], *, action: str, to_value: str, reason: str, at: datetime, by: str
) -> None:
    """Write the first row of new assignments (id → natural key), all of them with the same words."""
    words = _words(1, action, None, to_value, at, by, reason)
    insert_rows(
        session,
        AssignmentEvent,
        COLUMNS,
        (
            (assignment_id, 1, action, None, to_value, at, by, reason, _chained(natural_key, words))
            for assignment_id, natural_key in assignments.items()
        ),
    )


def record(session: Session, changes: Sequence[Change], *, at: datetime, by: str) -> None:
    """Continue the histories of these assignments, in the order given; one assignment may change several times."""
    heads = _heads(session, {change.assignment_id for change in changes})
    rows = []
    for change in changes:
        position, digest = heads[change.assignment_id]
        position += 1
        words = _words(position, change.action, change.from_value, change.to_value, at, by, change.reason)
        digest = _chained(digest, words)
        heads[change.assignment_id] = (position, digest)
        row = (change.assignment_id, position, change.action, change.from_value, change.to_value, at, by, change.reason, digest)
        rows.append(row)
    insert_rows(session, AssignmentEvent, COLUMNS, rows)
    versions = [
        {"_id": assignment_id, "_version": heads[assignment_id][0], "_day": at.astimezone(UTC).date()}
        for assignment_id in {change.assignment_id for change in changes}
    ]
    if versions:
        table = Assignment.__table__
        assert isinstance(table, Table)
        # The follow-up looks anew at whatever changed. The day of UTC is never after the office's.
        changed = update(table).where(table.c.id == bindparam("_id"))
        session.connection().execute(changed.values(version=bindparam("_version"), follow_up_on=bindparam("_day")), versions)


def broken(session: Session) -> tuple[int, ...]:
    """Ids of the assignments whose history was changed outside the program."""
    found: dict[int, None] = {}
    heads: dict[int, tuple[int, str]] = {}
    query = (
        select(AssignmentEvent, Assignment.natural_key)
        .join(Assignment, Assignment.id == AssignmentEvent.assignment_id)
        .order_by(AssignmentEvent.assignment_id, AssignmentEvent.position)
        .execution_options(yield_per=IDS_A_QUERY)
    )
    for event, natural_key in session.execute(query):
        position, digest = heads.get(event.assignment_id, (0, natural_key))
        words = _words(event.position, event.action, event.from_value, event.to_value, event.at, event.by, event.reason)
        if event.position != position + 1 or event.digest != _chained(digest, words):
            found[event.assignment_id] = None
        heads[event.assignment_id] = (event.position, event.digest)
    return tuple(found)


def _heads(session: Session, ids: set[int]) -> dict[int, tuple[int, str]]:
    """Position and digest of the last row of each history; of an empty one, zero and the natural key."""
    heads: dict[int, tuple[int, str]] = {}
    for some in _batches(sorted(ids)):
        keys = session.execute(select(Assignment.id, Assignment.natural_key).where(Assignment.id.in_(some)))
        heads.update((assignment_id, (0, natural_key)) for assignment_id, natural_key in keys)
        events = session.execute(
            select(AssignmentEvent.assignment_id, AssignmentEvent.position, AssignmentEvent.digest)
            .where(AssignmentEvent.assignment_id.in_(some))
            .order_by(AssignmentEvent.position)
        )
        heads.update((assignment_id, (position, digest)) for assignment_id, position, digest in events)
    return heads


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, IDS_A_QUERY)):
        yield batch


def _words(position: int, action: str, from_value: str | None, to_value: str | None, at: datetime, by: str, reason: str) -> str:
    """The row as one string; NUL tells "nothing" from an empty text, the unit separator keeps the fields apart."""
    fields = (str(position), action, from_value, to_value, at.astimezone(UTC).isoformat(), by, reason)
    return "".join("\x1f" + ("\0" if field is None else field) for field in fields)


def _chained(previous: str, words: str) -> str:
    return hashlib.sha256((previous + words).encode()).hexdigest()
