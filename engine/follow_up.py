"""督办: what is owed to be said today is written to the ledger of notices, and goes out as one digest a person (docs/follow-up.md).

In: a session, the moment, who sends, the office's policy. Out: `FollowedUp`, in numbers. Safe at any time and any number of times: it asks
what is owed and not yet said, never whether today is the day. Everything happens in the caller's one transaction.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, select, text, update
from sqlalchemy.orm import Session

from engine.calls import Call, DigestDay, DutyRow, Word, duty_rows
from engine.clocks import Clock, Decision, Kind, Said, Stage, colour_of, decide
from engine.contacts import year_of_contact_points
from engine.digests import digests_of, queue_digests
from engine.directory import Directory
from engine.escalation import ESCALATE, Chain, Reached
from engine.history import FOLLOW_UP, IDS_A_QUERY, Change, record
from engine.moves import OFFICER, OPEN, held
from engine.policies import PolicyBook, policy_book
from engine.preferences import Preferred, preferences_of
from engine.reviewing import reviewers_of
from engine.roster import load_roster
from engine.running import running_of
from engine.substitutes import substitutes_of
from models import Assignment, FollowUpRun, Notice, NoticeOutcome, Person
from models.bulk import insert_rows
from notifications.sender import Sender
from office.policy import LEVEL_WORDS, Colour, Level, Policy, default_policy
from office.text import Text
from office.workdays import is_workday, last_workday_before, mail_time, workdays_between

LOCK = 7_236_037  # PostgreSQL's advisory lock of whoever follows up: two at once come one after the other
TWO_YEARS = 731  # days: a change of the calendar within this year and the next moves what is owed
NAMES_LENGTH = 200  # of a notice
VALUE_LENGTH = 100  # of a history row

NOTICE_COLUMNS = ("assignment_id", "clock", "from_on", "stage", "owed_on", "decided_at", "outcome", "colour", "told", "skipped")


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What one run did."""

    on: date
    day_off: bool = False  # nothing is said on days off
    out_of_hours: bool = False  # nor before the hour at which it goes up, nor when mail would wait for another day
    looked_at: int = 0
    told: int = 0  # notices
    overtaken: int = 0  # notices that a later one says better
    mails: int = 0
    to_officer: int = 0  # notices for whom nobody was left
    waiting: int = 0  # assignments whose reader had the day's digest before: the next working day
    missed: int = 0  # working days before today on which nobody looked: made up now


class _News(NamedTuple):
    """What is to be written about one assignment, and whom it reaches."""

    row: DutyRow
    decision: Decision
    calls: tuple[Call, ...]  # one for each that is told
    declined: tuple[Stage, ...]  # warnings that the assignee does without


@dataclass(frozen=True)
class _Look:
    """What all that is looked at in one run have in common."""

    session: Session
    today: date
    looked_last_on: date  # before today; today where that is not known
    book: PolicyBook
    zone: ZoneInfo

    @cached_property
    def chain(self) -> Chain:
        return chain_of(self.session, self.today)

    @cached_property
    def had_theirs(self) -> frozenset[str]:
        """Who was sent the day's digest by an earlier run."""
        return frozenset(digests_of(self.session, self.today, self.zone))


def follow_up(session: Session, *, policy: Policy | None = None, word: Word | None = None, sender: Sender, now: datetime) -> FollowedUp:
    """Decide and queue what is owed at `now`, in the hours of a working day: who was told that it goes up at half past eight can report
    until then, and no digest says "tomorrow" that is read on the day itself.

    `policy` is the office's own, for mails; `word` writes the red notices, without it none is attached.
    """
    today = now.astimezone(sender.zone).date()
    policy = policy or default_policy()
    if not is_workday(today):
        return FollowedUp(today, day_off=True)
    if now.astimezone(sender.zone).time() < policy.mail.goes_up_at_time or mail_time(now, sender.zone) != now:
        return FollowedUp(today, out_of_hours=True)
    _take_turn(session)
    last = _last_run(session, today)
    book, grounds = _grounds(session, today)
    look = _Look(session, today, last.on_day if last is not None and last.on_day < today else today, book, sender.zone)
    ids = _due(session, today, all_of_them=last is not None and last.grounds != grounds)
    news: list[_News] = []
    waiting = 0
    for start in range(0, len(ids), IDS_A_QUERY):
        some, waits = _look_at(look, ids[start : start + IDS_A_QUERY])
        news += some
        waiting += waits
    told = _store(session, news, now=now)
    _look_again(session, {each.row.id: each.decision.look_again_on for each in news})  # a history row asks for another look today
    mails = queue_digests(session, told, day=DigestDay(today, policy, book, word, sender, now))
    done = FollowedUp(
        on=today,
        looked_at=len(ids),
        told=len(told),
        overtaken=sum(not said.told for each in news for said in each.decision.said),
        mails=mails,
        to_officer=sum(not call.reached.people for call in told.values()),
        waiting=waiting,
        missed=workdays_between(last.on_day, last_workday_before(today)) if last is not None else 0,
    )
    session.add(
        FollowUpRun(at=now, on_day=today, grounds=grounds, looked_at=done.looked_at, notices=done.told, mails=mails, missed=done.missed)
    )
    session.flush()
    return done


def _take_turn(session: Session) -> None:
    """SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _last_run(session: Session, today: date) -> FollowUpRun | None:
    """The last run of today or before; a clock that was set back must not look like days that nobody worked."""
    before = select(FollowUpRun).where(FollowUpRun.on_day <= today)
    return session.scalar(before.order_by(FollowUpRun.on_day.desc(), FollowUpRun.id.desc()).limit(1))


def _grounds(session: Session, today: date) -> tuple[PolicyBook, str]:
    """The policies in force, and a digest of what dates follow from besides the assignments: these, and the calendar."""
    book = policy_book(session, today)
    days = (date(today.year, 1, 1) + timedelta(days=ahead) for ahead in range(TWO_YEARS))
    unusual = [f"{day}" for day in days if is_workday(day) != (day.weekday() < 5)]
    policies = sorted((list_id, policy.digest) for list_id, policy in book.policies.items())
    return book, hashlib.sha256(json.dumps([policies, unusual]).encode()).hexdigest()


def _due(session: Session, today: date, *, all_of_them: bool) -> list[int]:
    """The assignments to look at. Cheap however many there are: an index on the day on which something may be owed."""
    if all_of_them:
        return sorted(session.scalars(select(Assignment.id).where(Assignment.state.in_(OPEN))))
    # Asked for in the order of the ids, SQLite would go through all of them rather than sort a few.
    return sorted(session.scalars(select(Assignment.id).where(Assignment.follow_up_on <= today).order_by(Assignment.follow_up_on)))


def _look_at(look: _Look, ids: Sequence[int]) -> tuple[list[_News], int]:
    """What is owed and not yet said about these assignments, and how many of them wait because a reader had the day's digest before.

    They are held, so that nobody changes them until this is written, and each but those that wait is told when to be looked at again.
    """
    session, today = look.session, look.today
    states = held(session, ids)
    running = running_of(session, [each for each, state in states.items() if state in OPEN], zone=look.zone)
    rows = duty_rows(session, list(running))
    said = said_before(session, list(running))
    decisions = {
        row.id: decide(running[row.id], look.book.rules(row.list_id, row.number, row.address), said[row.id], today) for row in rows
    }
    concerned = [row for row in rows if decisions[row.id].said]
    reviewers = reviewers_of(session, [row.id for row in concerned if running[row.id].reported_on], on=today) if concerned else {}
    preferred = preferences_of(session, {row.person_id for row in concerned if row.person_id is not None})
    news, waiting = [], set()
    for row in concerned:
        each = _news(look, row, decisions[row.id], reviewers.get(row.id, ()), preferred.get(row.person_id or 0, Preferred()))
        if any(not look.had_theirs.isdisjoint(call.readers) for call in each.calls):
            waiting.add(row.id)
        else:
            news.append(each)
    again: dict[int, date | None] = dict.fromkeys(ids)
    again.update((id_, decision.look_again_on) for id_, decision in decisions.items())
    _look_again(session, {id_: on for id_, on in again.items() if id_ not in waiting})
    return news, len(waiting)


def _news(look: _Look, row: DutyRow, decision: Decision, reviewers: Collection[str], preferred: Preferred) -> _News:
    rules = look.book.rules(row.list_id, row.number, row.address)
    told = [each.owed for each in decision.said if each.told]
    policy, warnings = look.book.of(row.list_id), [owed.stage for owed in told if owed.stage.kind is Kind.WARNING]
    declined = tuple(stage for stage in warnings if preferred.skips(stage.workdays, policy, rules))
    calls = []
    for owed in told:
        if owed.stage not in declined:
            call = _call(look.chain, row, owed.stage, colour_of(owed.stage, rules), reviewers)
            made_up = look.looked_last_on < owed.owed_on < look.today
            calls.append(call._replace(made_up_of=owed.owed_on) if made_up else call)
    return _News(row, decision, tuple(calls), declined)


def said_before(session: Session, ids: Sequence[int]) -> dict[int, set[tuple[str, date, str]]]:
    """The keys of the notices in the ledger, by assignment."""
    said: dict[int, set[tuple[str, date, str]]] = defaultdict(set)
    for start in range(0, len(ids), IDS_A_QUERY):
        query = select(Notice.assignment_id, Notice.clock, Notice.from_on, Notice.stage)
        for assignment_id, clock, from_on, stage in session.execute(
            query.where(Notice.assignment_id.in_(ids[start : start + IDS_A_QUERY]))
        ):
            said[assignment_id].add((clock, from_on, stage))
    return said


def chain_of(session: Session, today: date) -> Chain:
    """The way up on a day: the roster with its posts, who is on leave, who has an address."""
    roster = load_roster(session, year_of_contact_points(session, today.year))
    ids = dict(session.execute(select(Person.id, Person.name).where(Person.left_on.is_(None))).all())
    standing = substitutes_of(session, list(ids), today)
    return Chain(
        Directory(roster, today),
        {one.person: one.substitute for one in standing.values()},
        {person.name: person.email for person in roster.people},
    )


def _call(chain: Chain, row: DutyRow, stage: Stage, colour: Colour, reviewers: Collection[str]) -> Call:
    """Whom a stage reaches. Of what goes up the assignee, or who stands in for them, gets a copy."""
    if stage.kind is Kind.REVIEW:
        people = [name for name in reviewers if name != OFFICER]
        reachable = tuple(name for name in people if chain.addresses.get(name))
        skipped = [Text(f"审核人{name}没有邮箱", f"reviewer {name} has no mail address") for name in people if name not in reachable]
        return Call(row, stage, colour, Reached(Level.CONTACT_LEADER, reachable, tuple(skipped)))
    reached = chain.reach(stage.level if stage.kind is Kind.LEVEL else Level.ASSIGNEE, row.whose)
    copy = chain.reach(Level.ASSIGNEE, row.whose) if stage.goes_up else None
    return Call(
        row,
        stage,
        colour,
        reached,
        copy=copy.people if copy is not None and copy.level is Level.ASSIGNEE else (),
        goes_up_to=chain.reach(stage.level, row.whose) if stage.kind is Kind.NOTE else None,
    )


def _store(session: Session, news: Iterable[_News], *, now: datetime) -> dict[int, Call]:
    """Write the notices, and the escalations into the histories; the calls that are told, by the ids of their notices."""
    values: list[tuple[object, ...]] = []
    calls: list[Call] = []
    for each in news:
        told = {call.stage: call for call in each.calls}
        for said in each.decision.said:
            values.append(_notice(each, said, told.get(said.owed.stage), now))
        calls += each.calls
    insert_rows(session, Notice, NOTICE_COLUMNS, values)
    changes = [_escalation(call) for call in calls if call.stage.goes_up]
    record(session, changes, at=now, by=FOLLOW_UP)
    ids = _notice_ids(session, calls)
    return {ids[call.row.id, *call.stage.key]: call for call in calls}


def _notice(news: _News, said: Said, call: Call | None, now: datetime) -> tuple[object, ...]:
    stage = said.owed.stage
    key = (news.row.id, *stage.key, said.owed.owed_on, now)
    if call is None:
        return (*key, NoticeOutcome.DECLINED if stage in news.declined else NoticeOutcome.OVERTAKEN, "", "", "")
    outcome = NoticeOutcome.TOLD if call.reached.people else NoticeOutcome.OFFICER
    names, skipped = "、".join(call.reached.people)[:NAMES_LENGTH], "\n".join(line.zh for line in call.reached.skipped)
    return (*key, outcome, call.colour.value, names, skipped)


def _escalation(call: Call) -> Change:
    """Whom it went up to, by which clock and why, as the history keeps it."""
    stage, names = call.stage, "、".join(call.reached.people) or OFFICER
    unread = stage.clock is Clock.ACKNOWLEDGEMENT
    why = f"下发后第{stage.workdays}个工作日仍未签收" if unread else f"到期后第{stage.workdays}个工作日（审核期间不计）仍未报送"
    to = f"{LEVEL_WORDS[call.reached.level].zh} {names}"[:VALUE_LENGTH]
    return Change(call.row.id, ESCALATE, stage.clock.value, to, "；".join((why, *(line.zh for line in call.reached.skipped))))


def _notice_ids(session: Session, calls: Sequence[Call]) -> dict[tuple[int, str, date, str], int]:
    ids = sorted({call.row.id for call in calls})
    found = {}
    for start in range(0, len(ids), IDS_A_QUERY):
        query = select(Notice.id, Notice.assignment_id, Notice.clock, Notice.from_on, Notice.stage)
        some = Notice.assignment_id.in_(ids[start : start + IDS_A_QUERY])
        for notice_id, assignment_id, clock, from_on, stage in session.execute(query.where(some)):
            found[assignment_id, clock, from_on, stage] = notice_id
    return found


def _look_again(session: Session, days: Mapping[int, date | None]) -> None:
    table = Assignment.__table__
    assert isinstance(table, Table)
    values = [{"_id": id_, "_on": on} for id_, on in days.items()]
    if values:
        day = bindparam("_on", type_=table.c.follow_up_on.type)
        session.connection().execute(update(table).where(table.c.id == bindparam("_id")).values(follow_up_on=day), values)
