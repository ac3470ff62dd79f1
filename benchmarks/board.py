"""The board of an office on a Prefect server of its own: built, updated, and opened in a browser.

Building is measured beside bare bulk creations on the same server in the same run: as many runs with nothing but a state and a
key, in requests of the same size; and beside runs without keys, which could not be created again without doubling them. Updating
is measured after fifty assignments were reported with evidence, which takes the most requests of all changes, on a board of the
benchmark's size and on one of 10,000. Zeren's times hold all of an update: decisions, runs, logs and pages.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from uuid import uuid4

from sqlalchemy import select

from benchmarks import Figure, planning
from board.installing import install
from board.links import YEAR, runs_page, tag
from board.server import CREATED_AT_ONCE, PAUSES, Server, connect
from board.updating import Updated
from board.values import FLOW
from engine.issuing import issue
from engine.reporting import report
from engine.roster import store_roster
from models import Assignment, AssignmentState
from notifications.sender import Sender
from office.text import Refused, Text
from tasks.board import bring_up_to_date
from zeren.database import engine_for, prepare, transaction
from zeren.ports import free_port
from zeren.prefect_server import prefect_server
from zeren.settings import settings

SIZE = 3000  # assignments
LARGE = 10_000
BAR = 1 / 0.85  # building runs at 85 % or more of the rate of bare creations
CHANGED, UPDATE_BAR = 50, 3.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")  # root has no sandbox; nothing leaves the machine
SETTLE_SECONDS = 8
ROUNDS = 3  # of each, in turn; the best one counts
NOW = planning.NOW


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Seconds to build the board, to update it, and to update a large one."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder) / "prefect") as ui_url:
        built, bare, keyless = [], [], []
        for number in range(ROUNDS):
            bare.append(_bare(size, keys=True))
            url = _office(Path(folder) / f"{number}.db", size)
            with connect() as server:
                _clear(server)
            _settle()
            seconds, done = _update(url)
            assert done.created >= size
            built.append(seconds * size / done.created)
            keyless.append(_bare(size, keys=False))
        yield Figure(f"board of {size} built", min(built), "s", reference=min(bare), bar=BAR)
        yield Figure(f"board of {size} built, against runs without keys", min(built), "s", reference=min(keyless))
        done = _update(url)[1]  # again: the bare runs took its place
        _settle()
        yield Figure(f"board of {done.shown} updated, {CHANGED} changed", _changed(url), "s", bar=UPDATE_BAR)
        if size < SIZE:
            return
        large = _office(Path(folder) / "large.db", LARGE)
        done = _update(large)[1]
        _settle()
        yield Figure(f"board of {done.shown} updated, {CHANGED} changed", _changed(large), "s", bar=UPDATE_BAR)
        yield Figure(f"board of {done.shown} compared as a whole", _update(large, full=True)[0], "s")
        for ui, seconds in _opened(ui_url).items():
            yield Figure(f"Runs page with {done.shown} runs opened, {ui} UI", seconds, "s")


@contextmanager
def _server(home: Path) -> Iterator[str]:
    """A Prefect server that lives as long as the block, and the Prefect of this process talks to it."""
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    with prefect_server(home, free_port(0)) as server:
        asyncio.run(server.wait())
        with temporary_settings({PREFECT_API_URL: server.api_url, PREFECT_HOME: home}):
            yield server.ui_url


def _clear(server: Server) -> str:
    """An empty board."""
    install(server)
    server.call("DELETE", f"/flows/{server.call('GET', f'/flows/name/{FLOW}')['id']}")
    return install(server)


def _bare(size: int, *, keys: bool) -> float:
    """Seconds for as many bare runs, scheduled far off so that the server's services leave them alone.

    A request on SQLite may fail for all of its runs because the server's services write at that moment: it is sent again here too.
    """
    far = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": far}}
    with connect() as server:
        path = f"/deployments/{_clear(server)}/create_flow_run/bulk"
        _settle()
        began = perf_counter()
        left = size
        while left:
            runs = [
                {"state": state, "idempotency_key": uuid4().hex} if keys else {"state": state} for _ in range(min(CREATED_AT_ONCE, left))
            ]
            results = server.call("POST", path, runs)["results"]
            created = sum(result["flow_run_id"] is not None for result in results)
            left -= created
            if not created:
                sleep(PAUSES[0])
        return perf_counter() - began


def _settle() -> None:
    """Let the server write down the events of what was done before: it takes some seconds after."""
    sleep(SETTLE_SECONDS)


def _office(file: Path, size: int) -> str:
    """The database of an office that has issued a list of so many assignments."""
    url = f"sqlite:///{file}"
    prepare(url)
    with transaction(url) as session:
        store_roster(session, planning.roster(), year=planning.YEAR, now=NOW)
    with transaction(url) as session:
        issue(session, planning.reading(size), year=planning.YEAR, file_name="list.xlsx", sender=Sender("zeren@example.com"), now=NOW)
    return url


def _update(url: str, *, full: bool = False) -> tuple[float, Updated]:
    """Seconds for the whole of it: decisions, runs, logs, pages."""
    os.environ |= {"ZEREN_DATABASE_URL": url, "ZEREN_NOW": f"{NOW:%Y-%m-%dT%H:%M%z}"}
    settings.cache_clear()
    began = perf_counter()
    done = bring_up_to_date.fn(full)
    return perf_counter() - began, done.updated


def _changed(url: str) -> float:
    """Seconds to show that fifty assignments were reported, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        with transaction(url) as session:
            ids = list(session.scalars(select(Assignment.id).where(Assignment.state == AssignmentState.SENT).limit(CHANGED)))
            for id in ids:
                evidence = [("照片", "https://example.com/1.jpg")]
                report(session, id, text="已开展一次，全体党员参加", evidence=evidence, by="书记", now=NOW)
        seconds, done = _update(url)
        assert done.changed == len(ids)
        best = min(best, seconds)
    engine_for(url).dispose()
    return best


def _opened(ui_url: str) -> dict[str, float]:
    """Seconds from asking for the year's Runs page to its first run in view, by the name of the UI; nothing cached by the browser."""
    browsers = [program for name in BROWSERS if (program := shutil.which(name))]
    if not browsers:
        raise Refused(Text("没有 Chromium 浏览器", "There is no Chromium: install Debian's package chromium"))
    from playwright.sync_api import sync_playwright

    page_of = runs_page(ui_url, tag(YEAR, planning.YEAR), planning.YEAR)
    seconds = {"present": float("inf"), "new": float("inf")}
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=browsers[0], args=list(FLAGS)) as browser:
        for _ in range(ROUNDS):
            for ui, address in (("present", page_of.present), ("new", page_of.new)):
                with browser.new_context() as context:
                    page = context.new_page()
                    began = perf_counter()
                    page.goto(address)
                    page.locator("a[href*='/runs/flow-run/']").first.wait_for(timeout=120_000)
                    seconds[ui] = min(seconds[ui], perf_counter() - began)
    return seconds
