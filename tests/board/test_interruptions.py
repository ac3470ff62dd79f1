"""Whatever interrupts an update, the next one goes on from there: nothing is doubled, nothing is missing."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from prefect.settings import PREFECT_API_REQUEST_TIMEOUT, PREFECT_API_URL, temporary_settings

from board.memory import UNFINISHED, attempt
from board.server import connect
from board.updating import update
from board.values import DEPLOYMENT, FLOW
from engine import reporting
from office.text import Refused, Text, Unavailable
from tests.board.conftest import ZONE, OfficeBoard
from zeren import prefect_server as shell
from zeren.database import alone
from zeren.ports import free_port
from zeren.prefect_server import PrefectServer

ROOT = Path(__file__).parents[2]


class Killed(BaseException):
    """Ends an update as a kill does: nothing of the program gets to tidy up."""


def lost() -> Unavailable:
    """What a request raises that was not answered."""
    return Unavailable(Text("没有应答", "no answer"))


def interrupted(board: OfficeBoard, request: int, *, after: bool, by: Callable[[], BaseException]) -> bool:
    """Update, and be interrupted before or after that request has been carried out; false where there are fewer."""
    sent = 0

    def call(method: str, path: str, body: object = None) -> Any:
        nonlocal sent
        sent += 1
        if sent == request and not after:
            raise by()
        try:
            return send(method, path, body)
        finally:
            if sent == request:
                raise by()

    try:
        with attempt(board.transaction, now=board.now) as again, connect() as server:
            send = server.call
            server.call = call  # type: ignore[method-assign]
            update(server, board.reading, board.transaction, now=board.now, zone=ZONE, full=again)
    except (Killed, Unavailable):
        return True
    return False


def new_ones(board: OfficeBoard) -> list[int]:
    """One reported, one acknowledged, one sent."""
    ids = board.issued(3)
    changed(board, ids)
    return ids


def changed(board: OfficeBoard, ids: list[int]) -> None:
    """Report the first, acknowledge the second."""
    evidence = [("照片", "https://example.com/1.jpg")]
    with board.transaction() as session:
        reporting.report(session, ids[0], text="已组织两次", evidence=evidence, by="张三", now=board.now)
        reporting.acknowledge(session, ids[1:2], by="李四", now=board.now)


def shown_and_changed(board: OfficeBoard) -> list[int]:
    """On the board as sent; since then one was reported, one acknowledged."""
    ids = board.issued(3)
    board.update()
    changed(board, ids)
    return ids


@pytest.mark.parametrize(
    ("by", "after", "prepare"),
    [
        (Killed, False, new_ones),
        (Killed, True, new_ones),
        (Killed, False, shown_and_changed),
        (Killed, True, shown_and_changed),
        (lost, True, shown_and_changed),  # for a build it differs from a kill in nothing: both leave what the server has done unnoted
    ],
    ids=["kill-before-build", "kill-after-build", "kill-before-update", "kill-after-update", "no-answer-update"],
)
def test_what_is_interrupted_at_any_request_is_completed_and_nothing_doubled(
    office_board: OfficeBoard, by: Callable[[], BaseException], after: bool, prepare: Callable[[OfficeBoard], list[int]]
) -> None:
    every: list[int] = []
    request = 0
    while True:
        request += 1
        ids = prepare(office_board)
        every += ids
        if not interrupted(office_board, request, after=after, by=by):
            break
        office_board.update()
        runs = office_board.runs()
        assert [runs[id].state.name for id in ids] == ["待审核", "办理中", "待签收"]
        assert runs[ids[0]].state.keyset is not None
        with connect() as server:
            there = [run.id for run in server.runs(str(server.deployment_id(FLOW, DEPLOYMENT)))]
            lines = Counter(line.run_id for line in server.lines_of([runs[id].id for id in ids]))
            pages = Counter(page.run_id for page in server.artifacts_of([runs[id].id for id in ids]))
        assert sorted(there) == sorted(runs[id].id for id in every)
        assert [lines[runs[id].id] for id in ids] == [2, 2, 1]
        assert pages == {runs[ids[0]].id: 1}
    assert request > 6, "there was something to interrupt"


KILLED = """
    import os, signal, sys
    from datetime import datetime
    from zoneinfo import ZoneInfo
    from board.memory import attempt
    from board.server import Server, connect
    from board.updating import update
    from tests import factories
    from zeren.database import alone, reading, transaction

    url, last = sys.argv[1], int(sys.argv[2])
    call, sent = Server.call, 0

    def counting(self, method, path, body=None):
        global sent
        answer = call(self, method, path, body)
        again = path.endswith("/create_flow_run/bulk") and any(run["error"] for run in answer["results"])  # SQLite gave way: as if unsent
        sent += method == "POST" and not path.endswith(("/filter", "/count")) and not again
        if sent == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    Server.call = counting
    opened = lambda: transaction(url)
    with alone(url, "board", wait_seconds=5), attempt(opened, now=factories.NOW), connect() as server:
        update(server, lambda: reading(url), opened, now=factories.NOW, zone=ZoneInfo("Asia/Shanghai"), full=True)
"""


def test_a_process_killed_in_the_middle_of_a_build_and_of_an_update(office_board: OfficeBoard, prefect_server: PrefectServer) -> None:
    ids = office_board.issued(230)

    def killed_after(request: int) -> None:
        command = [sys.executable, "-c", textwrap.dedent(KILLED), office_board.url, str(request)]
        environment = os.environ | {"PREFECT_API_URL": prefect_server.api_url, "PREFECT_LOGGING_LEVEL": "WARNING"}
        assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == -signal.SIGKILL

    killed_after(5)  # flow, deployment, a hundred runs and their logs, and a hundred runs that are not remembered
    assert office_board.fault() == (UNFINISHED, True)
    with alone(office_board.url, "board", wait_seconds=5):  # the dead process holds nothing
        assert office_board.update().created == 30
    assert len(office_board.runs()) == 230
    changed(office_board, ids)
    killed_after(3)  # the form of the reported one is there, its state is not
    office_board.update()
    runs = office_board.runs()
    assert [runs[id].state.name for id in ids[:3]] == ["待审核", "办理中", "待签收"]
    with connect() as server:
        lines = Counter(line.run_id for line in server.lines_of([runs[id].id for id in ids]))
    assert [lines[runs[id].id] for id in ids] == [2, 2, *[1] * 228]
    assert office_board.fault() == ("", False)


def test_a_server_that_is_down_is_one_sentence_and_remembered(office_board: OfficeBoard) -> None:
    office_board.issued(2)
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{free_port(0)}/api"}), pytest.raises(Unavailable) as told:
        office_board.update()
    assert "没有应答" in told.value.in_("zh")
    assert "\n" not in told.value.in_("zh")
    assert office_board.fault() == (told.value.in_("zh"), True)
    assert office_board.update().created == 2
    assert office_board.fault() == ("", False)


def test_a_server_that_is_slow_is_not_waited_for_without_end(office_board: OfficeBoard) -> None:
    office_board.issued(1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = {PREFECT_API_URL: f"http://127.0.0.1:{silent.getsockname()[1]}/api", PREFECT_API_REQUEST_TIMEOUT: 0.5}
        with temporary_settings(slow), pytest.raises(Unavailable):
            office_board.update()
    assert office_board.fault()[1]


def test_a_wrong_password_is_one_sentence(office_board: OfficeBoard) -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(401)

        def log_message(self, *_: object) -> None:
            """Not in the output of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{server.server_port}/api"}), pytest.raises(Refused) as told:
            office_board.update()
        server.shutdown()
    assert "PREFECT_API_AUTH_STRING" in told.value.in_("zh")


def test_a_server_that_restarts_gets_what_happened_meanwhile(sqlite_url: str, tmp_path: Path) -> None:
    board, port = OfficeBoard(sqlite_url), free_port(0)
    ids = board.issued(3)
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}):
        with shell.prefect_server(tmp_path / "prefect", port) as server:
            asyncio.run(server.wait())
            board.update()
        changed(board, ids)  # the office's own work goes on
        with pytest.raises(Unavailable):
            board.update()
        assert board.fault()[1]
        with shell.prefect_server(tmp_path / "prefect", port) as server:
            asyncio.run(server.wait())
            assert board.update().changed == 2
            assert [board.runs()[id].state.name for id in ids] == ["待审核", "办理中", "待签收"]
            assert len(board.log(ids[0])) == 2
