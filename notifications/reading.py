"""The ledger as the officer looks at it: whom, what, why, how far, and the server's words."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Message, MessageContent, MessageState, Person
from office.text import Text

STATE_WORDS = {
    MessageState.QUEUED: Text("待发", "queued"),
    MessageState.SENDING: Text("发送中", "sending"),
    MessageState.SENT: Text("已发出", "sent"),
    MessageState.DEFERRED: Text("待重发", "deferred"),
    MessageState.REFUSED: Text("被拒收", "refused"),
    MessageState.UNKNOWN: Text("结果不明", "unknown"),
}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    id: int
    person: str  # empty where nobody of the roster is meant
    address: str
    kind: str
    key: str
    subject: str
    message_id: str
    state: MessageState
    attempts: int
    perhaps_twice: bool
    due_at: datetime
    queued_at: datetime
    sent_at: datetime | None
    words: str


def ledger_rows(session: Session, number: int | None = None) -> list[LedgerRow]:
    """The messages in the order in which they were queued, or the one with this number, if there is one."""
    wanted = select(Message, Person.name).outerjoin(Person, Message.person_id == Person.id).order_by(Message.id)
    if number is not None:
        wanted = wanted.where(Message.id == number)
    return [
        LedgerRow(
            id=message.id,
            person=name or "",
            address=message.address,
            kind=message.kind,
            key=message.key,
            subject=message.subject,
            message_id=message.message_id,
            state=message.state,
            attempts=message.attempts,
            perhaps_twice=message.perhaps_twice,
            due_at=message.due_at,
            queued_at=message.queued_at,
            sent_at=message.sent_at,
            words=message.server_words,
        )
        for message, name in session.execute(wanted)
    ]


def message_text(session: Session, number: int) -> str:
    """One message as text: its decoded headers, an empty line, its plain text."""
    content = session.scalars(select(MessageContent.content).where(MessageContent.message_id == number)).one()
    message = message_from_bytes(content, policy=policy.default)
    headers = [f"{name}: {message[name]}" for name in ("From", "Reply-To", "To", "Date", "Subject", "Message-ID") if message[name]]
    headers += [f"+ {part.get_filename()}" for part in message.iter_attachments()]
    body = message.get_body(("plain",))
    return "\n".join(headers) + "\n\n" + (str(body.get_content()) if body is not None else "")
