"""Alembic's entry: the caller hands its connection over; on the command line (`alembic revision`) `ZEREN_DATABASE_URL` names one."""

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, create_engine

from models import Base
from models.base import Instant
from models.migrations import VERSION_TABLE


def render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """How a new migration is written: an instant as what it is in the database, so that old migrations outlive the models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Instant) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        render_item=render,
        render_as_batch=True,  # SQLite cannot alter a constraint, so the table is copied
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.config.attributes.get("connection") is not None:
    run(context.config.attributes["connection"])
else:
    with create_engine(os.environ["ZEREN_DATABASE_URL"]).begin() as own_connection:
        run(own_connection)
