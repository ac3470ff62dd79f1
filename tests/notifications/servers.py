"""SMTP servers that answer as a test tells them, in a thread of their own: real sockets, real protocol."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Behaviour:
    """What the server does. The functions get the recipient's address and return an answer, or None for "250"."""

    at_recipient: Callable[[str], str | None] = lambda _: None
    at_content: Callable[[str], str | None] = lambda _: None
    at_sender: str | None = None
    drop_during_content: int = 0  # so many times: the connection ends without an answer
    drop_after: int | None = None  # messages on one connection
    most_connections: int | None = None
    utf8: bool = False
    pipelining: bool = False
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    pause: float = 0  # before each message is taken


@dataclass
class Received:
    sender: str
    to: str
    content: bytes

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.content, policy=policy.default)["Message-ID"])


@dataclass
class Server:
    behaviour: Behaviour
    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    open_connections: int = 0
    offered_login: list[bytes] = field(default_factory=list)

    def addresses(self) -> list[str]:
        return sorted(received.to for received in self.received)


class _Protocol(SMTP):
    """aiosmtpd's server with the faults of real ones."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        behaviour = server.behaviour
        super().__init__(
            _Handler(server),
            hostname="localhost",
            loop=loop,
            enable_SMTPUTF8=behaviour.utf8,
            tls_context=None if behaviour.implicit_tls else behaviour.tls,
            require_starttls=behaviour.tls is not None and not behaviour.implicit_tls,
            auth_required=behaviour.login is not None,
            auth_require_tls=False,
            authenticator=self._check_login if behaviour.login else None,
        )
        self._of = server
        self.taken = 0

    def connection_made(self, transport: Any) -> None:
        if self._of.behaviour.most_connections is not None and self._of.open_connections >= self._of.behaviour.most_connections:
            transport.write(b"421 too many connections\r\n")
            transport.close()
            return
        if self.session is None:  # not again after STARTTLS
            self._of.connections += 1
            self._of.open_connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.session is not None:
            self._of.open_connections -= 1
            super().connection_lost(error)

    def _check_login(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self._of.offered_login.append(data.password)
        right = (data.login.decode(), data.password.decode()) == self._of.behaviour.login
        return AuthResult(success=right, handled=right, message=None if right else "535 5.7.8 wrong login")


class _Handler:
    def __init__(self, server: Server) -> None:
        self._server = server

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Any, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self._server.behaviour.pipelining else responses

    async def handle_MAIL(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if self._server.behaviour.at_sender:
            return self._server.behaviour.at_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        answer = self._server.behaviour.at_recipient(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, protocol: _Protocol, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        behaviour, to, transport = self._server.behaviour, envelope.rcpt_tos[0], protocol.transport
        assert isinstance(transport, asyncio.WriteTransport)
        if behaviour.pause:
            await asyncio.sleep(behaviour.pause)
        if behaviour.drop_during_content > 0:
            behaviour.drop_during_content -= 1
            transport.abort()
            return "250 nobody hears this"
        answer = behaviour.at_content(to)
        if answer is not None:
            return answer
        assert isinstance(envelope.content, bytes)
        self._server.received.append(Received(str(envelope.mail_from), to, envelope.content))
        protocol.taken += 1
        if protocol.taken == behaviour.drop_after:
            asyncio.get_running_loop().call_later(0.02, transport.close)
        return "250 taken"


@contextmanager
def smtp_server(behaviour: Behaviour | None = None, *, port: int = 0) -> Iterator[Server]:
    """A listening server on the loopback address."""
    server = Server(behaviour or Behaviour())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        tls = server.behaviour.tls if server.behaviour.implicit_tls else None
        return await loop.create_server(lambda: _Protocol(server, loop), "127.0.0.1", port, ssl=tls)

    async def close(listening: asyncio.Server) -> None:
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    listening = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(close(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for 127.0.0.1 and localhost, and the file of the certificate that a client has to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)  # certificates are checked against the real clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, secret = folder / "trusted.pem", folder / "secret.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(trusted, secret)
    return context, trusted
