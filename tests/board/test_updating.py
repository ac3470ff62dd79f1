from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update as sql_update

from board.installing import install
from board.server import connect
from board.states import NOT_A_DUTY
from board.values import DEPLOYMENT, FLOW, State
from engine import reporting, reviewing
from models import Assignment, AssignmentState, BoardRun, Verdict
from notifications.sender import Sender
from tests import factories
from tests.board.conftest import ZONE, OfficeBoard

SENDER = Sender("责任清单 <zeren@example.com>")
DUE = date(2026, 6, 30)


def changing(requests: list[tuple[str, str]]) -> list[str]:
    """Requests that change something on the server."""
    asking = ("/filter", "/count")
    return [f"{method} {path}" for method, path in requests if method != "GET" and not path.endswith(asking)]


def reported(board: OfficeBoard, id: int, text: str = "已组织两次", evidence: Sequence[tuple[str, str]] = ()) -> None:
    with board.transaction() as session:
        reporting.report(session, id, text=text, evidence=evidence, by="张三", now=board.now)


STANDS: list[tuple[dict[str, Any], date, str, str]] = [  # fields of the assignment, the day, kind and name of its run's state
    ({"state": AssignmentState.SENT}, date(2026, 1, 5), "SCHEDULED", "待签收"),
    ({"state": AssignmentState.ACKNOWLEDGED}, date(2026, 1, 5), "RUNNING", "办理中"),
    ({"state": AssignmentState.ACKNOWLEDGED}, date(2026, 6, 25), "PENDING", "临期"),
    ({"state": AssignmentState.REPORTED}, date(2026, 7, 5), "PAUSED", "待审核"),
    ({"state": AssignmentState.RETURNED}, date(2026, 1, 5), "RUNNING", "退回重办"),
    ({"state": AssignmentState.SENT}, date(2026, 7, 1), "FAILED", "逾期"),
    ({"state": AssignmentState.CLOSED, "done_on": DUE}, date(2026, 7, 1), "COMPLETED", "按期办结"),
    ({"state": AssignmentState.CLOSED, "done_on": date(2026, 7, 1)}, date(2026, 7, 2), "COMPLETED", "逾期办结"),
    ({"state": AssignmentState.WITHDRAWN}, date(2026, 1, 5), "CANCELLED", "已撤销"),
]


def test_each_way_to_stand_has_its_state_and_its_word(office_board: OfficeBoard) -> None:
    shown = {}
    for fields, today, _, name in STANDS:
        office_board.issued(**fields)
        office_board.now = datetime.combine(today, datetime.min.time(), ZONE) + timedelta(hours=9)
        office_board.update()
        shown[name] = list(office_board.runs().values())[-1].state
    assert [(state.kind, state.name) for state in shown.values()] == [(kind, name) for _, _, kind, name in STANDS]
    assert shown["待签收"].scheduled_at == datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)


def test_a_run_is_called_so_that_a_person_can_read_it_in_a_list(office_board: OfficeBoard) -> None:
    with office_board.transaction() as session:
        item = factories.item(session, number="7", content="每月主题党日，全体党员参加", section="通用项目")
        step = factories.step(session, item_id=item.id)
        branch = factories.unit(session, name="养老服务支部", kind="党支部")
        person, leader = factories.person(session, name="张三"), factories.person(session, name="李四")
        factories.contact_point(session, branch_id=branch.id, leader_id=leader.id)
        (id,) = office_board.issue(
            session, step_id=step.id, unit_id=branch.id, person_id=person.id, leader_id=leader.id, period="3月", due_on=date(2026, 3, 31)
        )
    office_board.update()
    run = office_board.runs()[id]
    assert run.name == "07 每月主题党日 · 3月 · 养老服务支部"
    assert {"年度:2026", "板块:通用项目", "支部:养老服务支部", "责任人:张三", "责任领导:李四", "联系领导:李四", "到期:2026-03"} <= set(
        run.tags
    )
    assert run.parameters["事项"] == "每月主题党日，全体党员参加"
    assert run.parameters["编号"] == id


def test_a_second_update_sends_nothing(office_board: OfficeBoard) -> None:
    office_board.issued(3)
    assert office_board.update().created == 3
    again = office_board.update()
    assert (again.created, again.changed, again.lines) == (0, 0, 0)
    assert changing(office_board.requests) == []
    assert len(office_board.requests) <= 4, "a quick update of a true board asks a few questions only"


def test_only_what_changed_is_sent(office_board: OfficeBoard) -> None:
    ids = office_board.issued(120)
    office_board.update()
    with office_board.transaction() as session:
        reporting.acknowledge(session, ids[:2], by="张三", now=office_board.now)
    done = office_board.update()
    assert (done.created, done.changed, done.lines) == (0, 2, 2)
    sent = changing(office_board.requests)
    assert len([each for each in sent if each.startswith("PATCH")]) == 2, "the tag that names the state"
    assert sent.count("POST /flow_runs/bulk_set_state") == 1
    assert sent.count("POST /logs/") == 1
    assert len(sent) == 4


def test_creation_goes_in_hundreds_and_so_do_the_logs(office_board: OfficeBoard) -> None:
    office_board.issued(250)
    office_board.update()
    sent = changing(office_board.requests)
    assert len([each for each in sent if each.endswith("create_flow_run/bulk")]) == 3
    assert sent.count("POST /logs/") == 3
    assert len(office_board.runs()) == 250


def test_a_new_day_changes_what_it_concerns_though_nothing_was_done(office_board: OfficeBoard) -> None:
    late, early = office_board.issued(due_on=date(2026, 1, 31)), office_board.issued(due_on=DUE)
    office_board.update()
    office_board.now = datetime(2026, 2, 1, 1, tzinfo=UTC)
    assert office_board.update().changed == 1
    runs = office_board.runs()
    assert [runs[late[0]].state.name, runs[early[0]].state.name] == ["逾期", "待签收"]
    assert office_board.update().changed == 0


def test_the_log_of_a_run_is_the_history_each_row_once_at_its_own_time(office_board: OfficeBoard) -> None:
    (id,) = office_board.issued()
    office_board.update()
    with office_board.transaction() as session:
        reporting.acknowledge(session, [id], by="张三", now=office_board.now)
    reported(office_board, id, text="组织了两次", evidence=[("照片", "https://example.com/1.jpg")])
    with office_board.transaction() as session:
        reviewing.review(
            session,
            id,
            number=1,
            verdict=Verdict.RETURNED,
            comment="请补充签到表",
            by="计划员",
            sender=SENDER,
            now=office_board.now + timedelta(hours=1),
        )
    office_board.update()
    office_board.update(full=True)
    assert office_board.log(id) == [
        "下发 · 计划员：2026年度责任清单",
        "签收 · 张三",
        "报送 · 张三：组织了两次\n佐证材料：照片 https://example.com/1.jpg",
        "退回 · 计划员：请补充签到表",
    ]
    with connect() as server:
        lines = list(server.lines_of([office_board.runs()[id].id]))
    assert lines[0].at == factories.NOW
    assert lines[-1].at == office_board.now + timedelta(hours=1)


def test_a_report_and_its_evidence_are_a_page_of_the_run_once(office_board: OfficeBoard) -> None:
    (id,) = office_board.issued()
    office_board.update()
    reported(office_board, id, evidence=[("照片", "https://example.com/1.jpg")])
    office_board.update()
    office_board.update(full=True)
    with connect() as server:
        (page,) = server.artifacts_of([office_board.runs()[id].id])
    assert "已组织两次" in page.data
    assert "[照片](https://example.com/1.jpg)" in page.description
    assert page.key is None, "the Artifacts page is for the year's pages"


def test_a_reported_assignment_asks_for_its_review(office_board: OfficeBoard) -> None:
    (id,) = office_board.issued()
    reported(office_board, id)
    office_board.update()
    run = office_board.runs()[id]
    assert run.state.keyset is not None
    with connect() as server:
        resumed = server.call(
            "POST", f"/flow_runs/{run.id}/resume", {"run_input": {"审核结论": "同意", "审核人": "计划员", "第几次报送": 1}}
        )
        assert resumed["status"] == "REJECT", "the server holds the answer against the form"
        resumed = server.call(
            "POST", f"/flow_runs/{run.id}/resume", {"run_input": {"审核结论": "通过", "审核人": "计划员", "第几次报送": 1}}
        )
        assert resumed["state"]["name"] == "Resuming"
        assert "通过" in (server.answer(run.id, run.state.keyset) or "")


def test_a_state_that_somebody_set_is_left_until_it_is_settled(office_board: OfficeBoard) -> None:
    (id,) = office_board.issued()
    office_board.update()
    with connect() as server:
        server.set_state([office_board.runs()[id].id], State("COMPLETED", "Completed", "线下已办结"))
    assert office_board.update(full=True).undecided == 1
    assert office_board.runs()[id].state.name == "Completed"
    with office_board.transaction() as session:  # what settling leaves
        session.execute(sql_update(BoardRun).values(digest=session.get(BoardRun, id).digest[:32]))
    assert office_board.update().undecided == 0
    assert office_board.runs()[id].state.name == "待签收"


def test_runs_that_were_deleted_in_the_ui_come_back_with_their_logs(office_board: OfficeBoard) -> None:
    ids = office_board.issued(5)
    office_board.update()
    before = office_board.runs()
    with connect() as server:
        server.delete_runs([before[ids[0]].id, before[ids[1]].id])
    assert office_board.update().created == 2
    assert set(office_board.runs()) == set(ids)
    assert office_board.log(ids[0]) == ["下发 · 计划员：2026年度责任清单"]


def test_an_empty_server_gets_the_whole_board_again(office_board: OfficeBoard) -> None:
    ids = office_board.issued(3)
    reported(office_board, ids[0])
    office_board.update()
    with connect() as server:
        server.call("DELETE", f"/deployments/{server.deployment_id(FLOW, DEPLOYMENT)}")
    assert office_board.update().created == 3
    runs = office_board.runs()
    assert [runs[id].state.name for id in ids] == ["待审核", "待签收", "待签收"]
    assert len(office_board.log(ids[0])) == 2


def test_a_lost_memory_takes_over_the_runs_that_are_there(office_board: OfficeBoard) -> None:
    ids = office_board.issued(3)
    reported(office_board, ids[0])
    office_board.update()
    before = {id: run.id for id, run in office_board.runs().items()}
    with office_board.transaction() as session:
        session.query(BoardRun).delete()
    assert office_board.update().created == 0
    assert {id: run.id for id, run in office_board.runs().items()} == before
    assert len(office_board.log(ids[0])) == 2
    with connect() as server:
        assert len(list(server.artifacts_of([before[ids[0]]]))) == 1


def test_a_server_that_went_back_to_an_older_copy_is_set_right_by_a_full_update(office_board: OfficeBoard) -> None:
    (id,) = office_board.issued()
    with office_board.transaction() as session:
        reporting.acknowledge(session, [id], by="张三", now=office_board.now)
    office_board.update()
    with connect() as server:
        server.set_state([office_board.runs()[id].id], State("SCHEDULED", "待签收", "旧"))
    assert office_board.update(full=True).changed == 1
    assert office_board.runs()[id].state.name == "办理中"


def test_a_run_that_stands_for_nothing_is_called_so_and_not_counted(office_board: OfficeBoard) -> None:
    office_board.issued(2)
    office_board.update()
    with connect() as server:
        deployment_id = install(server)
        made = server.call("POST", f"/deployments/{deployment_id}/create_flow_run", {"name": "误点"})
    done = office_board.update()
    assert (done.strangers, done.shown) == (1, 2)
    with connect() as server:
        (run,) = server.runs_with_ids([made["id"]])
        assert (run.state.kind, run.state.name) == ("CANCELLED", "非任务")
        assert [line.text for line in server.lines_of([run.id])] == [NOT_A_DUTY.message]
    assert office_board.update().strangers == 0
    assert changing(office_board.requests) == []


def test_what_ended_long_ago_leaves_the_board_and_comes_back_without_the_limit(office_board: OfficeBoard) -> None:
    old, new, still_open = (office_board.issued()[0] for _ in range(3))
    with office_board.transaction() as session:
        for id, days in ((old, 40), (new, 10)):
            row = session.get(Assignment, id)
            row.state, row.ended_at, row.version = AssignmentState.WITHDRAWN, office_board.now - timedelta(days=days), 1
    office_board.update()
    assert set(office_board.runs()) == {old, new, still_open}
    done = office_board.update(closed_days=30)
    assert (done.removed, done.shown) == (1, 2)
    assert set(office_board.runs()) == {new, still_open}
    assert office_board.update(closed_days=30, full=True).created == 0
    assert office_board.update().created == 1


def test_withdrawn_assignments_stay_and_say_why(office_board: OfficeBoard) -> None:
    from engine.withdrawing import withdraw_items

    with office_board.transaction() as session:
        listed = factories.responsibility_list(session, title="清单")
        step = factories.step(session, item_id=factories.item(session, list_id=listed.id, number="1").id)
        (id,) = office_board.issue(session, step_id=step.id)
    office_board.update()
    with office_board.transaction() as session:
        withdraw_items(session, year=2026, title="清单", numbers=["1"], reason="机构调整", by="计划员", sender=SENDER, now=office_board.now)
    office_board.update()
    state = office_board.runs()[id].state
    assert (state.kind, state.name, state.message) == ("CANCELLED", "已撤销", "机构调整")


def test_a_second_report_has_a_form_of_its_own(office_board: OfficeBoard) -> None:
    (id,) = office_board.issued()
    keysets = []
    for number in (1, 2):
        reported(office_board, id, text=f"第{number}次")
        office_board.update()
        keysets.append(office_board.runs()[id].state.keyset)
        with office_board.transaction() as session:
            reviewing.review(
                session, id, number=number, verdict=Verdict.RETURNED, comment="再补", by="计划员", sender=SENDER, now=office_board.now
            )
        office_board.update()
    assert keysets[0] != keysets[1]
    assert office_board.runs()[id].state.message.startswith("再补")


@pytest.mark.parametrize("full", [False, True])
def test_an_office_without_assignments_has_an_empty_board(office_board: OfficeBoard, full: bool) -> None:
    assert office_board.update(full=full).shown == 0
