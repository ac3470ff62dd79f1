"""`Digest` → `Mail`."""

from datetime import datetime

from notifications.composing import compose
from notifications.digest.context import Digest
from notifications.mime import Mail
from notifications.sender import Sender


def compose_digest(digest: Digest, sender: Sender, *, key: str, person_id: int | None, link: str = "", now: datetime) -> Mail:
    """The digest. `key` is the ledger's: one a person and day. Refuses names and addresses with line breaks in them."""
    return compose(
        "digest",
        {"digest": digest, "subject_words": digest.subject.in_(sender.language), "sections": []},
        person=digest.person,
        address=digest.address,
        calendar=b"",
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )
