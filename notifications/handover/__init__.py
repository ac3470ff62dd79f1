"""The message to the successor in a post."""

from notifications.handover.context import HandoverNotice

__all__ = ["HandoverNotice"]
