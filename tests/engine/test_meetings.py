"""例会: when the next one is, that it is prepared once, and who is asked for progress."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.meeting_material import Material
from engine.meetings import NotNow, Prepared, last_meeting, material_on, next_meeting, prepare_again, prepare_meeting
from models import AssignmentState, Message, Person, RegularMeeting, Substitution
from notifications.mime import Attachment
from notifications.reading import message_text
from notifications.sender import Sender
from office.policy import Meeting
from office.text import Refused
from tests import factories

SENDER = Sender("责任办 <office@example.com>", "党办 王计划 <plan@example.com>", portal_url="https://duties.example")
MONTHLY = Meeting(every="month", workday=-1, prepare_before=3)
MEETING = date(2026, 1, 30)  # the last working day of January, a Friday
NOW = datetime(2026, 1, 27, 1, 0, tzinfo=UTC)  # the third working day before it
BEFORE = datetime(2025, 12, 31, 1, 0, tzinfo=UTC)  # on the day of the meeting before
SINCE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def as_file(material: Material) -> Attachment:
    return Attachment("材料.docx", "application/octet-stream", f"{material.held_on}".encode())


def prepare(session: Session, now: datetime = NOW, meeting: Meeting = MONTHLY) -> Prepared | NotNow:
    return prepare_meeting(session, meeting, as_file, sender=SENDER, now=now)


def duty(session: Session, person: Person | None = None, **fields: Any) -> int:
    """In hand: it began with the year and is due in June."""
    given = {"state": AssignmentState.ACKNOWLEDGED, "person_id": person.id if person else None} | fields
    return factories.assignment(session, **given).id


def mails(session: Session, kind: str = "meeting") -> dict[str, str]:
    """What is read, by address."""
    rows = session.execute(select(Message.id, Message.address).where(Message.kind == kind).order_by(Message.id)).all()
    return {address: message_text(session, message_id) for message_id, address in rows}


def test_the_next_meeting_is_the_first_that_is_not_over() -> None:
    days = [next_meeting(MONTHLY, day) for day in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 12, 31), date(2027, 1, 1))]
    assert days[:3] == [date(2026, 1, 30), date(2026, 2, 28), date(2026, 12, 31)]
    assert days[3] is not None
    assert (days[3].year, days[3].month) == (2027, 1)
    assert next_meeting(Meeting(every="never", workday=1, prepare_before=3), date(2026, 1, 1)) is None


def test_the_last_meeting_is_the_policys_or_a_later_one_that_was_held(sqlite_session: Session) -> None:
    assert last_meeting(sqlite_session, MONTHLY, MEETING) == date(2025, 12, 31)
    for held_on in (date(2026, 1, 15), MEETING):
        sqlite_session.add(RegularMeeting(held_on=held_on, prepared_at=NOW))
    sqlite_session.flush()
    assert last_meeting(sqlite_session, MONTHLY, MEETING) == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("now", "meeting", "why"),
    [
        (datetime(2026, 1, 26, 1, tzinfo=UTC), MONTHLY, NotNow.NOT_YET),
        (datetime(2026, 1, 31, 1, tzinfo=UTC), MONTHLY, NotNow.NO_WORKDAY),
        (NOW, Meeting(every="never", workday=1, prepare_before=3), NotNow.NO_MEETINGS),
    ],
)
def test_nothing_is_prepared_too_early_on_days_off_or_without_meetings(
    sqlite_session: Session, now: datetime, meeting: Meeting, why: NotNow
) -> None:
    assert prepare(sqlite_session, now, meeting) is why
    assert list(sqlite_session.scalars(select(Message.key))) == []


def test_a_meeting_is_prepared_once_however_often_it_is_tried(session: Session) -> None:
    duty(session, factories.person(session))
    prepared = prepare(session)
    assert isinstance(prepared, Prepared)
    assert (prepared.material.held_on, prepared.material.since, prepared.answer_by) == (MEETING, date(2026, 1, 1), date(2026, 1, 29))
    assert [prepare(session, NOW + timedelta(days=days)) for days in range(3)] == [NotNow.BEFORE] * 3
    assert session.scalars(select(RegularMeeting.held_on)).all() == [MEETING]
    assert len(session.scalars(select(Message.key)).all()) == 2


def test_after_days_on_which_nobody_looked_it_is_prepared_as_late_as_on_the_day_itself(sqlite_session: Session) -> None:
    prepared = prepare(sqlite_session, datetime(2026, 1, 30, 1, tzinfo=UTC))
    assert isinstance(prepared, Prepared)
    assert prepared.answer_by == MEETING


def test_who_said_nothing_since_the_last_meeting_is_asked_by_one_mail_with_their_duties(sqlite_session: Session) -> None:
    silent, said = factories.person(sqlite_session), factories.person(sqlite_session)
    items = [factories.item(sqlite_session, content=content) for content in ("修订制度", "走访慰问", "更新台账")]
    steps = [factories.step(sqlite_session, item_id=item.id, text=item.content) for item in items]
    old = duty(sqlite_session, silent, step_id=steps[0].id)
    factories.progress_note(sqlite_session, assignment_id=old, text="年前的话", at=BEFORE)
    duty(sqlite_session, silent, step_id=steps[1].id)
    new = duty(sqlite_session, silent, step_id=steps[2].id)
    factories.progress_note(sqlite_session, assignment_id=new, at=SINCE)
    factories.progress_note(sqlite_session, assignment_id=duty(sqlite_session, said), at=SINCE)
    factories.person(sqlite_session)  # who has no duties
    prepared = prepare(sqlite_session)
    assert isinstance(prepared, Prepared)
    assert prepared.asked.people == (silent.name,)
    ((address, text),) = mails(sqlite_session).items()
    assert address == silent.email
    assert "请在1月29日前报进展：2 项（1月30日例会）" in text
    assert ("修订制度" in text, "走访慰问" in text, "更新台账" in text) == (True, True, False)
    assert sqlite_session.scalars(select(Message.key).where(Message.kind == "meeting")).all() == [f"meeting:2026-01-30:{silent.name}"]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": AssignmentState.CLOSED},
        {"state": AssignmentState.WITHDRAWN},
        {"state": AssignmentState.REPORTED},
        {"starts_on": date(2026, 2, 1)},
    ],
    ids=["closed", "withdrawn", "waits for its review", "its time has not begun"],
)
def test_nobody_is_asked_about_what_is_not_in_their_hands(sqlite_session: Session, fields: dict[str, Any]) -> None:
    duty(sqlite_session, factories.person(sqlite_session), **fields)
    prepare(sqlite_session)
    assert mails(sqlite_session) == {}


def test_a_report_that_was_returned_since_and_a_request_for_time_count_as_progress(sqlite_session: Session) -> None:
    person = factories.person(sqlite_session)
    returned = duty(sqlite_session, person, state=AssignmentState.RETURNED)
    factories.report(sqlite_session, assignment_id=returned, reported_at=SINCE)
    factories.extension(sqlite_session, assignment_id=duty(sqlite_session, person), asked_at=SINCE)
    prepare(sqlite_session)
    assert mails(sqlite_session) == {}


def test_who_stands_in_is_asked_instead_with_their_own_duties_in_the_same_mail(sqlite_session: Session) -> None:
    away, stands_in = factories.person(sqlite_session), factories.person(sqlite_session)
    leave = {"starts_on": date(2026, 1, 20), "ends_on": date(2026, 2, 5), "reason": "", "entered_by": "计划员", "entered_at": NOW}
    sqlite_session.add(Substitution(person_id=away.id, substitute_id=stands_in.id, **leave))
    duty(sqlite_session, away)
    duty(sqlite_session, stands_in)
    prepare(sqlite_session)
    ((address, text),) = mails(sqlite_session).items()
    assert address == stands_in.email
    assert f"其中有您代{away.name}办理的" in text


def test_the_link_of_a_single_duty_leads_to_it(sqlite_session: Session) -> None:
    one = duty(sqlite_session, factories.person(sqlite_session))
    prepare(sqlite_session)
    (text,) = mails(sqlite_session).values()
    assert f"/duties/{one}" in text


def test_who_cannot_be_asked_by_mail_is_named_to_the_officer_with_the_material(sqlite_session: Session) -> None:
    person = factories.person(sqlite_session, email=None)
    gone = factories.person(sqlite_session, left_on=date(2026, 1, 2))
    duty(sqlite_session, person, due_on=date(2026, 1, 16))
    duty(sqlite_session, gone)
    prepared = prepare(sqlite_session)
    assert isinstance(prepared, Prepared)
    assert (prepared.asked.people, prepared.asked.without_address) == ((), (person.name, gone.name))
    ((address, text),) = mails(sqlite_session, "meeting_material").items()
    assert address == "plan@example.com"
    assert f"没有邮箱、需要当面问的：{person.name}、{gone.name}" in text
    assert "1月30日例会材料：未办结 2 项，逾期 1 项" in text
    assert "材料.docx" in text


def test_the_material_made_anew_goes_to_the_officer_each_time_and_asks_nobody_again(session: Session) -> None:
    duty(session, factories.person(session, name="林一"))
    prepare(session)
    for hour in (1, 2):
        again = prepare_again(session, MONTHLY, as_file, sender=SENDER, now=NOW + timedelta(hours=hour))
        assert isinstance(again, Prepared)
        assert (again.material.held_on, again.asked.people) == (MEETING, ())
    keys = session.scalars(select(Message.key).order_by(Message.id)).all()
    assert keys == [
        *("meeting:2026-01-30:林一", "meeting_material:2026-01-30"),
        *("meeting_material:2026-01-30:2", "meeting_material:2026-01-30:3"),
    ]
    latest = session.scalars(select(Message.id).order_by(Message.id.desc())).first()
    assert latest is not None
    said = message_text(session, latest)
    assert ("重新编的" in said, "没有再催报" in said, "没有需要催报的" in said) == (True, True, False)


def test_material_made_anew_before_its_time_leaves_the_asking_to_its_day(sqlite_session: Session) -> None:
    duty(sqlite_session, factories.person(sqlite_session))
    prepare_again(sqlite_session, MONTHLY, as_file, sender=SENDER, now=SINCE)
    prepared = prepare(sqlite_session)
    assert isinstance(prepared, Prepared)
    assert len(prepared.asked.people) == 1
    keys = sqlite_session.scalars(select(Message.key).where(Message.kind == "meeting_material").order_by(Message.id)).all()
    assert keys == ["meeting_material:2026-01-30:1", "meeting_material:2026-01-30"]


def test_the_material_can_be_looked_at_on_any_day_before_and_asks_nobody(sqlite_session: Session) -> None:
    duty(sqlite_session, factories.person(sqlite_session))
    found = material_on(sqlite_session, MONTHLY, MEETING, sender=SENDER, now=SINCE)
    assert (found.held_on, found.made_on, found.silent) == (MEETING, date(2026, 1, 5), 1)
    assert list(sqlite_session.scalars(select(Message.key))) == []
    with pytest.raises(Refused, match="已经过去"):
        material_on(sqlite_session, MONTHLY, date(2026, 1, 4), sender=SENDER, now=SINCE)
