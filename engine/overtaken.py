"""Who decided about an assignment too late is told so: one message a decision, in the transaction that finds it out."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access import link_of
from engine.duties import duties_of, owed_rows
from engine.moves import OFFICER
from models import Person
from notifications import ledger
from notifications.overtaken import OvertakenNotice, compose_overtaken
from notifications.sender import Sender
from office.text import Text
from office.workdays import mail_time


def tell_overtaken(
    session: Session, assignment_id: int, reviewer: str | None, *, said: Text, decision: str, sender: Sender, now: datetime
) -> bool:
    """Queue the message to `reviewer` (None: the officer) for the next working hours; False where there is no mail address.

    `said` tells what was decided before; `decision` names the one that came too late: nobody is told twice of the same.
    """
    person_id, address = _reader(session, reviewer, sender)
    if not address:
        return False
    rows = owed_rows(session, [assignment_id])
    notice = OvertakenNotice(
        person=reviewer or OFFICER,
        address=address,
        duty=duties_of(session, rows, language=sender.language)[0],
        said=said,
        year=rows[0].year,
        on=now.astimezone(sender.zone).date(),
    )
    link = link_of(session, reviewer or OFFICER, sender=sender, now=now, to=f"/duties/{assignment_id}")
    mail = compose_overtaken(notice, sender, key=f"overtaken:{decision}", person_id=person_id, link=link, now=now)
    return bool(ledger.queue(session, [mail], now=now, due_at=mail_time(now, sender.zone)))


def _reader(session: Session, reviewer: str | None, sender: Sender) -> tuple[int | None, str | None]:
    """The id in the roster and the mail address."""
    if reviewer is None:
        return None, sender.officer_address
    found = session.execute(select(Person.id, Person.email).where(Person.name == reviewer)).one_or_none()
    return (found.id, found.email) if found is not None else (None, None)
