"""What a task takes from the settings of its process: the clock, one transaction, and who sends mail through which server."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

from prefect.settings import PREFECT_UI_URL
from sqlalchemy.orm import Session

from notifications.sender import Sender
from notifications.smtp import SmtpServer
from office.policy import Policy
from office.text import Text
from zeren.clock import clock_from, now_or
from zeren.database import alone, prepare, reading, rehearsal, transaction
from zeren.mailing import sender_of, smtp_server_of
from zeren.policy import policy_in_force, policy_source
from zeren.settings import settings

BOARD_WAIT_SECONDS = 120  # the first build of a large board takes about a minute


def now() -> datetime:
    """The present instant, or the one that `ZEREN_NOW` rehearses: then the same in every process, so that no step comes before another."""
    return now_or(settings().now or None, settings().zone)


def rehearsed() -> datetime | None:
    """The instant that `ZEREN_NOW` rehearses; None where the clock is real."""
    return now() if settings().now else None


def real_now() -> datetime:
    """The present instant even in a rehearsal: the Prefect server's clock cannot be rehearsed."""
    return now_or(None, settings().zone)


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


def policy() -> Policy:
    """The 督办规则 that the office has for new lists and for its meetings."""
    return policy_in_force()


def smtp_server() -> SmtpServer:
    return smtp_server_of(settings())


def policy_name() -> Text:
    """Where it stands, for the officer."""
    return policy_source()


def zone() -> ZoneInfo:
    """Where days begin and end for the office."""
    return settings().zone


def board_closed_days() -> int | None:
    """How long the board shows what has ended; None: for ever."""
    return settings().board_closed_days


def alone_on_the_board() -> AbstractContextManager[None]:
    """One program at a time writes the board of a database. Unavailable when another one takes too long."""
    return alone(settings().database_url, "board", wait_seconds=BOARD_WAIT_SECONDS)


def ui_url() -> str:
    """Where the officer's browser finds the Prefect UI, without a slash at the end; empty where no server is known."""
    return (settings().ui_url or PREFECT_UI_URL.value() or "").rstrip("/")
