"""An office at work: `zeren up` in a folder of its own with the example list issued, its mail caught, its Prefect server real.

The day is what zeren.toml says, which every run reads anew: so a year can be moved through while the server stays.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

import examples
from board.review_form import COMMENT, CONCLUSION, NUMBER, REVIEWER
from engine.reporting import acknowledge, report
from models import Assignment, AssignmentState, BoardRun, Person, Unit
from zeren.catcher import CaughtMail, MailCatcher
from zeren.database import engine_for, reading, transaction
from zeren.ports import free_port

SHANGHAI = ZoneInfo("Asia/Shanghai")
WITHIN_SECONDS = 180.0  # on a slow machine; a flow run takes 5
OFFICER = "officer@example.com"
ISSUED_AT = "2026-01-05T09:00"
NOW = "2026-04-02T09:00"  # the first quarter is over: some is done, some overdue, some near
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Duty:
    """One assignment of the office, as a test speaks about it."""

    id: int
    person: str
    email: str
    unit: str
    run_id: str
    due_on: date


@dataclass(frozen=True, slots=True)
class WorkingOffice:
    """Where it is, and what can be done there without the browser."""

    ui_url: str
    folder: Path
    catcher: MailCatcher

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder}/zeren.db"

    def ask(self, path: str, given: Any = None) -> Any:
        """What the Prefect server answers on `path` of its API; asked again where SQLite was busy."""
        data = None if given is None else json.dumps(given).encode()

        def answer() -> list[Any]:
            request = urllib.request.Request(f"{self.ui_url}/api{path}", data, {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as answered:
                    return [json.load(answered)]
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
                return []

        return until(answer)[0]

    def start(self, flow: str, deployment: str, **parameters: Any) -> str:
        """Run a deployment as its form does, to its end; what its last state says."""
        found = self.ask(f"/deployments/name/{flow}/{quote(deployment)}")
        started = self.ask(f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters})
        state = until(lambda: self._ended(started["id"]))
        assert state["type"] == "COMPLETED", state
        return str(state["message"])

    def _ended(self, run_id: str) -> dict[str, Any] | None:
        state: dict[str, Any] = self.ask(f"/flow_runs/{run_id}")["state"]
        return state if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    def on(self, now: str) -> datetime:
        """Let it be this moment for every run that starts from now on."""
        (self.folder / "zeren.toml").write_text(f'now = "{now}"\n', "utf-8")
        return datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)

    def update_board(self) -> str:
        return self.start("update-board", "更新看板", full=False)

    def shown(self, run_id: str) -> str:
        """The name of the state that a run has now."""
        return str(self.ask(f"/flow_runs/{run_id}")["state"]["name"])

    def logs(self, run_id: str, saying: str) -> list[str]:
        """Lines of a run's log with these words."""
        lines = self.ask("/logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
        return [line["message"] for line in lines if saying in line["message"]]

    def resume(self, run_id: str, conclusion: str, comment: str) -> None:
        """Submit the review form as another browser does."""
        given = {CONCLUSION: conclusion, COMMENT: comment, REVIEWER: "计划员", NUMBER: 1}
        answer = self.ask(f"/flow_runs/{run_id}/resume", {"run_input": given})
        assert answer["status"] == "ACCEPT", answer

    def count_runs(self, *tags: str) -> int:
        """How many runs have all of these tags."""
        return int(self.ask("/flow_runs/count", {"flow_runs": {"tags": {"all_": tags}}}))

    def stands(self, assignment_id: int) -> AssignmentState:
        with reading(self.database_url) as session:
            return session.scalars(select(Assignment.state).where(Assignment.id == assignment_id)).one()

    def mails_to(self, address: str, saying: str) -> list[CaughtMail]:
        """Messages to `address` with these words in their subject or text."""
        return [mail for mail in self.catcher.mails if address in mail.recipients and saying in words_of(mail)]

    def acknowledged(self, ids: Sequence[int], by: str) -> None:
        with transaction(self.database_url) as session:
            acknowledge(session, ids, by=by, now=self._now())

    def reported(self, duty: Duty, text: str, *, evidence: Sequence[tuple[str, str]] = ()) -> None:
        with transaction(self.database_url) as session:
            report(session, duty.id, text=text, evidence=evidence, by=duty.person, now=self._now())

    def duty(self, unit: str, *, due_after: date = date(2026, 4, 30)) -> Duty:
        """One that nobody has touched yet, the first that is due after a day. What a test does with it takes it from the others."""
        with reading(self.database_url) as session:
            return next(duty for duty in _duties(session, unit) if duty.due_on > due_after)

    def _now(self) -> datetime:
        words = (self.folder / "zeren.toml").read_text("utf-8").split('"')[1]
        return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def _duties(session: Session, unit: str) -> list[Duty]:
    """What a unit has not acknowledged yet, by due date; with the runs that show it."""
    wanted = (
        select(Assignment.id, Person.name, Person.email, Unit.name, BoardRun.run_id, Assignment.due_on)
        .join(Person, Person.id == Assignment.person_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(BoardRun, BoardRun.assignment_id == Assignment.id)
        .where(Unit.name == unit, Assignment.state == AssignmentState.SENT)
        .order_by(Assignment.due_on, Assignment.id)
    )
    return [Duty(id, person, email or "", unit, run_id, due_on) for id, person, email, unit, run_id, due_on in session.execute(wanted)]


def words_of(mail: CaughtMail) -> str:
    """Subject and plain text of a message."""
    body = mail.message.get_body(("plain",))
    return f"{mail.message['Subject']}\n{body.get_content() if body else ''}"


def until(found: Callable[[], Found | None], *, within: float = WITHIN_SECONDS) -> Found:
    """What `found` gives once it gives something that counts; fails when it does not in time."""
    give_up_at = time.monotonic() + within
    while True:
        result = found()
        if result:
            return result
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.2)


@contextmanager
def working_office(folder: Path) -> Iterator[WorkingOffice]:
    """Start `zeren up`, issue the example list on 5 January 2026, and show it on the board; it ends with the block."""
    for file in (examples.ROSTER, examples.LIST_WORKBOOK):
        shutil.copy(file, folder)
    port = free_port(0)
    with MailCatcher() as catcher:
        office = WorkingOffice(f"http://127.0.0.1:{port}", folder, catcher)
        office.on(ISSUED_AT)
        with _up(office, port):
            office.start(
                "issue-annual-list",
                "下发年度清单",
                list_file=examples.LIST_WORKBOOK.name,
                year=examples.YEAR,
                roster_file=examples.ROSTER.name,
                confirmed=True,
            )
            yield office
    engine_for(office.database_url).dispose()


@contextmanager
def _up(office: WorkingOffice, port: int) -> Iterator[None]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ZEREN_"))}
    given = {
        "ZEREN_DATABASE_URL": office.database_url,
        "ZEREN_SMTP_HOST": "127.0.0.1",
        "ZEREN_SMTP_PORT": str(office.catcher.smtp_port),
        "ZEREN_MAIL_FROM": "责任清单 <zeren@example.com>",
        "ZEREN_MAIL_REPLY_TO": f"计划员 <{OFFICER}>",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-c", "from zeren.cli import main; main()", "up", "--port", str(port)]
    log = office.folder / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=office.folder, env=kept | given, stdout=output, stderr=output)
    try:
        until(lambda: process.poll() is not None or "Ctrl-C" in log.read_text("utf-8", errors="replace"))
        assert process.poll() is None, log.read_text("utf-8", errors="replace")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
