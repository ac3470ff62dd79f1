"""How many requests a link and an address may make: a flood gets 429, and the office's own people behind one address do not.

In: the key of a link, or an address. Out: whether it may. Counted in this process: a second portal process counts for itself.
"""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

LOOKS_A_LINK = RateLimitItemPerMinute(240, namespace="look")
ACTS_A_LINK = RateLimitItemPerMinute(60, namespace="act")
STRANGERS_AN_ADDRESS = RateLimitItemPerMinute(30, namespace="stranger")  # requests without a good link
LINKS_AN_ADDRESS = RateLimitItemPerMinute(5, namespace="link")  # requests for a new link


class Limiter:
    """One process's counters."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def may_look(self, key: str) -> bool:
        return self._limiter.hit(LOOKS_A_LINK, key)

    def may_act(self, key: str) -> bool:
        return self._limiter.hit(ACTS_A_LINK, key)

    def stranger_may(self, address: str) -> bool:
        return self._limiter.hit(STRANGERS_AN_ADDRESS, address)

    def may_ask_for_a_link(self, address: str) -> bool:
        return self._limiter.hit(LINKS_AN_ADDRESS, address)
