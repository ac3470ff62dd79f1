"""The demonstration's first weeks: done through the engine, the same every time, and worth looking at."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import examples
from engine.completion import Completion
from engine.history import broken
from engine.loading import load
from engine.status import status
from intake.reading import read_list
from intake.roster import read_roster
from models import Evidence, Report
from notifications.sender import Sender
from tests.factories import NOW
from zeren.story import Told, live

SENDER = Sender("责任清单 <zeren@example.com>", "", "zh")


def lived(session: Session) -> Told:
    list_reading, roster = read_list(examples.LIST_WORKBOOK, examples.YEAR), read_roster(examples.ROSTER).roster
    load(session, list_reading, roster, year=examples.YEAR, title="", file_name="list.xlsx", sender=SENDER, now=NOW)
    return live(session, begins=NOW, ends=NOW + timedelta(weeks=12), sender=SENDER, evidence_url="http://127.0.0.1:8025/")


def test_every_state_of_a_duty_is_on_the_board_but_the_withdrawn(sqlite_session: Session) -> None:
    told = lived(sqlite_session)
    standing = Counter(status(sqlite_session, zone=SENDER.zone, now=NOW + timedelta(weeks=12)).standing)
    assert set(standing) == {each.value for each in Completion} - {Completion.WITHDRAWN.value}
    assert told.reported == sqlite_session.scalar(select(func.count()).select_from(Report))
    assert (sqlite_session.scalar(select(func.count()).select_from(Evidence)) or 0) > told.reported
    assert standing[Completion.DONE_IN_TIME] + standing[Completion.DONE_LATE] == told.approved
    assert standing[Completion.REPORTED] > 5


def test_no_history_is_broken_by_it(sqlite_session: Session) -> None:
    lived(sqlite_session)
    assert not broken(sqlite_session)
