from datetime import date, timedelta

from sqlalchemy.orm import Session

from engine.overview import DueMail, Owed, Tally, due_mail, list_overview, mail_overview, overview
from models import MessageState
from tests import factories
from tests.factories import NOW

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 10)


def test_shares_are_added_up_and_the_largest_comes_first() -> None:
    added = overview([Owed("苏某", "甲科", APRIL, 1), Owed("林某", "乙科", MARCH, 2), Owed("林某", "甲科", APRIL, 3)])
    assert added.people == (Tally("林某", 5, MARCH, APRIL), Tally("苏某", 1, APRIL, APRIL))
    assert added.units == (Tally("甲科", 4, APRIL, APRIL), Tally("乙科", 2, MARCH, MARCH))
    assert [(month.name, month.assignments) for month in added.months] == [("2026-03", 2), ("2026-04", 4)]


def test_what_nobody_carries_is_counted_for_its_unit_and_month() -> None:
    added = overview([Owed("", "甲科", MARCH, 1)])
    assert added.people == ()
    assert [added.units[0].assignments, added.months[0].assignments] == [1, 1]


def test_a_list_counts_its_own_assignments_only(sqlite_session: Session) -> None:
    item = factories.item(sqlite_session)
    person = factories.person(sqlite_session, name="林某")
    factories.assignment(sqlite_session, step_id=factories.step(sqlite_session, item_id=item.id).id, person_id=person.id, due_on=MARCH)
    factories.assignment(sqlite_session)
    assert list_overview(sqlite_session, item.list_id).people == (Tally("林某", 1, MARCH, MARCH),)


def test_mail_is_due_when_its_time_has_come_or_its_sender_died(sqlite_session: Session) -> None:
    person = factories.person(sqlite_session, name="林某")
    later = NOW + timedelta(minutes=1)
    due = factories.message(sqlite_session, person_id=person.id, state=MessageState.QUEUED, due_at=NOW)
    factories.message(sqlite_session, state=MessageState.DEFERRED, due_at=later)
    factories.message(sqlite_session, state=MessageState.SENT, due_at=NOW)
    factories.message(sqlite_session, state=MessageState.SENDING, due_at=NOW, lease_until=later)
    left = factories.message(sqlite_session, person_id=person.id, state=MessageState.SENDING, due_at=NOW, lease_until=NOW)
    assert due_mail(sqlite_session, now=NOW) == (DueMail(due.id, "林某"), DueMail(left.id, "林某"))


def test_what_has_not_arrived_is_shown_with_the_servers_words(sqlite_session: Session) -> None:
    factories.message(sqlite_session, state=MessageState.SENT)
    factories.message(sqlite_session, state=MessageState.REFUSED, server_words="550 no such user")
    shown = mail_overview(sqlite_session)
    assert shown.states == ((MessageState.SENT, 1), (MessageState.REFUSED, 1))
    assert [mail.words for mail in shown.unsent] == ["550 no such user"]


def test_nobody_gets_more_mails_in_a_day_than_allowed_and_the_rest_is_the_first_of_the_next(sqlite_session: Session) -> None:
    person = factories.person(sqlite_session)
    factories.message(sqlite_session, person_id=person.id, state=MessageState.SENT, sent_at=NOW - timedelta(minutes=5))
    first, second, third = (factories.message(sqlite_session, person_id=person.id, due_at=NOW - timedelta(minutes=n)) for n in (3, 2, 1))
    asked_for = factories.message(sqlite_session, person_id=person.id, kind="link", due_at=NOW)
    anybodys = factories.message(sqlite_session, due_at=NOW)
    assert [mail.id for mail in due_mail(sqlite_session, now=NOW, a_day=2)] == [first.id, asked_for.id, anybodys.id]
    first.state, first.sent_at = MessageState.SENT, NOW
    sqlite_session.flush()
    assert [mail.id for mail in due_mail(sqlite_session, now=NOW, a_day=2)] == [asked_for.id, anybodys.id]
    tomorrow = [mail.id for mail in due_mail(sqlite_session, now=NOW + timedelta(days=1), a_day=2)]
    assert tomorrow == [second.id, third.id, asked_for.id, anybodys.id]
