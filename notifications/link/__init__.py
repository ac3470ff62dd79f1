"""The message that brings a new link."""

from notifications.link.message import compose_link

__all__ = ["compose_link"]
