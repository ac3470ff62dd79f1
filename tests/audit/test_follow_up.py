"""What the follow-up says over weeks of an office's life audits clean: two readings of docs/follow-up.md agree."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit.auditing import audit
from audit.faults import AuditReport, FaultKind
from engine.follow_up import follow_up
from engine.history import EXTEND, HAND_OVER, Change, open_histories, record
from engine.moves import OPEN, Action, move
from engine.policies import adopt
from engine.substitutes import stand_in
from models import Assignment, Message, MessageState, Notice, NoticeCopy, Person, Preference
from notifications.sender import SHANGHAI, Sender
from office.policy import read_policy
from office.text import Refused
from office.workdays import is_workday
from tests import factories
from tests.engine.followed_office import office as issued

SENDER = Sender("责任办 <office@example.com>")
LEAD, LEAVE = "lead", "leave"
FIRST, WEEKS = date(2026, 1, 5), 9  # the Spring Festival lies within
MOVES = (
    [Action.ACKNOWLEDGE] * 4 + [Action.REPORT] * 4 + [Action.RETURN] * 2 + [Action.APPROVE, Action.CLOSE, Action.WITHDRAW, Action.REOPEN]
)
STRICTER = (
    '[warning]\nbefore = [5, 2]\n[overdue]\ncontact_leader = 2\nprincipal = 2\n[[exceptions]]\nlist = "清单"\nitem = "2"\nurgent = true\n'
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def delivered(session: Session, now: datetime) -> None:
    """Everything that waits."""
    waiting = update(Message).where(Message.state == MessageState.QUEUED).values(state=MessageState.SENT, sent_at=now)
    session.execute(waiting.execution_options(synchronize_session=False))


class LivingOffice:
    """Thirty duties of three units of a bureau; what is done about them, who leads them and who is on leave is drawn by lot."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.lot = session, random.Random(seed)
        bureau = factories.unit(session, name="市林业局", kind="局")
        units = [factories.unit(session, parent_id=bureau.id) for _ in range(3)]
        self.people = [factories.person(session, email=None if n == 5 else f"lin{n}@example.com") for n in range(6)]
        for unit, person in zip(units, self.people, strict=False):
            factories.post(session, unit_id=unit.id, person_id=person.id, title="科长")
        if self.lot.random() < 0.7:
            self._led(bureau.id, [unit.id for unit in units[:2]])
        self.list_id = factories.responsibility_list(session, title="清单", issued_at=at(FIRST, 9)).id
        steps = [factories.step(session, item_id=factories.item(session, list_id=self.list_id, number=str(n)).id) for n in range(1, 6)]
        rows = []
        for _ in range(30):
            due_on = FIRST + timedelta(days=self.lot.randint(-10, WEEKS * 7))
            step, unit = self.lot.choice(steps), self.lot.choice(units)
            carrier = self.lot.choice([*(person.id for person in self.people), None])
            leader = self.lot.choice([None, self.lot.choice(self.people).id])
            fields = {"step_id": step.id, "unit_id": unit.id, "person_id": carrier, "leader_id": leader}
            rows.append(factories.assignment(session, due_on=due_on, make_up=due_on < FIRST, **fields))
        self.ids = [row.id for row in rows]
        keys = {row.id: row.natural_key for row in rows}
        open_histories(session, keys, action="issue", to_value="sent", reason="", at=at(FIRST, 9), by="计划员")
        for person in self.people[:2]:
            given = {"in_the_afternoon": False, "informed": True, "changed_at": at(FIRST, 9)}
            session.add(Preference(person_id=person.id, skipped_warnings=[7], **given))

    def _led(self, bureau_id: int, units: list[int]) -> None:
        """A party group of three, one of them without an address, one in charge of these units."""
        group_id = factories.unit(self.session, name="局党组", kind="党组", parent_id=bureau_id).id
        principal, deputy, member = (factories.person(self.session) for _ in range(3))
        member.email = None
        held = [(principal, bureau_id, "局长"), (principal, group_id, "党组书记"), (deputy, group_id, "党组成员、副局长")]
        held += [(member, group_id, "党组成员"), *((deputy, unit_id, "分管领导") for unit_id in units)]
        for person, unit_id, title in held:
            factories.post(self.session, person_id=person.id, unit_id=unit_id, title=title)
        self.people.append(deputy)

    def _somebody_leaves(self, now: datetime) -> None:
        """For some days, and somebody else stands in; where the rules allow it."""
        person, substitute = self.lot.sample(self.people, 2)
        starts_on = now.date() + timedelta(days=self.lot.randint(0, 2))
        fields = {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=self.lot.randint(0, 7)), "reason": "休假"}
        with suppress(Refused):
            stand_in(self.session, person=person.name, substitute=substitute.name, by=person.name, sender=SENDER, now=now, **fields)  # type: ignore[arg-type]

    def happens(self, now: datetime) -> None:
        """Something is done about one duty, if its state allows it."""
        id_ = self.lot.choice(self.ids)
        stands = select(Assignment.state, Assignment.due_on, Person.name).outerjoin(Person, Person.id == Assignment.person_id)
        state, due_on, carrier = self.session.execute(stands.where(Assignment.id == id_)).one()
        what = self.lot.choice([*MOVES, EXTEND, HAND_OVER, LEAD, LEAVE])
        if isinstance(what, Action):
            move(self.session, [id_], what, reason="", by="某人", now=now, done_on=now.astimezone(SHANGHAI).date())
        elif state in OPEN and what == EXTEND:
            until = max(due_on, now.date()) + timedelta(days=self.lot.randint(1, 20))
            self._set(id_, due_on=until)
            record(self.session, [Change(id_, EXTEND, f"{due_on}", f"{until}", "")], at=now, by="某人")
        elif what == LEAVE:
            self._somebody_leaves(now)
        elif state in OPEN and what == LEAD:
            leads = select(Person.name).join(Assignment, Assignment.leader_id == Person.id).where(Assignment.id == id_)
            before, leader = self.session.scalar(leads), self.lot.choice(self.people)
            self._set(id_, leader_id=leader.id)
            record(self.session, [Change(id_, LEAD, before, leader.name, "")], at=now, by="某人")
        elif state in OPEN:
            person = self.lot.choice(self.people)
            self._set(id_, person_id=person.id)
            record(self.session, [Change(id_, HAND_OVER, carrier, person.name, "")], at=now, by="某人")

    def _set(self, id_: int, **values: object) -> None:
        self.session.execute(update(Assignment).where(Assignment.id == id_).values(**values).execution_options(synchronize_session=False))

    def lives_through(self, day: date, *, looks: bool) -> None:
        lot = self.lot
        if looks:
            follow_up(self.session, sender=SENDER, now=at(day, 8, 30))
        for hour in sorted(lot.sample(range(9, 19), 3)):
            self.happens(at(day, hour, lot.randint(0, 59)))
        if looks and lot.random() < 0.3:
            follow_up(self.session, sender=SENDER, now=at(day, 19, 30))  # the officer looks again
        delivered(self.session, at(day, 22))

    def audited(self, day: date) -> AuditReport:
        self.session.expire_all()
        return audit(self.session, zone=SHANGHAI, now=at(day, 22))


@pytest.mark.parametrize("seed", range(6))
def test_what_the_follow_up_writes_audits_clean(sqlite_session: Session, seed: int) -> None:
    living = LivingOffice(sqlite_session, seed)
    for day in (FIRST + timedelta(days=n) for n in range(WEEKS * 7)):
        living.lives_through(day, looks=True)
        if day == FIRST + timedelta(days=30):
            policy = read_policy(STRICTER, place="policy.toml")
            adopt(sqlite_session, [living.list_id], policy, from_on=day, by="计划员", now=at(day, 20))
    report = living.audited(FIRST + timedelta(days=WEEKS * 7 - 1))
    assert [fault.line("zh") for fault in report.faults] == []
    assert report.notices > 100


def test_all_levels_of_a_whole_roster_audit_clean(sqlite_session: Session) -> None:
    """Branches with and without a contact leader, a vacant section, a county bureau whose head has no address."""
    issued_to_whom = ("造林科", "机关第二党支部", "苗圃站党支部", "望山支部", "清河县林业局", "信息科", "办公室", "机关第一党支部")
    issued(sqlite_session, *issued_to_whom, due_on=date(2026, 1, 16))
    for day in (FIRST + timedelta(days=n) for n in range(1, WEEKS * 7)):
        follow_up(sqlite_session, sender=SENDER, now=at(day, 8, 30))
        delivered(sqlite_session, at(day, 22))
    sqlite_session.expire_all()
    report = audit(sqlite_session, zone=SHANGHAI, now=at(day, 22))
    assert [fault.line("zh") for fault in report.faults] == []
    assert sqlite_session.scalar(select(Notice.told).where(Notice.stage == "level party_group").limit(1)) == "周启明、吴望舒、郑临川"


@pytest.mark.parametrize("seed", range(6, 9))
def test_days_without_a_run_are_all_that_is_wrong_with_them(sqlite_session: Session, seed: int) -> None:
    living = LivingOffice(sqlite_session, seed)
    days = [FIRST + timedelta(days=n) for n in range(WEEKS * 7)]
    missed = [day for n, day in enumerate(days) if n > 2 and living.lot.random() < 0.15]
    for day in days:
        living.lives_through(day, looks=day not in missed)
    report = living.audited(days[-1])
    assert {fault.kind for fault in report.faults} <= {FaultKind.MISSED_RUNS, FaultKind.MISSED}
    (runs,) = [fault for fault in report.faults if fault.kind is FaultKind.MISSED_RUNS]
    assert runs.words.zh.startswith(f"{sum(map(is_workday, missed))}个工作日没有运行督办")
    assert report.made_up > 0


def test_whatever_row_is_taken_out_of_it_is_missed(sqlite_session: Session) -> None:
    living = LivingOffice(sqlite_session, 20)
    days = [FIRST + timedelta(days=n) for n in range(35)]
    for day in days:
        living.lives_through(day, looks=True)
    rows = sqlite_session.scalars(select(Notice)).all()
    for row in living.lot.sample(rows, 10):
        with sqlite_session.begin_nested() as taken_back:
            for copy in sqlite_session.scalars(select(NoticeCopy).where(NoticeCopy.notice_id == row.id)):
                sqlite_session.delete(copy)
            sqlite_session.flush()
            key = (row.assignment_id, row.stage)
            sqlite_session.delete(row)
            sqlite_session.flush()
            faults = living.audited(days[-1]).faults
            assert [(fault.kind, (fault.assignment_id, fault.stage)) for fault in faults] == [(FaultKind.MISSING, key)]
            taken_back.rollback()
