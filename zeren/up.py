"""`zeren up`: the flows of prefect.yaml deployed and executed, on an embedded Prefect server unless one is given.

In: the environment (`PREFECT_API_URL` names an own server) and the settings. Out: the address of the UI; stays until Ctrl-C. A server
that is away for a while is waited for, one that lost its database gets everything again, and the board is brought up to date.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console

from office.text import Refused, Text
from zeren.cli.options import say
from zeren.database import prepare
from zeren.ports import free_port
from zeren.prefect_server import PrefectServer, prefect_environment, prefect_server
from zeren.settings import settings

HOME = Path(".zeren/prefect")  # in the working folder, where zeren.toml and the database are
POLL_SECONDS = "2"  # how often a worker asks for runs: the officer waits for what she decided in the UI; Prefect's own 10 are too long
LOOK_AGAIN_SECONDS = 15  # whether the server still has what was deployed
STEADY_SECONDS = 60  # an embedded server that lived shorter is not started again
R = TypeVar("R")

if TYPE_CHECKING:
    from zeren.portal import PortalServer


class ServerEnded(Exception):
    """The embedded server's process is gone."""


def up(port: int, portal_port: int) -> None:
    """Serve until Ctrl-C or SIGTERM. The database is prepared first, so that a flow finds it whoever starts it."""
    from zeren.portal import PortalServer, lead_links_to

    console = _console()
    prepare(settings().database_url)
    portal_port = port_or_other(console, portal_port)
    lead_links_to(portal_port)
    with PortalServer(HOME.absolute(), portal_port) as portal:
        console.print(say(f"门户：{settings().portal_url}", f"Portal: {settings().portal_url}"))
        _up(console, portal, port)


def _up(console: Console, portal: "PortalServer", port: int) -> None:
    if (given := _given_server()) is not None:
        run_until_ended(_serve(console, portal, None, given))
        return
    home, port = HOME.absolute(), port_or_other(console, port)
    while True:
        started_at = time.monotonic()
        with prefect_server(home, port) as server:
            os.environ |= prefect_environment(home, server.api_url)
            try:
                run_until_ended(_serve(console, portal, server, server.api_url))
                return
            except ServerEnded:
                words = server.last_words()
        if time.monotonic() - started_at < STEADY_SECONDS:
            raise Refused(Text(f"Prefect 服务意外停止：{words}", f"The Prefect server has ended: {words}"))
        console.print(say(f"Prefect 服务意外停止，正在重新启动：{words}", f"The Prefect server has ended and is started again: {words}"))


def deploy() -> None:
    """Put the deployments on the server that `PREFECT_API_URL` names."""
    from flows.deployment import deploy  # imports Prefect, which takes seconds and reads its settings now

    address = _needed_server()
    asyncio.run(deploy())
    _console().print(say(f"已部署到 {address}", f"Deployed to {address}"))


def work() -> None:
    """Execute runs until Ctrl-C, beside the workers of other machines, for the server that `PREFECT_API_URL` names."""
    console, address = _console(), _needed_server()
    prepare(settings().database_url)
    run_until_ended(_execute(console, None, address))


async def _serve(console: Console, portal: "PortalServer", server: PrefectServer | None, api_url: str) -> None:
    from flows.deployment import deploy  # imports Prefect, which takes seconds and reads its settings now

    with console.status(say("正在启动 Prefect 服务、部署流程……", "Starting the Prefect server, deploying the flows …")):
        if server is not None:
            await server.wait()
        await deploy()
    address = api_url.removesuffix("/api")
    console.print(say(f"Prefect 界面：{address}", f"Prefect UI: {address}"))
    console.print(say("按 Ctrl-C 结束", "Press Ctrl-C to end"))
    await _execute(console, server, api_url, portal=portal)


async def _execute(console: Console, server: PrefectServer | None, api_url: str, *, portal: "PortalServer | None" = None) -> None:
    """Execute runs; where the server is away for a while, wait for it, and go on. Who has the portal keeps it, and deploys."""
    from flows.deployment import deploy, is_deployed, update_board, worker

    await is_deployed()  # refuses a login that the server does not take, before a worker tries it again and again
    if portal is not None:
        await update_board()
    while True:
        async with worker(Path.cwd()) as working:
            while not (await asyncio.wait({working}, timeout=LOOK_AGAIN_SECONDS))[0]:
                _refuse_ended(server)
                if portal is None:
                    continue
                portal.keep()
                if await is_deployed() is False:
                    console.print(say("Prefect 服务上的部署不全，重新部署", "The Prefect server lacks deployments; deploying again"))
                    await deploy()
                    await update_board()
                    break  # a worker holds on to a pool that is gone
        _refuse_ended(server)
        if working.done() and not working.cancelled() and (fault := working.exception()) is not None:
            console.print(
                say(f"Prefect 服务没有响应，等待恢复：{api_url}（{fault}）", f"Waiting for the Prefect server: {api_url} ({fault})")
            )
        while await is_deployed() is None:
            _refuse_ended(server)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _refuse_ended(server: PrefectServer | None) -> None:
    if server is not None and server.process.poll() is not None:
        raise ServerEnded


def _given_server() -> str | None:
    os.environ.setdefault("PREFECT_WORKER_QUERY_SECONDS", POLL_SECONDS)
    return os.environ.get("PREFECT_API_URL") or None


def _needed_server() -> str:
    given = _given_server()
    if not given:
        raise Refused(
            Text(
                "请设置 PREFECT_API_URL，例：http://10.0.0.5:4200/api；单机使用请运行 zeren up",
                "Set PREFECT_API_URL, like http://10.0.0.5:4200/api; on one machine use zeren up",
            )
        )
    return given


def _console() -> Console:
    return Console(stderr=True, soft_wrap=True, markup=False, highlight=False)


def port_or_other(console: Console, wanted: int) -> int:
    """`wanted`, or a free port instead, and then says so."""
    port = free_port(wanted)
    if port != wanted:
        console.print(say(f"端口 {wanted} 已被占用，改用 {port}", f"Port {wanted} is taken; using {port}"))
    return port


def run_until_ended(work: Coroutine[Any, Any, R]) -> R | None:
    """Run `work`; Ctrl-C and SIGTERM end it through every `finally`, and it gives None then. Prefect holds nothing back afterwards, so
    that a server may be stopped.
    """

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
    finally:
        if "flows.deployment" in sys.modules:  # else Prefect, whose import takes seconds, was never at work
            from flows.deployment import send_what_waits

            send_what_waits()
