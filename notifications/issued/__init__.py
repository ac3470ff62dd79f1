"""The message on the day of issue."""

from notifications.issued.context import Duty, IssuedNotice

__all__ = ["Duty", "IssuedNotice"]
