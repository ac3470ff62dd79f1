"""What the officer enters for others: receipts, reports and withdrawals; each is on the board when the run ends."""

from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import State

import examples
from board.installing import install
from board.server import connect
from flows.issue_annual_list import issue_annual_list
from flows.record_receipt import record_receipt
from flows.record_report import record_report
from flows.withdraw_items import withdraw_items
from models import Assignment, AssignmentState, Evidence, Person
from zeren.catcher import MailCatcher
from zeren.database import prepare, reading
from zeren.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest

LIST = "序号,责任事项,完成时限,责任单位\n1,讲授专题党课,6月底,各党支部\n2,报送工作总结,12月20日前,各科室\n"


@pytest.fixture
def issued(office: MailCatcher, tmp_path: Path) -> MailCatcher:
    (tmp_path / "list.csv").write_text(LIST, "utf-8")
    issue_annual_list("list.csv", examples.YEAR, str(examples.ROSTER), confirmed=True)
    return office


def said(state: State[Any]) -> str:
    return state.message or ""


def assignments() -> dict[int, AssignmentState]:
    with reading(settings().database_url) as session:
        return {row.id: row.state for row in session.query(Assignment).order_by(Assignment.id)}


def on_the_board() -> dict[int, tuple[str, str]]:
    """The address of each run and the name of its state, by the number of its assignment."""
    with connect() as server:
        return {run.parameters["编号"]: (run.id, run.state.name) for run in server.runs(install(server)) if "编号" in run.parameters}


def test_a_report_is_entered_by_the_address_of_its_run_and_waits_for_review(issued: MailCatcher) -> None:
    number = min(assignments())
    run_id, before = on_the_board()[number]
    assert before == "待签收"
    state: State[Any] = record_report(
        f"http://127.0.0.1:4200/runs/flow-run/{run_id}",
        "已讲授两次",
        evidence="照片 https://example.com/1.jpg\n\nhttps://example.com/2.pdf",
        return_state=True,
    )
    assert said(state) == "已登记第1次办理情况，等待审核"
    assert assignments()[number] is AssignmentState.REPORTED
    assert on_the_board()[number] == (run_id, "待审核")
    with reading(settings().database_url) as session:
        proofs = [(row.name, row.url) for row in session.query(Evidence).order_by(Evidence.position)]
    assert proofs == [("照片", "https://example.com/1.jpg"), ("https://example.com/2.pdf", "https://example.com/2.pdf")]


def test_all_that_a_person_has_not_acknowledged_is_entered_once(issued: MailCatcher) -> None:
    with reading(settings().database_url) as session:
        name, person_id = session.query(Person.name, Person.id).join(Assignment, Assignment.person_id == Person.id).order_by(Person.id)[0]
        carried = [row.id for row in session.query(Assignment).filter_by(person_id=person_id)]
    assert said(record_receipt(person=name, return_state=True)) == f"登记签收{len(carried)}项"
    assert {on_the_board()[number][1] for number in carried} == {"办理中"}
    again: State[Any] = record_receipt(assignments="\n".join(map(str, carried)), return_state=True)
    assert said(again) == f"登记签收0项，另有{len(carried)}项此前已签收"


def test_items_are_withdrawn_only_when_that_is_confirmed(issued: MailCatcher) -> None:
    mails, before = len(issued.mails), assignments()
    given = {"numbers": "1", "reason": "上级另有安排"}
    looked: State[Any] = withdraw_items(**given, return_state=True)
    assert said(looked).startswith("预览（尚未撤销）：")
    assert assignments() == before
    done: State[Any] = withdraw_items(**given, confirmed=True, return_state=True)
    assert said(done).endswith(said(looked).removeprefix("预览（尚未撤销）："))
    withdrawn = {number for number, state in assignments().items() if state is AssignmentState.WITHDRAWN}
    assert 0 < len(withdrawn) < len(before)
    assert {number for number, (_, state) in on_the_board().items() if state == "已撤销"} == withdrawn
    assert len(issued.mails) > mails


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (record_receipt, "请填写任务（看板上的网址或编号）或责任人"),
        (record_report, "请填写一项任务：看板上该任务的网址，或参数里的编号"),
        (withdraw_items, "撤销要写明原因"),
    ],
    ids=["receipt", "report", "withdraw"],
)
def test_a_form_that_was_left_as_it_was_says_what_is_missing(office: MailCatcher, run: Any, sentence: str) -> None:
    prepare(settings().database_url)
    state: State[Any] = run(return_state=True)
    assert state.is_failed()
    assert said(state) == sentence
