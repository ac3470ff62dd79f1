import socket
from pathlib import Path
from unittest.mock import Mock

import pytest

from office.text import Refused
from zeren.ports import LOOPBACK, free_port
from zeren.prefect_server import PrefectServer, prefect_server


def test_a_free_port_is_taken_as_wished() -> None:
    wished = free_port(0)
    assert free_port(wished) == wished


def test_a_busy_port_gives_another() -> None:
    with socket.socket() as busy:
        busy.bind((LOOPBACK, 0))
        busy.listen()
        taken = busy.getsockname()[1]
        assert free_port(taken) not in (0, taken)


def test_a_server_that_left_no_log_is_said_to_have_left_none(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("\n", "utf-8")
    assert PrefectServer(Mock(), "http://127.0.0.1:1", log).last_words().zh == "没有留下日志"
    log.write_text("begins\nOSError: disk full\nended\n", "utf-8")
    assert PrefectServer(Mock(), "http://127.0.0.1:1", log).last_words().zh == "OSError: disk full"


async def test_a_server_that_does_not_start_is_refused_with_the_cause(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind((LOOPBACK, 0))
        busy.listen()
        with prefect_server(tmp_path, busy.getsockname()[1]) as server, pytest.raises(Refused, match="address already in use"):
            await server.wait()
    assert server.process.returncode is not None
