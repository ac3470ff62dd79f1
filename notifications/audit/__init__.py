"""What the audit of the follow-up found, for the officer."""

from notifications.audit.context import AuditNotice
from notifications.audit.message import compose_audit

__all__ = ["AuditNotice", "compose_audit"]
