"""The message that asks for progress before a regular meeting."""

from notifications.meeting.context import ProgressRequest
from notifications.meeting.message import compose_request

__all__ = ["ProgressRequest", "compose_request"]
