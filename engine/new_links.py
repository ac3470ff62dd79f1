"""A new link for whoever has a mail address: asked for on the portal, sent by mail at once, at any hour, because somebody waits for it.

In: an address as typed. Out: how many messages were queued; who asks is told nothing of it.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access import link_of, revoke
from engine.moves import OFFICER
from engine.reporting import address_all_files
from models import Person
from notifications import ledger
from notifications.link import compose_link
from notifications.sender import Sender

ONE_IN_SECONDS = 300  # a person gets one in this time, however often it is asked for


def renew_link(session: Session, holder: str, *, sender: Sender, now: datetime) -> str:
    """Make every link of `holder` void, and give a new one. The board's links to evidence are the planning officer's: they follow."""
    revoke(session, holder, now=now)
    if holder == OFFICER:
        address_all_files(session, sender=sender, now=now)
    return link_of(session, holder, sender=sender, now=now)


def send_links(session: Session, address: str, *, sender: Sender, now: datetime) -> int:
    """Queue a message to everybody who has this address: several people may share one. The planning officer has hers."""
    wanted = address.strip().casefold()
    if not wanted:
        return 0
    readers: list[tuple[str, int | None, str]] = [
        (person.name, person.id, person.email or "")
        for person in session.scalars(
            select(Person).where(func.lower(Person.email) == wanted, Person.left_on.is_(None)).order_by(Person.position)
        )
    ]
    officers = sender.officer_address
    if officers.casefold() == wanted:
        readers.append((OFFICER, None, officers))
    period = int(now.timestamp()) // ONE_IN_SECONDS
    mails = [
        compose_link(
            name,
            to,
            link_of(session, name, sender=sender, now=now),
            sender,
            key=f"link:{name}:{period}",
            person_id=person_id,
            now=now,
        )
        for name, person_id, to in readers
    ]
    return ledger.queue(session, mails, now=now)
