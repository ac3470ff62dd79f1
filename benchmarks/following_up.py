"""A morning's follow-up with 1,000 duties to speak of, in an office of 10,000 assignments and in one of 1,000,000.

Timed is `engine.follow_up.follow_up` itself, with all that it stores: decisions, notices, histories, digests with their Word files,
mails in the ledger; it is taken back after each round. What is due is warned of, overdue or gone up, 200 of it red. All other
assignments are acknowledged and due at the end of the year. The reference of the large office is the small one.
"""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import update

from benchmarks import Figure, planning
from engine.follow_up import follow_up
from engine.issuing import issue
from engine.roster import store_roster
from intake.values import ContactPointRow, Deadline, Item, ListReading, Parties, Period, Roster, Step
from models import Assignment, AssignmentState
from notifications.sender import Sender
from office.workdays import workdays_after, workdays_before
from reports.red_notice import red_notice
from zeren.database import engine_for, prepare, transaction

SMALL, SIZE = 10_000, 1_000_000  # assignments
DUE = 1_000
BAR, RATIO_BAR = 2.0, 1.5
ROUNDS = 3  # the best one counts
LIST = 100_000  # assignments: what one list has at most here
ISSUED, TODAY = planning.NOW, date(2026, 6, 15)
MORNING = datetime(2026, 6, 15, 0, 30, tzinfo=UTC)  # 8:30 in Shanghai
SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example.com")
BEFORE = 25  # working days on which the follow-up ran
FAR = date(planning.YEAR, 12, 31)
NEAR = (  # warned of for the first, second and third time, overdue, gone up to the contact leader
    workdays_after(TODAY, 7),
    workdays_after(TODAY, 3),
    workdays_after(TODAY, 1),
    workdays_before(TODAY, 1),
    workdays_before(TODAY, 3),
)


class _TakenBack(Exception):
    """Ends a transaction that leaves nothing."""


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Seconds of a morning in the small office, and in one of `size` assignments beside it."""
    with tempfile.TemporaryDirectory() as folder:
        few = _morning(_office(Path(folder) / "small.db", SMALL))
        yield Figure(f"{DUE} due of {SMALL} assignments decided and queued", few, "s", bar=BAR)
        many = _morning(_office(Path(folder) / "large.db", size))
        yield Figure(f"{DUE} due of {size} assignments decided and queued", many, "s", reference=few, bar=RATIO_BAR)


def _morning(url: str) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        with suppress(_TakenBack), transaction(url) as session:
            began = perf_counter()
            done = follow_up(session, word=red_notice, sender=SENDER, now=MORNING)
            session.flush()
            best = min(best, perf_counter() - began)
            assert done.told >= DUE, done
            raise _TakenBack
    engine_for(url).dispose()
    return best


def _office(file: Path, size: int) -> str:
    """An office of so many assignments that followed up until the working day before; `DUE` of them call for a notice now."""
    url = f"sqlite:///{file}"
    prepare(url)
    with transaction(url) as session:
        store_roster(session, _roster(), year=planning.YEAR, now=ISSUED)
    for number, start in enumerate(range(0, size - DUE, LIST), start=1):
        many = min(LIST, size - DUE - start)
        _issue(url, f"长期清单{number}", [FAR] * (many // planning.BRANCHES))
    _issue(url, "本月清单", [NEAR[n % len(NEAR)] for n in range(DUE // planning.BRANCHES)])
    with transaction(url) as session:
        session.execute(update(Assignment).values(state=AssignmentState.ACKNOWLEDGED))
        session.execute(update(Assignment).where(Assignment.due_on == FAR).values(follow_up_on=workdays_before(FAR, 7)))
    for ahead in range(BEFORE, 0, -1):
        day = datetime.combine(workdays_before(TODAY, ahead), MORNING.time(), UTC)
        with transaction(url) as session:
            follow_up(session, sender=SENDER, now=day)
    return url


def _issue(url: str, title: str, dates: list[date]) -> None:
    items = tuple(
        Item(
            content=f"{title}第{n}项：按要求组织学习和活动",
            address=f"Sheet1!B{n}",
            steps=(Step("制定计划、组织落实", f"Sheet1!C{n}", Deadline("按期", (Period("", date(planning.YEAR, 1, 1), due_on),))),),
            parties=Parties(responsible=("各支部",)),
        )
        for n, due_on in enumerate(dates, start=1)
    )
    with transaction(url) as session:
        issue(session, ListReading(title, items), year=planning.YEAR, file_name="list.xlsx", sender=SENDER, now=ISSUED)


def _roster() -> Roster:
    """The bureau of the planning benchmark with addresses, and five leaders who cover ten branches each."""
    roster = planning.roster()
    people = tuple(replace(person, email=f"p{n}@example.com") for n, person in enumerate(roster.people))
    branches = [unit.name for unit in roster.units[1:]]
    points = tuple(ContactPointRow(people[n % 5].name, branch) for n, branch in enumerate(branches, start=5))
    return replace(roster, people=people, contact_points=points)
