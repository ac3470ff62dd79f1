"""When a person's mail goes out."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from engine.mail_times import mail_times
from engine.preferences import prefer
from notifications.sender import Sender
from tests import factories

SENDER = Sender("责任办 <office@example.com>")
MORNING = datetime(2026, 6, 18, 0, 30, tzinfo=UTC)  # Thursday, half past eight in Shanghai; Friday is 端午
TWO = datetime(2026, 6, 18, 6, tzinfo=UTC)


def at(session: Session, person: int, now: datetime = MORNING) -> datetime:
    return mail_times(session, [person], sender=SENDER, now=now)[person].astimezone(UTC)


def afternoon(session: Session, person: int) -> None:
    prefer(session, person, skipped_warnings=(), in_the_afternoon=True, informed=True, allowed=(), now=MORNING)


def test_it_goes_out_at_once_in_working_hours(session: Session) -> None:
    assert at(session, factories.person(session).id) == MORNING
    assert mail_times(session, [], sender=SENDER, now=MORNING) == {}


def test_who_prefers_the_afternoon_gets_it_at_two(session: Session) -> None:
    person = factories.person(session).id
    afternoon(session, person)
    assert at(session, person) == TWO
    assert at(session, person, TWO + timedelta(hours=1)) == TWO + timedelta(hours=1)
