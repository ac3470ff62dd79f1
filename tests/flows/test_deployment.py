from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.schedules import CronSchedule
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.deployment import POOL, deploy, deployments, is_deployed, prefect_file
from zeren.ports import free_port
from zeren.prefect_server import PrefectServer

DESCRIBED: list[dict[str, Any]] = yaml.safe_load(prefect_file().read_text("utf-8"))["deployments"]
each_described = pytest.mark.parametrize("described", DESCRIBED, ids=[described["entrypoint"] for described in DESCRIBED])


@each_described
def test_every_entrypoint_is_dotted_and_loads_without_a_placeholder(described: dict[str, Any]) -> None:
    module, name = described["entrypoint"].rsplit(".", 1)
    assert load_flow_from_entrypoint(described["entrypoint"], use_placeholder_flow=False) is getattr(import_module(module), name)


def test_every_flow_of_the_room_is_deployed() -> None:
    room = Path(import_module("flows").__path__[0])
    written = {
        f"flows.{path.stem}.{name}"
        for path in room.glob("*.py")
        for name, value in vars(import_module(f"flows.{path.stem}")).items()
        if isinstance(value, Flow) and value.fn.__module__ == f"flows.{path.stem}"
    }
    assert written == {described["entrypoint"] for described in DESCRIBED}


@each_described
def test_clocks_run_in_shanghai(described: dict[str, Any]) -> None:
    for schedule in described["schedules"]:
        assert schedule["timezone"] == "Asia/Shanghai"


@each_described
def test_a_worker_of_our_pool_executes_it(described: dict[str, Any]) -> None:
    assert described["work_pool"]["name"] == POOL


@each_described
def test_it_is_described_in_chinese_first(described: dict[str, Any]) -> None:
    assert any("一" <= sign <= "鿿" for sign in described["name"])
    assert any("一" <= sign <= "鿿" for sign in described["description"].splitlines()[0])


def test_deployments_are_built_as_described() -> None:
    built = {deployment.entrypoint: deployment for deployment in deployments(prefect_file())}
    assert set(built) == {described["entrypoint"] for described in DESCRIBED}
    delivery = built["flows.deliver_notices.deliver_notices"]
    schedules = [schedule.schedule for schedule in delivery.schedules or []]
    assert [(schedule.cron, schedule.timezone) for schedule in schedules if isinstance(schedule, CronSchedule)] == [
        ("*/10 7-20 * * *", "Asia/Shanghai")
    ]
    assert delivery.work_pool_name == POOL


def test_a_flow_that_cannot_be_imported_is_refused_not_replaced(tmp_path: Path) -> None:
    broken = tmp_path / "prefect.yaml"
    broken.write_text("deployments: [{name: x, entrypoint: flows.missing.missing}]", "utf-8")
    with pytest.raises(ModuleNotFoundError):
        deployments(broken)


async def test_a_server_that_lacks_a_deployment_or_an_automation_is_known(prefect_server: PrefectServer) -> None:
    await deploy()
    try:
        assert await is_deployed() is True
        async with get_client() as client:
            (automation,) = await client.read_automations_by_name("看板上的点击")
            await client.delete_automation(automation.id)
            assert await is_deployed() is False
            await deploy()
            assert await is_deployed() is True
            found = await client.read_deployment_by_name("settle-decisions/落实界面决定")
            await client.delete_deployment(found.id)
            assert await is_deployed() is False
            await deploy()
            assert len(await client.read_automations_by_name("看板上的点击")) == 1  # that of the deleted one is gone
    finally:
        async with get_client() as client:  # no clock of theirs may start anything in other tests
            for automation in await client.read_automations_by_name("看板上的点击"):
                await client.delete_automation(automation.id)
            for deployment in await client.read_deployments():
                await client.delete_deployment(deployment.id)


async def test_a_server_that_is_away_is_not_known_to_lack_anything() -> None:
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{free_port(0)}/api"}):
        assert await is_deployed() is None
