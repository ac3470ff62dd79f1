"""The mail ledger (outbox): what is said to whom, and how far it got."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, by_value


class MessageState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # under lease
    SENT = "sent"
    DEFERRED = "deferred"  # tried, to be tried again at `due_at`
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the process died after the send began


class Message(Base):
    """One message to one person. Written in the transaction that makes it true."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_state_due_at", "state", "due_at"),  # what is to be sent next
        Index("ix_messages_person_id_due_at", "person_id", "due_at"),  # what one person gets on a day
        Index("ix_messages_kind_queued_at", "kind", "queued_at"),  # who had a day's digest
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)  # what it is about: the same thing is never said twice
    kind: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(500))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[MessageState] = mapped_column(by_value(MessageState))
    due_at: Mapped[datetime]  # not before
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    perhaps_twice: Mapped[bool] = mapped_column(default=False)  # resent after a crash with the same Message-ID
    server_words: Mapped[str] = mapped_column(Text, default="")
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class MessageContent(Base):
    """A message as it goes over the wire (RFC 5322). Apart from its state, which changes thrice while this hardly ever does:
    a database writes a row anew as a whole.
    """

    __tablename__ = "message_contents"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
