"""Who may decide about more time is asked by mail: one message each, in the transaction of the request."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access import links_of
from engine.duties import duties_of, owed_rows
from engine.moves import OFFICER, is_officer
from models import Person
from notifications import ledger
from notifications.asked import AskedNotice, compose_asked
from notifications.sender import Sender
from office.workdays import mail_time


class Request(NamedTuple):
    """What is asked for."""

    assignment_id: int
    number: int
    due_on: date
    wanted_on: date
    reason: str
    progress: str
    by: str
    granted_before: int


def ask_deciders(session: Session, request: Request, deciders: Collection[str], *, sender: Sender, now: datetime) -> int:
    """Queue the messages to `deciders` for the next working hours; how many.

    Where none of them has a mail address the planning officer is told, so that the request is not left lying.
    """
    (row,) = owed_rows(session, [request.assignment_id])
    readers = _addresses(session, deciders, sender) or _addresses(session, [OFFICER], sender)
    links = links_of(session, list(readers), sender=sender, now=now, to=f"/duties/{request.assignment_id}")
    # Of names and the moment, not of ids, which begin again at 1 in a new database: the Message-ID is made of it.
    what = hashlib.sha256(f"{row.natural_key} {request.number} {now.isoformat()}".encode()).hexdigest()[:32]
    mails = []
    for name, (person_id, address) in readers.items():
        notice = AskedNotice(
            person=name,
            address=address,
            duty=duties_of(session, [row], language=sender.language)[0],
            by=OFFICER if is_officer(request.by) else request.by,
            carrier=row.person if row.person and row.person != request.by else "",
            due_on=request.due_on,
            wanted_on=request.wanted_on,
            reason=request.reason,
            progress=request.progress,
            granted_before=request.granted_before,
            may_decide=name in deciders,
            deciders=tuple(deciders),
            year=row.year,
            on=now.astimezone(sender.zone).date(),
        )
        key = f"asked:{name}:{what}"
        mails.append(compose_asked(notice, sender, key=key, person_id=person_id, link=links.get(name, ""), now=now))
    return ledger.queue(session, mails, now=now, due_at=mail_time(now, sender.zone))


def _addresses(session: Session, names: Collection[str], sender: Sender) -> dict[str, tuple[int | None, str]]:
    """Ids in the roster and mail addresses of those who have one, in the order of the names."""
    found: dict[str, tuple[int | None, str]] = {}
    for name, person_id, email in session.execute(select(Person.name, Person.id, Person.email).where(Person.name.in_(names))):
        if email:
            found[name] = (person_id, email)
    if OFFICER in names:
        found[OFFICER] = (None, sender.officer_address)
    return {name: found[name] for name in names if name in found}
