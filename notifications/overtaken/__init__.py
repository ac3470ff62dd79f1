"""The message to who decided about a duty after somebody else had."""

from notifications.overtaken.context import OvertakenNotice
from notifications.overtaken.message import compose_overtaken

__all__ = ["OvertakenNotice", "compose_overtaken"]
