"""A person and their new link → `Mail`."""

from datetime import datetime

from notifications.composing import compose
from notifications.mime import Mail
from notifications.sender import Sender


def compose_link(person: str, address: str, link: str, sender: Sender, *, key: str, person_id: int | None, now: datetime) -> Mail:
    """The message to `person`. `key` is the ledger's: one person, a few minutes. Refuses a name or address with line breaks."""
    return compose(
        "link",
        {"sections": [], "days": sender.link_days},
        person=person,
        address=address,
        calendar=b"",
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )
