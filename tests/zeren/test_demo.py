"""The two commands that run a Prefect server, each once from its start to its end, as a user starts them."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import examples
from zeren.catcher import MailCatcher
from zeren.ports import free_port

ZEREN = [sys.executable, "-c", "from zeren.cli import main; main()"]
WITHIN_SECONDS = 180  # on a slow machine; 30 is usual


def clean_environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ZEREN_"))}
    return kept | settings | {"PYTHONPATH": str(Path(__file__).parents[2])}


def ask(url: str, given: dict[str, Any] | None = None) -> Any:
    data = None if given is None else json.dumps(given).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, {"Content-Type": "application/json"}), timeout=30) as answer:
        return json.load(answer)


def test_the_demo_delivers_all_its_mail(tmp_path: Path) -> None:
    done = subprocess.run(
        [*ZEREN, "demo", "--exit", "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WITHIN_SECONDS,
        cwd=tmp_path,
        env=clean_environment(TMPDIR=str(tmp_path)),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert list(counts) == ["lists", "items", "people", "assignments", "mails", "questions"]
    assert counts["lists"] == 1
    assert counts["items"] == 45
    assert list(counts["assignments"]) == ["sent"]
    assert counts["assignments"]["sent"] > counts["items"]
    assert counts["mails"] == {"sent": counts["mails"]["sent"]}
    assert 20 < counts["mails"]["sent"] <= counts["people"]
    assert list(tmp_path.glob("zeren-*")) == [], "nothing is left behind"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in another way")
def test_a_list_is_issued_from_the_form_and_a_signal_ends_everything(tmp_path: Path) -> None:
    for file in (examples.ROSTER, examples.LIST_WORKBOOK):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    port = free_port(0)
    server = f"http://127.0.0.1:{port}/api"
    with MailCatcher() as catcher:
        environment = clean_environment(
            ZEREN_SMTP_HOST="127.0.0.1",
            ZEREN_SMTP_PORT=str(catcher.smtp_port),
            ZEREN_MAIL_FROM="zeren@example.com",
            ZEREN_NOW="2026-01-05T09:00",
            PREFECT_WORKER_QUERY_SECONDS="1",
        )
        with subprocess.Popen([*ZEREN, "up", "--port", str(port)], cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as up:
            assert up.stderr is not None
            try:
                assert any(str(port).encode() in line for line in up.stderr), "it says where the UI is"
                deployment = ask(f"{server}/deployments/name/issue-annual-list/{quote('下发年度清单')}")
                given = {
                    "list_file": examples.LIST_WORKBOOK.name,
                    "year": examples.YEAR,
                    "roster_file": examples.ROSTER.name,
                    "confirmed": True,
                }
                run = ask(f"{server}/deployments/{deployment['id']}/create_flow_run", {"parameters": given})
                give_up_at = time.monotonic() + WITHIN_SECONDS
                while run["state_type"] not in ("COMPLETED", "FAILED", "CRASHED") and time.monotonic() < give_up_at:
                    time.sleep(0.5)
                    run = ask(f"{server}/flow_runs/{run['id']}")
                assert run["state_type"] == "COMPLETED", run["state"]
                assert run["name"] == "下发 2026年 list-2026.xlsx"
                assert len(catcher.mails) > 20
            finally:
                up.send_signal(signal.SIGTERM)
                up.communicate(timeout=60)
        assert up.returncode == 0
    with pytest.raises(OSError, match="refused"):
        ask(f"{server}/health")
