"""What stands around every request: headers that keep the pages to themselves, a bound for what is sent, a line of the log.

A line holds the route and not the address: a link is a key.
"""

import time
from collections.abc import Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.visiting import LOG

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "x-permitted-cross-domain-policies": "none",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}
STRICT_TRANSPORT = ("strict-transport-security", "max-age=31536000; includeSubDomains")


class Guard:
    """ASGI middleware: the headers, the page where the program fails, and the line of the log. An answer's own header wins."""

    def __init__(self, app: ASGIApp, *, https: bool, broken: Callable[[Request], Response]) -> None:
        self._app = app
        self._broken = broken
        self._headers = [(name.encode(), value.encode()) for name, value in (*HEADERS.items(), *([STRICT_TRANSPORT] if https else []))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_missing(message.get("headers", ()), self._headers)]
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except Exception:
            LOG.exception("the portal failed")
            if status:  # the answer is under way: the server ends it
                raise
            await self._broken(Request(scope, receive))(scope, receive, with_headers)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            who = scope.get("state", {}).get("who", "-")
            milliseconds = (time.perf_counter() - began) * 1000
            LOG.info("%s %s %d %.0f ms %s", scope["method"], route, status, milliseconds, who)


def _missing(given: Iterable[tuple[bytes, bytes]], common: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _ in given}
    return [(name, value) for name, value in common if name not in names]


class TooLarge(Exception):
    """A request that is longer than anything the portal asks for."""


class Bounded:
    """ASGI middleware: a request body has at most `most` bytes, whatever its header says."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most:
                raise TooLarge
            return message

        await self._app(scope, counted, send)
