"""The message to who does another person's duties for a time."""

from notifications.standing_in.context import StandingInNotice
from notifications.standing_in.message import compose_standing_in

__all__ = ["StandingInNotice", "compose_standing_in"]
