"""One reused connection to the mail server, and what a fault on it means for the message in hand.

A fault before the message's content went out is certain: it was not delivered. A fault after it, with no answer, is not.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTP, SMTPStatus

from notifications.ledger import Verdict
from notifications.mime import wire_address

CONNECT_SECONDS = 20

_MESSAGE_TOO_BIG = 552
_LOGIN_CODES = (530, 534, 535, 538)  # RFC 4954: a login is missing or does not do
_CLOSING = 421


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes. `mail_from` is the envelope's sender, an address without a name. The password shows nowhere."""

    host: str
    port: int
    mail_from: str
    tls: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Stage(StrEnum):
    """How far a message was when the fault came."""

    CONNECTING = "connecting"  # greeting, TLS, login
    ENVELOPE = "envelope"  # sender and recipient
    CONTENT = "content"  # the content is out; the server's answer is missing or bad


@dataclass(frozen=True, slots=True)
class Decision:
    """What a fault means. `words` are the server's own, where it said any."""

    verdict: Verdict
    words: str
    fault_of_server: bool = False  # no message would fare better: stop
    connection_lost: bool = False


def decide(error: Exception, stage: Stage) -> Decision:
    """Sort a fault into again, never and unknown (RFC 5321 section 4.2.1: 4xx is transient, 5xx permanent)."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return decide(error.recipients[0], stage)
    if isinstance(error, aiosmtplib.SMTPResponseException) and 400 <= error.code < 600:
        words = f"{error.code} {' '.join(error.message.split())}".strip()
        sender_refused = isinstance(error, aiosmtplib.SMTPSenderRefused) and 500 <= error.code != _MESSAGE_TOO_BIG
        if stage is Stage.CONNECTING or sender_refused or error.code in _LOGIN_CODES:
            return Decision(Verdict.AGAIN, words, fault_of_server=True, connection_lost=stage is Stage.CONNECTING)
        if error.code < 500:
            return Decision(Verdict.AGAIN, words, connection_lost=error.code == _CLOSING)
        return Decision(Verdict.NEVER, words)
    words = " ".join(str(error).split()) or "no answer in time"
    if stage is Stage.CONNECTING:
        return Decision(Verdict.AGAIN, words, fault_of_server=True, connection_lost=True)
    if isinstance(error, aiosmtplib.SMTPNotSupported | ValueError):  # the address cannot be said in this server's SMTP
        return Decision(Verdict.NEVER, words)
    return Decision(Verdict.UNKNOWN if stage is Stage.CONTENT else Verdict.AGAIN, words, connection_lost=True)


class Connection:
    """One connection, opened when first needed and again after it was lost."""

    def __init__(self, server: SmtpServer, *, send_within: timedelta) -> None:
        self._server = server
        self._send_seconds = send_within.total_seconds()
        self._client: SMTP | None = None
        self._sent = 0

    @property
    def used(self) -> bool:
        """A message has gone out on the present connection. Servers end it after some; that says nothing about the next message."""
        return self._sent > 0

    async def send(self, address: str, content: bytes) -> Decision | None:
        """Send one message; None if the server took it."""
        stage = Stage.CONNECTING
        try:
            client = await self._connected()
            async with asyncio.timeout(self._send_seconds):
                stage = Stage.ENVELOPE
                await self._envelope(client, address)
                stage = Stage.CONTENT
                await _content(client, content)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            decision = decide(error, stage)
            if decision.connection_lost:
                self._drop()
            else:
                await self._reset()
            return self._without_password(decision)
        self._sent += 1
        return None

    async def close(self) -> None:
        """Say goodbye if the server still listens."""
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            try:
                await client.quit(timeout=5)
            except (aiosmtplib.SMTPException, OSError):
                client.close()

    async def _connected(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.password or None,
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            local_hostname=wire_address(server.mail_from).rpartition("@")[2],
            timeout=CONNECT_SECONDS,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except BaseException:
            client.close()
            raise
        self._client, self._sent = client, 0
        return client

    async def _envelope(self, client: SMTP, address: str) -> None:
        to = wire_address(address)
        options = []
        if not to.isascii():
            if not client.supports_extension("smtputf8"):
                raise aiosmtplib.SMTPNotSupported("SMTPUTF8")
            options.append(b"SMTPUTF8")
        # The client's own mail() and rcpt() parse each address with the e-mail package, a third of the time of a message.
        response = await client.execute_command(b"MAIL", _path(b"FROM", wire_address(self._server.mail_from)), *options, timeout=None)
        if response.code != SMTPStatus.completed:
            raise aiosmtplib.SMTPSenderRefused(response.code, response.message, self._server.mail_from)
        response = await client.execute_command(b"RCPT", _path(b"TO", to), timeout=None)
        if response.code not in (SMTPStatus.completed, SMTPStatus.will_forward):
            raise aiosmtplib.SMTPRecipientRefused(response.code, response.message, address)
        response = await client.execute_command(b"DATA", timeout=None)
        if response.code != SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(response.code, response.message)

    async def _reset(self) -> None:
        if self._client is None:
            return
        try:
            await self._client.rset(timeout=CONNECT_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    def _without_password(self, decision: Decision) -> Decision:
        password = self._server.password
        if not password or password not in decision.words:
            return decision
        return Decision(decision.verdict, decision.words.replace(password, "***"), decision.fault_of_server, decision.connection_lost)


def _path(verb: bytes, address: str) -> bytes:
    """`FROM:<a@b>`; refuses what would end the path or begin another argument."""
    if any(character in '<>"' or character.isspace() for character in address):
        raise ValueError(f"{address!r} is no mail address")
    return b"%s:<%s>" % (verb, address.encode())


async def _content(client: SMTP, content: bytes) -> None:
    """The content, which has CRLF line ends already; the client's own data() looks for others twice in each message."""
    if content.startswith(b".") or b"\r\n." in content:
        content = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    protocol.write(content + b".\r\n")
    response = await protocol.read_response()
    if response.code != SMTPStatus.completed:
        raise aiosmtplib.SMTPDataError(response.code, response.message)
