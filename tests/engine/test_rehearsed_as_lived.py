"""A rehearsed year says what the real one says: the same notices and mails, day by day, out of the database."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.follow_up import follow_up
from engine.issuing import issue
from engine.moves import OFFICER, OPEN
from engine.planning import plan
from engine.rehearsing import BEHAVIOURS, Behaviour, Rehearsal
from engine.reporting import acknowledge, report
from engine.reviewing import review
from engine.roster import store_roster
from engine.running import running_of
from engine.succession import hand_over_open
from intake.values import Item, Parties, PostRow, Roster
from models import Assignment, AssignmentState, Message, Notice, NoticeOutcome, Person, Verdict
from notifications.sender import SHANGHAI, Sender
from office.policy import Policy, read_policy
from office.workdays import is_workday, last_workday_before, workdays_after
from tests import factories
from tests.factories import NOW, TODAY

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example")
TITLE = "2026年度责任清单"
LAST = date(2026, 8, 14)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=SHANGHAI).astimezone(UTC)


def roster() -> Roster:
    """孟松年 leaves 造林科 while its duty is open; 何青禾 follows on a day off, 信息科 has a head from May on."""
    whole = factories.roster_value()
    posts = (replace(post, ends_on=date(2026, 6, 12)) if (post.person, post.unit) == ("孟松年", "造林科") else post for post in whole.posts)
    newcomers = (PostRow("何青禾", "造林科", "科长", date(2026, 6, 20)), PostRow("郑临川", "信息科", "科长", date(2026, 5, 6)))
    return replace(whole, posts=(*posts, *newcomers))


def items() -> tuple[Item, ...]:
    """Duties of branches with and without a contact leader, of a section, of a person without an address, of the party group."""
    names = ("各支部", "造林科", "信息科", "清河县林业局", "周启明", "市苗圃站")
    due = (date(2026, 6, 30), date(2026, 6, 28), date(2026, 6, 5), date(2026, 3, 31), date(2026, 1, 31), date(2025, 12, 20))
    return tuple(
        factories.item_value(
            content=f"第{n}项",
            number=str(n),
            steps=(factories.step_value(deadline=factories.deadline_value(day)),),
            parties=Parties(lead=(name,)),
        )
        for n, (name, day) in enumerate(zip(names, due, strict=True), start=1)
    )


def live(session: Session, policy: Policy, behaviour: Behaviour) -> None:
    store_roster(session, roster(), year=2026, now=NOW)
    issue(session, factories.list_reading(items=items()), year=2026, file_name="list.xlsx", policy=policy, sender=SENDER, now=NOW)
    day = TODAY
    while day <= LAST:
        if is_workday(day):
            session.expire_all()
            if day > TODAY:
                hand_over_open(session, sender=SENDER, now=at(day, 7))
                follow_up(session, policy=policy, sender=SENDER, now=at(day, 8))
            answer(session, behaviour, day)
            session.flush()
        day += timedelta(days=1)


def answer(session: Session, behaviour: Behaviour, today: date) -> None:
    """What people do on the afternoon of a day."""
    rows = session.execute(
        select(Assignment, Person.name).join(Person, Person.id == Assignment.person_id).where(Assignment.state.in_(OPEN))
    )
    open_rows = rows.all()
    running = running_of(session, [row.id for row, _ in open_rows], zone=SHANGHAI)
    for row, name in open_rows:
        runs, now = running[row.id], at(today, 15)
        if row.state is AssignmentState.REPORTED:
            assert runs.reported_on is not None
            if today >= workdays_after(runs.reported_on, 1):
                approve(session, row.id, now)
        elif behaviour.name == "in_time":
            due_on = runs.clock_due_on
            if today >= max(runs.sent_on, due_on if is_workday(due_on) else last_workday_before(due_on)):
                report(session, row.id, text="完成", by=name, now=now)
                approve(session, row.id, now)
            elif row.state is AssignmentState.SENT:
                acknowledge(session, [row.id], by=name, now=now)
        elif behaviour.name == "late":
            if today >= workdays_after(max(runs.clock_due_on, runs.sent_on), 5):
                report(session, row.id, text="完成", by=name, now=now)
            elif row.state is AssignmentState.SENT and today >= workdays_after(runs.sent_on, 4):
                acknowledge(session, [row.id], by=name, now=now)


def approve(session: Session, assignment_id: int, now: datetime) -> None:
    review(session, assignment_id, number=None, verdict=Verdict.APPROVED, comment="", by=OFFICER, sender=SENDER, now=now)


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_the_rehearsal_and_the_database_say_the_same(sqlite_session: Session, behaviour: Behaviour) -> None:
    policy = read_policy(f'[[exceptions]]\nlist = "{TITLE}"\nitem = "2"\nurgent = true\n', place="policy.toml")
    live(sqlite_session, policy, behaviour)
    planned = plan(items(), roster(), year=2026, title=TITLE, issued_on=TODAY)
    year = Rehearsal(planned, roster(), title=TITLE, issued_on=TODAY).live(policy, behaviour)

    notices = sqlite_session.execute(select(Notice, Assignment.natural_key).join(Assignment, Assignment.id == Notice.assignment_id))
    lived = {
        (
            *(notice.decided_at.astimezone(SHANGHAI).date(), key, notice.clock, notice.from_on, notice.stage),
            notice.outcome is not NoticeOutcome.OVERTAKEN,
            notice.told,
        )
        for notice, key in notices
    }
    rehearsed = {
        (said.on, planned.assignments[said.assignment].natural_key, *said.stage.key, said.told, "、".join(said.reached.people * said.told))
        for said in year.notices
        if said.on <= LAST
    }
    assert sorted(rehearsed) == sorted(lived)
    assert len(rehearsed) > 25

    rows = sqlite_session.execute(select(Message.kind, Message.due_at, Person.name).outerjoin(Person, Person.id == Message.person_id))
    mails = Counter((kind, due_at.astimezone(SHANGHAI).date(), name or OFFICER) for kind, due_at, name in rows)
    assert Counter((mail.kind.value, mail.on, mail.person) for mail in year.mails if mail.on <= LAST) == mails
