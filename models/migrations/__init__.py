"""Versions of the tables (Alembic), oldest first. Revisions are four digits, so that older and newer compare as text."""

from pathlib import Path

from sqlalchemy import Connection

HEAD = "0004"  # what this code needs; known without importing Alembic, because every transaction compares it
VERSION_TABLE = "zeren_version"  # a name of its own: Prefect keeps `alembic_version`, perhaps in the same database


def upgrade(connection: Connection) -> None:
    """Bring the tables to `HEAD` inside the transaction that `connection` has open."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
