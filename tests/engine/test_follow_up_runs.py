"""Missed, doubled and concurrent runs end with the same ledger."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.follow_up import follow_up
from engine.issuing import issue
from engine.moves import Action, move
from engine.roster import store_roster
from intake.values import Parties
from models import Assignment, Message, Notice, NoticeCopy
from office.workdays import is_workday
from tests import factories
from tests.engine.followed_office import SENDER, at
from tests.factories import NOW
from zeren.database import engine_for, transaction

ROOT = Path(__file__).parents[2]
FIRST, LAST = date(2026, 1, 6), date(2026, 2, 6)
DAYS = [day for ahead in range((LAST - FIRST).days + 1) if is_workday(day := FIRST + timedelta(days=ahead))]
PARTIES = ("造林科", "机关第一党支部", "机关第二党支部", "苗圃站党支部", "清河县林业局")

Row = tuple[int, str, date, str, str]


def office(url: str) -> None:
    steps = [factories.step_value(deadline=factories.deadline_value(date(2026, 1, 14) + timedelta(days=4 * n))) for n in range(5)]
    items = tuple(
        factories.item_value(content=f"第{n}项", number=str(n), steps=(step,), parties=Parties(lead=PARTIES))
        for n, step in enumerate(steps)
    )
    with transaction(url) as session:
        store_roster(session, factories.roster_value(), year=2026, now=NOW)
    with transaction(url) as session:
        issue(session, factories.list_reading(items=items), year=2026, file_name="list.xlsx", sender=SENDER, now=NOW)


@contextmanager
def copied(template: Path, folder: Path) -> Iterator[str]:
    """A database of its own for one example."""
    file = folder / f"{len(list(folder.iterdir()))}.db"
    shutil.copy(template, file)
    url = f"sqlite:///{file}"
    yield url
    engine_for(url).dispose()


def office_file(folder: Path, template: Path) -> Path:
    file = folder / "office.db"
    shutil.copy(template, file)
    office(f"sqlite:///{file}")
    engine_for(f"sqlite:///{file}").dispose()
    return file


def run(url: str, now: datetime) -> None:
    with transaction(url) as session:
        follow_up(session, sender=SENDER, now=now)


def ledger(session: Session) -> set[Row]:
    rows = session.execute(select(Notice.assignment_id, Notice.clock, Notice.from_on, Notice.stage, Notice.outcome))
    return {(id_, clock, from_on, stage, outcome.value) for id_, clock, from_on, stage, outcome in rows}


def mails(session: Session) -> list[str]:
    return sorted(session.scalars(select(Message.key)))


def answered(url: str, answers: Sequence[tuple[int, int]], day: date) -> None:
    """Each (assignment, action) of the day's evening."""
    with transaction(url) as session:
        ids = list(session.scalars(select(Assignment.id).order_by(Assignment.id)))
        for which, action in answers:
            done = (Action.ACKNOWLEDGE, Action.REPORT, Action.RETURN, Action.APPROVE)[action]
            move(session, [ids[which]], done, reason="", by="某人", now=at(day, 19))


runs_a_day = st.lists(st.integers(0, 2), min_size=len(DAYS), max_size=len(DAYS))
evenings = st.lists(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 3)), max_size=2), min_size=len(DAYS), max_size=len(DAYS))


def test_runs_that_come_again_add_nothing(sqlite_template: Path, tmp_path: Path) -> None:
    template = office_file(tmp_path, sqlite_template)

    @settings(max_examples=8)
    @given(again=runs_a_day, answers=evenings)
    def holds(again: list[int], answers: list[list[tuple[int, int]]]) -> None:
        with copied(template, tmp_path) as once, copied(template, tmp_path) as often:
            for day, more, evening in zip(DAYS, again, answers, strict=True):
                run(once, at(day))
                for hour in range(more + 1):
                    run(often, at(day, 8 + 3 * hour))
                answered(once, evening, day)
                answered(often, evening, day)
            with transaction(once) as expected, transaction(often) as found:
                assert ledger(found) == ledger(expected)
                assert mails(found) == mails(expected)

    holds()


def test_runs_that_were_missed_are_made_up(sqlite_template: Path, tmp_path: Path) -> None:
    """Nobody answers: by the last day the same notices are written, and everything that went up was told."""
    template = office_file(tmp_path, sqlite_template)
    with copied(template, tmp_path) as url:
        for day in DAYS:
            run(url, at(day))
        with transaction(url) as session:
            expected = ledger(session)

    @settings(max_examples=8)
    @given(runs=runs_a_day)
    def holds(runs: list[int]) -> None:
        with copied(template, tmp_path) as url:
            for day, times in zip(DAYS, [*runs[:-1], 1], strict=True):
                for hour in range(times):
                    run(url, at(day, 8 + 3 * hour))
            run(url, at(LAST + timedelta(days=1)))  # what waited because its reader had the day's digest before
            with transaction(url) as session:
                found = ledger(session)
                assert {row[:4] for row in found} >= {row[:4] for row in expected}
                assert {row for row in expected if went_up(row)} <= found

    holds()


def went_up(row: Row) -> bool:
    return row[3].startswith("level ") and row[3] != "level assignee"


AT_ONCE = """
import sys
from datetime import datetime
from engine.follow_up import follow_up
from tests.engine.followed_office import SENDER
from zeren.database import transaction
url, now = sys.argv[1], datetime.fromisoformat(sys.argv[2])
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
with transaction(url) as session:
    sys.stdout.write(f"{follow_up(session, sender=SENDER, now=now).told}\\n")
"""


def test_of_two_processes_that_follow_up_at_once_one_says_everything(database_url: str) -> None:
    office(database_url)
    for day in (date(2026, 1, 8), date(2026, 1, 22)):
        command = [sys.executable, "-c", AT_ONCE, database_url, at(day).isoformat()]
        processes = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        told = sorted(int(process.communicate("\n")[0]) for process in processes)
        assert told[0] == 0
        assert told[1] > 0
    with transaction(database_url) as session:
        rows = list(session.execute(select(Notice.assignment_id, Notice.clock, Notice.from_on, Notice.stage)))
        assert len(rows) == len(set(rows))
        keys = [key for key in session.scalars(select(Message.key)) if key.startswith("digest:")]
        assert len(keys) == len(set(keys)) > 0
        assert session.scalar(select(NoticeCopy.notice_id).limit(1)) is not None
