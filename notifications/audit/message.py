"""`AuditNotice` → `Mail`."""

from datetime import datetime

from notifications.audit.context import AuditNotice
from notifications.composing import compose
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import day


def compose_audit(notice: AuditNotice, sender: Sender, *, key: str, now: datetime) -> Mail:
    """The mail of a day on which something is wrong. `key` is the ledger's: one a day."""
    zh = sender.language == "zh"
    counted = [f"{kind.zh} {count} 处" if zh else f"{count} {kind.en}" for kind, count in notice.counts]
    return compose(
        "audit",
        {
            "day": day(notice.on, sender.language),
            "counted": ("，" if zh else ", ").join(counted),
            "notice": notice,
            "sections": [],
        },
        person=notice.officer,
        address=notice.address,
        calendar=b"",
        link="",
        sender=sender,
        key=key,
        person_id=None,
        now=now,
    )
