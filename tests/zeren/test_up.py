"""What `zeren up` and `zeren worker` do where the Prefect server is not theirs to start."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.zeren.test_demo import WITHIN_SECONDS, ZEREN, clean_environment
from zeren.ports import LOOPBACK, free_port


class AskingForALogin(BaseHTTPRequestHandler):
    """As Prefect's server does: whether it is alive it says to everybody."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path.endswith("/health") else 401)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"true")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def api_url() -> Iterator[str]:
    with ThreadingHTTPServer((LOOPBACK, 0), AskingForALogin) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}/api"
        server.shutdown()


@pytest.mark.parametrize("command", [["worker"], ["deploy"], ["up", "--portal-port", str(free_port(0))]], ids=lambda words: words[0])
def test_a_wrong_password_is_one_sentence_and_no_wait(api_url: str, tmp_path: Path, command: list[str]) -> None:
    environment = clean_environment(PREFECT_API_URL=api_url, PREFECT_API_AUTH_STRING="officer:wrong", PREFECT_HOME=str(tmp_path / "home"))
    ended = subprocess.run(
        [*ZEREN, *command],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WITHIN_SECONDS,
        check=False,
    )
    assert ended.returncode == 1
    assert "PREFECT_API_AUTH_STRING" in ended.stderr.splitlines()[-1]
    assert [line for line in ended.stderr.splitlines() if "门户" not in line][:-1] == []


def test_at_the_end_prefect_waits_for_no_server_that_is_gone(tmp_path: Path) -> None:
    script = """
        import asyncio, time
        import flows.deployment
        from prefect.events import emit_event
        from prefect.events.worker import EventsWorker
        from zeren.up import run_until_ended

        services = []

        async def work():
            emit_event("zeren.test", resource={"prefect.resource.id": "zeren.test"})
            services.extend(EventsWorker._instances.values())
            raise asyncio.CancelledError  # as Ctrl-C does

        run_until_ended(work())
        assert all(service._stopped for service in services)
        give_up_at = time.monotonic() + 30
        while not all(service._done_event.is_set() for service in services) and time.monotonic() < give_up_at:
            time.sleep(0.1)
        print(len(services), all(service._done_event.is_set() for service in services), flush=True)
    """
    environment = clean_environment(PREFECT_API_URL=f"http://{LOOPBACK}:{free_port(0)}/api", PREFECT_HOME=str(tmp_path))
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WITHIN_SECONDS,
        check=True,
    )
    assert ended.stdout == "1 True\n"
