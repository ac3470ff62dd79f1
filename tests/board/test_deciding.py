"""What is set by hand on a real Prefect server becomes a decision, once, or is put back and says why."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from board.deciding import OFFICER_HERE
from engine.reporting import acknowledge
from models import AssignmentEvent, AssignmentState, BoardDecision, BoardRun, Verdict
from tests.board.desk import NOW, Desk


@pytest.mark.parametrize(
    ("kind", "message", "action", "shown"),
    [
        ("COMPLETED", "现场看过", "close", "按期办结"),
        ("CANCELLED", "事项取消", "withdraw", "已撤销"),
        ("CANCELLING", "", "withdraw", "已撤销"),  # of a run that nobody executes the server makes Cancelled, without the message
    ],
)
def test_a_state_set_by_hand_is_the_officers_decision(desk: Desk, kind: str, message: str, action: str, shown: str) -> None:
    desk.set_state(kind, message)
    (settled,) = desk.settle_and_update()
    assert settled.counted
    assert desk.history[-1] == (action, OFFICER_HERE, message)
    assert desk.shown == shown


def test_a_reported_one_is_approved_or_returned_by_hand_too(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.set_state("FAILED", "缺照片")
    desk.settle_and_update()
    assert desk.history[-1] == ("return", OFFICER_HERE, "缺照片")
    desk.report("补了照片")
    desk.update()
    desk.set_state("COMPLETED", "好")
    desk.settle_and_update()
    assert desk.history[-1] == ("approve", OFFICER_HERE, "好")
    desk.set_state("FAILED", "查出是假照片")
    desk.settle_and_update()
    assert desk.state is AssignmentState.RETURNED
    assert desk.history[-1] == ("reopen", OFFICER_HERE, "查出是假照片")


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
def test_what_is_no_decision_or_forbidden_is_put_back_with_a_line_that_says_why(desk: Desk, kind: str, name: str | None) -> None:
    desk.set_state(kind, name=name)
    (settled,) = desk.settle_and_update()
    assert not settled.counted
    assert desk.state is AssignmentState.SENT
    assert desk.shown == "待签收"
    assert sum("未计入" in line and settled.said.zh in line for line in desk.log) == 1
    assert desk.settle() == ()


def test_returning_by_hand_takes_a_reason(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.set_state("FAILED")
    (settled,) = desk.settle_and_update()
    assert "写明原因" in settled.said.zh
    assert desk.shown == "待审核"


def test_what_is_withdrawn_stays_so(desk: Desk) -> None:
    desk.set_state("CANCELLED", "取消")
    desk.settle_and_update()
    for kind, message in (("COMPLETED", "算了"), ("FAILED", ""), ("SCHEDULED", "算了")):
        desk.set_state(kind, message)
        assert [settled.counted for settled in desk.settle_and_update()] == [False]
        assert desk.shown == "已撤销"


def test_what_was_withdrawn_by_mistake_is_taken_up_again_with_a_reason(desk: Desk) -> None:
    desk.set_state("CANCELLED")
    desk.settle_and_update()
    desk.set_state("FAILED", "刚才点错了")
    assert [settled.counted for settled in desk.settle_and_update()] == [True]
    assert desk.history[-1] == ("reopen", OFFICER_HERE, "刚才点错了")
    assert desk.shown == "退回重办"


def test_of_two_who_click_before_it_is_settled_the_first_one_counts(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.submit("退回", "缺照片", by="周启明")
    desk.set_state("COMPLETED", "可以")
    assert [settled.counted for settled in desk.settle_and_update()] == [True, False]
    assert desk.state is AssignmentState.RETURNED
    assert desk.shown == "退回重办"
    assert desk.mails[-1] == ("overtaken", "officer@example.com")


def test_a_decision_on_a_view_that_is_out_of_date_does_not_count(desk: Desk) -> None:
    desk.report()  # the board still shows 待签收
    desk.set_state("COMPLETED")
    (settled,) = desk.settle_and_update()
    assert not settled.counted
    assert "石小满" in settled.said.zh
    assert desk.state is AssignmentState.REPORTED
    assert desk.shown == "待审核"


def test_settling_twice_decides_once(desk: Desk) -> None:
    desk.set_state("COMPLETED")
    assert len(desk.settle()) == 1
    assert desk.settle() == ()  # killed before the update: the run still stands in the state set by hand
    desk.update()
    assert desk.shown == "按期办结"
    assert desk.settle() == ()
    assert [action for action, _, _ in desk.history].count("close") == 1


def test_of_several_who_settle_at_once_each_click_is_settled_by_one(desk_on_either: Desk) -> None:
    desk = desk_on_either
    desk.report()
    desk.update()
    desk.submit("退回", "缺照片", by="周启明")
    desk.set_state("COMPLETED")
    desk.set_state("RUNNING")

    with ThreadPoolExecutor(4) as at_once:
        settled = [each for some in at_once.map(lambda _: desk.settle(), range(4)) for each in some]
    assert sorted(each.counted for each in settled) == [False, False, True]
    assert [action for action, _, _ in desk.history[2:]].count("return") == 1
    assert len(desk.history) == 5  # issued, reported, and each of the three once
    desk.update()
    assert desk.shown == "退回重办"


def test_what_is_shown_is_settled_without_any_event(desk: Desk) -> None:
    desk.set_state("COMPLETED")
    assert [each.counted for each in desk.settle(since=datetime.now(UTC) + timedelta(days=1))] == [True]


def test_a_run_that_stands_for_nothing_is_turned_away_and_decides_nothing(desk: Desk) -> None:
    created = desk.server.call("POST", f"/deployments/{desk.deployment_id}/create_flow_run", {"state": {"type": "SCHEDULED"}})
    assert desk.settle_and_update() == ()
    names = {run.id: run.state.name for run in desk.server.runs(desk.deployment_id)}
    assert names.pop(created["id"]) == "非任务"
    assert list(names.values()) == ["待签收"]


def test_a_copy_of_a_run_is_found_by_none_of_its_filters(desk: Desk) -> None:
    face = {name: desk.run[name] for name in ("name", "tags", "parameters")}
    original = desk.run["id"]
    path = f"/deployments/{desk.deployment_id}/create_flow_run"
    copy = desk.server.call("POST", path, {"state": {"type": "SCHEDULED"}, **face})["id"]
    desk.update()
    runs = {run.id: run for run in desk.server.runs(desk.deployment_id)}
    assert (runs[copy].name, runs[copy].tags, dict(runs[copy].parameters), runs[copy].state.name) == ("非任务", (), {}, "非任务")
    assert runs[original].tags


def test_a_name_of_a_state_may_be_anything(desk: Desk) -> None:
    desk.set_state("FAILED", name="\x1b[31m" + "长" * 500)
    (settled,) = desk.settle_and_update()
    assert len(settled.said.zh) < 200
    assert desk.shown == "待签收"


def test_our_own_states_are_no_decisions(desk: Desk) -> None:
    desk.report()
    desk.update()
    desk.review(Verdict.APPROVED)
    desk.update()
    assert desk.settle() == ()


def test_a_state_that_an_update_wrote_over_is_found_among_the_events(desk: Desk) -> None:
    desk.set_state("CANCELLED", "取消")
    run_id = desk.run["id"]
    desk.server.call("POST", f"/flow_runs/{run_id}/set_state", {"state": {"type": "SCHEDULED", "name": "待签收"}, "force": True})
    desk.wait_for_event("Cancelled")
    (settled,) = desk.settle_and_update()
    assert settled.counted
    assert desk.shown == "已撤销"
    assert desk.settle() == ()


@pytest.mark.parametrize(("kind", "message"), [("COMPLETED", "不用报送，直接办结"), ("FAILED", "为什么没有动静")])
def test_a_click_that_an_update_wrote_over_is_no_decision_on_what_that_update_shows(desk: Desk, kind: str, message: str) -> None:
    desk.report()  # the board still shows 待签收
    desk.click_during_the_update(kind, message)
    assert desk.shown == "待审核"
    desk.wait_for_event(kind.capitalize())
    (settled,) = desk.settle_and_update()
    assert not settled.counted
    assert "石小满" in settled.said.zh
    assert desk.state is AssignmentState.REPORTED
    assert desk.shown == "待审核"
    assert desk.mails[-1] == ("overtaken", "officer@example.com")


def test_a_click_that_an_update_wrote_over_counts_for_what_the_run_showed(desk: Desk) -> None:
    with desk.open_transaction() as session:
        acknowledge(session, [desk.assignment_id], by="石小满", now=NOW)
    desk.click_during_the_update("COMPLETED", "现场看过")
    assert desk.shown == "办理中"
    desk.wait_for_event("Completed")
    assert [settled.counted for settled in desk.settle_and_update()] == [True]
    assert desk.shown == "按期办结"


def test_a_click_that_two_updates_wrote_over_does_not_count_where_the_duty_stands_otherwise_now(desk: Desk) -> None:
    with desk.open_transaction() as session:
        acknowledge(session, [desk.assignment_id], by="石小满", now=NOW)
    desk.click_during_the_update("COMPLETED", "现场看过")
    desk.report()
    desk.update()
    desk.wait_for_event("Completed")
    (settled,) = desk.settle_and_update()
    assert not settled.counted
    assert "现在是“待审核”" in settled.said.zh
    assert desk.state is AssignmentState.REPORTED


@pytest.mark.parametrize(("reported", "counted"), [(True, False), (False, True)])
def test_where_nothing_is_known_of_what_was_shown_the_name_of_the_state_decides(desk: Desk, reported: bool, counted: bool) -> None:
    if reported:
        desk.report()  # the board still shows 待签收
    desk.set_state("COMPLETED")
    with desk.open_transaction() as session:  # as after the office's memory of the board was lost
        session.execute(update(BoardRun).values(version=0))
    (settled,) = desk.settle_and_update()
    assert settled.counted is counted


def test_a_decision_is_made_at_the_moment_of_its_click_unless_another_day_is_rehearsed(desk: Desk) -> None:
    before = datetime.now(UTC)
    desk.set_state("COMPLETED")
    desk.settle(rehearsed=None)
    with desk.open_reading() as session:
        at = session.scalars(select(AssignmentEvent.at).order_by(AssignmentEvent.position.desc())).first()
    assert at is not None
    assert before - timedelta(seconds=1) <= at <= datetime.now(UTC)


def test_a_run_that_shows_what_was_settled_long_ago_is_put_right(desk: Desk) -> None:
    desk.set_state("CANCELLED", "取消")
    desk.settle_and_update()
    state_id = desk.run["state"]["id"]
    desk.set_state("RUNNING")
    with desk.open_transaction() as session:  # as after a backup of the server was restored
        session.add(BoardDecision(state_id=desk.run["state"]["id"], assignment_id=desk.assignment_id, settled_at=NOW))
    assert desk.run["state"]["id"] != state_id
    assert desk.settle_and_update() == ()
    assert desk.shown == "已撤销"
