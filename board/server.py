"""The Prefect server as the board needs it: runs, states, forms, logs and artifacts, in as few requests as it takes.

Nothing is sent twice by this client itself: a request that is not answered may have been carried out, and only the caller knows
whether doing it again would double something. It raises `Unavailable` then.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count, islice
from typing import Any, TypeVar

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_KEY,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    temporary_settings,
)

from board.values import LOGGER, Artifact, Face, Form, Line, NewRun, SeenRun, State
from office.text import Refused, Text, Unavailable

CREATED_AT_ONCE = 100  # the most that the API takes
SET_AT_ONCE = 50
PAGE = 200
LOGS_AT_ONCE = 20
LINES_AT_ONCE = 1000  # keeps one request small; the server stores as many in one statement
INFO, WARNING = 20, 30
PAUSES = (0.1, 0.3, 1.0, 3.0)  # seconds, after an answer that says that nothing was done: SQLite gives way to another writer so
_NOTHING_DONE = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
_KEYS = ("description", "schema", "response")
T = TypeVar("T")


class Gone(Exception):
    """What the request was about is not on the server (any more)."""


class Taken(Exception):
    """There is one of that name already."""


@contextmanager
def connect() -> Iterator["Server"]:
    """The server that `PREFECT_API_URL` names. Refused without one; Unavailable when it does not answer, then or later in the block."""
    url = PREFECT_API_URL.value()
    if not url:
        raise Refused(Text("没有设置 PREFECT_API_URL，看板无处可写", "PREFECT_API_URL is not set: there is no server for the board"))
    with (
        temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}),
        SyncPrefectClient(url, auth_string=PREFECT_API_AUTH_STRING.value(), api_key=PREFECT_API_KEY.value()) as client,
    ):
        yield Server(client, url)


class Server:
    """One connection. Methods raise `Unavailable` when the server does not answer or refuses to work; other answers than expected
    are mistakes of the program and stay `httpx.HTTPStatusError`.
    """

    def __init__(self, client: SyncPrefectClient, api_url: str) -> None:
        self.api_url = api_url
        self._http: httpx.Client = client._client
        self.requests = 0  # sent so far

    def call(self, method: str, path: str, body: object = None) -> Any:
        """One request of the REST API; the answer's JSON, None where it has none. `Gone` for 404, `Taken` for 409."""
        answer = self._answer(method, path, body)
        return answer.json() if answer.content else None

    def _answer(self, method: str, path: str, body: object = None) -> httpx.Response:
        for pause in (*PAUSES, None):
            self.requests += 1
            try:
                return self._http.request(method, path, json=body)
            except httpx.HTTPStatusError as fault:
                if fault.response.status_code not in _NOTHING_DONE or pause is None:
                    raise _meant(fault, self.api_url) from None
            except httpx.HTTPError as fault:
                raise _unavailable(self.api_url, str(fault) or type(fault).__name__) from None
            time.sleep(pause)
        raise AssertionError("the last answer is returned or raised")

    # Deployments

    def deployment_id(self, flow: str, deployment: str) -> str | None:
        """The id of a deployment by its two names; None where the server has none."""
        try:
            return str(self.call("GET", f"/deployments/name/{flow}/{deployment}")["id"])
        except Gone:
            return None

    def has_deployment(self, deployment_id: str) -> bool:
        try:
            self.call("GET", f"/deployments/{deployment_id}")
        except Gone:
            return False
        return True

    # Runs

    def create_runs(self, deployment_id: str, runs: Sequence[NewRun]) -> list[str]:
        """Create runs with their states, 100 a request; ids in the order given. A key that is known gives the run that has it, as
        it is. Raises `Gone` without the deployment.
        """
        return [run_id for some in _batches(runs, CREATED_AT_ONCE) for run_id in self._create(deployment_id, some)]

    def _create(self, deployment_id: str, runs: Sequence[NewRun]) -> list[str]:
        body = [{"idempotency_key": run.key, "state": _state_body(run.state), **_face_body(run.face)} for run in runs]
        for pause in (*PAUSES, None):
            results = self.call("POST", f"/deployments/{deployment_id}/create_flow_run/bulk", body)["results"]
            errors = [result["error"] for result in results if result["flow_run_id"] is None]
            if not errors:
                break
            if pause is None:
                raise _unavailable(self.api_url, errors[0])
            time.sleep(pause)
        return [str(result["flow_run_id"]) for result in results]

    def set_state(self, run_ids: Sequence[str], state: State) -> set[str]:
        """Put these runs into one state whatever Prefect's rules say, 50 a request; ids of those that are there and have it now."""
        return {run_id for some in _batches(run_ids, SET_AT_ONCE) for run_id in self._set(some, state)}

    def _set(self, run_ids: Sequence[str], state: State) -> set[str]:
        done: set[str] = set()
        left = list(run_ids)
        for pause in (*PAUSES, None):
            body = {"flow_runs": {"id": {"any_": left}}, "state": _state_body(state), "force": True}
            results = self.call("POST", "/flow_runs/bulk_set_state", body)["results"]
            accepted = {str(result["flow_run_id"]) for result in results if result["status"] == "ACCEPT"}
            left = [str(result["flow_run_id"]) for result in results if result["status"] != "ACCEPT"]
            done |= accepted
            if not left:
                break
            if pause is None:
                raise _unavailable(self.api_url, next(str(r["details"].get("reason")) for r in results if r["status"] != "ACCEPT"))
            time.sleep(pause)
        return done

    def change_face(self, run_id: str, face: Face) -> None:
        """Name, tags and parameters of one run. Raises `Gone`."""
        self.call("PATCH", f"/flow_runs/{run_id}", _face_body(face))

    def delete_runs(self, run_ids: Sequence[str]) -> None:
        """Take these runs from the board with their logs, 50 a request; those that are gone already count as taken."""
        for some in _batches(run_ids, SET_AT_ONCE):
            self.call("POST", "/flow_runs/bulk_delete", {"flow_runs": {"id": {"any_": some}}})

    def count_runs(self, deployment_id: str, *, without: Iterable[str] = ()) -> int:
        """How many runs a deployment has, but for those whose state bears one of these names: one request."""
        return int(self.call("POST", "/flow_runs/count", {"flow_runs": _of(deployment_id) | _not_named(without)}))

    def runs(self, deployment_id: str) -> Iterator[SeenRun]:
        """All runs of a deployment, 200 a request."""
        return self._filtered(_of(deployment_id))

    def runs_in_other_states(self, deployment_id: str, names: Iterable[str]) -> list[SeenRun]:
        """The runs of a deployment whose state bears none of these names: one request where there are few."""
        return list(self._filtered(_of(deployment_id) | _not_named(names)))

    def runs_with_keys(self, deployment_id: str, keys: Sequence[str]) -> Iterator[SeenRun]:
        """Those of these idempotency keys that the server knows, 200 a request."""
        for some in _batches(keys, PAGE):
            yield from self._filtered(_of(deployment_id) | {"idempotency_key": {"any_": some}})

    def runs_with_ids(self, run_ids: Sequence[str]) -> Iterator[SeenRun]:
        """Those of these runs that are there, 200 a request."""
        for some in _batches(run_ids, PAGE):
            yield from self._filtered({"id": {"any_": some}})

    def _filtered(self, flow_runs: Mapping[str, Any]) -> Iterator[SeenRun]:
        offset = 0
        while True:
            page = self.call("POST", "/flow_runs/filter", {"flow_runs": flow_runs, "sort": "ID_DESC", "offset": offset, "limit": PAGE})
            yield from map(_seen, page)
            if len(page) < PAGE:
                return
            offset += PAGE

    # Forms

    def open_form(self, run_id: str, form: Form) -> dict[str, str]:
        """Store a form with its run; the keyset that the PAUSED state must name. Again with the same form: the same keyset,
        unless it was answered: then a new one, so that a second answer has its place. Raises `Gone` without the run.
        """
        words = {"schema": json.dumps(form.schema, ensure_ascii=False), "description": json.dumps(form.description, ensure_ascii=False)}
        for number in count(1):
            base = form.base if number == 1 else f"{form.base}-{number}"
            keyset = {key: f"{base}-{key}" for key in _KEYS}
            added = [self._add_input(run_id, keyset[key], value) for key, value in words.items()]
            if all(added):
                break
            same = all(self._input(run_id, keyset[key]) == value for key, value in words.items())
            if same and self.answer(run_id, keyset) is None:
                break
        return keyset

    def _add_input(self, run_id: str, key: str, value: str) -> bool:
        """Whether it was added; false where there is one of that key."""
        try:
            self.call("POST", f"/flow_runs/{run_id}/input", {"key": key, "value": value})
        except Taken:
            return False
        return True

    def answer(self, run_id: str, keyset: Mapping[str, str]) -> str | None:
        """What was submitted in a form, as JSON; None where nothing was."""
        return self._input(run_id, keyset["response"])

    def _input(self, run_id: str, key: str) -> str | None:
        try:
            return self._answer("GET", f"/flow_runs/{run_id}/input/{key}").text
        except Gone:
            return None

    def forget_input(self, run_id: str, key: str) -> None:
        try:
            self.call("DELETE", f"/flow_runs/{run_id}/input/{key}")
        except Gone:
            return

    # Logs and artifacts

    def log(self, lines: Sequence[Line]) -> None:
        """Add lines to the logs of runs, many a request. Nothing says whether a line is there already: ask `lines_of`."""
        for some in _batches(lines, LINES_AT_ONCE):
            self.call("POST", "/logs/", [_line_body(line) for line in some])

    def lines_of(self, run_ids: Sequence[str]) -> Iterator[Line]:
        """All lines in the logs of these runs, those of 20 runs a request as a rule."""
        for some in _batches(run_ids, LOGS_AT_ONCE):
            page = self._lines(some, 0)
            if len(page) == PAGE and len(some) > 1:  # lines of one instant have no order: pages of several runs could miss some
                for run_id in some:
                    yield from self.lines_of([run_id])
                continue
            yield from page
            offset = PAGE
            while len(page) == PAGE:
                page = self._lines(some, offset)
                yield from page
                offset += PAGE

    def _lines(self, run_ids: Sequence[str], offset: int) -> list[Line]:
        body = {"logs": {"flow_run_id": {"any_": run_ids}}, "sort": "TIMESTAMP_ASC", "offset": offset, "limit": PAGE}
        return [
            Line(str(row["flow_run_id"]), datetime.fromisoformat(row["timestamp"]), row["message"], warning=row["level"] >= WARNING)
            for row in self.call("POST", "/logs/filter", body)
        ]

    def show(self, artifact: Artifact) -> None:
        """Add one artifact. With a key it is the newest version of it."""
        data = artifact.data if isinstance(artifact.data, str) else json.dumps(artifact.data, ensure_ascii=False)
        body = {"type": artifact.kind, "data": data, "description": artifact.description}
        given = {"key": artifact.key, "flow_run_id": artifact.run_id}
        self.call("POST", "/artifacts/", body | {name: value for name, value in given.items() if value is not None})

    def artifacts_of(self, run_ids: Sequence[str]) -> Iterator[Artifact]:
        """All artifacts of these runs, 200 a request."""
        for some in _batches(run_ids, PAGE):
            offset = 0
            while True:
                body = {"artifacts": {"flow_run_id": {"any_": some}}, "sort": "ID_DESC", "offset": offset, "limit": PAGE}
                page = self.call("POST", "/artifacts/filter", body)
                for row in page:
                    yield Artifact(row["type"], row["data"], row["description"] or "", row["key"], str(row["flow_run_id"]))
                if len(page) < PAGE:
                    break
                offset += PAGE


def _of(deployment_id: str) -> dict[str, Any]:
    return {"deployment_id": {"any_": [deployment_id]}}


def _not_named(names: Iterable[str]) -> dict[str, Any]:
    return {"state": {"name": {"not_any_": sorted(names)}}}


def _face_body(face: Face) -> dict[str, Any]:
    return {"name": face.name, "tags": face.tags, "parameters": face.parameters}


def _state_body(state: State) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if state.scheduled_at is not None:
        details["scheduled_time"] = state.scheduled_at.isoformat()
    if state.keyset is not None:  # rescheduled on Resume: the run goes to SCHEDULED · Resuming, where nobody executes it
        details |= {"run_input_keyset": state.keyset, "pause_reschedule": True}
    return {"type": state.kind, "name": state.name, "message": state.message, "state_details": details}


def _line_body(line: Line) -> dict[str, Any]:
    level = WARNING if line.warning else INFO
    return {"name": LOGGER, "level": level, "message": line.text, "timestamp": line.at.isoformat(), "flow_run_id": line.run_id}


def _seen(row: Mapping[str, Any]) -> SeenRun:
    state = row.get("state") or {}
    details = state.get("state_details") or {}
    scheduled, at, begins = details.get("scheduled_time"), state.get("timestamp"), row.get("expected_start_time")
    return SeenRun(
        id=str(row["id"]),
        key=row.get("idempotency_key") or "",
        name=row["name"],
        state=State(
            kind=state.get("type") or "",
            name=state.get("name") or "",
            message=state.get("message") or "",
            scheduled_at=datetime.fromisoformat(scheduled) if scheduled else None,
            keyset=details.get("run_input_keyset"),
        ),
        state_id=str(row.get("state_id") or ""),
        state_at=datetime.fromisoformat(at) if at else None,
        tags=tuple(row.get("tags") or ()),
        parameters=row.get("parameters") or {},
        begins_at=datetime.fromisoformat(begins) if begins else None,
    )


def _meant(fault: httpx.HTTPStatusError, api_url: str) -> Exception:
    """What an answer that is no success means to the caller."""
    status = fault.response.status_code
    if status == httpx.codes.NOT_FOUND:
        return Gone(str(fault.request.url))
    if status == httpx.codes.CONFLICT:
        return Taken(str(fault.request.url))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Refused(
            Text(
                f"Prefect 服务不接受登录信息，请检查 PREFECT_API_AUTH_STRING（{api_url}）",
                f"The Prefect server does not accept the credentials: check PREFECT_API_AUTH_STRING ({api_url})",
            )
        )
    if status in (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS) or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return _unavailable(api_url, f"HTTP {status}")
    return fault


def _unavailable(api_url: str, words: str) -> Unavailable:
    first = next(iter(words.splitlines()), words)
    return Unavailable(
        Text(
            f"Prefect 服务没有应答，看板稍后更新（{api_url}）：{first}",
            f"The Prefect server does not answer; the board is updated later ({api_url}): {first}",
        )
    )


def _batches(values: Sequence[T], size: int) -> Iterator[list[T]]:
    remaining = iter(values)
    while batch := list(islice(remaining, size)):
        yield batch
