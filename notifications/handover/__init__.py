"""The message to the successor in a post."""

from notifications.handover.context import HandoverNotice
from notifications.handover.message import compose_handover

__all__ = ["HandoverNotice", "compose_handover"]
