"""延期: more time that was asked for, and what was decided about it."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, by_value


class Grant(enum.StrEnum):
    GRANTED = "granted"  # 同意
    DENIED = "denied"  # 不同意


class Extension(Base):
    """One request for more time for one assignment. It is decided once, like a report; there is one open request at a time."""

    __tablename__ = "extensions"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    number: Mapped[int]  # 1 is the first
    due_on: Mapped[date]  # when it was asked for
    wanted_on: Mapped[date]  # the new date that is asked for
    reason: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text)  # how far it is
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(50))
    grant: Mapped[Grant | None] = mapped_column(by_value(Grant))
    granted_on: Mapped[date | None]  # the new date: a decision must name it; None where it is denied
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    decided_by: Mapped[str | None] = mapped_column(String(50))
    decided_at: Mapped[datetime | None]
