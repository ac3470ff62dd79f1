"""办理情况: what the assignee says about an assignment, what proves it, and what the reviewer decided."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, by_value


class Verdict(enum.StrEnum):
    APPROVED = "approved"  # 通过
    RETURNED = "returned"  # 退回


class Report(Base):
    """One report of one assignment. It is reviewed once: the verdict is written where there is none yet, and never again."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    number: Mapped[int]  # 1 is the first
    text: Mapped[str] = mapped_column(Text)
    amount: Mapped[float | None]  # of the step's target, reached so far
    reported_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(50))
    verdict: Mapped[Verdict | None] = mapped_column(by_value(Verdict))
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    reviewed_by: Mapped[str | None] = mapped_column(String(50))
    reviewed_at: Mapped[datetime | None]


class Evidence(Base):
    """佐证材料: what proves a report, by its address."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("report_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(Text)
