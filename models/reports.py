"""办理情况: what the assignee says about an assignment, what proves it, what the reviewer decided, and what is not handed in yet."""

import enum
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
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
    held_on: Mapped[date | None]  # the day on which it was done, as the person says
    entries: Mapped[dict[str, str | int]] = mapped_column(JSON, default=dict, server_default="{}")  # of a duty with a form of its own
    reported_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(50))
    verdict: Mapped[Verdict | None] = mapped_column(by_value(Verdict))
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    reviewed_by: Mapped[str | None] = mapped_column(String(50))
    reviewed_at: Mapped[datetime | None]


class StoredFile(Base):
    """The content of a file that somebody handed in: kept once, however often it is handed in, under its SHA-256."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]  # bytes
    media_type: Mapped[str] = mapped_column(String(100))  # by its content, not by its name
    stored_at: Mapped[datetime]


class Evidence(Base):
    """佐证材料: what proves a report, by its address or as a file."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("report_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(Text)  # of a file: the planning officer's link to it
    sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"), index=True)


class Draft(Base):
    """A report that somebody has begun to write: theirs alone, until it is handed in."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("assignment_id", "by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    by: Mapped[str] = mapped_column(String(50))
    version: Mapped[int]  # counts the times it was saved: of two tabs the second one sees what the first one wrote
    text: Mapped[str] = mapped_column(Text)
    amount: Mapped[str] = mapped_column(String(30))  # as typed, like the entries: a draft may be unfit
    held_on: Mapped[str] = mapped_column(String(30))
    entries: Mapped[dict[str, str]] = mapped_column(JSON)
    saved_at: Mapped[datetime]


class DraftFile(Base):
    """A file of a draft."""

    __tablename__ = "draft_files"
    __table_args__ = (UniqueConstraint("draft_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"), index=True)
