"""What our server does that Prefect's own does not: it keeps pages at home, starts what the clock says, and lets writers wait."""

import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import Message
from threading import Timer

import pytest

from board.server import connect
from zeren.prefect_server import PrefectServer


def headers(url: str, origin: str = "") -> Message:
    asked = {"Accept": "text/html"} | ({"Origin": origin} if origin else {})
    with urllib.request.urlopen(urllib.request.Request(url, headers=asked), timeout=30) as answer:
        found: Message = answer.headers
        return found


@pytest.mark.parametrize("path", ["/dashboard", "/v2/dashboard", "/api/health"])
def test_every_page_may_ask_its_own_server_only(prefect_server: PrefectServer, path: str) -> None:
    policy = headers(f"{prefect_server.ui_url}{path}")["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["connect-src"].split()[0] == "'self'"
    assert not any("http" in sources or "*" in sources for sources in rules.values())


def test_a_page_of_others_may_not_use_the_api(prefect_server: PrefectServer) -> None:
    api = f"{prefect_server.api_url}/health"
    assert not headers(api, "https://elsewhere.example")["Access-Control-Allow-Origin"]


def test_both_uis_ask_the_server_they_came_from_by_whatever_name(prefect_server: PrefectServer) -> None:
    with urllib.request.urlopen(f"{prefect_server.ui_url}/ui-settings", timeout=30) as answer:
        told = answer.read().decode()
    assert '"api_url":"/api"' in told
    assert '"available_uis":["v1","v2"]' in told


def test_the_clock_starts_runs(prefect_server: PrefectServer) -> None:
    with connect() as server:
        flow = server.call("POST", "/flows/", {"name": "clock"})
        schedule = {"schedule": {"cron": "0 3 * * *", "timezone": "Asia/Shanghai"}, "active": True}
        try:
            deployment = server.call("POST", "/deployments/", {"name": "clock", "flow_id": flow["id"], "schedules": [schedule]})
            of_it = {"deployments": {"id": {"any_": [deployment["id"]]}}}
            give_up_at = time.monotonic() + 60
            while not (runs := server.call("POST", "/flow_runs/filter", of_it)) and time.monotonic() < give_up_at:
                time.sleep(0.5)
        finally:
            server.call("DELETE", f"/flows/{flow['id']}")
    assert {run["state"]["name"] for run in runs} == {"Scheduled"}
    assert all(run["expected_start_time"][11:16] == "19:00" for run in runs)


@contextmanager
def another_writer(server: PrefectServer, *, seconds: float) -> Iterator[None]:
    """Somebody who has the server's database for himself when the block begins, and changes it so many seconds later."""
    with closing(sqlite3.connect(server.log.parent / "prefect.db", isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE configuration SET updated = updated")
        timer = Timer(seconds, connection.execute, ["COMMIT"])
        timer.start()
        yield
        timer.join()


def test_a_request_waits_for_another_writer_instead_of_failing(prefect_server: PrefectServer) -> None:
    with connect() as server:
        flow = server.call("POST", "/flows/", {"name": "writers"})
        deployment = server.call("POST", "/deployments/", {"name": "writers", "flow_id": flow["id"]})
        with another_writer(prefect_server, seconds=1):
            answer = server.call("POST", f"/deployments/{deployment['id']}/create_flow_run/bulk", [{}, {}])
        server.call("DELETE", f"/flows/{flow['id']}")
    assert [result["status"] for result in answer["results"]] == ["CREATED", "CREATED"]
