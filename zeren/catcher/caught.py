"""A message as the catcher keeps it."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property


@dataclass(frozen=True)
class CaughtMail:
    """One received message. `number` counts from 1; `sender` and `recipients` are the envelope's."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    at: datetime

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)
