"""Replies are told apart however the network cuts them."""

import asyncio

import aiosmtplib
import pytest

from notifications.dialogue import Dialogue, Reply


class Wire(asyncio.WriteTransport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


REPLIES = b"250-first\r\n250 second\r\n354 go ahead\r\n550 5.1.1 \xe6\xb2\xa1\xe6\x9c\x89\r\n"


@pytest.mark.parametrize("size", [1, 2, 7, len(REPLIES)])
async def test_replies_come_one_by_one_and_lines_of_one_together(size: int) -> None:
    dialogue = Dialogue(Wire())
    for start in range(0, len(REPLIES), size):
        dialogue.data_received(REPLIES[start : start + size])
    assert [await dialogue.reply() for _ in range(3)] == [Reply(250, "first second"), Reply(354, "go ahead"), Reply(550, "5.1.1 没有")]


async def test_a_reply_that_comes_later_is_waited_for() -> None:
    dialogue = Dialogue(Wire())
    asyncio.get_running_loop().call_soon(dialogue.data_received, b"250 taken\r\n")
    assert await dialogue.reply() == Reply(250, "taken")


async def test_a_lost_connection_ends_the_waiting_after_the_replies_that_came() -> None:
    dialogue = Dialogue(Wire())
    dialogue.data_received(b"421 bye\r\n")
    dialogue.connection_lost(None)
    assert await dialogue.reply() == Reply(421, "bye")
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await dialogue.reply()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        dialogue.write(b"NOOP\r\n")


@pytest.mark.parametrize("received", [b"HTTP/1.1 400 Bad Request\r\n", b"250-" + b"x" * 40_000])
async def test_what_is_no_reply_ends_the_dialogue(received: bytes) -> None:
    wire = Wire()
    dialogue = Dialogue(wire)
    dialogue.data_received(received)
    with pytest.raises(aiosmtplib.SMTPResponseException):
        await dialogue.reply()
    assert wire.closed
