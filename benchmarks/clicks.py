"""How long a reviewer waits: from submitting the form in the Prefect UI to the run that shows what was decided.

Through everything that lies between in an office: automation, work pool, a worker that looks for work as `zeren up`'s does, and a
process of its own for the flow, on a board of the benchmark's size. Each click is settled before the next one is made.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from prefect.settings import PREFECT_API_URL, PREFECT_HOME, PREFECT_WORKER_QUERY_SECONDS, temporary_settings
from sqlalchemy import select

from benchmarks import Figure, planning
from board.installing import install
from board.server import Server, connect
from engine.issuing import issue
from engine.reporting import report
from engine.roster import store_roster
from flows.deployment import deploy, worker
from models import Assignment
from notifications.sender import Sender
from tasks.board import bring_up_to_date
from zeren.database import prepare, transaction
from zeren.ports import free_port
from zeren.prefect_server import prefect_environment, prefect_server
from zeren.settings import settings
from zeren.up import POLL_SECONDS

SIZE = 3000  # assignments on the board
CLICKS = 8
BAR = 15.0  # seconds
PAUSE = 15.0  # seconds between a settled run and the next click: that of a reader, and longer than the flow waits for more clicks
LOOK_AGAIN_SECONDS = 0.05


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Seconds from the click to the settled run: the longest and the median."""
    with tempfile.TemporaryDirectory() as folder, _office(Path(folder), size):
        asyncio.run(deploy(stream_output=False))
        waited = asyncio.run(_clicks(Path(folder)))
    yield Figure(f"click to settled run, longest of {CLICKS}, board of {size}", max(waited), "s", bar=BAR)
    yield Figure(f"click to settled run, median of {CLICKS}, board of {size}", median(waited), "s")


@contextmanager
def _office(folder: Path, size: int) -> Iterator[None]:
    """A server with the board of an office; some assignments are reported. The processes of the worker find both."""
    with prefect_server(folder / "prefect", free_port(0)) as server:
        asyncio.run(server.wait())
        url = f"sqlite:///{folder}/zeren.db"
        os.environ |= prefect_environment(folder / "prefect", server.api_url)
        os.environ |= {"ZEREN_DATABASE_URL": url, "ZEREN_NOW": f"{planning.NOW:%Y-%m-%dT%H:%M%z}"}
        settings.cache_clear()
        prepare(url)
        with transaction(url) as session:
            store_roster(session, planning.roster(), year=planning.YEAR, now=planning.NOW)
        with transaction(url) as session:
            sender, reading = Sender("zeren@example.com"), planning.reading(size)
            issue(session, reading, year=planning.YEAR, file_name="list.xlsx", sender=sender, now=planning.NOW)
        with transaction(url) as session:
            for id in session.scalars(select(Assignment.id).order_by(Assignment.id).limit(CLICKS)).all():
                report(session, id, text="已开展一次，全体党员参加", by="书记", now=planning.NOW)
        here = {PREFECT_API_URL: server.api_url, PREFECT_HOME: folder / "prefect", PREFECT_WORKER_QUERY_SECONDS: float(POLL_SECONDS)}
        with temporary_settings(here):
            bring_up_to_date.fn(True)
            yield


async def _clicks(folder: Path) -> list[float]:
    with connect() as server:
        board = install(server)
        waiting = [run.id for run in server.runs(board) if run.state.name == "待审核"]
        async with worker(folder):
            waited = []
            for run_id in waiting:
                await asyncio.sleep(PAUSE)
                waited.append(await _click(server, run_id))
    return waited


async def _click(server: Server, run_id: str) -> float:
    answer = {"审核结论": "退回", "审核意见": "请附签到表", "审核人": "计划员", "第几次报送": 1}
    began = perf_counter()
    assert server.call("POST", f"/flow_runs/{run_id}/resume", {"run_input": answer})["status"] == "ACCEPT"
    while next(iter(server.runs_with_ids([run_id]))).state.name != "退回重办":
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return perf_counter() - began
