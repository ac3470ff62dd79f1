"""`zeren up` and `zeren demo`: the flows on a Prefect server, for real use and as a rehearsal."""

from typing import Annotated

import typer

from zeren.cli.options import AsJson, GivenNow, say

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=say("Prefect 界面的端口", "port of the Prefect UI"))]
PortalPort = Annotated[int, typer.Option("--portal-port", min=1, max=65535, help=say("门户的端口", "port of the portal"))]


def register(app: typer.Typer) -> None:
    app.command(help=say("启动服务：部署并执行各流程，直到按 Ctrl-C。", "Run: deploy the flows and execute them until Ctrl-C."))(up)
    app.command(
        help=say("把流程部署到自有的 Prefect 服务（PREFECT_API_URL）。", "Deploy the flows to an own Prefect server (PREFECT_API_URL).")
    )(deploy)
    app.command(
        help=say("在另一台机器上执行流程，直到按 Ctrl-C。", "Execute the flows on one more machine until Ctrl-C."),
    )(worker)
    app.command(
        help=say("启动门户：邮件链接打开的网页，直到按 Ctrl-C。", "Serve the portal, the pages behind the links in mails, until Ctrl-C."),
    )(portal)
    app.command(
        help=say(
            "演示：在临时文件夹中下发一份示例清单，邮件只送到本机。", "Demo: issue an example list in a temporary folder; mail stays here."
        )
    )(demo)


def up(port: Port = 4200, portal_port: PortalPort = 8080, now: GivenNow = None) -> None:
    import os

    from zeren.up import up

    if now:
        os.environ["ZEREN_NOW"] = now  # the flows run in processes of their own

    up(port, portal_port)


def deploy(now: GivenNow = None) -> None:
    from zeren.up import deploy

    deploy()


def worker(now: GivenNow = None) -> None:
    import os

    from zeren.up import work

    if now:
        os.environ["ZEREN_NOW"] = now

    work()


def portal(
    host: Annotated[str, typer.Option("--host", help=say("监听的地址", "address to listen on"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=say("端口", "port"))] = 8080,
    now: GivenNow = None,
) -> None:
    import os

    if now:
        os.environ["ZEREN_NOW"] = now

    from zeren.portal import serve

    serve(host, port)


def demo(
    leave: Annotated[bool, typer.Option("--exit", help=say("主要工作完成后退出", "end after the main job"))] = False,
    as_json: AsJson = False,
    now: GivenNow = "2026-01-05T09:00",  # the start of the example list's year: later, its first duties would all be 补办
    port: Port = 4200,
) -> None:
    from zeren.demo import demo

    if not demo(now=now or "", port=port, leave=leave, as_json=as_json):
        raise typer.Exit(1)
