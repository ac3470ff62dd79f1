"""What was set on the board counts as a decision: read, decided by the engine, written down, put back where it does not count.

In: the Prefect server with the board, and the office's database. Out: what counted, what did not and why. A click is settled
once: the row that says so is written in the transaction of the decision. The new state of the run is the update's to send
(`board.updating`), so that nothing is open while the server is talked to, and a process that is killed in between leaves nothing
undone that the next update would not do.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from board.cards import DIGITS, card_of
from board.clicks import Click, clicked
from board.duties import duties
from board.review_form import CONCLUSIONS, Review, read_review
from board.server import Server
from engine.deciding import ByHand, decide_by_hand
from engine.history import IDS_A_QUERY, NOT_COUNTED, Change, record
from engine.meanwhile import changed_since
from engine.moves import OFFICER, held_one
from engine.overtaken import tell_overtaken
from engine.reviewing import review, reviewers
from models import Assignment, BoardDecision, BoardRun
from notifications.sender import Sender
from office.text import Refused, Text, Unavailable

LOOK_BACK = timedelta(minutes=10)  # for clicks that an update wrote over: the click itself starts the next look within seconds
OFFICER_HERE = f"{OFFICER}（Prefect 界面）"  # the server knows no users: whoever sets a state by hand acts as the officer
BY_HAND = {
    "COMPLETED": ByHand.COMPLETED,
    "CANCELLED": ByHand.CANCELLED,
    "CANCELLING": ByHand.CANCELLED,
    "FAILED": ByHand.FAILED,
}
OpenTransaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of one click on the run of that name."""

    run_name: str
    said: Text
    counted: bool


class _Outcome(NamedTuple):
    """What there is to say about a click, and who made it. `overtaken`: somebody else decided first."""

    counted: bool
    said: Text
    by: str
    overtaken: bool = False


def settle(
    server: Server,
    open_transaction: OpenTransaction,
    *,
    deployment_id: str,
    sender: Sender,
    rehearsed: datetime | None,
    since: datetime,
) -> tuple[Settled, ...]:
    """Decide upon every new click on the board's runs, oldest first, each in a transaction of its own.

    A decision is made at the moment of its click, in a rehearsal at `rehearsed`. `since` is the real time up to which the
    server's events are looked through, `LOOK_BACK` ago. The update that follows shows what came of it. Raises Unavailable when
    the server or the database does not answer; what was settled until then stays settled.
    """

    def known(state_ids: Collection[str]) -> set[str]:
        if not state_ids:
            return set()
        with open_transaction() as session:
            return _settled_before(session, state_ids)

    found = clicked(server, deployment_id, since=since, known=known)
    settled = []
    for click in found.clicks:
        with open_transaction() as session:
            outcome = _settle(session, click, sender=sender, now=rehearsed or click.at)
        if outcome is not None:
            settled.append(Settled(click.run_name, outcome.said, outcome.counted))
    if found.foreign:
        with open_transaction() as session:
            _show_again(session, found.foreign)
    return tuple(settled)


def _settled_before(session: Session, state_ids: Collection[str]) -> set[str]:
    ids, found = sorted(state_ids), set[str]()
    for start in range(0, len(ids), IDS_A_QUERY):
        found.update(session.scalars(select(BoardDecision.state_id).where(BoardDecision.state_id.in_(ids[start : start + IDS_A_QUERY]))))
    return found


def _settle(session: Session, click: Click, *, sender: Sender, now: datetime) -> _Outcome | None:
    """Decide upon one click. None where the run stands for no assignment, or somebody else has just settled it."""
    assignment_id = session.scalar(select(Assignment.id).where(Assignment.natural_key == click.key))
    if assignment_id is None or not _is_first(session, click, assignment_id, now):
        return None
    held_one(session, assignment_id)
    outcome = _outcome(session, click, assignment_id, sender=sender, now=now)
    if not outcome.counted:
        state = held_one(session, assignment_id)
        record(session, [Change(assignment_id, NOT_COUNTED, state, state, outcome.said.zh)], at=now, by=outcome.by)
    if outcome.overtaken:
        reviewer = None if outcome.by == OFFICER_HERE else outcome.by
        tell_overtaken(session, assignment_id, reviewer, said=outcome.said, decision=click.state_id, sender=sender, now=now)
    session.execute(
        update(BoardRun)
        .where(BoardRun.assignment_id == assignment_id)
        .values(digest=func.substr(BoardRun.digest, 1, DIGITS))
        .execution_options(synchronize_session=False)
    )
    return outcome


def _is_first(session: Session, click: Click, assignment_id: int, now: datetime) -> bool:
    """Claim a click: of two who settle it at once the second waits here for the first, and leaves it alone."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    claimed = session.execute(
        dialect.insert(BoardDecision)
        .values(state_id=click.state_id, assignment_id=assignment_id, settled_at=now)
        .on_conflict_do_nothing(index_elements=["state_id"])
        .returning(BoardDecision.state_id)
    )
    return claimed.first() is not None


def _outcome(session: Session, click: Click, assignment_id: int, *, sender: Sender, now: datetime) -> _Outcome:
    try:
        with session.begin_nested():
            if click.form:
                return _reviewed(session, click, assignment_id, sender=sender, now=now)
            if click.kind in BY_HAND:
                return _decided_by_hand(session, click, assignment_id, sender=sender, now=now)
    except Unavailable:
        raise
    except Refused as refusal:
        return _Outcome(False, refusal.text, OFFICER_HERE)
    return _Outcome(
        False,
        Text(
            f"“{click.name}”不是对任务的决定，已恢复原状；办结请改为 Completed，撤销改为 Cancelled，退回、重新办理改为 Failed 并写明原因",
            f"“{click.name}” is no decision and is put back; Completed closes, Cancelled withdraws, Failed with a reason returns",
        ),
        "Prefect 界面",
    )


def _reviewed(session: Session, click: Click, assignment_id: int, *, sender: Sender, now: datetime) -> _Outcome:
    given = read_review(click.answer, reviewers=reviewers(session, assignment_id))
    if not isinstance(given, Review):
        return _Outcome(False, Text(f"审核没有计入：{given.zh}；请重新审核", f"The review does not count: {given.en}"), OFFICER_HERE)
    by = OFFICER_HERE if given.reviewer == OFFICER else given.reviewer
    decision = review(
        session,
        assignment_id,
        number=given.number,
        verdict=given.verdict,
        comment=given.comment,
        by=by,
        sender=sender,
        now=now,
    )
    if decision.counted:
        return _Outcome(True, decision.said, by)
    wanted = next(word for word, verdict in CONCLUSIONS.items() if verdict is given.verdict)
    return _Outcome(False, Text(f"“{wanted}”：{decision.said.zh}", f"“{wanted}”: {decision.said.en}"), by, overtaken=True)


def _decided_by_hand(session: Session, click: Click, assignment_id: int, *, sender: Sender, now: datetime) -> _Outcome:
    meanwhile = _meanwhile(session, click, assignment_id, zone=sender.zone, now=now)
    if meanwhile is not None:
        return _Outcome(False, _of(click, meanwhile), OFFICER_HERE, overtaken=True)
    decision = decide_by_hand(session, assignment_id, BY_HAND[click.kind], reason=click.message, by=OFFICER_HERE, sender=sender, now=now)
    return _Outcome(decision.counted, decision.said if decision.counted else _of(click, decision.said), OFFICER_HERE)


def _meanwhile(session: Session, click: Click, assignment_id: int, *, zone: ZoneInfo, now: datetime) -> Text | None:
    """What happened to the assignment that the run did not show when it was clicked; None where nothing did."""
    version = _version_on_view(session, click)
    if version:
        return changed_since(session, assignment_id, version, zone=zone)
    today = now.astimezone(zone).date()
    (duty,) = duties(session, [assignment_id], today=today)
    stands = card_of(duty, today=today, zone=zone).state.name
    if stands == click.shown:
        return None
    return Text(
        f"任务现在是“{stands}”，界面当时还没有显示，这次决定没有计入",
        f"The assignment is {stands} now, which the board did not show yet; this decision does not count",
    )


def _version_on_view(session: Session, click: Click) -> int:
    """The version of the assignment that the run showed when it was clicked; 0 where it is not known (any more)."""
    run = session.execute(select(BoardRun.version, BoardRun.version_before).where(BoardRun.run_id == click.run_id)).one_or_none()
    if run is None or click.written_over > 1:
        return 0
    shown: int = run.version_before if click.written_over else run.version
    return shown


def _of(click: Click, said: Text) -> Text:
    return Text(f"改为 {click.name} 没有计入：{said.zh}", f"{click.name} does not count: {said.en}")


def _show_again(session: Session, run_ids: Collection[str]) -> None:
    """Let the update send the states of these runs whatever it sent before: they show something else, and all of it is settled."""
    session.execute(
        update(BoardRun)
        .where(BoardRun.run_id.in_(run_ids), func.length(BoardRun.digest) > DIGITS)
        .values(version=0, digest=func.substr(BoardRun.digest, 1, DIGITS))
        .execution_options(synchronize_session=False)
    )
