"""The year's list as it was read: items, their dated steps, parties as written, and what the officer is asked."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, by_value


class ResponsibilityList(Base):
    """年度主体责任清单: one list of one year. A row exists only for an issued list."""

    __tablename__ = "responsibility_lists"
    __table_args__ = (UniqueConstraint("year", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(255))
    content_digest: Mapped[str] = mapped_column(String(64))  # of what was read, so that a re-saved file is the same list
    issued_at: Mapped[datetime]


class Item(Base):
    """责任事项: one duty of a list."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("list_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("responsibility_lists.id"))
    position: Mapped[int]
    address: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(50))
    section: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    standard: Mapped[str] = mapped_column(Text)
    points: Mapped[float | None]
    remarks: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]  # 撤销: no longer owed by anybody since


class Step(Base):
    """One dated segment of an item."""

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("item_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    position: Mapped[int]
    address: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    phrase: Mapped[str | None] = mapped_column(Text)  # the deadline as written
    standing: Mapped[bool]
    never_closes: Mapped[bool]
    relative: Mapped[str | None] = mapped_column(String(20))  # 7d, 30wd
    target_amount: Mapped[float | None]
    target_unit: Mapped[str | None] = mapped_column(String(20))
    target_per: Mapped[str | None] = mapped_column(String(10))  # period or year
    checkpoint_on: Mapped[date | None]


class PartyRole(enum.StrEnum):
    LEADER = "leader"  # 责任领导
    LEAD = "lead"  # 牵头单位
    RESPONSIBLE = "responsible"  # 责任单位
    ASSISTING = "assisting"  # 配合单位


class StepParty(Base):
    """A party of a step, as the list writes it."""

    __tablename__ = "step_parties"
    __table_args__ = (UniqueConstraint("step_id", "role", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"))
    role: Mapped[PartyRole] = mapped_column(by_value(PartyRole))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))


class ListQuestion(Base):
    """What the officer is asked about a list: nothing is dropped or guessed in silence."""

    __tablename__ = "list_questions"
    __table_args__ = (UniqueConstraint("list_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("responsibility_lists.id"))
    position: Mapped[int]
    address: Mapped[str] = mapped_column(String(200))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
