"""`zeren up`: the flows of prefect.yaml deployed and executed, on an embedded Prefect server unless one is given.

In: the environment (`PREFECT_API_URL` names an own server) and the settings. Out: the address of the UI; stays until Ctrl-C.
"""

import asyncio
import os
import signal
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from zeren.cli.options import say
from zeren.database import prepare
from zeren.ports import free_port
from zeren.prefect_server import PrefectServer, prefect_environment, prefect_server
from zeren.settings import settings

HOME = Path(".zeren/prefect")  # in the working folder, where zeren.toml and the database are
R = TypeVar("R")


def up(port: int) -> None:
    """Serve until Ctrl-C or SIGTERM. The database is prepared first, so that a flow finds it whoever starts it."""
    console = Console(stderr=True, soft_wrap=True, markup=False, highlight=False)
    prepare(settings().database_url)
    given = os.environ.get("PREFECT_API_URL")
    if given is not None:
        run_until_ended(_serve(console, None, given))
        return
    home = HOME.absolute()
    with prefect_server(home, port_or_other(console, port)) as server:
        os.environ |= prefect_environment(home, server.api_url)
        run_until_ended(_serve(console, server, server.api_url))


async def _serve(console: Console, server: PrefectServer | None, api_url: str) -> None:
    from flows.deployment import deploy, worker  # imports Prefect, which takes seconds and reads its settings now

    with console.status(say("正在启动 Prefect 服务、部署流程……", "Starting the Prefect server, deploying the flows …")):
        if server is not None:
            await server.wait()
        await deploy(Path.cwd(), stream_output=True)
    address = api_url.removesuffix("/api")
    console.print(say(f"Prefect 界面：{address}", f"Prefect UI: {address}"))
    console.print(say("按 Ctrl-C 结束", "Press Ctrl-C to end"))
    async with worker() as working:
        await working


def port_or_other(console: Console, wanted: int) -> int:
    """`wanted`, or a free port instead, and then says so."""
    port = free_port(wanted)
    if port != wanted:
        console.print(say(f"端口 {wanted} 已被占用，改用 {port}", f"Port {wanted} is taken; using {port}"))
    return port


def run_until_ended(work: Coroutine[Any, Any, R]) -> R | None:
    """Run `work`; Ctrl-C and SIGTERM end it through every `finally`, and it gives None then."""

    async def main() -> R:
        task = asyncio.current_task()
        assert task is not None
        with suppress(NotImplementedError):  # Windows ends processes in another way
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(main())
    except (KeyboardInterrupt, asyncio.CancelledError):
        return None
