"""An embedded Prefect server with its UI: a process of its own on a loopback port, with its own home folder.

In: the home folder and the port. Out: the addresses, once it answers; nothing of it is left running afterwards.
Prefect itself is not imported here: its import takes seconds, in which the server can already be starting.
"""

import asyncio
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from office.text import Refused, Text
from zeren.child import child
from zeren.ports import LOOPBACK

READY_WITHIN_SECONDS = 120  # the first start on a slow disk compiles Prefect and lays out its database
ERROR = re.compile(r"Errno|[A-Za-z]Error\b|Exception\b")


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """A server that has been started; `wait` until it answers before using it."""

    process: subprocess.Popen[bytes]
    ui_url: str
    log: Path

    @property
    def api_url(self) -> str:
        return f"{self.ui_url}/api"

    async def wait(self) -> None:
        """Return once the server answers; Refused with the first error of its log when it ends or stays silent."""
        give_up_at = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            if self.process.poll() is not None:
                break
            if self._answers():
                return
            await asyncio.sleep(0.1)
        words = self.last_words()
        raise Refused(
            Text(f"Prefect 服务未能启动：{words.zh}（日志：{self.log}）", f"The Prefect server did not start: {words.en} (log: {self.log})")
        )

    def last_words(self) -> Text:
        """The first line of the log that names an error, which is the cause of those after it; else the last line, if there is one."""
        lines = [line.strip() for line in self.log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
        if not lines:
            return Text("没有留下日志", "it left no log")
        words = next((line for line in lines if ERROR.search(line)), lines[-1])
        return Text(words, words)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.api_url}/health", timeout=5) as answer:  # noqa: S310  our own loopback address
                return bool(answer.status == 200)
        except OSError:
            return False


def prefect_environment(home: Path, api_url: str) -> dict[str, str]:
    """Settings that keep every Prefect process of ours at home: own folder, own server, nothing sent elsewhere."""
    unproxied = ",".join(filter(None, [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), LOOPBACK]))
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),  # a profile of the user's must not lead elsewhere
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "NO_PROXY": unproxied,  # an office's proxy must not be asked for our own port
        "no_proxy": unproxied,  # this spelling wins where both are read
    }


@contextmanager
def prefect_server(home: Path, port: int) -> Iterator[PrefectServer]:
    """Start the server; at the end of the block it is stopped. Returns at once: `wait` says when it is ready."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    ui_url = f"http://{LOOPBACK}:{port}"
    listen = ["--host", LOOPBACK, "--port", str(port), "--log-level", "warning", "--timeout-graceful-shutdown", "3"]
    uvicorn = ["--factory", "zeren.prefect_app:create_app", *listen]
    # In its home, so that a prefect.toml in the working folder is not read as settings.
    with child("uvicorn", uvicorn, log=log, cwd=home, environment=prefect_environment(home, f"{ui_url}/api")) as process:
        yield PrefectServer(process, ui_url, log)
