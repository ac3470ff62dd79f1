"""督办单: what is overdue, as a Word file that an office prints, signs and files."""

from reports.supervision_notice.notice import OverdueDuty, SupervisionNotice
from reports.supervision_notice.writing import supervision_notice

__all__ = ["OverdueDuty", "SupervisionNotice", "supervision_notice"]
