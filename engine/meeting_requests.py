"""催报进展: before a regular meeting, who has said nothing about a duty in hand since the last one is asked, once, by one mail.

In: the day of the meeting, since when, until when. Out: mails in the ledger, and who was asked. Who is on leave is not asked but who
stands in for them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access import links_of
from engine.duties import duties_of, owed_rows
from engine.history import IDS_A_QUERY
from engine.meeting_material import InHand, duties_in_hand, is_new
from engine.past import past_of
from engine.said_last import said_last
from engine.substitutes import substitutes_of
from models import Person
from notifications import ledger
from notifications.meeting import ProgressRequest, compose_request
from notifications.sender import Sender
from office.workdays import mail_time


@dataclass(frozen=True, slots=True)
class Requested:
    """Names, in the order of the roster."""

    people: tuple[str, ...]
    without_address: tuple[str, ...]


def request_progress(session: Session, held_on: date, since: date, answer_by: date, *, sender: Sender, now: datetime) -> Requested:
    """Queue one mail to each person with duties in hand about which nothing was said since `since`; what waits for its review, is said.

    Nobody is asked twice about one meeting (`meeting:<day>:<person>`).
    """
    silent = [duty for duty in duties_in_hand(session, held_on, zone=sender.zone) if not duty.reported]
    said = said_last(session, [duty.id for duty in silent])
    silent = [duty for duty in silent if not is_new(said.get(duty.id), since, sender.zone)]
    today = now.astimezone(sender.zone).date()
    readers = _readers(session, silent, today)
    addresses = _addresses(session, list(readers))
    told = {name: duties for name, duties in readers.items() if addresses[name][1]}
    mails = []
    everybody = links_of(session, list(told), sender=sender, now=now)
    for name, duties in told.items():
        ids = [duty.id for duty in duties]
        link = everybody.get(name, "")
        if len(ids) == 1:
            link = links_of(session, [name], sender=sender, now=now, to=f"/duties/{ids[0]}").get(name, "")
        person_id, address = addresses[name]
        request = ProgressRequest(
            person=name,
            address=address or "",
            held_on=held_on,
            answer_by=answer_by,
            on=today,
            duties=duties_of(
                session,
                owed_rows(session, ids),
                language=sender.language,
                overdue_before=today,
                past=past_of(session, ids, year=today.year, zone=sender.zone, language=sender.language),
            ),
            for_others=tuple(dict.fromkeys(duty.person for duty in duties if duty.person != name)),
        )
        mails.append(compose_request(request, sender, key=f"meeting:{held_on}:{name}", person_id=person_id, link=link, now=now))
    ledger.queue(session, mails, now=now, due_at=mail_time(now, sender.zone))
    return Requested(tuple(told), tuple(name for name in readers if name not in told))


def _readers(session: Session, duties: Sequence[InHand], today: date) -> dict[str, list[InHand]]:
    """Who is asked about which duties: who carries them, or who stands in for them on the day; in the order of the roster."""
    away = substitutes_of(session, {duty.person_id for duty in duties if duty.person_id is not None}, today)
    readers: dict[str, list[InHand]] = defaultdict(list)
    for duty in duties:
        if duty.person_id is not None:
            standing_in = away.get(duty.person_id)
            readers[standing_in.substitute if standing_in else duty.person].append(duty)
    order = {name: place for place, name in enumerate(session.scalars(select(Person.name).order_by(Person.position, Person.id)))}
    return dict(sorted(readers.items(), key=lambda reader: order[reader[0]]))


def _addresses(session: Session, names: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    """Ids and mail addresses by name; of who has left the roster, no address."""
    found: dict[str, tuple[int, str | None]] = {}
    for start in range(0, len(names), IDS_A_QUERY):
        rows = session.execute(
            select(Person.name, Person.id, Person.email, Person.left_on).where(Person.name.in_(names[start : start + IDS_A_QUERY]))
        )
        found.update((name, (person_id, email if left_on is None else None)) for name, person_id, email, left_on in rows)
    return found
