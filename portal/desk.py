"""What every page of the portal stands on: the database, the clock, who sends mail, and what follows a change."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evidence.receiving import Receiver
from notifications.sender import Sender
from office.policy import Policy
from portal.limiting import Limiter
from zeren.database import reading, transaction


@dataclass(frozen=True, slots=True)
class Desk:
    """`changed` is called after a change was stored: the board and the mail follow; it fails never and may take seconds."""

    database_url: str
    sender: Sender
    clock: Callable[[], datetime]
    changed: Callable[[], None]
    limiter: Limiter
    receiver: Receiver
    policy: Callable[[], Policy]  # 督办规则, as it is now

    @property
    def zone(self) -> ZoneInfo:
        return self.sender.zone

    def today(self) -> date:
        return self.clock().astimezone(self.zone).date()

    def reading(self) -> AbstractContextManager[Session]:
        return reading(self.database_url)

    def transaction(self) -> AbstractContextManager[Session]:
        return transaction(self.database_url)
