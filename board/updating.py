"""更新看板: the office's database → the Prefect server, so that every run shows how its assignment stands.

In: the server, the office's database, the moment. Out: `Updated`, what was sent; nothing is sent that the server has already.
Load, decide, send, remember: no transaction is open while the server is talked to, and what was sent is remembered in small
parts. Killed anywhere, the next update asks the server what it has and goes on from there. One update runs at a time
(`zeren.database.alone`), within one `board.memory.attempt`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from board import memory
from board.cards import DIGITS, Card, card_of
from board.duties import duties
from board.installing import install
from board.logs import send_logs
from board.memory import OpenSession, Shown
from board.server import CREATED_AT_ONCE, Gone, Server
from board.states import NOT_A_DUTY, OUR_NAMES
from board.values import NO_DUTY, Line, NewRun, SeenRun, State

CARDS_AT_ONCE = 1000  # bounds the memory
CHANGES_AT_ONCE = 100  # sent before they are remembered: what a kill leaves to be asked about
T = TypeVar("T")


@dataclass(slots=True)
class Updated:
    """What one update did. Numbers of runs, of lines in their logs."""

    created: int = 0
    changed: int = 0
    removed: int = 0  # closed long ago
    strangers: int = 0  # runs that somebody started by hand
    lines: int = 0
    shown: int = 0  # on the board now
    undecided: int = 0  # in a state that somebody set by hand and that is not settled yet


@dataclass(slots=True)
class _Update:
    server: Server
    open_reading: OpenSession
    open_transaction: OpenSession
    zone: ZoneInfo
    today: date
    now: datetime
    deployment_id: str
    done: Updated = field(default_factory=Updated)
    undecided: frozenset[str] = frozenset()  # ids of runs that wait to be settled: their states are left alone
    seen: Mapping[str, SeenRun] | None = None  # all runs of the server by their ids, if it was asked


def update(
    server: Server,
    open_reading: OpenSession,
    open_transaction: OpenSession,
    *,
    now: datetime,
    zone: ZoneInfo,
    full: bool,
    closed_days: int | None = None,
) -> Updated:
    """Bring the board up to date with the database.

    What changed is known from the versions of the assignments and from the days on which they turn; `full` compares every run on the
    server with its card too, which is also done where the server has more or fewer runs than remembered or the last update did not
    end. `closed_days` limits the board to what is open or ended in so many days; None: all. Raises `Unavailable`.
    """
    deployment_id = install(server)
    with open_transaction() as session:
        memory.stands_on(session, api_url=server.api_url, deployment_id=deployment_id)
        remembered = memory.count_shown(session)
    work = _Update(server, open_reading, open_transaction, zone, now.astimezone(zone).date(), now, deployment_id)
    _look(work, remembered, full)
    ended_after = memory.days_before(now, closed_days)
    if ended_after is not None:
        _remove(work, ended_after)
    with open_reading() as session:
        ids = memory.to_show(session, today=None if full or work.seen is not None else work.today, ended_after=ended_after)
    for some in _batches(ids, CARDS_AT_ONCE):
        _bring(work, some)
    work.done.lines += send_logs(server, open_reading, open_transaction, zone=zone)
    with open_reading() as session:
        work.done.shown = memory.count_shown(session)
    return work.done


# What the server has


def _look(work: _Update, remembered: int, full: bool) -> None:
    """Two requests where nothing is odd: which runs stand in a state that is none of ours, and how many runs there are."""
    odd = work.server.runs_in_other_states(work.deployment_id, OUR_NAMES)
    counted = work.server.count_runs(work.deployment_id, without=[NOT_A_DUTY.name])
    if full or counted != remembered:
        work.seen = {run.id: run for run in work.server.runs(work.deployment_id)}
        odd = [run for run in work.seen.values() if run.state.name not in OUR_NAMES]
    runs = odd if work.seen is None else work.seen.values()
    with work.open_reading() as session:
        keys = memory.keys(session) if runs else {}
        waiting = memory.shown(session, [keys[run.key] for run in odd if run.key in keys])
    _turn_away(work, [run for run in runs if run.key not in keys and run.state.name != NOT_A_DUTY.name])
    work.undecided = frozenset(row.run_id for row in waiting.values() if not row.cut)
    work.done.undecided = len(work.undecided)
    if work.seen is not None:
        _agree(work, {keys[run.key]: run for run in work.seen.values() if run.key in keys})


def _turn_away(work: _Update, strangers: Sequence[SeenRun]) -> None:
    """Runs that stand for no assignment, because somebody pressed *Run* on the deployment or copied a run with its tags, are called so
    and not counted.
    """
    for run in strangers:
        with suppress(Gone):
            work.server.change_face(run.id, NO_DUTY)
    work.server.set_state([run.id for run in strangers], NOT_A_DUTY)
    work.server.log([Line(run.id, work.now, NOT_A_DUTY.message, warning=True) for run in strangers])
    work.done.strangers = len(strangers)


def _agree(work: _Update, runs: Mapping[int, SeenRun]) -> None:
    """Forget runs that the server does not have any more, and take over those that it has and nobody remembers."""
    with work.open_transaction() as session:
        remembered = memory.shown(session)
        other = {id for id, row in remembered.items() if id not in runs or runs[id].id != row.run_id}
        memory.forget(session, other)
        found = {id: run for id, run in runs.items() if id not in remembered or id in other}
        memory.adopt(session, found, memory.versions(session, found))


def _remove(work: _Update, ended_before: datetime) -> None:
    with work.open_reading() as session:
        past = memory.past(session, ended_before=ended_before)
    for some in _batches(list(past), CHANGES_AT_ONCE):
        work.server.delete_runs([past[id] for id in some])
        with work.open_transaction() as session:
            memory.forget(session, some)
    work.done.removed = len(past)


# What it should have


def _bring(work: _Update, ids: Sequence[int]) -> None:
    """Show these assignments: create what is missing, change what differs."""
    with work.open_reading() as session:
        cards = {duty.id: card_of(duty, today=work.today, zone=work.zone) for duty in duties(session, ids, today=work.today)}
        remembered = memory.shown(session, ids)
    wanted = [cards[id] for id in ids if id in cards]
    for new in _batches([card for card in wanted if card.assignment_id not in remembered], CREATED_AT_ONCE):
        _create(work, new)
    known = [(card, remembered[card.assignment_id]) for card in wanted if card.assignment_id in remembered]
    for some in _batches([(card, row) for card, row in known if _differs(work, card, row)], CHANGES_AT_ONCE):
        moved = _take_off_moved(work, some)
        if moved:
            _create(work, moved)
        _change(work, [(card, row) for card, row in some if card not in moved])


def _create(work: _Update, cards: Sequence[Card]) -> None:
    """New runs, each on its due day, and then in its state."""
    runs = [NewRun(card.natural_key, card.face, card.first_state) for card in cards]
    ids = work.server.create_runs(work.deployment_id, runs)
    pairs = list(zip(cards, ids, strict=True))
    _set_states(work, [(card, run_id) for card, run_id in pairs if card.state != card.first_state])
    with work.open_transaction() as session:
        memory.store(session, (_row(card, run_id) for card, run_id in pairs))
    work.done.created += len(cards)
    # At once, and not for all at the end: meanwhile the server writes down its events. On SQLite a creation that meets them waits, and
    # fails where the server is Prefect's own.
    work.done.lines += send_logs(work.server, work.open_reading, work.open_transaction, zone=work.zone)


def _differs(work: _Update, card: Card, row: Shown) -> bool:
    if row.run_id in work.undecided and len(row.digest) > DIGITS:  # one that was settled just now is to be shown
        return False
    if work.seen is not None and _begins_elsewhere(card, work.seen[row.run_id]):
        return True
    return (
        row.version != card.version or row.look_again_on != card.look_again_on or _new_face(work, card, row) or _new_state(work, card, row)
    )


def _begins_elsewhere(card: Card, run: SeenRun) -> bool:
    """Whether a run stands on another day than its duty, which was extended since; one that somebody clicked on is left to be settled."""
    return card.extended and run.begins_at != card.first_state.scheduled_at and run.state.name in OUR_NAMES


def _take_off_moved(work: _Update, changes: Sequence[tuple[Card, Shown]]) -> list[Card]:
    """Take the runs of extended duties from the board that begin on another day; the cards for which new ones are to be made.

    A run keeps the day for which it was first scheduled, whatever states follow (docs/decisions/0012): Prefect's charts go by it. The
    server is asked just before, so that no click is taken away with a run.
    """
    extended = {row.run_id: card for card, row in changes if card.extended}
    runs = work.server.runs_with_ids(list(extended))
    moved = {run.id: extended[run.id] for run in runs if _begins_elsewhere(extended[run.id], run)}
    if moved:
        work.server.delete_runs(list(moved))
        with work.open_transaction() as session:
            memory.forget(session, [card.assignment_id for card in moved.values()])
    return list(moved.values())


def _new_face(work: _Update, card: Card, row: Shown) -> bool:
    return not work.seen[row.run_id].shows_face(card.face) if work.seen is not None else not card.shows_face_of(row.digest)


def _new_state(work: _Update, card: Card, row: Shown) -> bool:
    if work.seen is None or (card.form is not None and not card.shows_state_of(row.digest)):
        return not card.shows_state_of(row.digest)
    return not work.seen[row.run_id].shows_state(card.state)


def _change(work: _Update, changes: Sequence[tuple[Card, Shown]]) -> None:
    """Send what is new of these runs, and remember all of it. Runs that are gone by now are left: the next update misses them."""
    gone = set()
    for card, row in changes:
        if _new_face(work, card, row):
            try:
                work.server.change_face(row.run_id, card.face)
            except Gone:
                gone.add(row.run_id)
    pending = [(card, row.run_id) for card, row in changes if _new_state(work, card, row) and row.run_id not in gone]
    gone |= _set_states(work, pending)
    sent = {run_id for _, run_id in pending}
    stayed = [(card, row) for card, row in changes if row.run_id not in gone]
    with work.open_transaction() as session:
        memory.replace(
            session, (_row(card, row.run_id, before=row.version if row.run_id in sent else row.version_before) for card, row in stayed)
        )
    work.done.changed += len(stayed)


def _set_states(work: _Update, runs: Sequence[tuple[Card, str]]) -> set[str]:
    """Runs that get the same state get it together; ids of those that are gone."""
    gone: set[str] = set()
    together: dict[str, tuple[State, list[str]]] = {}
    for card, run_id in runs:
        state = card.state
        if card.form is not None:
            try:
                state = State(state.kind, state.name, state.message, keyset=work.server.open_form(run_id, card.form))
            except Gone:
                gone.add(run_id)
                continue
        together.setdefault(repr(state), (state, []))[1].append(run_id)
    for state, run_ids in together.values():
        gone |= set(run_ids) - work.server.set_state(run_ids, state)
    return gone


def _row(card: Card, run_id: str, before: int = 0) -> Shown:
    """`before`: the version that the state showed over which the one that it has now was written."""
    return Shown(card.assignment_id, run_id, card.version, card.digest, card.look_again_on, 0, 0, before)


def _batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]
