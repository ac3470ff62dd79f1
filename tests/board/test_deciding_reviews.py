"""What is submitted in a review form on a real Prefect server decides about one report, once, or says why not."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from board.deciding import OFFICER_HERE
from engine.history import NOT_COUNTED
from engine.reviewing import review
from models import AssignmentState, Report, Verdict
from tests.board.desk import NOW, SENDER, Desk


def test_an_approving_form_closes_the_assignment_and_its_run(desk: Desk) -> None:
    desk.report()
    desk.update()
    assert desk.shown == "待审核"
    assert desk.submit("通过", "很好", by="周启明") == "ACCEPT"
    assert [settled.counted for settled in desk.settle_and_update()] == [True]
    assert desk.state is AssignmentState.CLOSED
    assert desk.shown == "按期办结"
    assert desk.history[-1] == ("approve", "周启明", "很好")
    assert ("decided", "shi@example.com") in desk.mails


def test_a_returning_form_opens_the_assignment_again_with_the_comment(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.submit("退回", "请附签到表")
    desk.settle_and_update()
    assert desk.state is AssignmentState.RETURNED
    assert desk.shown == "退回重办"
    assert desk.history[-1] == ("return", OFFICER_HERE, "请附签到表")
    assert "请附签到表" in desk.run["state"]["message"]


def test_a_second_report_is_reviewed_with_a_form_of_its_own(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.submit("退回", "请附签到表")
    desk.settle_and_update()
    desk.report("附上了")
    desk.update()
    assert desk.submit("通过", number=1) == "REJECT"  # a form that was left open since the first report
    assert desk.submit("通过", number=2) == "ACCEPT"
    desk.settle_and_update()
    assert desk.state is AssignmentState.CLOSED


def test_a_second_submission_is_refused_by_the_server(desk: Desk) -> None:
    desk.report()
    desk.update()
    assert desk.submit("通过") == "ACCEPT"
    assert desk.submit("退回", "不行") == "ABORT"
    desk.settle_and_update()
    assert desk.state is AssignmentState.CLOSED


def test_a_form_for_what_was_reviewed_elsewhere_meanwhile_does_not_count_and_its_reviewer_is_told(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.review(Verdict.RETURNED, "缺照片")
    desk.submit("通过", by="周启明")
    (settled,) = desk.settle_and_update()
    assert not settled.counted
    assert desk.state is AssignmentState.RETURNED
    assert desk.shown == "退回重办"
    assert desk.history[-1][:2] == (NOT_COUNTED, "周启明")
    assert desk.mails[-1] == ("overtaken", "zhou@example.com")
    assert any("未计入" in line and "周启明" in line for line in desk.log)


def test_the_officer_is_told_where_the_form_names_nobody_else(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.review(Verdict.APPROVED)
    desk.submit("退回", "缺照片")
    desk.settle_and_update()
    assert desk.state is AssignmentState.CLOSED
    assert desk.mails[-1] == ("overtaken", "officer@example.com")


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"审核结论": "同意"}, {"审核结论": "退回", "审核意见": " ", "审核人": "计划员", "第几次报送": 1}],
    ids=["none", "empty", "another verdict", "returned without a comment"],
)
def test_an_answer_that_does_not_fit_is_said_in_the_log_and_the_run_is_open_for_review_again(
    desk: Desk, answer: dict[str, Any] | None
) -> None:
    desk.report()
    desk.update()
    run = desk.run
    if answer is not None:
        key = run["state"]["state_details"]["run_input_keyset"]["response"]
        desk.server.call("POST", f"/flow_runs/{run['id']}/input", {"key": key, "value": json.dumps(answer)})
    desk.set_state("SCHEDULED", name="Resuming")
    (settled,) = desk.settle_and_update()
    assert not settled.counted
    assert desk.shown == "待审核"
    assert any("审核没有计入" in line for line in desk.log)
    assert desk.mails == []
    assert desk.submit("通过") == "ACCEPT"
    desk.settle_and_update()
    assert desk.shown == "按期办结"


def test_a_review_elsewhere_at_the_same_moment_and_a_form_count_once_together(desk_on_either: Desk) -> None:
    desk = desk_on_either
    desk.report()
    desk.update()
    desk.submit("通过", by="周启明")

    def on_the_command_line() -> bool:
        with desk.open_transaction() as session:
            return review(
                session, desk.assignment_id, number=1, verdict=Verdict.RETURNED, comment="缺照片", by="计划员", sender=SENDER, now=NOW
            ).counted

    with ThreadPoolExecutor(2) as at_once:
        elsewhere, here = at_once.submit(on_the_command_line), at_once.submit(desk.settle)
        assert sorted([elsewhere.result(), here.result()[0].counted]) == [False, True]
    desk.update()
    assert desk.shown == ("退回重办" if elsewhere.result() else "按期办结")


def test_the_review_is_kept_with_the_report(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.submit("通过", "很好", by="周启明")
    desk.settle_and_update()
    with desk.open_reading() as session:
        stored = session.scalars(select(Report)).one()
    assert (stored.verdict, stored.comment, stored.reviewed_by) == (Verdict.APPROVED, "很好", "周启明")
