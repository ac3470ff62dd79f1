"""The mail ledger (outbox): queue in the transaction that makes a message true; claim, send, settle.

    queued   ─┐                                        ┌─ sent
    deferred ─┼─ claim ─ sending (lease) ─ settle ─────┼─ deferred   again after a pause
    unknown  ─┘             │                          ├─ refused    never again; the server's words say why
        ▲                   │                          └─ unknown    again after a pause
        └── the lease ran out: the process died ◄──────┘

`unknown` means that the server may have taken the message before its answer was lost. It goes out again with the same
Message-ID and is marked `perhaps_twice`. So nothing is lost, and after a crash at most the messages in flight come twice.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Table, bindparam, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.bulk import insert_rows
from models.messages import Message, MessageContent, MessageState
from notifications.mime import Mail, wire_address

LEASE = timedelta(seconds=60)  # a crash delays what was in flight by this much
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))  # after the 1st, 2nd … attempt; the last one stays

_CLAIMABLE = (MessageState.QUEUED, MessageState.DEFERRED, MessageState.UNKNOWN)


class Verdict(StrEnum):
    """What came of one attempt."""

    SENT = "sent"
    AGAIN = "again"
    NEVER = "never"
    UNKNOWN = "unknown"
    UNTRIED = "untried"  # handed back: the attempt did not begin


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message under lease. `attempts` counts this one and tells a settlement that comes too late from one in time."""

    id: int
    address: str
    content: bytes
    attempts: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    claimed: Claimed
    verdict: Verdict
    words: str = ""  # the server's own, or the fault's


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts (1 is the first)."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def queue(session: Session, mails: Iterable[Mail], *, now: datetime, due_at: datetime | None = None) -> int:
    """Write messages to the ledger, to go out not before `due_at` (default `now`); returns how many are new.

    A key that is there already is left as it is, whatever its state: the same thing is never said twice.
    """
    by_key = {mail.key: mail for mail in mails}
    if not by_key:
        return 0
    rows = [
        {
            "key": mail.key,
            "kind": mail.kind,
            "person_id": mail.person_id,
            "address": mail.address,
            "subject": mail.subject,
            "message_id": mail.message_id,
            "state": MessageState.QUEUED,
            "due_at": due_at or now,
            "queued_at": now,
        }
        for mail in by_key.values()
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Message).on_conflict_do_nothing(index_elements=["key"]).returning(Message.id, Message.key)
    new = session.execute(statement, rows).all()
    if new:
        insert_rows(session, MessageContent, ("message_id", "content"), ((id_, by_key[key].content) for id_, key in new))
    return len(new)


def claim(session: Session, *, now: datetime, limit: int, lease: timedelta = LEASE, only: Collection[int] | None = None) -> list[Claimed]:
    """Take up to `limit` messages that are due (of the ids in `only`), oldest first, under a lease; another sender does not get them.

    One UPDATE decides who gets a message: SQLite has one writer at a time, PostgreSQL passes over rows locked by another.
    Leases that have run out become `unknown` first, and are then due at once.
    """
    session.execute(
        update(Message)
        .where(Message.state == MessageState.SENDING, Message.lease_until <= now)
        .values(state=MessageState.UNKNOWN, due_at=now, lease_until=None, server_words="")
        .execution_options(synchronize_session=False)
    )
    due = (
        select(Message.id)
        .where(Message.state.in_(_CLAIMABLE), Message.due_at <= now, true() if only is None else Message.id.in_(only))
        .order_by(Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = session.execute(
        update(Message)
        .where(Message.id.in_(select(due.c.id)))
        .values(
            state=MessageState.SENDING,
            lease_until=now + lease,
            attempts=Message.attempts + 1,
            perhaps_twice=or_(Message.perhaps_twice, Message.state == MessageState.UNKNOWN),
        )
        .returning(Message.id, Message.address, Message.attempts)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        return []
    ids = [row.id for row in taken]
    wanted = select(MessageContent.message_id, MessageContent.content).where(MessageContent.message_id.in_(ids))
    contents = {row.message_id: row.content for row in session.execute(wanted)}
    return [Claimed(row.id, row.address, contents[row.id], row.attempts, now + lease) for row in sorted(taken, key=lambda row: row.id)]


def settle(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write down what came of claimed messages.

    A settlement that comes after its lease ran out and another sender has claimed the message changes nothing: that
    sender's attempt is the one that counts, and it is marked as perhaps doubled already.
    """
    if not outcomes:
        return
    messages = _messages().c
    statement = (
        update(_messages())
        .where(
            messages.id == bindparam("_id"),
            messages.attempts == bindparam("_attempts"),
            or_(messages.state == MessageState.SENDING, messages.state == MessageState.UNKNOWN),
        )
        .values(
            state=bindparam("_state"),
            due_at=func.coalesce(bindparam("_due_at", type_=messages.due_at.type), messages.due_at),
            lease_until=None,
            attempts=messages.attempts - bindparam("_untried"),
            sent_at=bindparam("_sent_at", type_=messages.sent_at.type),
            server_words=bindparam("_words"),
        )
    )
    session.connection().execute(statement, [_settled(outcome, now) for outcome in outcomes])


def _settled(outcome: Outcome, now: datetime) -> dict[str, object]:
    claimed, verdict = outcome.claimed, outcome.verdict
    return {
        "_id": claimed.id,
        "_attempts": claimed.attempts,
        "_state": {
            Verdict.SENT: MessageState.SENT,
            Verdict.AGAIN: MessageState.DEFERRED,
            Verdict.NEVER: MessageState.REFUSED,
            Verdict.UNKNOWN: MessageState.UNKNOWN,
            Verdict.UNTRIED: MessageState.DEFERRED if claimed.attempts > 1 else MessageState.QUEUED,
        }[verdict],
        "_due_at": now + pause_after(claimed.attempts) if verdict in (Verdict.AGAIN, Verdict.UNKNOWN) else None,
        "_untried": int(verdict is Verdict.UNTRIED),
        "_sent_at": now if verdict is Verdict.SENT else None,
        "_words": outcome.words,
    }


def hasten(session: Session, *, now: datetime) -> None:
    """Make all that waits due now, for working hours or for a later attempt: somebody asks for delivery and knows why."""
    session.execute(
        update(Message)
        .where(Message.state.in_(_CLAIMABLE), Message.due_at > now)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )


def readdress(session: Session, person_id: int, address: str) -> None:
    """What waits for a person goes to their new address: the roster was mended before the mail went out."""
    waiting = select(Message).where(Message.person_id == person_id, Message.state.in_(_CLAIMABLE), Message.address != address)
    for message in session.scalars(waiting):
        content = session.get_one(MessageContent, message.id)
        old, new = (f"<{wire_address(of)}>".encode() for of in (message.address, address))
        content.content = content.content.replace(old, new, 1)  # the To header stands before any other mention
        message.address = address
    session.flush()


def under_way(session: Session) -> int:
    """How many messages are under somebody's lease."""
    return session.scalar(select(func.count()).where(Message.state == MessageState.SENDING)) or 0


def _messages() -> Table:
    table = Message.__table__
    assert isinstance(table, Table)
    return table
