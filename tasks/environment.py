"""What a task takes from the settings of its process: the clock, one transaction, and who sends mail through which server."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from notifications.sender import Sender
from notifications.smtp import SmtpServer
from zeren.clock import clock_from, now_or
from zeren.database import prepare, reading, rehearsal, transaction
from zeren.mailing import sender_of, smtp_server_of
from zeren.settings import settings


def now() -> datetime:
    """The present instant, or the one that `ZEREN_NOW` rehearses: then the same in every process, so that no step comes before another."""
    return now_or(settings().now or None, settings().zone)


def clock() -> Callable[[], datetime]:
    """For a step that takes its time, like sending mail: begins at `now` and goes on."""
    return clock_from(settings().now or None, settings().zone)


def open_transaction() -> AbstractContextManager[Session]:
    """A session that commits at its end. Refuses where the database cannot be used."""
    return transaction(settings().database_url)


def open_rehearsal() -> AbstractContextManager[Session | None]:
    """A transaction on the project's database that is taken back; None where there is no database yet."""
    return rehearsal(settings().database_url)


def open_reading() -> AbstractContextManager[Session]:
    """One look at the project's database that waits for no writer."""
    return reading(settings().database_url)


def prepare_database() -> None:
    """Create the tables where there are none: a year begins with its first list or roster."""
    prepare(settings().database_url)


def sender() -> Sender:
    return sender_of(settings())


def smtp_server() -> SmtpServer:
    return smtp_server_of(settings())
