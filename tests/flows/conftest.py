"""The offices of these tests share one Prefect server: each finds an empty board there."""

from collections.abc import Iterator

import pytest

from board.server import connect
from board.values import DEPLOYMENT, FLOW


@pytest.fixture(autouse=True)
def empty_board(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "office" not in request.fixturenames:
        return
    with connect() as server:
        if found := server.deployment_id(FLOW, DEPLOYMENT):
            server.call("DELETE", f"/deployments/{found}")
