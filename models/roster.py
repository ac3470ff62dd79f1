"""People, the tree of units, posts with their terms, who covers which branch in a year, and who stands in for whom."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Unit(Base):
    """单位: a bureau, party group, branch, section, affiliated unit or county bureau."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str] = mapped_column(String(50))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    position: Mapped[int]  # order of the roster file: collective words expand in it
    left_on: Mapped[date | None]  # no longer in the roster since; kept for the assignments that name it


class Person(Base):
    """人员. Two people of one name are told apart in the name itself: 张伟（养老科）."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    position: Mapped[int]
    left_on: Mapped[date | None]  # no longer in the roster since


class Post(Base):
    """职务 with its term. Duties bind to posts: whoever holds the post on the day carries them."""

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("person_id", "unit_id", "title", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)  # who holds the posts of a unit
    title: Mapped[str] = mapped_column(String(50))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]  # last day in office
    position: Mapped[int]


class ContactPoint(Base):
    """联系点: the leader who covers a branch in a year."""

    __tablename__ = "contact_points"
    __table_args__ = (UniqueConstraint("year", "branch_id", "leader_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    leader_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    position: Mapped[int]


class Substitution(Base):
    """代办: who does another person's duties while they are on leave. The duties stay theirs."""

    __tablename__ = "substitutions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # on leave
    substitute_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # last day
    reason: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(50))
    ended_at: Mapped[datetime | None]  # taken back before its last day
