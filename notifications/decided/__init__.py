"""The message to who carries a duty about which somebody decided."""

from notifications.decided.context import DecidedNotice, Outcome
from notifications.decided.message import compose_decided

__all__ = ["DecidedNotice", "Outcome", "compose_decided"]
