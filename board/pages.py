"""The pages and saved filters of the board, kept true: only what changed is sent.

In: the server, and how the database is opened. Out: how many were sent. A page is one artifact that is written over: the newest
of them has a lasting address, and an hourly board does not fill the server with versions. Killed anywhere, the next run finds
by its key or name what was created without being noted, and writes over it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from board.filters import filters, saved_search
from board.installing import DESCRIPTION, ENTRYPOINT
from board.own_pages import keys_of_people, own_keys, own_pages
from board.page_parts import Page, Places
from board.server import Gone, Server
from board.year_pages import entrance, page_keys, pages, year_key
from engine.standing import YearStanding, standings_to_show
from models import Board, BoardPage, BoardRun

FILTER = "filter:"  # before the name of a saved filter, in the table of what was sent
ENTRANCE = "deployment"  # the description of the board's deployment: neither UI's menu leads to artifacts
PAGE = 200


@dataclass(frozen=True, slots=True)
class _Sent:
    """What the server has under a key, as far as we know."""

    digest: str
    server_id: str


def update_pages(
    server: Server, open_transaction: Callable[[], AbstractContextManager[Session]], *, zone: ZoneInfo, now: datetime, all_of_it: bool
) -> int:
    """Bring all pages and saved filters up to date; how many were sent. No transaction is open while the server is asked.

    `all_of_it`: asks the server as well what it still has, and brings back what was deleted in the UI. Raises Unavailable when
    the server does not answer.
    """
    with open_transaction() as session:
        standings = standings_to_show(session, zone=zone, now=now)
        known = {row.key: _Sent(row.digest, row.server_id) for row in session.scalars(select(BoardPage))}
        runs = _runs(session, standings)
        deployment_id = session.scalar(select(Board.deployment_id))
    if not standings:
        return 0
    there = _still_there(server, known) if all_of_it else known
    sent = _send_pages(server, standings, runs, there) | _send_filters(server, standings, there)
    if deployment_id is not None:
        sent |= _send_entrance(server, deployment_id, standings, there | sent)
    gone = [key for key in known if key not in there and key not in sent]
    gone += _take_away_filters(server, standings, there)
    gone += _take_away_pages(server, standings, there)
    with open_transaction() as session:
        session.execute(delete(BoardPage).where(BoardPage.key.in_([*sent, *gone])))
        session.add_all(BoardPage(key=key, digest=row.digest, server_id=row.server_id) for key, row in sent.items())
    return len(sent)


def page_ids(session: Session) -> dict[str, str]:
    """The ids of the pages that were sent, by their keys."""
    rows = session.execute(select(BoardPage.key, BoardPage.server_id).where(BoardPage.key.not_like(f"{FILTER}%")))
    return dict(rows.all())


def _runs(session: Session, standings: Iterable[YearStanding]) -> dict[int, str]:
    """The runs of the overdue assignments, which their list links to."""
    overdue = {duty.id for standing in standings for duty in standing.overdue}
    if not overdue:
        return {}
    rows = session.execute(select(BoardRun.assignment_id, BoardRun.run_id))
    return {assignment_id: run_id for assignment_id, run_id in rows if assignment_id in overdue}


def _still_there(server: Server, known: Mapping[str, _Sent]) -> dict[str, _Sent]:
    """Those of the known pages and filters that the server has."""
    ids = {str(row["id"]) for row in _filtered(server, "/saved_searches/filter", {})}
    keys = [key for key in known if not key.startswith(FILTER) and key != ENTRANCE]
    ids |= set(_artifacts(server, keys).values())
    ids |= {row.server_id for key, row in known.items() if key == ENTRANCE}
    return {key: row for key, row in known.items() if row.server_id in ids}


def _send_pages(server: Server, standings: list[YearStanding], runs: Mapping[int, str], known: Mapping[str, _Sent]) -> dict[str, _Sent]:
    """What was sent, by key. Pages link to each other by their ids: of those that are new all but people's are put there empty before
    any is written; people's, which come first and which no page of theirs links to, are created as they will be.
    """
    ids = {key: row.server_id for key, row in known.items()}
    new = [key for standing in standings for key in _keys(standing) if key not in ids]
    ids |= _artifacts(server, new)
    peoples = {key for standing in standings for key in keys_of_people(standing)}
    ids |= {key: _create(server, Page(key, "", "")) for key in new if key not in ids and key not in peoples}
    written = {key: row for key, row in known.items() if key not in new}
    sent: dict[str, _Sent] = {}
    while True:
        moved = False
        for page in (page for standing in standings for page in _pages(standing, Places(ids, runs))):
            digest = _digest(_body(page))
            if page.key not in written or written[page.key].digest != digest:
                there = ids.get(page.key)
                ids[page.key] = _write(server, page, there) if there else _create(server, page)
                moved |= there not in (None, ids[page.key])
                sent[page.key] = written[page.key] = _Sent(digest, ids[page.key])
        if not moved:
            return sent  # else pages that came before link to where it was: once more


def _keys(standing: YearStanding) -> tuple[str, ...]:
    return (*page_keys(standing.year), *own_keys(standing))


def _pages(standing: YearStanding, places: Places) -> Iterator[Page]:
    """One after the other, so that a page links to what was put there while those before it were sent."""
    yield from own_pages(standing, places)
    yield from pages(standing, places)


def _write(server: Server, page: Page, artifact_id: str) -> str:
    """Write the page over; created anew where somebody deleted it. The id that it has now."""
    try:
        server.call("PATCH", f"/artifacts/{artifact_id}", _body(page))
    except Gone:
        return _create(server, page)
    return artifact_id


def _create(server: Server, page: Page) -> str:
    return str(server.call("POST", "/artifacts/", {"key": page.key, "type": "markdown", **_body(page)})["id"])


def _body(page: Page) -> dict[str, str]:
    return {"description": page.name, "data": page.markdown}


def _send_entrance(server: Server, deployment_id: str, standings: list[YearStanding], known: Mapping[str, _Sent]) -> dict[str, _Sent]:
    """The deployment's page leads to the pages of the years, the latest first."""
    ids = {standing.year: known[year_key(standing.year)].server_id for standing in reversed(standings)}
    description = f"{entrance(ids)}\n\n{DESCRIPTION}"
    body = {"description": description, "entrypoint": ENTRYPOINT}
    digest = _digest(body)
    if ENTRANCE in known and known[ENTRANCE] == _Sent(digest, deployment_id):
        return {}
    server.call("PATCH", f"/deployments/{deployment_id}", body)
    return {ENTRANCE: _Sent(digest, deployment_id)}


def _send_filters(server: Server, standings: Sequence[YearStanding], known: Mapping[str, _Sent]) -> dict[str, _Sent]:
    """What was sent, by key. A filter of the same name is written over."""
    sent = {}
    for wanted in filters(standings):
        key, body = FILTER + wanted.name, saved_search(wanted)
        digest = _digest(body)
        if key not in known or known[key].digest != digest:
            sent[key] = _Sent(digest, str(server.call("PUT", "/saved_searches/", body)["id"]))
    return sent


def _take_away_filters(server: Server, standings: Sequence[YearStanding], known: Mapping[str, _Sent]) -> list[str]:
    """Delete the filters of branches, leaders and years that have nothing to do any more; their keys."""
    wanted = {FILTER + each.name for each in filters(standings)}
    stale = [key for key in known if key.startswith(FILTER) and key not in wanted]
    for key in stale:
        _delete(server, f"/saved_searches/{known[key].server_id}")
    return stale


def _take_away_pages(server: Server, standings: list[YearStanding], known: Mapping[str, _Sent]) -> list[str]:
    """Delete the own pages of units and people that have nothing to do any more; their keys. Pages of earlier years stay."""
    wanted = {key for standing in standings for key in _keys(standing)}
    shown = tuple(f"{year_key(standing.year)}-" for standing in standings)
    stale = [key for key in known if key.startswith(shown) and key not in wanted]
    for key in stale:
        _delete(server, f"/artifacts/{known[key].server_id}")
    return stale


def _delete(server: Server, path: str) -> None:
    with suppress(Gone):
        server.call("DELETE", path)


def _artifacts(server: Server, keys: Iterable[str]) -> dict[str, str]:
    """The ids of the newest artifacts with these keys."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    rows = _filtered(server, "/artifacts/latest/filter", {"artifacts": {"key": {"any_": wanted}}})
    return {row["key"]: str(row["latest_id"]) for row in rows}


def _filtered(server: Server, path: str, body: Mapping[str, Any]) -> list[Any]:
    """All rows, 200 a request."""
    rows: list[Any] = []
    while True:
        page = server.call("POST", path, {**body, "offset": len(rows), "limit": PAGE})
        rows += page
        if len(page) < PAGE:
            return rows


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
