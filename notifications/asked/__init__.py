"""The message to who decides whether a duty gets more time."""

from notifications.asked.context import AskedNotice
from notifications.asked.message import compose_asked

__all__ = ["AskedNotice", "compose_asked"]
