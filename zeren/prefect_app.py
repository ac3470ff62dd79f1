"""Prefect's server with both of its UIs, for browsers that must ask nobody else: `uvicorn --factory zeren.prefect_app:create_app`.

In: Prefect's own settings. Out: its application, whose every answer says what a page may load. Prefect's new UI would else ask
amplitude.com for a configuration on every visit, with analytics switched off too.
"""

from typing import TYPE_CHECKING

from prefect.server.api import server

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A page may run what this server gives it, and ask this server alone. 'unsafe-eval': the timeline of a run compiles its shaders.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval'",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode("ascii")),
    (b"referrer-policy", b"same-origin"),  # a link to evidence must not tell its server which run was looked at
    (b"x-content-type-options", b"nosniff"),
)


def create_app() -> "ASGIApp":
    """The application for uvicorn."""
    return kept_at_home(server.create_app())


def kept_at_home(app: "ASGIApp") -> "ASGIApp":
    """`app`, with `HEADERS` on every answer."""

    async def with_headers(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def add(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await app(scope, receive, add if scope["type"] == "http" else send)

    return with_headers
