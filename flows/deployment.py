"""The flows of `prefect.yaml` on a Prefect server: deployed, and executed by a worker of this process.

In: prefect.yaml, and the server that `PREFECT_API_URL` names. Prefect reads its settings when it is imported: import this
only when the environment is set.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, FlowRun
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.flows import load_flow_from_entrypoint
from prefect.schedules import Cron, Schedule
from prefect.workers.process import ProcessWorker

from office.text import Refused, Text

POOL = "zeren"
LOOK_AGAIN_SECONDS = 0.3


def prefect_file() -> Path:
    """Where prefect.yaml is: in this room when installed from a wheel, beside it in the source tree."""
    packaged = Path(__file__).with_name("prefect.yaml")
    return packaged if packaged.exists() else Path(__file__).parent.parent / "prefect.yaml"


def deployments(file: Path) -> tuple[RunnerDeployment, ...]:
    """The deployments that `file` describes. A flow that cannot be imported raises: no placeholder is deployed."""
    described: Sequence[dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))["deployments"]
    return tuple(_deployment(entry) for entry in described)


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
        work_pool_name=entry["work_pool"]["name"],
    )


def _schedule(entry: dict[str, Any]) -> Schedule:
    return Cron(entry["cron"], timezone=entry["timezone"], active=entry["active"])


async def deploy(folder: Path, *, stream_output: bool, filled_in: Mapping[str, dict[str, Any]] | None = None) -> None:
    """Put every deployment on the server; its runs start in `folder`, so that a path in a form means a file there.

    `filled_in`: by a deployment's name, what its form offers at first.
    """
    async with get_client() as client:
        if await client.api_healthcheck() is not None:
            address = str(client.api_url)
            raise Refused(Text(f"Prefect 服务没有响应：{address}", f"The Prefect server does not answer: {address}"))
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(
                WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=ProcessWorker.get_default_base_job_template())
            )
    for deployment in deployments(prefect_file()):
        deployment.job_variables = {
            "working_dir": str(folder),
            "stream_output": stream_output,
            "command": f'"{sys.executable}" -m prefect.engine',  # spares the process that would look for code to fetch
        }
        deployment.parameters = (filled_in or {}).get(deployment.name, {})
        await deployment.aapply()


@asynccontextmanager
async def worker() -> AsyncIterator[asyncio.Task[None]]:
    """A process worker of the pool while the block runs; afterwards it and the runs it started are ended."""
    working = asyncio.create_task(ProcessWorker(work_pool_name=POOL).start(printer=_log))
    try:
        yield working
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


async def run_to_its_end(deployment: str, parameters: dict[str, Any], on_look: Callable[[], None]) -> FlowRun:
    """Start a run as the officer does in the UI, and look at it until it has ended.

    `deployment` is its full name, like `issue-annual-list/下发年度清单`.
    """
    async with get_client() as client:
        found = await client.read_deployment_by_name(deployment)
        run = await client.create_flow_run_from_deployment(found.id, parameters=parameters)
        while run.state is None or not run.state.is_final():
            on_look()
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            run = await client.read_flow_run(run.id)
        return run


def _log(*words: object) -> None:
    logging.getLogger("prefect.worker").info(" ".join(map(str, words)))
