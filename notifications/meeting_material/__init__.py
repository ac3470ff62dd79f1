"""The message that brings the officer the material of a regular meeting."""

from notifications.meeting_material.context import MaterialNotice
from notifications.meeting_material.message import compose_material

__all__ = ["MaterialNotice", "compose_material"]
