"""The board of an office on a Prefect server of its own: built, updated, and opened in a browser.

Building is measured beside bare bulk creations on the same server: as many runs with nothing but a state and a key, without which a
request that was not answered could not be sent again. Half of them are created before the board and half after it, so that both meet
the same machine; each part begins on a server that has come to rest. What has the bar are the runs, with their tags, parameters and
histories, decisions looked for before; pages and saved filters, whose number follows the units and people and not the assignments, are
shown with them in the next line. Updating is measured after fifty assignments were reported with evidence, which takes the most requests
of all changes, on a board of the benchmark's size and on one of 10,000; its times hold all of an update, pages too.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import Figure, planning
from board.deciding import LOOK_BACK, settle
from board.installing import install
from board.links import YEAR, runs_page, tag
from board.memory import attempt
from board.pages import update_pages
from board.server import CREATED_AT_ONCE, PAUSES, Server, connect
from board.updating import Updated, update
from board.values import FLOW
from engine.issuing import issue
from engine.reporting import report
from engine.roster import store_roster
from models import Assignment, AssignmentState
from notifications.sender import Sender
from office.text import Refused, Text
from zeren.database import engine_for, prepare, reading, transaction
from zeren.ports import free_port
from zeren.prefect_server import prefect_server

SIZE = 3000  # assignments
LARGE = 10_000
BAR = 1 / 0.85  # building runs at 85 % or more of the rate of bare creations
CHANGED, UPDATE_BAR = 50, 3.0
BARE = "bare"  # name of their flow and deployment
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")  # root has no sandbox; nothing leaves the machine
SETTLE_SECONDS = 8  # in which the server writes down the events of what was done before
ROUNDS = 3  # of what is short; the best one counts
NOW = planning.NOW
SENDER = Sender("zeren@example.com")


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Seconds to build the board, to update it, and to update and open a large one."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder) / "prefect") as ui_url:
        url = _office(Path(folder) / "office.db", size)
        bare = _bare(size // 2)
        sleep(SETTLE_SECONDS)
        seconds, done, with_pages = _update(url)
        sleep(SETTLE_SECONDS)
        bare += _bare(done.created - size // 2)
        yield Figure(f"board of {done.created} built", seconds, "s", reference=bare, bar=BAR)
        yield Figure("the same with its pages and saved filters", with_pages, "s", reference=bare)
        yield Figure(f"board of {done.shown} updated, {CHANGED} changed", _changed(url), "s", bar=UPDATE_BAR)
        if size < SIZE:
            return
        large = _office(Path(folder) / "large.db", LARGE)
        with connect() as server:
            _remove(server, FLOW)
        done = _update(large)[1]
        yield Figure(f"board of {done.shown} updated, {CHANGED} changed", _changed(large), "s", bar=UPDATE_BAR)
        yield Figure(f"board of {done.shown} compared as a whole", _update(large, full=True)[2], "s")
        for ui, waited in _opened(ui_url).items():
            yield Figure(f"Runs page with {done.shown} runs opened, {ui} UI", waited, "s")


@contextmanager
def _server(home: Path) -> Iterator[str]:
    """A Prefect server that lives as long as the block, and the Prefect of this process talks to it."""
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    with prefect_server(home, free_port(0)) as server:
        asyncio.run(server.wait())
        with temporary_settings({PREFECT_API_URL: server.api_url, PREFECT_HOME: home}):
            yield server.ui_url


def _remove(server: Server, flow: str) -> None:
    """A flow with all of its runs."""
    server.call("DELETE", f"/flows/{server.call('GET', f'/flows/name/{flow}')['id']}")


def _bare(count: int) -> float:
    """Seconds to create so many bare runs of a deployment of their own, which goes afterwards.

    They are scheduled far off, so that the server's services leave them alone. A request on SQLite may fail for all of its runs because
    these services write at that moment: it is sent again, as the board's are.
    """
    far = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    with connect() as server:
        flow = server.call("POST", "/flows/", {"name": BARE})
        deployment = server.call("POST", "/deployments/", {"name": BARE, "flow_id": flow["id"]})["id"]
        sleep(SETTLE_SECONDS)
        began, created = perf_counter(), 0
        while created < count:
            at_once = min(CREATED_AT_ONCE, count - created)
            state = {"type": "SCHEDULED", "state_details": {"scheduled_time": far}}
            runs = [{"state": state, "idempotency_key": uuid4().hex} for _ in range(at_once)]
            results = server.call("POST", f"/deployments/{deployment}/create_flow_run/bulk", runs)["results"]
            if results[0]["flow_run_id"] is None:
                sleep(PAUSES[0])
            created += sum(result["flow_run_id"] is not None for result in results)
        seconds = perf_counter() - began
        _remove(server, BARE)
    return seconds


def _office(file: Path, size: int) -> str:
    """The database of an office that has issued a list of so many assignments."""
    url = f"sqlite:///{file}"
    prepare(url)
    with transaction(url) as session:
        store_roster(session, planning.roster(), year=planning.YEAR, now=NOW)
    with transaction(url) as session:
        issue(session, planning.reading(size), year=planning.YEAR, file_name="list.xlsx", sender=SENDER, now=NOW)
    return url


def _update(url: str, *, full: bool = False) -> tuple[float, Updated, float]:
    """Seconds until the runs are right, what was done about them, and seconds for the whole of it, as `tasks.board` does it."""

    def opened() -> AbstractContextManager[Session]:
        return transaction(url)

    began = perf_counter()
    with attempt(opened, now=NOW) as interrupted, connect() as server:
        everything = full or interrupted
        since = datetime.now(UTC) - LOOK_BACK
        settle(server, opened, deployment_id=install(server), sender=SENDER, rehearsed=NOW, since=since)
        done = update(server, lambda: reading(url), opened, now=NOW, zone=SENDER.zone, full=everything)
        runs_are_right = perf_counter() - began
        update_pages(server, opened, zone=SENDER.zone, now=NOW, all_of_it=everything)
    return runs_are_right, done, perf_counter() - began


def _changed(url: str) -> float:
    """Seconds to show that fifty assignments were reported, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        sleep(SETTLE_SECONDS)
        with transaction(url) as session:
            ids = list(session.scalars(select(Assignment.id).where(Assignment.state == AssignmentState.SENT).limit(CHANGED)))
            for id in ids:
                evidence = [("照片", "https://example.com/1.jpg")]
                report(session, id, text="已开展一次，全体党员参加", evidence=evidence, by="书记", now=NOW)
        _, done, seconds = _update(url)
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
