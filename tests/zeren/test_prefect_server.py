import socket
from pathlib import Path

import pytest

from office.text import Refused
from zeren.ports import LOOPBACK, free_port
from zeren.prefect_server import prefect_server


def test_a_free_port_is_taken_as_wished() -> None:
    wished = free_port(0)
    assert free_port(wished) == wished


def test_a_busy_port_gives_another() -> None:
    with socket.socket() as busy:
        busy.bind((LOOPBACK, 0))
        busy.listen()
        taken = busy.getsockname()[1]
        assert free_port(taken) not in (0, taken)


async def test_a_server_that_does_not_start_is_refused_with_the_cause(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind((LOOPBACK, 0))
        busy.listen()
        with prefect_server(tmp_path, busy.getsockname()[1]) as server, pytest.raises(Refused, match="address already in use"):
            await server.wait()
    assert server.process.returncode is not None
