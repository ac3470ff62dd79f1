"""What is set on a real Prefect server becomes a decision, once, or is put back and says why."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.deciding import OFFICER_HERE, Settled, settle
from board.installing import install
from board.server import Server, connect
from board.updating import update
from engine.history import NOT_COUNTED, open_histories
from engine.issuing import OFFICER
from engine.reporting import report
from engine.reviewing import review
from models import Assignment, AssignmentEvent, AssignmentState, BoardDecision, Message, Report, Verdict
from notifications.sender import Sender
from tests import factories
from tests.board.conftest import clear
from zeren.database import reading, transaction
from zeren.prefect_server import PrefectServer

NOW = factories.NOW
SENDER = Sender("责任清单 <zeren@example.com>", "党办 林一 <officer@example.com>")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Office:
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


@pytest.fixture
def office(prefect_server: PrefectServer, sqlite_url: str) -> Iterator[Office]:
    yield from office_on(sqlite_url)


@pytest.fixture
def office_on_either(prefect_server: PrefectServer, database_url: str) -> Iterator[Office]:
    """Once on each of the two databases, for what their locks decide."""
    yield from office_on(database_url)


def office_on(url: str) -> Iterator[Office]:
    with connect() as server:
        clear(server)
        office = Office(server, install(server), partial(transaction, url), partial(reading, url))
        office.issue()
        yield office
        clear(server)


def test_an_approving_form_closes_the_assignment_and_its_run(office: Office) -> None:
    office.report()
    office.update()
    assert office.shown == "待审核"
    assert office.submit("通过", "很好", by="周启明") == "ACCEPT"
    assert [settled.counted for settled in office.settle_and_update()] == [True]
    assert office.state is AssignmentState.CLOSED
    assert office.shown == "按期办结"
    assert office.history[-1] == ("approve", "周启明", "很好")
    assert ("decided", "shi@example.com") in office.mails


def test_a_returning_form_opens_the_assignment_again_with_the_comment(office: Office) -> None:
    office.report()
    office.update()
    office.submit("退回", "请附签到表")
    office.settle_and_update()
    assert office.state is AssignmentState.RETURNED
    assert office.shown == "退回重办"
    assert office.history[-1] == ("return", OFFICER_HERE, "请附签到表")
    assert "请附签到表" in office.run["state"]["message"]


def test_a_second_report_is_reviewed_with_a_form_of_its_own(office: Office) -> None:
    office.report()
    office.update()
    office.submit("退回", "请附签到表")
    office.settle_and_update()
    office.report("附上了")
    office.update()
    assert office.submit("通过", number=1) == "REJECT"  # a form that was left open since the first report
    assert office.submit("通过", number=2) == "ACCEPT"
    office.settle_and_update()
    assert office.state is AssignmentState.CLOSED


def test_a_second_submission_is_refused_by_the_server(office: Office) -> None:
    office.report()
    office.update()
    assert office.submit("通过") == "ACCEPT"
    assert office.submit("退回", "不行") == "ABORT"
    office.settle_and_update()
    assert office.state is AssignmentState.CLOSED


def test_a_form_for_what_was_reviewed_elsewhere_meanwhile_does_not_count_and_its_reviewer_is_told(office: Office) -> None:
    office.report()
    office.update()
    office.review(Verdict.RETURNED, "缺照片")
    office.submit("通过", by="周启明")
    (settled,) = office.settle_and_update()
    assert not settled.counted
    assert office.state is AssignmentState.RETURNED
    assert office.shown == "退回重办"
    assert office.history[-1][:2] == (NOT_COUNTED, "周启明")
    assert office.mails[-1] == ("overtaken", "zhou@example.com")
    assert any("未计入" in line and "周启明" in line for line in office.log)


def test_the_officer_is_told_where_the_form_names_nobody_else(office: Office) -> None:
    office.report()
    office.update()
    office.review(Verdict.APPROVED)
    office.submit("退回", "缺照片")
    office.settle_and_update()
    assert office.state is AssignmentState.CLOSED
    assert office.mails[-1] == ("overtaken", "officer@example.com")


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"审核结论": "同意"}, {"审核结论": "退回", "审核意见": " ", "审核人": "计划员", "第几次报送": 1}],
    ids=["none", "empty", "another verdict", "returned without a comment"],
)
def test_an_answer_that_does_not_fit_is_said_in_the_log_and_the_run_is_open_for_review_again(
    office: Office, answer: dict[str, Any] | None
) -> None:
    office.report()
    office.update()
    run = office.run
    if answer is not None:
        key = run["state"]["state_details"]["run_input_keyset"]["response"]
        office.server.call("POST", f"/flow_runs/{run['id']}/input", {"key": key, "value": json.dumps(answer)})
    office.set_state("SCHEDULED", name="Resuming")
    (settled,) = office.settle_and_update()
    assert not settled.counted
    assert office.shown == "待审核"
    assert any("审核没有计入" in line for line in office.log)
    assert office.mails == []
    assert office.submit("通过") == "ACCEPT"
    office.settle_and_update()
    assert office.shown == "按期办结"


@pytest.mark.parametrize(
    ("kind", "message", "action", "shown"),
    [
        ("COMPLETED", "现场看过", "close", "按期办结"),
        ("CANCELLED", "事项取消", "withdraw", "已撤销"),
        ("CANCELLING", "", "withdraw", "已撤销"),  # of a run that nobody executes the server makes Cancelled, without the message
    ],
)
def test_a_state_set_by_hand_is_the_officers_decision(office: Office, kind: str, message: str, action: str, shown: str) -> None:
    office.set_state(kind, message)
    (settled,) = office.settle_and_update()
    assert settled.counted
    assert office.history[-1] == (action, OFFICER_HERE, message)
    assert office.shown == shown


def test_a_reported_one_is_approved_or_returned_by_hand_too(office: Office) -> None:
    office.report()
    office.update()
    office.set_state("FAILED", "缺照片")
    office.settle_and_update()
    assert office.history[-1] == ("return", OFFICER_HERE, "缺照片")
    office.report("补了照片")
    office.update()
    office.set_state("COMPLETED", "好")
    office.settle_and_update()
    assert office.history[-1] == ("approve", OFFICER_HERE, "好")
    office.set_state("FAILED", "查出是假照片")
    office.settle_and_update()
    assert office.state is AssignmentState.RETURNED
    assert office.history[-1] == ("reopen", OFFICER_HERE, "查出是假照片")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("FAILED", None),
        ("CRASHED", None),
        ("PENDING", None),
        ("RUNNING", None),
        ("PAUSED", "Suspended"),
        ("SCHEDULED", None),
        ("SCHEDULED", "AwaitingRetry"),
        ("SCHEDULED", "Late"),
        ("SCHEDULED", "Resuming"),
        ("RUNNING", "随便写的"),
    ],
)
def test_what_is_no_decision_or_forbidden_is_put_back_with_a_line_that_says_why(office: Office, kind: str, name: str | None) -> None:
    office.set_state(kind, name=name)
    (settled,) = office.settle_and_update()
    assert not settled.counted
    assert office.state is AssignmentState.SENT
    assert office.shown == "待签收"
    assert sum("未计入" in line and settled.said.zh in line for line in office.log) == 1
    assert office.settle() == ()


def test_returning_by_hand_takes_a_reason(office: Office) -> None:
    office.report()
    office.update()
    office.set_state("FAILED")
    (settled,) = office.settle_and_update()
    assert "写明原因" in settled.said.zh
    assert office.shown == "待审核"


def test_what_is_withdrawn_stays_so(office: Office) -> None:
    office.set_state("CANCELLED", "取消")
    office.settle_and_update()
    for kind in ("COMPLETED", "FAILED", "SCHEDULED"):
        office.set_state(kind, "算了")
        assert [settled.counted for settled in office.settle_and_update()] == [False]
        assert office.shown == "已撤销"


def test_of_two_who_click_before_it_is_settled_the_first_one_counts(office: Office) -> None:
    office.report()
    office.update()
    office.submit("退回", "缺照片", by="周启明")
    office.set_state("COMPLETED", "可以")
    assert [settled.counted for settled in office.settle_and_update()] == [True, False]
    assert office.state is AssignmentState.RETURNED
    assert office.shown == "退回重办"
    assert office.mails[-1] == ("overtaken", "officer@example.com")


def test_a_decision_on_a_view_that_is_out_of_date_does_not_count(office: Office) -> None:
    office.report()  # the board still shows 待签收
    office.set_state("COMPLETED")
    (settled,) = office.settle_and_update()
    assert not settled.counted
    assert "石小满" in settled.said.zh
    assert office.state is AssignmentState.REPORTED
    assert office.shown == "待审核"


def test_settling_twice_decides_once(office: Office) -> None:
    office.set_state("COMPLETED")
    assert len(office.settle()) == 1
    assert office.settle() == ()  # killed before the update: the run still stands in the state set by hand
    office.update()
    assert office.shown == "按期办结"
    assert office.settle() == ()
    assert [action for action, _, _ in office.history].count("close") == 1


def test_of_several_who_settle_at_once_each_click_is_settled_by_one(office_on_either: Office) -> None:
    office = office_on_either
    office.report()
    office.update()
    office.submit("退回", "缺照片", by="周启明")
    office.set_state("COMPLETED")
    office.set_state("RUNNING")

    with ThreadPoolExecutor(4) as at_once:
        settled = [each for some in at_once.map(lambda _: office.settle(), range(4)) for each in some]
    assert sorted(each.counted for each in settled) == [False, False, True]
    assert [action for action, _, _ in office.history[2:]].count("return") == 1
    assert len(office.history) == 5  # issued, reported, and each of the three once
    office.update()
    assert office.shown == "退回重办"


def test_a_review_elsewhere_at_the_same_moment_and_a_form_count_once_together(office_on_either: Office) -> None:
    office = office_on_either
    office.report()
    office.update()
    office.submit("通过", by="周启明")

    def on_the_command_line() -> bool:
        with office.open_transaction() as session:
            return review(
                session, office.assignment_id, number=1, verdict=Verdict.RETURNED, comment="缺照片", by="计划员", sender=SENDER, now=NOW
            ).counted

    with ThreadPoolExecutor(2) as at_once:
        elsewhere, here = at_once.submit(on_the_command_line), at_once.submit(office.settle)
        assert sorted([elsewhere.result(), here.result()[0].counted]) == [False, True]
    office.update()
    assert office.shown == ("退回重办" if elsewhere.result() else "按期办结")


def test_what_is_shown_is_settled_without_any_event(office: Office) -> None:
    office.set_state("COMPLETED")
    assert [each.counted for each in office.settle(since=datetime.now(UTC) + timedelta(days=1))] == [True]


def test_a_run_that_stands_for_nothing_is_turned_away_and_decides_nothing(office: Office) -> None:
    created = office.server.call("POST", f"/deployments/{office.deployment_id}/create_flow_run", {"state": {"type": "SCHEDULED"}})
    assert office.settle_and_update() == ()
    names = {run.id: run.state.name for run in office.server.runs(office.deployment_id)}
    assert names.pop(created["id"]) == "非任务"
    assert list(names.values()) == ["待签收"]


def test_a_name_of_a_state_may_be_anything(office: Office) -> None:
    office.set_state("FAILED", name="\x1b[31m" + "长" * 500)
    (settled,) = office.settle_and_update()
    assert len(settled.said.zh) < 200
    assert office.shown == "待签收"


def test_our_own_states_are_no_decisions(office: Office) -> None:
    office.report()
    office.update()
    office.review(Verdict.APPROVED)
    office.update()
    assert office.settle() == ()


def test_a_state_that_an_update_wrote_over_is_found_among_the_events(office: Office) -> None:
    office.set_state("CANCELLED", "取消")
    run_id = office.run["id"]
    office.server.call("POST", f"/flow_runs/{run_id}/set_state", {"state": {"type": "SCHEDULED", "name": "待签收"}, "force": True})
    wait_for_event(office, run_id)
    (settled,) = office.settle_and_update()
    assert settled.counted
    assert office.shown == "已撤销"
    assert office.settle() == ()


def test_a_decision_is_made_at_the_moment_of_its_click_unless_another_day_is_rehearsed(office: Office) -> None:
    before = datetime.now(UTC)
    office.set_state("COMPLETED")
    office.settle(rehearsed=None)
    with office.open_reading() as session:
        at = session.scalars(select(AssignmentEvent.at).order_by(AssignmentEvent.position.desc())).first()
    assert at is not None
    assert before - timedelta(seconds=1) <= at <= datetime.now(UTC)


def test_a_run_that_shows_what_was_settled_long_ago_is_put_right(office: Office) -> None:
    office.set_state("CANCELLED", "取消")
    office.settle_and_update()
    state_id = office.run["state"]["id"]
    office.set_state("RUNNING")
    with office.open_transaction() as session:  # as after a backup of the server was restored
        session.add(BoardDecision(state_id=office.run["state"]["id"], assignment_id=office.assignment_id, settled_at=NOW))
    assert office.run["state"]["id"] != state_id
    assert office.settle_and_update() == ()
    assert office.shown == "已撤销"


def wait_for_event(office: Office, run_id: str) -> None:
    """The server stores events in groups, every few seconds."""
    wanted = {"event": {"name": ["prefect.flow-run.Cancelled"]}, "resource": {"id": [f"prefect.flow-run.{run_id}"]}}
    patience = 300
    while not office.server.call("POST", "/events/filter", {"filter": wanted})["events"]:
        patience -= 1
        assert patience, "the server stored no event"
        time.sleep(0.1)


def test_the_review_is_kept_with_the_report(office: Office) -> None:
    office.report()
    office.update()
    office.submit("通过", "很好", by="周启明")
    office.settle_and_update()
    with office.open_reading() as session:
        stored = session.scalars(select(Report)).one()
    assert (stored.verdict, stored.comment, stored.reviewed_by) == (Verdict.APPROVED, "很好", "周启明")
