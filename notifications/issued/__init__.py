"""The message on the day of issue."""

from notifications.duty import Duty
from notifications.issued.context import IssuedNotice
from notifications.issued.message import compose_issued

__all__ = ["Duty", "IssuedNotice", "compose_issued"]
