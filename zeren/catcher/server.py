"""The SMTP side, and both sides together. Everything listens on the loopback address only."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from office.text import Language, Refused, Text
from zeren.catcher.caught import CaughtMail
from zeren.catcher.pages import Pages

LOOPBACK = "127.0.0.1"


class MailCatcher:
    """Context manager: receives on `smtp_port`, shows on `web_url`. Port 0 takes a free one.

    Raises `Refused` on entry where a port is taken.
    """

    def __init__(self, smtp_port: int = 0, web_port: int = 0, *, language: Language = "zh") -> None:
        self._caught: list[CaughtMail] = []
        self._wanted_smtp_port = smtp_port
        self._web_port = web_port
        self._language = language
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-catcher", daemon=True)
        self._server: asyncio.Server | None = None
        self._pages: Pages | None = None

    @property
    def mails(self) -> tuple[CaughtMail, ...]:
        """What has been received, oldest first."""
        return tuple(self._caught)

    @property
    def smtp_port(self) -> int:
        assert self._server is not None, "not entered"
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def web_url(self) -> str:
        assert self._pages is not None, "not entered"
        return self._pages.url

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
            self._pages = Pages(LOOPBACK, self._web_port, lambda: self.mails, self._language)
        except OSError as error:
            self._stop()
            raise Refused(Text(f"邮件接收端口无法使用：{error}", f"A port for catching mail cannot be used: {error}")) from None
        self._pages.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._pages is not None:
            self._pages.stop()
        self._stop()

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it by this name
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        sender, recipients = envelope.mail_from or "", tuple(envelope.rcpt_tos)
        self._caught.append(CaughtMail(len(self._caught) + 1, sender, recipients, content, datetime.now(UTC)))  # a fact, not a rule's `now`
        return "250 Kept"

    async def _listen(self) -> asyncio.Server:
        def protocol() -> SMTP:
            return SMTP(self, hostname="localhost", enable_SMTPUTF8=True, loop=self._loop)

        return await self._loop.create_server(protocol, LOOPBACK, self._wanted_smtp_port)

    def _stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:  # connections that are still open
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
