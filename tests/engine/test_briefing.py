"""When the officer gets a mail in the morning, and what it counts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.briefing import Address, BriefingPages, NoMail, Waiting, YearWaiting, brief_officer
from engine.reviewing import review
from models import AssignmentState, Message, Verdict
from notifications.reading import message_text
from notifications.sender import Sender
from tests import factories

OFFICE = Sender("责任清单 <zeren@office.example>", "党办 林一 <lin@office.example>")
MORNING = datetime(2026, 7, 8, 0, 10, tzinfo=UTC)  # Wednesday, ten past eight in Shanghai
FIRST = datetime(2026, 7, 1, 0, 10, tzinfo=UTC)
SATURDAY = datetime(2026, 7, 11, 0, 10, tzinfo=UTC)
WORKED_SATURDAY = datetime(2026, 2, 14, 0, 10, tzinfo=UTC)  # 调休 for 春节
YEARS = (2025, 2026, 2027)


def places(what: str) -> dict[int, Address]:
    return {year: Address(f"http://ui/{what}/{year}", f"http://ui/v2/{what}/{year}") for year in YEARS}


PAGES = BriefingPages(
    reported=places("reported"),
    overdue=places("overdue"),
    due_this_month=Address("http://ui/runs?month", "http://ui/v2/runs?month"),
    questions=places("questions"),
    years=places("year"),
)


def duty(session: Session, **fields: Any) -> int:
    return factories.assignment(session, **({"due_on": date(2026, 7, 31)} | fields)).id


def brief(session: Session, now: datetime = MORNING, sender: Sender = OFFICE) -> Waiting | NoMail:
    return brief_officer(session, PAGES, sender=sender, now=now)


def test_nobody_is_bothered_where_nothing_waits(session: Session) -> None:
    assert brief(session) is NoMail.NOTHING_WAITS
    duty(session)
    duty(session, state=AssignmentState.ACKNOWLEDGED)
    duty(session, state=AssignmentState.CLOSED, done_on=date(2026, 6, 1), due_on=date(2026, 6, 30))
    duty(session, state=AssignmentState.WITHDRAWN, due_on=date(2026, 6, 30))
    assert brief(session) is NoMail.NOTHING_WAITS
    assert session.scalars(select(Message)).all() == []


def test_reports_and_overdue_duties_are_counted(session: Session) -> None:
    waiting = duty(session, state=AssignmentState.REPORTED)
    factories.report(session, assignment_id=waiting, reported_at=MORNING - timedelta(days=2))
    duty(session, due_on=date(2026, 7, 3))
    duty(session, due_on=date(2026, 6, 26))
    found = brief(session)
    assert isinstance(found, Waiting)
    assert found.years == (YearWaiting(2026, reported=1, reported_for=2, overdue=2, overdue_for=8, questions=0),)
    assert (found.due_this_month, found.open_this_month) == (2, 2)


def test_the_units_in_which_something_is_overdue_are_named(session: Session) -> None:
    branch = factories.unit(session, name="望山支部", kind="党支部").id
    duty(session, unit_id=branch)
    duty(session, unit_id=branch, due_on=date(2026, 7, 3))
    duty(session, state=AssignmentState.REPORTED, unit_id=factories.unit(session, name="办公室").id)
    brief(session)
    assert "🔴 红灯：1个支部（望山支部）" in words_of(session)


def test_what_was_reviewed_waits_no_longer(session: Session) -> None:
    waiting = duty(session, state=AssignmentState.REPORTED)
    factories.report(session, assignment_id=waiting, reported_at=MORNING - timedelta(days=2))
    review(session, waiting, number=1, verdict=Verdict.APPROVED, comment="", by="计划员", sender=OFFICE, now=MORNING)
    assert brief(session) is NoMail.NOTHING_WAITS


def test_a_day_has_one_mail(session: Session) -> None:
    duty(session, due_on=date(2026, 7, 3))
    assert isinstance(brief(session), Waiting)
    assert brief(session, MORNING + timedelta(hours=3)) is NoMail.SENT_BEFORE
    assert isinstance(brief(session, MORNING + timedelta(days=1)), Waiting)
    assert len(session.scalars(select(Message)).all()) == 2


@pytest.mark.parametrize(("now", "sent"), [(SATURDAY, False), (WORKED_SATURDAY, True)])
def test_it_comes_on_working_days_only(sqlite_session: Session, now: datetime, sent: bool) -> None:
    duty(sqlite_session, due_on=date(2026, 1, 30))
    found = brief(sqlite_session, now)
    assert isinstance(found, Waiting) if sent else found is NoMail.NO_WORKDAY


def test_the_first_working_day_of_a_month_says_what_is_due_in_it(sqlite_session: Session) -> None:
    duty(sqlite_session)
    assert brief(sqlite_session, FIRST + timedelta(days=1)) is NoMail.NOTHING_WAITS
    found = brief(sqlite_session, FIRST)
    assert isinstance(found, Waiting)
    assert (found.due_this_month, found.open_this_month) == (1, 1)


@pytest.mark.parametrize(
    ("issued_at", "sent"), [(datetime(2026, 7, 7, 7, 0, tzinfo=UTC), True), (datetime(2026, 7, 6, 7, 0, tzinfo=UTC), False)]
)
def test_questions_call_for_a_mail_once(sqlite_session: Session, issued_at: datetime, sent: bool) -> None:
    listed = factories.responsibility_list(sqlite_session, issued_at=issued_at)
    step = factories.step(sqlite_session, item_id=factories.item(sqlite_session, list_id=listed.id).id)
    duty(sqlite_session, step_id=step.id)
    factories.list_question(sqlite_session, list_id=listed.id)
    found = brief(sqlite_session)
    assert isinstance(found, Waiting) == sent
    assert not isinstance(found, Waiting) or found.questions == 1


def test_it_goes_to_whom_the_office_asks_and_leads_to_both_uis(session: Session) -> None:
    duty(session, due_on=date(2026, 7, 3))
    duty(session)
    brief(session)
    message = session.scalars(select(Message)).one()
    assert (message.address, message.subject) == ("lin@office.example", "7月8日提要：逾期 1 项，本月到期 2 项")
    text = message_text(session, message.id)
    assert "党办 林一同志" in text
    for address in (*PAGES.overdue[2026], *PAGES.due_this_month, *PAGES.years[2026]):
        assert address in text.split()  # whole: no sign clings to it
    assert PAGES.reported[2026].present not in text  # nothing is said of what is 0
    assert "待确认" not in text


def listed(session: Session, year: int, questions: int, issued_at: datetime = MORNING - timedelta(hours=1)) -> int:
    """A list with so many questions, and a step of it."""
    list_id = factories.responsibility_list(session, year=year, issued_at=issued_at).id
    for _ in range(questions):
        factories.list_question(session, list_id=list_id)
    return factories.step(session, item_id=factories.item(session, list_id=list_id).id).id


def words_of(session: Session) -> list[str]:
    return [line.strip() for line in message_text(session, session.scalars(select(Message.id)).one()).splitlines()]


def beside(lines: list[str], figure: str) -> str:
    """The address below a figure."""
    return lines[lines.index(figure) + 1]


def test_in_december_the_list_of_the_next_year_is_the_one_that_is_spoken_of(session: Session) -> None:
    december = datetime(2025, 12, 17, 0, 10, tzinfo=UTC)
    duty(session, step_id=listed(session, 2026, 3, issued_at=december - timedelta(hours=1)))
    assert isinstance(brief(session, december), Waiting)
    lines = words_of(session)
    assert beside(lines, "清单待确认的问题：3 项") == "http://ui/questions/2026"
    assert beside(lines, "2026年一览") == "http://ui/year/2026"


def test_every_figure_counts_what_the_page_beside_it_shows(session: Session) -> None:
    for year, questions, day in ((2025, 6, date(2025, 12, 31)), (2026, 4, date(2026, 7, 3)), (2027, 0, date(2027, 3, 31))):
        step = listed(session, year, questions)
        for state in (AssignmentState.REPORTED, AssignmentState.SENT):
            id_ = duty(session, step_id=step, due_on=day, state=state)
            if state is AssignmentState.REPORTED:
                factories.report(session, assignment_id=id_, reported_at=MORNING - timedelta(days=1 if year == 2026 else 5))
    brief(session)
    lines = words_of(session)
    assert beside(lines, "待审核：1 项（最早的已等 1 个工作日）") == "http://ui/reported/2026"
    assert beside(lines, "2025年待审核：1 项（最早的已等 3 个工作日）") == "http://ui/reported/2025"
    assert beside(lines, "2027年待审核：1 项（最早的已等 3 个工作日）") == "http://ui/reported/2027"
    assert beside(lines, "逾期：1 项（最久 3 个工作日）") == "http://ui/overdue/2026"
    assert beside(lines, "清单待确认的问题：4 项") == "http://ui/questions/2026"
    assert beside(lines, "2025年清单待确认的问题：6 项") == "http://ui/questions/2025"
    assert "2027年逾期" not in "".join(lines)
    assert "http://ui/questions/2027" not in lines


def test_without_an_officers_address_it_goes_to_the_sender(sqlite_session: Session) -> None:
    duty(sqlite_session, due_on=date(2026, 7, 3))
    brief(sqlite_session, sender=Sender("责任清单 <zeren@office.example>"))
    message = sqlite_session.scalars(select(Message)).one()
    assert message.address == "zeren@office.example"
    assert "计划员同志" in message_text(sqlite_session, message.id)


def test_a_run_at_night_waits_for_the_morning(sqlite_session: Session) -> None:
    duty(sqlite_session, due_on=date(2026, 7, 3))
    brief(sqlite_session, MORNING - timedelta(hours=3))
    assert sqlite_session.scalars(select(Message)).one().due_at == datetime(2026, 7, 8, 0, 0, tzinfo=UTC)
