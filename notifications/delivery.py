"""What the ledger holds → the mail server, over several reused connections; what came of it → the ledger.

Rounds of claim, send, settle. No transaction is open while a round is sent. A round is sized so that it takes a fraction
of a second whatever the pace of the server: what a crash leaves in doubt is one round.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy.orm import Session

from notifications import ledger
from notifications.ledger import LEASE, Claimed, Outcome, Verdict
from notifications.smtp import Connection, SmtpServer

CONNECTIONS = 4
_ROUND_SECONDS = 0.25
_GROWTH = 4
_MOST_PER_CONNECTION = 256  # a round is held in memory
_LOOK_AGAIN_SECONDS = 1.0
_SENDING_SHARE_OF_LEASE = 0.75  # a message is sent within this share of it, or not begun: nobody else has it meanwhile

OpenTransaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did. `words` says why the server could not be used, empty if it could; `answer` is the last one, if any,
    that put a message off or refused it."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    words: str = ""
    answer: str = field(default="", compare=False)


@dataclass(slots=True)
class _Round:
    waiting: deque[Claimed] = field(default_factory=deque)
    outcomes: list[Outcome] = field(default_factory=list)
    fault: str = ""  # the last one that was the server's and not a message's
    stopped_by: str = ""  # the fault that left no connection of use


async def deliver(
    open_transaction: OpenTransaction,
    server: SmtpServer,
    clock: Callable[[], datetime],
    *,
    connections: int = CONNECTIONS,
    lease: timedelta = LEASE,
    at_once: bool = False,
    only: Collection[int] | None = None,
    on_progress: Callable[[Delivered], None] | None = None,
) -> Delivered:
    """Send everything that is due and return when nothing is under way any more, or when the server cannot be used.

    `open_transaction` gives a session that commits at its end. `at_once` also sends what waits for working hours or for a later attempt.
    `only` keeps to messages of these ids, and waits for nobody.
    Waits for the leases of other senders to be settled or to run out (at most `lease`), so that what a crash left behind
    has gone out too. One bad address never holds the others.
    """
    send_within = lease * _SENDING_SHARE_OF_LEASE
    pool = [Connection(server, send_within=send_within) for _ in range(connections)]
    total, size, patience = Delivered(), connections, monotonic() + lease.total_seconds()
    if at_once:
        with open_transaction() as session:
            ledger.hasten(session, now=clock())
    work = _Round()
    try:
        while True:
            with open_transaction() as session:
                now = clock()
                ledger.settle(session, work.outcomes, now=now)
                total = _added(total, work)
                claimed = [] if total.words else ledger.claim(session, now=now, limit=size, lease=lease, only=only)
                others = 0 if claimed or total.words or only is not None else ledger.under_way(session)
            if on_progress and work.outcomes:
                on_progress(total)
            work = _Round(deque(claimed))
            began = monotonic()
            if claimed:
                await _send_round(work, pool, lambda message: message.lease_until - clock() >= send_within)
                size = _next_size(len(claimed), monotonic() - began, connections)
                patience = monotonic() + lease.total_seconds()
            elif others and began <= patience:
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            else:
                return total
    except BaseException:  # stopped on the way: keep what is known, hand back what has not begun
        with open_transaction() as session:
            handed_back = [Outcome(message, Verdict.UNTRIED) for message in work.waiting]
            ledger.settle(session, [*work.outcomes, *handed_back], now=clock())
        raise
    finally:
        await asyncio.gather(*(connection.close() for connection in pool))


def _next_size(sent: int, took: float, connections: int) -> int:
    """As many as go out in `_ROUND_SECONDS` at the pace of the last round, but no sudden growth; at least one a connection."""
    at_this_pace = int(sent * _ROUND_SECONDS / max(took, _ROUND_SECONDS / _GROWTH))
    return max(connections, min(at_this_pace, connections * _MOST_PER_CONNECTION))


async def _send_round(work: _Round, pool: Iterable[Connection], in_time: Callable[[Claimed], bool]) -> None:
    """Every claimed message gets an outcome. What is left when no connection works any more is deferred with the fault's words."""
    working = list(pool)[: len(work.waiting)]
    while work.waiting and working:  # a server may take fewer connections than offered: the others do the rest
        useful = await asyncio.gather(*(_work(work, connection, in_time) for connection in working))
        working = [connection for connection, is_useful in zip(working, useful, strict=True) if is_useful]
    if work.waiting:
        work.stopped_by = work.fault
        work.outcomes += [Outcome(message, Verdict.AGAIN, work.fault) for message in work.waiting]
        work.waiting.clear()


async def _work(work: _Round, connection: Connection, in_time: Callable[[Claimed], bool]) -> bool:
    """Send over one connection until nothing waits (true), or the server will not have it (false)."""
    while work.waiting:
        message = work.waiting.popleft()
        if not in_time(message):
            work.outcomes.append(Outcome(message, Verdict.UNTRIED))  # the lease could run out on the way
            continue
        reused = connection.used
        decision = await connection.send(message.address, message.content)
        if decision is None:
            work.outcomes.append(Outcome(message, Verdict.SENT))
        elif decision.fault_of_server:
            work.waiting.append(message)
            work.fault = decision.words
            return False
        elif decision.verdict is Verdict.AGAIN and decision.connection_lost and reused:
            work.waiting.append(message)  # servers end a connection after some messages: the next one takes a new connection
        else:
            work.outcomes.append(Outcome(message, decision.verdict, decision.words))
    return True


def _added(total: Delivered, work: _Round) -> Delivered:
    verdicts = [outcome.verdict for outcome in work.outcomes]
    return Delivered(
        total.sent + verdicts.count(Verdict.SENT),
        total.deferred + verdicts.count(Verdict.AGAIN),
        total.refused + verdicts.count(Verdict.NEVER),
        total.unknown + verdicts.count(Verdict.UNKNOWN),
        work.stopped_by or total.words,
        next((outcome.words for outcome in reversed(work.outcomes) if outcome.words), total.answer),
    )
