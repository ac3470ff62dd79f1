"""The board is asked for over plain HTTP: of a real server, which may also be silent, empty or no Prefect server at all."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from board.poking import UPDATE_DEPLOYMENT, UPDATE_FLOW, poke
from board.server import connect
from zeren.ports import free_port
from zeren.prefect_server import PrefectServer


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server on a slow machine may take longer than a command line should wait."""
    monkeypatch.setattr("board.poking.ANSWERS_WITHIN_SECONDS", 60)


@pytest.fixture
def deployment_id(prefect_server: PrefectServer) -> Iterator[str]:
    """A deployment of the update, as far as asking for it needs one."""
    with connect() as server:
        flow = server.call("POST", "/flows/", {"name": UPDATE_FLOW})
        deployment = server.call("POST", "/deployments/", {"name": UPDATE_DEPLOYMENT, "flow_id": flow["id"]})
        yield deployment["id"]
        server.call("DELETE", f"/deployments/{deployment['id']}")


def runs(deployment_id: str) -> int:
    with connect() as server:
        return int(server.call("POST", "/flow_runs/count", {"deployments": {"id": {"any_": [deployment_id]}}}))


def test_many_changes_in_a_row_ask_for_one_update(prefect_server: PrefectServer, deployment_id: str) -> None:
    assert [poke(prefect_server.api_url) for _ in range(3)] == [True, True, True]
    assert runs(deployment_id) == 1


def test_an_update_that_has_begun_does_not_count_as_waiting(prefect_server: PrefectServer, deployment_id: str) -> None:
    poke(prefect_server.api_url)
    with connect() as server:
        (run,) = server.call("POST", "/flow_runs/filter", {"deployments": {"id": {"any_": [deployment_id]}}})
        server.call("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": "RUNNING"}, "force": True})
    assert poke(prefect_server.api_url)
    assert runs(deployment_id) == 2


def test_a_server_without_our_flows_is_no_failure(prefect_server: PrefectServer) -> None:
    assert not poke(prefect_server.api_url)


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/api", "file:///etc/passwd", "nonsense", "http://[::"])
def test_no_server_is_no_failure(address: str) -> None:
    assert not poke(address.format(port=free_port(0)))


class Silent(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        time.sleep(0.5)

    def log_message(self, format: str, *args: object) -> None:
        """Into nothing."""


def test_a_server_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.poking.ANSWERS_WITHIN_SECONDS", 0.1)
    with HTTPServer(("127.0.0.1", 0), Silent) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        assert not poke(f"http://127.0.0.1:{server.server_port}/api")
        server.shutdown()
