"""The message on the day of issue."""

from notifications.issued.context import Duty, IssuedNotice
from notifications.issued.message import compose_issued

__all__ = ["Duty", "IssuedNotice", "compose_issued"]
