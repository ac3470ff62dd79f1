"""When a person's mail goes out: in working hours, and in the afternoon to who prefers that.

In: people, and the moment. Out: a moment for each.
"""

from collections.abc import Collection
from datetime import datetime, time

from sqlalchemy.orm import Session

from engine.preferences import preferences_of
from notifications.sender import Sender
from office.workdays import mail_time

AFTERNOON = time(14)


def mail_times(session: Session, people: Collection[int], *, sender: Sender, now: datetime) -> dict[int, datetime]:
    """When a digest that is ready now goes out to each of these people, by their ids."""
    soon = mail_time(now, sender.zone)
    afternoon = datetime.combine(now.astimezone(sender.zone).date(), AFTERNOON, sender.zone)
    preferred = preferences_of(session, people)
    return {person: max(soon, afternoon) if preferred[person].in_the_afternoon else soon for person in people}
