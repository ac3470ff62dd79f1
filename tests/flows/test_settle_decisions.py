"""From the click in the UI to the settled run: automation, work pool, a process of a worker; and the mail of who is concerned."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists
from prefect.settings import PREFECT_WORKER_QUERY_SECONDS, temporary_settings
from prefect.workers.process import ProcessWorker

from board.clicks import PREFECTS_NAMES
from board.installing import install
from board.server import Server, connect
from board.states import OUR_NAMES
from board.updating import update
from board.values import DEPLOYMENT
from engine.history import open_histories
from engine.issuing import OFFICER
from engine.reporting import report
from flows.deployment import POOL, deployments, prefect_file, worker
from flows.settle_decisions import settle_decisions
from flows.update_board import update_board
from tasks.board import bring_up_to_date
from tasks.decisions import ONE_RUN_FOR, take_over
from tasks.environment import now, open_reading, open_transaction, prepare_database, real_now
from tests import factories
from tests.board.conftest import clear
from zeren.catcher import MailCatcher
from zeren.catcher.caught import CaughtMail
from zeren.settings import settings

DESCRIBED: dict[str, Any] = next(
    entry for entry in yaml.safe_load(prefect_file().read_text("utf-8"))["deployments"] if entry["name"] == "落实界面决定"
)
PATIENCE = timedelta(seconds=90)  # on a machine that does much else; by itself it takes four to eight


async def deployed() -> str:
    """The flow on the server with its automation, and nothing else that a clock would start meanwhile."""
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(
                WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=ProcessWorker.get_default_base_job_template())
            )
    deployment = next(each for each in deployments(prefect_file()) if each.name == DESCRIBED["name"])
    deployment.job_variables = {"stream_output": False}
    return str(await deployment.aapply())


def owed(count: int) -> list[int]:
    """Assignments of somebody with an address, led by 周启明; the first of them is reported. All are on the board."""
    prepare_database()
    with open_transaction() as session:
        holder, leader = (
            factories.person(session, email="shi@example.com"),
            factories.person(session, name="周启明", email="zhou@example.com"),
        )
        rows = [factories.assignment(session, person_id=holder.id, leader_id=leader.id, due_on=date(2026, 6, 30)) for _ in range(count)]
        keys = {row.id: row.natural_key for row in rows}
        open_histories(session, keys, action="issue", to_value="sent", reason="", at=now(), by=OFFICER)
        report(session, min(keys), text="已完成", by=holder.name, now=now())
    return sorted(keys)


def states(server: Server, deployment_id: str) -> list[str]:
    return sorted(run.state.name for run in server.runs(deployment_id))


async def until_settled(server: Server, deployment_id: str, expected: list[str]) -> None:
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while states(server, deployment_id) != sorted(expected):
            await asyncio.sleep(0.2)


def body(mail: CaughtMail) -> str:
    part = mail.message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def test_clicks_are_settled_by_a_worker_and_who_is_concerned_gets_mail(
    office: MailCatcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[mail]\na_day = 100\n", encoding="utf-8")  # the limit of a day is another matter
    monkeypatch.setenv("ZEREN_POLICY_FILE", str(policy))
    settings.cache_clear()
    with connect() as server, temporary_settings({PREFECT_WORKER_QUERY_SECONDS: 1}):
        clear(server)
        flow_id = await deployed()
        owed(6)
        board = install(server)
        update(server, open_reading, open_transaction, now=now(), zone=settings().zone, full=True)
        assert states(server, board) == ["待审核"] + ["待签收"] * 5
        async with worker(tmp_path):
            for run in server.runs(board):
                if run.state.name == "待审核":
                    answer = {"审核结论": "退回", "审核意见": "请附签到表", "审核人": "周启明", "第几次报送": 1}
                    server.call("POST", f"/flow_runs/{run.id}/resume", {"run_input": answer})
                else:
                    state = {"type": "CANCELLED", "message": "取消"}
                    server.call("POST", f"/flow_runs/{run.id}/set_state", {"state": state, "force": True})
            await until_settled(server, board, ["已撤销"] * 5 + ["退回重办"])
            late = next(run.id for run in server.runs(board) if run.state.name == "退回重办")
            server.call("POST", f"/flow_runs/{late}/set_state", {"state": {"type": "COMPLETED", "message": "补齐了"}, "force": True})
            await until_settled(server, board, ["已撤销"] * 5 + ["按期办结"])
            async with asyncio.timeout(PATIENCE.total_seconds()):
                while len(office.mails) < 7 + 5:  # who leads what is withdrawn is told, too
                    await asyncio.sleep(0.2)
                while any(run.state.kind in ("SCHEDULED", "PENDING", "RUNNING") for run in server.runs(flow_id)):
                    await asyncio.sleep(0.2)  # a worker that ends while it starts a run leaves its connections to the collector
        assert Counter(mail.recipients for mail in office.mails) == {("shi@example.com",): 7, ("zhou@example.com",): 5}
        assert any("请附签到表" in body(mail) for mail in office.mails)
        assert server.count_runs(flow_id) <= 3  # not one for each click
        clear(server)


@pytest.mark.parametrize("settled_by", ["the clock's update", "another run before the flow that the click started"])
def test_whichever_run_settles_a_click_its_mail_goes_out(office: MailCatcher, settled_by: str) -> None:
    with connect() as server:
        clear(server)
        owed(1)
        board = install(server)
        update(server, open_reading, open_transaction, now=now(), zone=settings().zone, full=True)
        (run,) = server.runs(board)
        server.call("POST", f"/flow_runs/{run.id}/set_state", {"state": {"type": "FAILED", "message": "请附签到表"}, "force": True})
        if settled_by == "the clock's update":
            assert update_board(return_state=True).is_completed()
        else:
            bring_up_to_date.fn(False)
            assert not office.mails
            assert settle_decisions(return_state=True).is_completed()
        assert states(server, board) == ["退回重办"]
        clear(server)
    (mail,) = office.mails
    assert "请附签到表" in body(mail)


async def test_runs_that_piled_up_are_taken_over_but_not_one_that_clicks_may_still_be_counted_to(office: MailCatcher) -> None:
    long_ago = real_now() - timedelta(hours=60)
    with connect() as server:
        flow_id = await deployed()

        def waiting_since(moment: datetime) -> str:
            state = {"type": "SCHEDULED", "state_details": {"scheduled_time": moment.isoformat()}}
            return str(server.call("POST", f"/deployments/{flow_id}/create_flow_run", {"state": state})["id"])

        piled_up, young = {waiting_since(long_ago) for _ in range(3)}, waiting_since(real_now())
        assert take_over(server, flow_id, before=real_now() - timedelta(minutes=1)) == 3
        names = {run.id: run.state.name for run in server.runs(flow_id)}
        assert {names[run_id] for run_id in piled_up} == {"已并入"}
        assert names[young] == "Scheduled"
        server.delete_runs([*piled_up, young])


def test_a_run_without_a_deployment_takes_nothing_over(office: MailCatcher) -> None:
    with connect() as server:
        assert take_over(server, None, before=real_now()) == 0


async def test_deploying_again_leaves_one_automation(office: MailCatcher) -> None:
    flow_id = await deployed()
    assert await deployed() == flow_id
    with connect() as server:
        named = [each for each in server.call("POST", "/automations/filter", {}) if each["name"] == "看板上的点击"]
    assert [each["actions"][0]["deployment_id"] for each in named].count(flow_id) == 1


def test_the_automation_watches_what_others_set_on_the_board_and_nothing_of_ours() -> None:
    (trigger,) = DESCRIBED["triggers"]
    watched = {event.removeprefix("prefect.flow-run.") for event in trigger["expect"]}
    assert watched == set(PREFECTS_NAMES)
    assert watched & OUR_NAMES == set()
    assert trigger["match_related"]["prefect.resource.name"] == DEPLOYMENT
    assert trigger["within"] == ONE_RUN_FOR.total_seconds()
