"""One person's digest of the day: what is due, overdue, gone up, or waits for them."""

from notifications.digest.context import Digest, DigestGroup, DigestRow, DigestSection
from notifications.digest.message import compose_digest

__all__ = ["Digest", "DigestGroup", "DigestRow", "DigestSection", "compose_digest"]
