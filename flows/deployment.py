"""The flows of `prefect.yaml` on a Prefect server: deployed, and executed by a worker of this process.

In: prefect.yaml, and the server that `PREFECT_API_URL` names. Prefect reads its settings when it is imported: import this
only when the environment is set.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import yaml
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName
from prefect.client.schemas.objects import ConcurrencyLimitConfig, FlowRun
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentTriggerTypes
from prefect.events.worker import EventsWorker
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.flows import load_flow_from_entrypoint
from prefect.schedules import Cron, Schedule
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker
from pydantic import TypeAdapter

from office.text import Refused, Text, Unavailable

POOL = "zeren"
RUNS_AT_ONCE = 6  # of one worker: each is a process of some 150 MB that first imports Prefect; the others wait for their turn
TRIGGERS: TypeAdapter[list[DeploymentTriggerTypes]] = TypeAdapter(list[DeploymentTriggerTypes])
UPDATE_BOARD = "update-board/更新看板"
LOOK_AGAIN_SECONDS = 0.3
DRAINED_WITHIN_SECONDS = 5.0


def prefect_file() -> Path:
    """Where prefect.yaml is: in this room when installed from a wheel, beside it in the source tree."""
    packaged = Path(__file__).with_name("prefect.yaml")
    return packaged if packaged.exists() else Path(__file__).parent.parent / "prefect.yaml"


def deployments(file: Path) -> tuple[RunnerDeployment, ...]:
    """The deployments that `file` describes. A flow that cannot be imported raises: no placeholder is deployed."""
    return tuple(_deployment(entry) for entry in _described(file))


def _described(file: Path) -> Sequence[dict[str, Any]]:
    entries: Sequence[dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))["deployments"]
    return entries


def _deployment(entry: dict[str, Any]) -> RunnerDeployment:
    load_flow_from_entrypoint(entry["entrypoint"], use_placeholder_flow=False)
    limit = entry.get("concurrency_limit")
    return RunnerDeployment.from_entrypoint(
        entry["entrypoint"],
        name=entry["name"],
        description=entry["description"],
        tags=entry["tags"],
        schedules=[_schedule(schedule) for schedule in entry["schedules"]],
        concurrency_limit=ConcurrencyLimitConfig.model_validate(limit) if limit else None,
        triggers=[*TRIGGERS.validate_python(entry.get("triggers", []))],
        work_pool_name=entry["work_pool"]["name"],
    )


def _schedule(entry: dict[str, Any]) -> Schedule:
    return Cron(entry["cron"], timezone=entry["timezone"], active=entry["active"])


async def deploy(*, stream_output: bool = True) -> None:
    """Put every deployment with its automations on the server. Safe to do again: what is there is brought up to date.

    A worker of any machine may execute a run: flows are named by their modules, which are installed there. The path that Prefect
    notes beside them is this process's folder, which no worker of ours goes to: its runs start in its own (`worker`).
    """
    with _asked_to_log_in():
        async with get_client() as client:
            if await client.api_healthcheck() is not None:
                raise _silent(client)
            with suppress(ObjectAlreadyExists):
                await client.create_work_pool(
                    WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=ProcessWorker.get_default_base_job_template())
                )
            for name in _automations(_described(prefect_file())):  # that of a deployment which was deleted stays, and starts nothing
                for automation in await client.read_automations_by_name(name):
                    await client.delete_automation(automation.id)
            for deployment in deployments(prefect_file()):
                deployment.job_variables = {"stream_output": stream_output}
                await deployment.aapply()


async def is_deployed() -> bool | None:
    """Whether the server has every deployment of prefect.yaml with its automations; None while it does not answer. A server that lost
    its database has none. Refused where it wants another login: to wait would not help.
    """
    described = _described(prefect_file())
    names = [entry["name"] for entry in described]
    try:
        with _asked_to_log_in():
            async with get_client() as client:
                found = await client.read_deployments(deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=names)))
                automated = [await client.read_automations_by_name(name) for name in _automations(described)]
    except (httpx.HTTPError, OSError):
        return None
    return {entry["entrypoint"] for entry in described} <= {each.entrypoint for each in found} and all(automated)


def _automations(described: Sequence[dict[str, Any]]) -> list[str]:
    return [trigger["name"] for entry in described for trigger in entry.get("triggers", [])]


async def update_board() -> None:
    """Have the board brought up to date by the next worker; a server that does not answer will be asked by the clock."""
    with suppress(httpx.HTTPError, OSError, ObjectNotFound):
        async with get_client() as client:
            found = await client.read_deployment_by_name(UPDATE_BOARD)
            await client.create_flow_run_from_deployment(found.id)


def _job_in(folder: Path) -> type[ProcessJobConfiguration]:
    class JobHere(ProcessJobConfiguration):
        """A run starts in `folder`, so that a path in a form means a file there, and with this program's own Python."""

        def prepare_for_flow_run(self, *args: Any, **kwargs: Any) -> None:
            self.working_dir = folder
            self.command = f'"{sys.executable}" -m prefect.engine'  # spares the process that would look for code to fetch
            super().prepare_for_flow_run(*args, **kwargs)

    return JobHere


@asynccontextmanager
async def worker(folder: Path) -> AsyncIterator[asyncio.Task[None]]:
    """A process worker of the pool while the block runs, whose runs start in `folder`; afterwards it and they are ended.

    The task ends by itself where the server does not answer for long; why, is the caller's to look up.
    """
    logging.getLogger("prefect.FlowRunCancellingObserver").setLevel(logging.ERROR)  # it warns, at length, of a server that is away
    process_worker = ProcessWorker(work_pool_name=POOL, limit=RUNS_AT_ONCE)
    process_worker.job_configuration = _job_in(folder)
    working = asyncio.create_task(process_worker.start(printer=_log))
    try:
        yield working
    finally:
        working.cancel()
        await asyncio.wait({working})


def send_what_waits(within_seconds: float = DRAINED_WITHIN_SECONDS) -> None:
    """Let Prefect send the events and log lines that it holds back, and give up what is not sent by then; outside of any event loop.

    To be called before the server is stopped: at its end the process would wait for them, and try each for more than a minute.
    """
    services = EventsWorker._instances.values()  # type: ignore[misc]  # of all kinds: they share the table
    at_work = [(service._loop, service._task) for service in services]
    EventsWorker.drain_all(timeout=within_seconds)
    for loop, task in at_work:
        if loop is not None and task is not None and not task.done():
            loop.call_soon_threadsafe(task.cancel)


async def start(deployment: str, parameters: dict[str, Any]) -> FlowRun:
    """Start a run as the officer does in the UI. `deployment` is its full name, like `issue-annual-list/下发年度清单`."""
    async with get_client() as client:
        found = await client.read_deployment_by_name(deployment)
        return await client.create_flow_run_from_deployment(found.id, parameters=parameters)


async def look_at(run: FlowRun, is_enough: Callable[[], bool] = lambda: False) -> FlowRun:
    """The run as it is when it has ended, or when what it is for is enough; asked at each look."""
    async with get_client() as client:
        while run.state is None or not (run.state.is_final() or is_enough()):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            run = await client.read_flow_run(run.id)
        return run


@contextmanager
def _asked_to_log_in() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise
        raise Refused(
            Text(
                "Prefect 服务要求登录：请把 PREFECT_API_AUTH_STRING 设为服务端的 PREFECT_SERVER_API_AUTH_STRING",
                "The Prefect server asks for a login: set PREFECT_API_AUTH_STRING to its PREFECT_SERVER_API_AUTH_STRING",
            )
        ) from None


def _silent(client: PrefectClient) -> Unavailable:
    address = str(client.api_url)
    return Unavailable(Text(f"Prefect 服务没有响应：{address}", f"The Prefect server does not answer: {address}"))


def _log(*words: object) -> None:
    """What a worker says of itself; of the traceback of a server that is away only the last line, which names the cause."""
    said = " ".join(map(str, words)).strip().splitlines() or [""]
    logging.getLogger("prefect.worker").info(said[-1] if any(line.startswith("Traceback") for line in said) else " ".join(said))
