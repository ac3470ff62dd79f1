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
NEXT_MORNING = datetime(2026, 6, 22, 0, tzinfo=UTC)  # Monday at eight


def at(session: Session, person: int, now: datetime = MORNING) -> datetime:
    return mail_times(session, [person], a_day=2, sender=SENDER, now=now)[person].astimezone(UTC)


def afternoon(session: Session, person: int) -> None:
    prefer(session, person, skipped_warnings=(), in_the_afternoon=True, informed=True, allowed=(), now=MORNING)


def test_it_goes_out_at_once_in_working_hours(session: Session) -> None:
    assert at(session, factories.person(session).id) == MORNING
    assert mail_times(session, [], a_day=2, sender=SENDER, now=MORNING) == {}


def test_who_prefers_the_afternoon_gets_it_at_two(session: Session) -> None:
    person = factories.person(session).id
    afternoon(session, person)
    assert at(session, person) == TWO
    assert at(session, person, TWO + timedelta(hours=1)) == TWO + timedelta(hours=1)


def test_who_has_enough_mail_today_gets_it_on_the_next_working_morning(session: Session) -> None:
    person = factories.person(session).id
    factories.message(session, person_id=person, due_at=MORNING - timedelta(days=1))
    factories.message(session, person_id=person, due_at=MORNING)
    assert at(session, person) == MORNING
    factories.message(session, person_id=person, due_at=TWO)
    assert at(session, person) == NEXT_MORNING
    afternoon(session, person)
    assert at(session, person) == NEXT_MORNING
