"""The officer's morning mail: what waits for her today."""

from notifications.briefing.context import Briefing, Figure
from notifications.briefing.message import compose_briefing

__all__ = ["Briefing", "Figure", "compose_briefing"]
