"""When a person's mail goes out: in working hours, at the time that they prefer, and no more of it in a day than the policy allows.

In: people, and the moment. Out: a moment for each.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history import IDS_A_QUERY
from engine.preferences import preferences_of
from models import Message
from notifications.sender import Sender
from office.workdays import mail_time, workdays_after

AFTERNOON = time(14)


def mail_times(session: Session, people: Collection[int], *, a_day: int, sender: Sender, now: datetime) -> dict[int, datetime]:
    """When a digest that is ready now goes out to each of these people, by their ids.

    In the afternoon to who prefers that. Who has `a_day` mails today already gets it on the next working morning.
    """
    soon, zone = mail_time(now, sender.zone), sender.zone
    today = now.astimezone(zone).date()
    afternoon = datetime.combine(today, AFTERNOON, zone)
    tomorrow = datetime.combine(workdays_after(today, 1), time(8), zone)
    tomorrow = mail_time(tomorrow, zone)
    had, preferred = _mails_of_the_day(session, people, datetime.combine(today, time(0), zone)), preferences_of(session, people)
    return {
        person: tomorrow if had.get(person, 0) >= a_day else max(soon, afternoon) if preferred[person].in_the_afternoon else soon
        for person in people
    }


def _mails_of_the_day(session: Session, people: Collection[int], began: datetime) -> dict[int, int]:
    counts: dict[int, int] = {}
    ordered = sorted(people)
    for start in range(0, len(ordered), IDS_A_QUERY):
        some = Message.person_id.in_(ordered[start : start + IDS_A_QUERY])
        query = select(Message.person_id, func.count()).where(some, Message.due_at >= began, Message.due_at < began + timedelta(days=1))
        counts.update((person or 0, count) for person, count in session.execute(query.group_by(Message.person_id)))
    return counts
