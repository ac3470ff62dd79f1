"""Commands and replies on a connection that aiosmtplib has opened, secured and logged in.

aiosmtplib waits for the reply to each command. Where the server allows it (RFC 2920, PIPELINING), the envelope goes out
in one piece and its three replies come back in one: two round trips a message instead of four.
"""

import asyncio
from collections import deque
from typing import NamedTuple

from aiosmtplib import SMTPResponseException, SMTPServerDisconnected

_LONGEST_REPLY = 32_768


class Reply(NamedTuple):
    code: int
    words: str


class Dialogue(asyncio.Protocol):
    """Takes over a transport. Raises `SMTPServerDisconnected` where the connection is lost."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport
        self._received = b""
        self._lines: list[str] = []  # of a reply that is not complete yet
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._lost: Exception | None = None
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return self._lost is None and not self._transport.is_closing()

    def write(self, sent: bytes) -> None:
        if not self.is_open:
            raise self._lost or SMTPServerDisconnected("Connection lost")
        self._transport.write(sent)

    async def reply(self) -> Reply:
        """The next reply, in the order of the commands."""
        while not self._replies:
            if self._lost is not None:
                raise self._lost
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._replies.popleft()

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._lines.append(line[4:].decode(errors="replace").strip())
            if line[3:4] == b"-":
                continue
            if not line[:3].isdigit():
                self._lose(SMTPResponseException(-1, f"no SMTP: {line[:80].decode(errors='replace')}"))
                return
            self._replies.append(Reply(int(line[:3]), " ".join(self._lines)))
            self._lines = []
        if len(self._received) + sum(map(len, self._lines)) > _LONGEST_REPLY:
            self._lose(SMTPResponseException(-1, "the reply does not end"))
        elif self._replies:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(SMTPServerDisconnected(f"Connection lost: {exc}" if exc else "Connection lost"))

    def _lose(self, error: Exception) -> None:
        if self._lost is None:
            self._lost = error
            self._transport.close()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
