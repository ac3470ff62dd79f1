"""Asks for the board to be brought up to date soon: by plain HTTP, for programs that must not wait for Prefect's import.

In: the server's API address. Out: whether it will be; a server that is down is no failure, because the clock asks every hour too.
"""

import base64
import json
import urllib.request
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

UPDATE_FLOW, UPDATE_DEPLOYMENT = "update-board", "更新看板"
ANSWERS_WITHIN_SECONDS = 3
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def poke(api_url: str, *, full: bool = False, auth: str = "") -> bool:
    """Have the board of this server updated; true if a worker has or gets a run for it. `auth` is `user:password`, where it asks.

    `full`: compare everything, also what has no new row in its history. Otherwise one run that has not begun yet is enough for
    whatever was changed by now: a hundred changes in a row start one.
    """
    try:
        deployment = _ask(api_url, f"/deployments/name/{UPDATE_FLOW}/{quote(UPDATE_DEPLOYMENT)}", None, auth)
        waiting = {
            "deployments": {"id": {"any_": [deployment["id"]]}},
            "flow_runs": {
                "state": {"type": {"any_": ["SCHEDULED", "PENDING"]}},
                "next_scheduled_start_time": {"before_": datetime.now(UTC).isoformat()},
            },
        }
        if full or not _ask(api_url, "/flow_runs/count", waiting, auth):
            _ask(api_url, f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"full": full}}, auth)
    except (OSError, ValueError, LookupError, TypeError):  # no server, no such deployment, or not Prefect's answers
        return False
    return True


def _ask(api_url: str, path: str, given: dict[str, Any] | None, auth: str) -> Any:
    headers = {"Content-Type": "application/json"}
    if auth:
        headers["Authorization"] = "Basic " + base64.b64encode(auth.encode()).decode()
    if not api_url.startswith(("http://", "https://")):
        raise ValueError(api_url)
    request = urllib.request.Request(api_url.rstrip("/") + path, None if given is None else json.dumps(given).encode(), headers)  # noqa: S310
    # an office's proxy must not be asked for our own port
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if urlsplit(api_url).hostname in LOOPBACK else []))
    with opener.open(request, timeout=ANSWERS_WITHIN_SECONDS) as answer:
        return json.load(answer)
