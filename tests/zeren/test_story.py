"""The demonstration's first weeks: done through the engine, the same every time, and worth looking at."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import examples
from audit.auditing import audit
from engine.completion import Completion
from engine.follow_up import follow_up
from engine.history import broken
from engine.loading import load
from engine.standing import year_standing
from engine.status import status
from intake.reading import read_list
from intake.roster import read_roster
from models import Evidence, FollowUpRun, Message, MessageState, Notice, RegularMeeting, Report
from notifications.sender import Sender
from office.policy import default_policy
from office.workdays import is_workday
from tests.factories import NOW
from zeren.database import prepare, transaction
from zeren.story import Told, live

SENDER = Sender("责任清单 <zeren@example.com>", "", "zh")
ENDS = NOW + timedelta(weeks=12)


class Lived(NamedTuple):
    session: Session
    told: Told


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The story told once; nothing that a test does with it stays."""
    url = f"sqlite:///{(tmp_path_factory.mktemp('story') / 'zeren.db').as_posix()}"
    prepare(url)
    list_reading, roster = read_list(examples.LIST_WORKBOOK, examples.YEAR), read_roster(examples.ROSTER).roster
    with transaction(url) as session:
        load(session, list_reading, roster, year=examples.YEAR, title="", file_name="list.xlsx", sender=SENDER, now=NOW)
        told = live(session, begins=NOW, ends=ENDS, policy=default_policy(), sender=SENDER, evidence_url="http://127.0.0.1:8025/")
    with transaction(url) as session:
        yield Lived(session, told)


def test_every_state_of_a_duty_is_on_the_board_but_the_withdrawn(lived: Lived) -> None:
    session, told = lived
    standing = Counter(status(session, zone=SENDER.zone, now=ENDS).standing)
    assert set(standing) == {each.value for each in Completion} - {Completion.WITHDRAWN.value}
    assert told.reported == session.scalar(select(func.count()).select_from(Report))
    assert (session.scalar(select(func.count()).select_from(Evidence)) or 0) > told.reported
    assert standing[Completion.DONE_IN_TIME] + standing[Completion.DONE_LATE] == told.approved
    assert standing[Completion.REPORTED] > 5


def test_it_looks_like_an_office_in_which_most_is_done_in_time(lived: Lived) -> None:
    standing = Counter(status(lived.session, zone=SENDER.zone, now=ENDS).standing)
    assert standing[Completion.DONE_IN_TIME] > 2 * standing[Completion.DONE_LATE]
    assert 5 < standing[Completion.OVERDUE] < 15
    assert standing[Completion.SENT] < 20


def test_no_history_is_broken_by_it(lived: Lived) -> None:
    assert not broken(lived.session)


def test_the_follow_up_looked_on_each_working_morning_and_the_auditor_finds_nothing(lived: Lived) -> None:
    session, told = lived
    runs = session.scalars(select(FollowUpRun.on_day).order_by(FollowUpRun.id)).all()
    begun_on, ended_on = NOW.date(), ENDS.date()
    days = [begun_on + timedelta(days=ahead) for ahead in range(1, (ended_on - begun_on).days + 1)]
    assert runs == [day for day in days if is_workday(day)]
    found = audit(session, zone=SENDER.zone, now=ENDS)
    assert found.faults == ()
    assert found.notices == session.scalar(select(func.count()).select_from(Notice))
    assert found.notices >= told.notices > 0


def test_nothing_is_left_to_be_said_at_its_end(lived: Lived) -> None:
    with lived.session.begin_nested() as savepoint:
        done = follow_up(lived.session, sender=SENDER, now=ENDS)
        savepoint.rollback()
    assert (done.told, done.missed) == (0, 0)


def test_what_is_long_overdue_has_gone_up(lived: Lived) -> None:
    overdue = year_standing(lived.session, examples.YEAR, zone=SENDER.zone, now=ENDS).overdue
    reached = {duty.has_reached for duty in overdue if duty.workdays_over > 3}
    assert reached
    assert "" not in reached


def test_only_the_mail_of_the_last_morning_waits(lived: Lived) -> None:
    waiting = lived.session.scalars(select(Message).where(Message.state != MessageState.SENT)).all()
    assert {message.queued_at.astimezone(SENDER.zone).date() for message in waiting} == {ENDS.date()}
    assert 5 < len(waiting) < 40
    assert any(message.key.startswith("digest:") for message in waiting)


def test_the_meetings_of_each_month_are_prepared(lived: Lived) -> None:
    assert lived.session.scalars(select(RegularMeeting.held_on).order_by(RegularMeeting.held_on)).all() == [
        date(2026, 1, 30),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]
