"""One reused connection to the mail server, and what a fault on it means for the message in hand.

A fault before the message's content went out is certain: it was not delivered. A fault after it, with no answer, is not.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from re import compile as pattern
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTP, SMTPStatus

from notifications.dialogue import Dialogue, Reply
from notifications.ledger import Verdict
from notifications.mime import wire_address

CONNECT_SECONDS = 20
_GOODBYE_SECONDS = 5

_MESSAGE_TOO_BIG = 552
_LOGIN_CODES = (530, 534, 535, 538)  # RFC 4954: a login is missing or does not do
_CLOSING = 421
_LINE_FEED = ord("\n")
_ENDS_A_PATH = pattern(r'[\s<>"]')


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
        self._dialogue: Dialogue | None = None
        self._extensions: frozenset[str] = frozenset()
        self._sent = 0

    @property
    def used(self) -> bool:
        """A message has gone out on the present connection. Servers end it after some; that says nothing about the next message."""
        return self._sent > 0

    async def send(self, address: str, content: bytes) -> Decision | None:
        """Send one message; None if the server took it."""
        stage = Stage.CONNECTING
        try:
            dialogue = await self._open()
            async with asyncio.timeout(self._send_seconds):
                stage = Stage.ENVELOPE
                await self._envelope(dialogue, address)
                stage = Stage.CONTENT
                dialogue.write(_on_the_wire(content))
                _expect(await dialogue.reply(), SMTPStatus.completed, aiosmtplib.SMTPDataError)
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
        if self._dialogue is None:
            return
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await _ask(self._dialogue, b"QUIT")
        except (aiosmtplib.SMTPException, OSError):
            pass
        finally:
            self._drop()

    async def _open(self) -> Dialogue:
        if self._dialogue is not None and self._dialogue.is_open:
            return self._dialogue
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
        assert isinstance(client.transport, asyncio.WriteTransport)
        self._extensions = frozenset(name for name in ("pipelining", "smtputf8") if client.supports_extension(name))
        self._dialogue, self._sent = Dialogue(client.transport), 0
        return self._dialogue

    async def _envelope(self, dialogue: Dialogue, address: str) -> None:
        """Sender, recipient, and the server's leave to send the content."""
        sender, to = self._server.mail_from, wire_address(address)
        if not to.isascii() and "smtputf8" not in self._extensions:
            raise aiosmtplib.SMTPNotSupported("SMTPUTF8")
        mail = _path(b"MAIL FROM", wire_address(sender)) + (b"" if to.isascii() else b" SMTPUTF8")
        rcpt = _path(b"RCPT TO", to)
        if "pipelining" in self._extensions:
            dialogue.write(b"%s\r\n%s\r\nDATA\r\n" % (mail, rcpt))
            replies = [await dialogue.reply() for _ in range(3)]
            if replies[2].code == SMTPStatus.start_input and (replies[0].code >= 400 or replies[1].code >= 400):
                await _ask(dialogue, b".")  # RFC 2920 section 3.1: it waits for the content of a message that nobody gets
        else:
            replies = []
            for command in (mail, rcpt, b"DATA"):
                replies.append(await _ask(dialogue, command))
                if replies[-1].code >= 400:
                    break
        _expect(replies[0], SMTPStatus.completed, lambda code, words: aiosmtplib.SMTPSenderRefused(code, words, sender))
        if replies[1].code != SMTPStatus.will_forward:
            _expect(replies[1], SMTPStatus.completed, lambda code, words: aiosmtplib.SMTPRecipientRefused(code, words, address))
        _expect(replies[2], SMTPStatus.start_input, aiosmtplib.SMTPDataError)

    async def _reset(self) -> None:
        if self._dialogue is None:
            return
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await _ask(self._dialogue, b"RSET")
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._dialogue is not None:
            self._dialogue.close()
        self._dialogue = None

    def _without_password(self, decision: Decision) -> Decision:
        password = self._server.password
        if not password or password not in decision.words:
            return decision
        return replace(decision, words=decision.words.replace(password, "***"))


async def _ask(dialogue: Dialogue, command: bytes) -> Reply:
    dialogue.write(command + b"\r\n")
    return await dialogue.reply()


def _expect(reply: Reply, code: int, error: Callable[[int, str], aiosmtplib.SMTPResponseException]) -> None:
    if reply.code != code:
        raise error(reply.code, reply.words)


def _path(command: bytes, address: str) -> bytes:
    """`MAIL FROM:<a@b>`; refuses what would end the path or begin another argument."""
    if _ENDS_A_PATH.search(address):
        raise ValueError(f"{address!r} is no mail address")
    return b"%s:<%s>" % (command, address.encode())


def _on_the_wire(content: bytes) -> bytes:
    """The content, which has CRLF line ends, with its periods doubled and its end marked (RFC 5321 section 4.5.2)."""
    # A period is sought first: base64 has none, and nothing is found as fast as a single byte.
    period = content.find(b".")
    while period > 0 and content[period - 1] != _LINE_FEED:
        period = content.find(b".", period + 1)
    if period >= 0:
        content = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
    return content + b".\r\n"
