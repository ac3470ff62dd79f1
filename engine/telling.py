"""Who carries a duty is told what was decided about it: one message a person and decision, in the transaction of the decision."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from engine.duties import OwedRow, duties_of, owed_rows
from engine.moves import OFFICER, is_officer
from notifications import ledger
from notifications.decided import DecidedNotice, Outcome, compose_decided
from notifications.sender import Sender
from office.text import Text
from office.workdays import mail_time


@dataclass(frozen=True, slots=True)
class Told:
    """How many messages are queued, and who carries something but has no mail address."""

    messages: int
    without_address: tuple[str, ...]

    @property
    def warning(self) -> Text:
        """The end of a sentence that names who cannot be told; empty where everybody is."""
        if not self.without_address:
            return Text("", "")
        who = "、".join(self.without_address)
        return Text(f"；{who}没有邮箱，未能通知", f"; {who} has no mail address and is not told")


def tell_decided(
    session: Session,
    ids: Collection[int],
    outcome: Outcome,
    *,
    by: str,
    comment: str,
    late: bool = False,
    sender: Sender,
    now: datetime,
) -> Told:
    """Queue the message about one decision on these assignments, for the next working hours.

    Call it after the decision is stored: the ledger's key is made of the assignments' versions, so that a later decision of the
    same kind is another message.
    """
    by_person: dict[int, list[OwedRow]] = {}
    for row in owed_rows(session, sorted(ids)):
        if row.person_id is not None:
            by_person.setdefault(row.person_id, []).append(row)
    today = now.astimezone(sender.zone).date()
    open_again = outcome in (Outcome.RETURNED, Outcome.REOPENED)
    mails, without_address = [], []
    for person_id, rows in by_person.items():
        person, address = rows[0].person or "", rows[0].address
        if not address:
            without_address.append(person)
            continue
        duties = duties_of(session, rows, language=sender.language, overdue_before=today)
        notice = DecidedNotice(
            person=person,
            address=address,
            outcome=outcome,
            duties=duties if open_again else tuple(replace(duty, make_up=False) for duty in duties),
            by=OFFICER if is_officer(by) else by,
            comment=comment,
            year=rows[0].year,
            on=today,
            late=late,
        )
        # Of names and the moment, not of ids, which begin again at 1 in a new database: the Message-ID is made of it.
        what = "\n".join((now.isoformat(), *(f"{row.natural_key} {row.version}" for row in rows)))
        key = f"decided:{outcome.value}:{person}:{hashlib.sha256(what.encode()).hexdigest()[:32]}"
        mails.append(compose_decided(notice, sender, key=key, person_id=person_id, now=now))
    messages = ledger.queue(session, mails, now=now, due_at=mail_time(now, sender.zone))
    return Told(messages, tuple(without_address))
