"""The deployment whose runs are the board: there on the server, or put there.

It has no work pool, so nobody ever executes its runs: they only show where duties stand.
"""

from typing import Any

from board.server import Gone, Server
from board.values import DEPLOYMENT, FLOW

DESCRIPTION = """\
一条运行就是一项任务，状态就是办理进度。这里的运行不会被执行，请勿手动新建。

- **待审核**：打开运行，点 *Resume*，填写审核结论和意见。
- 逾期、已办结、已撤销的可用右上角的 *Change state*：*Completed* 直接办结，*Cancelled* 撤销，*Failed* 退回重新办理；理由写在 Reason 里。
- 还没办结的运行点 *Cancel* 即撤销该任务；点错了，改为 *Failed* 恢复办理。规则不允许的改动会被恢复，日志里写明原因。
- 看板每小时核对一次，删掉的运行会重新出现；数据以责任清单数据库为准。

Each run stands for one assignment and shows where it is; nothing here is executed.
"""
ENTRYPOINT = "（不执行，只供查看）"  # the new UI calls a deployment without one deprecated, and hides its description


def install(server: Server) -> str:
    """The id of the board's deployment; creates flow and deployment where the server has none. Safe to do again."""
    found = server.deployment_id(FLOW, DEPLOYMENT)
    if found is not None:
        return found
    _clear(server)
    flow: dict[str, Any] = server.call("POST", "/flows/", {"name": FLOW})
    deployment: dict[str, Any] = server.call(
        "POST",
        "/deployments/",
        {
            "name": DEPLOYMENT,
            "flow_id": flow["id"],
            "description": DESCRIPTION,
            "entrypoint": ENTRYPOINT,
            "tags": [],  # a tag of the deployment would stand on every run
            "parameter_openapi_schema": {"type": "object", "properties": {}},
            "enforce_parameter_schema": False,
            "paused": False,
        },
    )
    return str(deployment["id"])


def _clear(server: Server) -> None:
    """A deployment that was deleted leaves runs of its flow behind, which stand nowhere and keep their keys: they go with the flow."""
    try:
        flow = server.call("GET", f"/flows/name/{FLOW}")
        server.call("DELETE", f"/flows/{flow['id']}")
    except Gone:
        return
