"""Whether mails left in time, to whom they are for, and are there: each plant is found, and nothing else is."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from models import Message, MessageState
from models.messages import MessageContent
from tests.audit.office import CONTACT, LAST, STRANGER, Office, at, office
from tests.audit.test_auditing import found

DAY = timedelta(days=1)
MONDAY = date(2026, 1, 26)
NOT_SENT = {"state": MessageState.QUEUED, "sent_at": None}


@pytest.fixture
def clean(sqlite_session: Session) -> Office:
    return office(sqlite_session)


def mail(office: Office, **fields: object) -> None:
    """The contact leader's digest of Monday, as it would be with these."""
    row = office.digest(CONTACT, at(MONDAY))
    office.session.execute(update(Message).where(Message.id == row.id).values(**fields))


def words(office: Office, now: datetime | None = None) -> list[str]:
    report = office.audited(now) if now else office.audited()
    return [fault.words.zh for fault in report.faults]


def test_a_mail_that_was_put_off_is_not_sent_whenever_it_says_that_it_is_due(clean: Office) -> None:
    mail(clean, **NOT_SENT, due_at=at(date(2026, 4, 20)))
    assert found(clean) == [("not sent", "")]
    assert words(clean) == ["2026-01-26给吴望舒的督办邮件（1条）仍未发出，已迟10个工作日"]


@pytest.mark.parametrize(
    ("sent_at", "n"),
    [
        (at(MONDAY, 14, 1), 0),
        (at(MONDAY + DAY, 8, 1), 0),  # who had enough mails that day has it on the next working morning
        (at(MONDAY + 2 * DAY, 7, 59), 0),
        (at(MONDAY + 2 * DAY, 8, 1), 1),
        (at(date(2026, 2, 2), 9), 4),
    ],
)
def test_a_mail_that_left_late_is_told_with_the_working_days(clean: Office, sent_at: datetime, n: int) -> None:
    mail(clean, sent_at=sent_at)
    assert found(clean) == ([("late to leave", "")] if n else [])
    assert not n or words(clean)[0].endswith(f"才发出，迟{n}个工作日")


def test_a_mail_of_friday_may_leave_on_monday(clean: Office) -> None:
    friday = date(2026, 1, 23)
    row = clean.digest(STRANGER, at(friday))
    clean.change(row, sent_at=at(friday + 3 * DAY, 9))
    assert found(clean) == []
    clean.change(row, sent_at=at(friday + 4 * DAY, 9))
    assert found(clean) == [("late to leave", "")]


def test_a_mail_without_its_content_is_missing(clean: Office) -> None:
    row = clean.digest(CONTACT, at(MONDAY))
    clean.session.execute(delete(MessageContent).where(MessageContent.message_id == row.id))
    assert words(clean) == ["2026-01-26给吴望舒的督办邮件（1条）的正文已不在台账中"]
    assert found(clean) == [("missing", "")]


def test_a_mail_to_another_address_is_wrong(clean: Office) -> None:
    mail(clean, address=clean.people[STRANGER].email)
    assert found(clean) == [("wrong", "")]
    mail(clean, address="elsewhere@example.com", **NOT_SENT, due_at=at(LAST))
    assert words(clean, at(MONDAY, 10))[0].startswith("2026-01-26给吴望舒的督办邮件（1条）寄往elsewhere@example.com，本人的邮箱是lin")


def test_an_address_may_have_been_theirs_until_another_one_was_used(clean: Office) -> None:
    mail(clean, address="before@example.com")
    assert found(clean) == [("wrong", "")]  # that of the 21st went to the one of today
    everything = update(Message).where(Message.person_id == clean.people[CONTACT].id)
    clean.session.execute(everything.values(address="before@example.com"))
    assert found(clean) == []


def test_a_mail_in_the_name_of_another_person_is_wrong(clean: Office) -> None:
    row = clean.digest(STRANGER, at(MONDAY))
    clean.change(row, person_id=clean.people["林一"].id, address=clean.people["林一"].email)
    assert words(clean) == ["2026-01-26给罗一鸣的督办邮件（0条）记在林一名下"]
    clean.change(row, person_id=None)
    assert words(clean) == ["2026-01-26给罗一鸣的督办邮件（0条）没有记明给谁"]


def test_a_weekly_digest_that_was_refused_is_told(clean: Office) -> None:
    row = clean.digest(STRANGER, at(MONDAY))
    clean.change(row, key=f"informed:{MONDAY}:{STRANGER}", state=MessageState.REFUSED, server_words="550 no such user")
    assert found(clean) == [("not delivered", "")]
    assert words(clean) == ["2026-01-26给罗一鸣的每周摘要被拒收：550 no such user"]
