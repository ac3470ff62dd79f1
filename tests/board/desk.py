"""What the tests of clicks on the board sit at: one assignment, its run on a real server, and the office's database."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.deciding import Settled, settle
from board.installing import install
from board.server import Server, connect
from board.updating import update
from board.values import State
from engine.history import open_histories
from engine.issuing import OFFICER
from engine.reporting import report
from engine.reviewing import review
from models import Assignment, AssignmentEvent, AssignmentState, Message, Verdict
from notifications.sender import Sender
from tests import factories
from zeren.database import reading, transaction

NOW = factories.NOW
SENDER = Sender("责任清单 <zeren@example.com>", "党办 林一 <officer@example.com>")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Desk:
    """One assignment of 石小满's, led by 周启明, on the board; what the officer and the reviewer do to its run."""

    server: Server
    deployment_id: str
    open_transaction: Callable[[], AbstractContextManager[Session]]
    open_reading: Callable[[], AbstractContextManager[Session]]
    assignment_id: int = 0

    def issue(self) -> None:
        with self.open_transaction() as session:
            holder = factories.person(session, name="石小满", email="shi@example.com")
            leader = factories.person(session, name="周启明", email="zhou@example.com")
            owed = factories.assignment(session, person_id=holder.id, leader_id=leader.id, due_on=date(2026, 6, 30))
            open_histories(session, {owed.id: owed.natural_key}, action="issue", to_value="sent", reason="", at=NOW, by=OFFICER)
            self.assignment_id = owed.id
        self.update()

    def report(self, text: str = "已完成") -> int:
        with self.open_transaction() as session:
            return report(session, self.assignment_id, text=text, by="石小满", now=NOW)

    def review(self, verdict: Verdict, comment: str = "") -> None:
        """Not on the board: on the command line, say."""
        with self.open_transaction() as session:
            assert review(
                session, self.assignment_id, number=None, verdict=verdict, comment=comment, by="周启明", sender=SENDER, now=NOW
            ).counted

    def update(self) -> None:
        update(self.server, self.open_reading, self.open_transaction, now=NOW, zone=SENDER.zone, full=False)

    def settle(self, **fields: Any) -> tuple[Settled, ...]:
        given: dict[str, Any] = {"deployment_id": self.deployment_id, "sender": SENDER, "rehearsed": NOW, "since": LONG_AGO} | fields
        return settle(self.server, self.open_transaction, **given)

    def settle_and_update(self) -> tuple[Settled, ...]:
        settled = self.settle()
        self.update()
        return settled

    # The server, as its pages use it

    @property
    def run(self) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.server.call(
            "POST", "/flow_runs/filter", {"flow_runs": {"deployment_id": {"any_": [self.deployment_id]}}}
        )
        assert len(found) == 1
        return found[0]

    @property
    def shown(self) -> str:
        name: str = self.run["state"]["name"]
        return name

    @property
    def log(self) -> list[str]:
        return [line.text for line in self.server.lines_of([self.run["id"]])]

    def set_state(self, kind: str, message: str = "", name: str | None = None) -> None:
        state = {"type": kind, "message": message} | ({"name": name} if name else {})
        self.server.call("POST", f"/flow_runs/{self.run['id']}/set_state", {"state": state, "force": True})

    def click_during_the_update(self, kind: str, message: str = "") -> None:
        """Set a state by hand after an update has looked and before it sends: our state is written over it."""
        send = self.server.set_state

        def clicked_before(run_ids: Sequence[str], state: State) -> set[str]:
            if run_ids:
                self.set_state(kind, message)
            return send(run_ids, state)

        self.server.set_state = clicked_before  # type: ignore[method-assign]
        try:
            self.update()
        finally:
            self.server.set_state = send  # type: ignore[method-assign]

    def submit(self, conclusion: str = "通过", comment: str = "", by: str = "计划员", number: int = 1) -> str:
        """Fill in the form and submit it; what the server says."""
        answer = {"审核结论": conclusion, "审核意见": comment, "审核人": by, "第几次报送": number}
        result = self.server.call("POST", f"/flow_runs/{self.run['id']}/resume", {"run_input": answer})
        status: str = result["status"]
        return status

    # The office's database

    @property
    def state(self) -> AssignmentState:
        with self.open_reading() as session:
            return session.get_one(Assignment, self.assignment_id).state

    @property
    def history(self) -> list[tuple[str, str, str]]:
        """Action, by whom, why: without the issue."""
        with self.open_reading() as session:
            events = select(AssignmentEvent).where(AssignmentEvent.assignment_id == self.assignment_id).order_by(AssignmentEvent.position)
            return [(event.action, event.by, event.reason) for event in session.scalars(events)]

    @property
    def mails(self) -> list[tuple[str, str]]:
        """Kind and address of what is queued."""
        with self.open_reading() as session:
            return [(row.kind, row.address) for row in session.execute(select(Message.kind, Message.address).order_by(Message.id))]

    def wait_for_event(self, name: str) -> None:
        """Return when the server has stored that the run had a state of this name: it does so every few seconds."""
        wanted = {"event": {"name": [f"prefect.flow-run.{name}"]}, "resource": {"id": [f"prefect.flow-run.{self.run['id']}"]}}
        patience = 600
        while not self.server.call("POST", "/events/filter", {"filter": wanted})["events"]:
            patience -= 1
            assert patience, "the server stored no event"
            time.sleep(0.1)


def desk_on(url: str, clear: Callable[[Server], None]) -> Iterator[Desk]:
    """On this database, with a board of its own on the one server."""
    with connect() as server:
        clear(server)
        desk = Desk(server, install(server), partial(transaction, url), partial(reading, url))
        desk.issue()
        yield desk
        clear(server)
