"""督办: policies and the lists they hold for, notices and the mails that carried them, preferences, progress, regular meetings."""

import enum
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, by_value


class StoredPolicy(Base):
    """督办规则, as it was written: one row a text."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the text
    text: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime]


class PolicyTerm(Base):
    """From which day a policy holds for a list: the first row is the one that it was issued with."""

    __tablename__ = "policy_terms"
    __table_args__ = (UniqueConstraint("list_id", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("responsibility_lists.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    from_on: Mapped[date]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(50))


class NoticeOutcome(enum.StrEnum):
    TOLD = "told"  # in the mails of its copies
    OVERTAKEN = "overtaken"  # a later one was told instead: nobody looked in time
    DECLINED = "declined"  # the assignee does without this warning
    OFFICER = "officer"  # nobody was left on the way up: the officer was told


class Notice(Base):
    """One notice about one assignment: this clock, this level. Written once, whoever looks and however often."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("assignment_id", "clock", "from_on", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    clock: Mapped[str] = mapped_column(String(20))  # acknowledgement, completion, review
    from_on: Mapped[date]  # tells this run of the clock from another: sent, due, returned, reported
    stage: Mapped[str] = mapped_column(String(30))  # warning 3, note principal, level principal, review 1
    owed_on: Mapped[date]  # the working day on which it became due
    decided_at: Mapped[datetime]
    outcome: Mapped[NoticeOutcome] = mapped_column(by_value(NoticeOutcome))
    colour: Mapped[str] = mapped_column(String(10))  # blue, yellow, red
    told: Mapped[str] = mapped_column(String(200))  # names, as of that day
    skipped: Mapped[str] = mapped_column(Text)  # who was passed over on the way up, and why; a line each


class NoticeCopy(Base):
    """A mail of the ledger that says a notice. Its state is the ledger's."""

    __tablename__ = "notice_copies"
    __table_args__ = (Index("ix_notice_copies_message_id", "message_id"),)  # what a mail said

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)


class FollowUpRun(Base):
    """One look of the follow-up at what is due. `grounds` is a digest of what its dates follow from besides the assignments."""

    __tablename__ = "follow_up_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    on_day: Mapped[date] = mapped_column(index=True)  # the office's civil day
    grounds: Mapped[str] = mapped_column(String(64))  # policies in force and the calendar: all is looked at anew when they change
    looked_at: Mapped[int]
    notices: Mapped[int]
    mails: Mapped[int]
    missed: Mapped[int]  # working days before it on which nobody looked


class Preference(Base):
    """What a person does without, within what the policy allows."""

    __tablename__ = "preferences"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    skipped_warnings: Mapped[list[int]] = mapped_column(JSON)  # working days before the due date
    in_the_afternoon: Mapped[bool]  # digests come at 14:00, not in the morning
    informed: Mapped[bool]  # the weekly digest of what one assists in or leads
    changed_at: Mapped[datetime]


class ProgressNote(Base):
    """进展: how far an open duty is, without reporting it done."""

    __tablename__ = "progress_notes"
    __table_args__ = (Index("ix_progress_notes_assignment_id_at", "assignment_id", "at"),)  # what was said last

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(50))


class RegularMeeting(Base):
    """例会: one meeting that was prepared; what it decided is a list of its own."""

    __tablename__ = "regular_meetings"
    __table_args__ = (UniqueConstraint("held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date]
    prepared_at: Mapped[datetime]
    list_id: Mapped[int | None] = mapped_column(ForeignKey("responsibility_lists.id"))  # of what was decided
