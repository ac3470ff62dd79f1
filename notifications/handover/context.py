"""What a successor is told: the open duties that come with the post, or are given by hand, and from whom."""

from dataclasses import dataclass
from datetime import date

from notifications.duty import Duty


@dataclass(frozen=True, slots=True)
class HandoverNotice:
    """To `person` at `address`, who holds `post` on the day `on`: the duties taken over from `predecessor` (empty: the post was vacant).

    Without a post (转办) somebody gave them by hand, and `reason` says why.
    """

    person: str
    address: str
    predecessor: str
    post: str  # with its unit, 老干部支部书记
    on: date
    duties: tuple[Duty, ...]
    reported: int = 0  # dates of them that are reported and wait for review
    by: str = ""  # 转办: who gave them
    reason: str = ""
