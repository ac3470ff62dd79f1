"""任务: one step × one accountable party × one period, with its append-only history."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, by_value


class AssignmentState(enum.StrEnum):
    """Where a duty stands by what was done about it. `engine.moves` says how one follows another; what the day adds to it (临期, 逾期)
    is `engine.completion`'s.
    """

    SENT = "sent"  # 待签收
    ACKNOWLEDGED = "acknowledged"  # 办理中
    REPORTED = "reported"  # 待审核
    RETURNED = "returned"  # 退回重办
    CLOSED = "closed"  # 办结, in time or late by `done_on`
    WITHDRAWN = "withdrawn"  # 已撤销


class Assignment(Base):
    """The unit that is sent, reported, reviewed and scored."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("natural_key"),
        Index("ix_assignments_person_id_due_on", "person_id", "due_on"),  # the duties of one person, by urgency
        Index("ix_assignments_step_id", "step_id"),  # the assignments of a list
        Index("ix_assignments_leader_id", "leader_id"),  # what one leader answers for
        Index("ix_assignments_unit_id", "unit_id"),  # what a contact leader's branches carry
        Index("ix_assignments_follow_up_on", "follow_up_on"),  # what the follow-up looks at today
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    natural_key: Mapped[str] = mapped_column(String(64))  # engine.planning says what it is made of
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"))
    party: Mapped[str] = mapped_column(String(100))  # the unit's name, or the person's where a post is accountable
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))  # the accountable unit, or the unit of the post
    post_title: Mapped[str | None] = mapped_column(String(50))  # set where a post is accountable, not a unit
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who carries it today
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # first on the way up
    period: Mapped[str] = mapped_column(String(50))
    starts_on: Mapped[date]
    due_on: Mapped[date]  # the one that is assessed
    original_due_on: Mapped[date | None]  # 延期: what it was before the first extension that was granted
    make_up: Mapped[bool]  # 补办: was due before the list was issued
    state: Mapped[AssignmentState] = mapped_column(by_value(AssignmentState))
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # position of the last row of its history
    done_on: Mapped[date | None]  # 办结: the civil day on which what was approved had been reported
    ended_at: Mapped[datetime | None]  # closed or withdrawn since
    given_by_hand: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # 转办: stays with this person, whoever holds the post
    follow_up_on: Mapped[date | None] = mapped_column(
        default=date(2000, 1, 1), server_default="2000-01-01"
    )  # the first day on which the follow-up may have something to say; None: nothing until something is done


class AssistingParty(Base):
    """配合单位 of a step, resolved: is told, is not scored."""

    __tablename__ = "assisting_parties"
    __table_args__ = (UniqueConstraint("step_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"))
    party: Mapped[str] = mapped_column(String(100))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # in what somebody assists


class AssignmentEvent(Base):
    """One change of an assignment: what, from, to, when, by whom, why. Rows are only added.

    `digest` is the SHA-256 over the row and the digest before it, so that an edit outside the program shows.
    """

    __tablename__ = "assignment_events"
    __table_args__ = (UniqueConstraint("assignment_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    position: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    from_value: Mapped[str | None] = mapped_column(String(100))
    to_value: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(50))
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
