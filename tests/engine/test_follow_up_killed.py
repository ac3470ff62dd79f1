"""kill -9 at a hundred random moments of mornings: no notice is missing, and only what was in flight comes twice."""

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from benchmarks import planning
from engine.issuing import issue
from engine.roster import store_roster
from intake.values import ContactPointRow, Parties, Roster
from models import Message, MessageState, Notice
from office.workdays import workdays_after
from tests import factories
from tests.engine.followed_office import at
from tests.engine.mornings import SENDER
from tests.factories import NOW
from tests.notifications.servers import Behaviour, smtp_server
from zeren.database import engine_for, transaction

ROOT = Path(__file__).parents[2]
KILLS = 100
FIRST = date(2026, 1, 8)
MOST_TRIES = 40  # of one morning: beyond them it has to come through


def office(url: str) -> None:
    """A dozen branches with duties that fall due one after the other, so that each morning has something to say to several people."""
    roster = planning.roster()
    units, people, posts = roster.units[:13], roster.people[:12], roster.posts[:12]
    people = tuple(replace(person, email=f"p{n}@example.com") for n, person in enumerate(people))
    points = tuple(ContactPointRow(people[n % 3].name, unit.name) for n, unit in enumerate(units[1:], start=1))
    items = tuple(
        factories.item_value(
            content=f"第{n}项",
            steps=(factories.step_value(deadline=factories.deadline_value(workdays_after(FIRST, n))),),
            parties=Parties(responsible=("各支部",)),
        )
        for n in range(1, 9)
    )
    with transaction(url) as session:
        store_roster(session, Roster(units, people, posts, points), year=2026, now=NOW)
    with transaction(url) as session:
        issue(session, factories.list_reading(items=items), year=2026, file_name="list.xlsx", sender=SENDER, now=NOW)
        session.execute(Message.__table__.update().values(state=MessageState.SENT, sent_at=NOW))  # type: ignore[attr-defined]


class Told(NamedTuple):
    notices: set[tuple[int, str, date, str, str]]
    digests: dict[str, Message]


def told(url: str) -> Told:
    with transaction(url) as session:
        rows = session.execute(select(Notice.assignment_id, Notice.clock, Notice.from_on, Notice.stage, Notice.outcome))
        notices = {(id_, clock, from_on, stage, outcome.value) for id_, clock, from_on, stage, outcome in rows}
        messages = list(session.scalars(select(Message).where(Message.kind == "digest")))
        session.expunge_all()
    return Told(notices, {message.key: message for message in messages})


class Mornings:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.stdin, self.stdout = process.stdin, process.stdout

        assert self.stdout.readline() == "ready\n"

    def run(self, now: datetime, kill_after: float | None = None) -> bool:
        """Whether it came through."""
        self.stdin.write(f"{now.isoformat()} {'-' if kill_after is None else kill_after}\n")
        self.stdin.flush()
        return int(self.stdout.readline()) == 0


@contextmanager
def mornings(url: str, port: int) -> Iterator[Mornings]:
    command = [sys.executable, "-m", "tests.engine.mornings", url, str(port), at(FIRST).isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Mornings(process)
        assert process.stdin is not None
        process.stdin.close()


def test_killed_a_hundred_times_nothing_is_missing_and_only_what_was_in_flight_comes_twice(sqlite_template: Path, tmp_path: Path) -> None:
    calm, killed = tmp_path / "calm.db", tmp_path / "killed.db"
    shutil.copy(sqlite_template, calm)
    office(f"sqlite:///{calm}")
    engine_for(f"sqlite:///{calm}").dispose()
    shutil.copy(calm, killed)
    chance, kills, day = random.Random(5), 0, FIRST
    with (
        smtp_server(Behaviour()) as undisturbed,
        smtp_server(Behaviour()) as server,
        mornings(f"sqlite:///{calm}", undisturbed.port) as calmly,
        mornings(f"sqlite:///{killed}", server.port) as disturbed,
    ):
        while kills < KILLS:
            now = at(day)
            began = time.monotonic()
            assert calmly.run(now)
            lasts = time.monotonic() - began
            for attempt in range(MOST_TRIES):
                once_more = now + timedelta(minutes=2 * attempt)  # the leases of the one that was killed have run out
                if kills >= KILLS or disturbed.run(once_more, chance.uniform(0, lasts)):
                    break
                kills += 1
            assert disturbed.run(once_more + timedelta(minutes=2))  # the morning comes through in the end
            day = workdays_after(day, 1)
    expected, found = told(f"sqlite:///{calm}"), told(f"sqlite:///{killed}")
    assert found.notices == expected.notices
    assert found.digests.keys() == expected.digests.keys()
    assert {message.state for message in found.digests.values()} == {MessageState.SENT}
    arrived = Counter(received.message_id for received in server.received)
    assert arrived.keys() == {message.message_id for message in found.digests.values()}  # what came twice bears the same Message-ID
    twice = {message_id for message_id, times in arrived.items() if times > 1}
    assert twice <= {message.message_id for message in found.digests.values() if message.perhaps_twice}
    assert len(undisturbed.received) == len(expected.digests)
