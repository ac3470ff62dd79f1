"""Prefect's server with both of its UIs, for browsers that must ask nobody else: `uvicorn --factory zeren.prefect_app:create_app`.

In: Prefect's own settings; those that would send something elsewhere are off unless they are set. Out: its application, whose every
answer says what a page may load. Prefect's new UI would else ask amplitude.com for a configuration on every visit, with analytics
switched off too.
"""

import os
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.ext.hybrid import hybrid_property

if TYPE_CHECKING:
    from contextlib import _AsyncGeneratorContextManager

    from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction
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


DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # what a browser sees first that has not chosen: only V1 shows the server's saved filters
    "PREFECT_UI_API_URL": "/api",  # of wherever the page came from, so that localhost, another host's name and a proxy's work
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "500",  # of 20, a board being built collides with them on SQLite at every turn
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "",  # pages of others must not use the officer's browser
}


def create_app() -> "ASGIApp":
    """The application for uvicorn."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    from prefect.server.api import server  # reads the settings now

    let_the_clock_start_runs()
    let_writers_wait()
    return kept_at_home(server.create_app())


def let_the_clock_start_runs() -> None:
    """Have Prefect's scheduler work with SQLAlchemy 2.1, which refuses what it inserts.

    The rows of Prefect 3.8.8 carry the run's state, which it stores right after them by itself; 2.0 passed over it.
    """
    from prefect.server.database.orm_models import FlowRun

    state = inspect(FlowRun).all_orm_descriptors["state"]
    assert isinstance(state, hybrid_property)
    if hasattr(state.inplace, "bulk_dml") and state.bulk_dml_setter is None:
        state.inplace.bulk_dml(lambda cls, row, value: None)


def let_writers_wait() -> None:
    """Have a request that writes wait for its turn on SQLite from its beginning on; on PostgreSQL nothing changes.

    Prefect begins as a reader. Where another writer ends before the first write, SQLite cannot wait any more and the request fails: a
    click of the officer, or a hundred runs of a board that is being built.
    """
    from prefect.server.database import dependencies
    from prefect.server.database.configurations import AioSqliteConfiguration
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL

    class InTurn(AioSqliteConfiguration):
        def begin_transaction(
            self, session: "AsyncSession", with_for_update: bool = True
        ) -> "_AsyncGeneratorContextManager[AsyncSessionTransaction]":
            return super().begin_transaction(session, with_for_update=True)

    url = PREFECT_API_DATABASE_CONNECTION_URL.value()
    if url.startswith("sqlite"):
        dependencies.MODELS_DEPENDENCIES["database_config"] = InTurn(connection_url=url)


def kept_at_home(app: "ASGIApp") -> "ASGIApp":
    """`app`, with `HEADERS` on every answer."""

    async def with_headers(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def add(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await app(scope, receive, add if scope["type"] == "http" else send)

    return with_headers
