"""A year as it would go: one list, lived through on a calendar of its own with the real rules. Pure; no mail leaves.

In: a plan, its roster, a policy and how people behave. Out: `Year`: every notice and every mail, day by day, until nothing is owed
any more. Only those assignments are looked at for which a day has come: the rules say when to look again, the behaviour when
somebody does something. On a day duties follow their posts first, then what is due is said, then people act.
"""

import enum
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from engine.clocks import Kind, Running, Stage, decide
from engine.completion import clock_due_on
from engine.escalation import Reached, Whose
from engine.moves import MOVES, OFFICER, Action
from engine.notices import assisting_keys, contact_leaders, notices, waiting_keys
from engine.planning import Plan, PlannedAssignment
from engine.succession import Seat, successor_of
from engine.terms import Terms
from intake.values import Roster
from models import AssignmentState
from office.policy import Level, Policy, Rules
from office.text import Text
from office.workdays import is_workday, last_workday_before, workdays_after


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How everybody who carries a duty answers, in working days; None: never. A duty that nobody carries is not answered."""

    name: str
    words: Text
    acknowledges_after: int | None  # it was sent; 0: on that day
    reports_after: int | None  # the due date; 0: on the last working day up to it
    reviewed_after: int  # the report; 0: on that day


IN_TIME = Behaviour("in_time", Text("按时办", "in time"), 0, 0, 0)
LATE = Behaviour("late", Text("拖着办", "late"), 4, 5, 1)
NEVER = Behaviour("never", Text("不办", "never"), None, None, 1)
BEHAVIOURS = (IN_TIME, LATE, NEVER)


class MailKind(enum.StrEnum):
    ISSUED = "issued"  # 下发通知
    DIGEST = "digest"  # 督办汇总: one a person and day
    DECIDED = "decided"  # 审核结果
    HANDOVER = "handover"  # 职务交接


class SaidNotice(NamedTuple):
    """One notice of the ledger about one assignment, by its place in the plan."""

    on: date
    assignment: int
    stage: Stage
    told: bool  # False: overtaken by a later one
    reached: Reached  # whom it reaches; nobody: the planning officer
    copy: str  # the assignee who gets a copy of what goes up; empty: none

    @property
    def readers(self) -> tuple[str, ...]:
        """In whose digests it stands."""
        return tuple(filter(None, (*(self.reached.people or (OFFICER,)), self.copy))) if self.told else ()


class PlannedMail(NamedTuple):
    on: date
    person: str
    kind: MailKind
    notices: int = 0  # in a digest


class TakenOver(NamedTuple):
    on: date
    assignment: int
    person: str


@dataclass(frozen=True, slots=True)
class Year:
    """All that happened, in the order of its days."""

    behaviour: Behaviour
    notices: tuple[SaidNotice, ...]
    mails: tuple[PlannedMail, ...]
    taken_over: tuple[TakenOver, ...]
    whose: Mapping[date, Mapping[Whose, int]]  # open duties by whose they are, on the first day and after each change of posts


@dataclass(slots=True)
class _Living:
    """One assignment in the course of the year."""

    planned: PlannedAssignment
    rules: Rules
    running: Running
    person: str | None
    leader: str | None
    said: set[tuple[str, date, str]]
    looks_on: date | None = None
    acts_on: date | None = None
    reported_by: str | None = None

    @property
    def whose(self) -> Whose:
        return Whose(self.person or "", self.leader or "", self.planned.party.unit or "")

    @property
    def seat(self) -> Seat | None:
        party = self.planned.party
        return Seat(party.unit, party.post, self.person) if party.unit else None

    @property
    def duty(self) -> tuple[object, ...]:
        """What several holders of one post may owe, each for themselves."""
        party = self.planned.party
        return id(self.planned.step), self.planned.period.label, party.unit, party.post

    @property
    def is_open(self) -> bool:
        return self.running.state is not AssignmentState.CLOSED


class Rehearsal:
    """One list that is planned, ready to be lived through with any policy and any behaviour."""

    def __init__(self, plan: Plan, roster: Roster, *, title: str, issued_on: date) -> None:
        self.plan = plan
        self.title = title
        self.issued_on = issued_on
        self.terms = Terms(roster, from_on=issued_on)
        self._told_of_the_issue = self._readers_of_the_issue()
        self._reached: dict[tuple[date, Level, Whose], Reached] = {}

    def live(self, policy: Policy, behaviour: Behaviour) -> Year:
        """The year under this policy, if everybody behaves so."""
        return _Life(self, policy, behaviour).live()

    def reach(self, on: date, level: Level, whose: Whose) -> Reached:
        """`engine.escalation.Chain.reach` on a day, remembered: many duties are the same people's."""
        key = (self.terms.since(on), level, whose)
        if key not in self._reached:
            self._reached[key] = self.terms.chain(on).reach(level, whose)
        return self._reached[key]

    def mails_of_the_issue(self) -> Iterable[PlannedMail]:
        on = self.issued_on if is_workday(self.issued_on) else workdays_after(self.issued_on, 1)
        return (PlannedMail(on, person, MailKind.ISSUED) for person in self._told_of_the_issue)

    def _readers_of_the_issue(self) -> tuple[str, ...]:
        told, _ = notices(
            self.plan,
            self.plan.assignments,
            waiting_keys(self.plan),
            assisting_keys(self.plan),
            list_title=self.title,
            year=self.plan.year,
            addresses=self.terms.addresses,
            contacts=contact_leaders(self.terms.roster),
            language="zh",
        )
        return tuple(told)


class _Life:
    """One year under way."""

    def __init__(self, rehearsal: Rehearsal, policy: Policy, behaviour: Behaviour) -> None:
        self.rehearsal = rehearsal
        self.behaviour = behaviour
        self.notices: list[SaidNotice] = []
        self.mails: list[PlannedMail] = list(rehearsal.mails_of_the_issue())
        self.taken_over: list[TakenOver] = []
        self.whose: dict[date, Counter[Whose]] = {}
        self.living = [self._begun(planned, policy) for planned in rehearsal.plan.assignments]
        self._changes = frozenset(map(_workday_from, rehearsal.terms.changes))
        self._looks: dict[date, list[int]] = {}  # places in `living`
        self._acts: dict[date, list[int]] = {}
        self._days = sorted(self._changes)

    def live(self) -> Year:
        self._remember_whose(self.rehearsal.issued_on)
        for place in range(len(self.living)):
            self._plan_ahead(place, self.rehearsal.issued_on)
        year_end, done_on = date(self.rehearsal.plan.year, 12, 31), None
        while self._days:
            today = heapq.heappop(self._days)
            if today == done_on:
                continue
            if today > year_end and not (self._looks or self._acts):
                break  # posts change in years to come, too
            if today in self._changes:
                self._follow_posts(today)
            self._say(self._looks.pop(today, ()), today)
            while places := self._acts.pop(today, ()):  # again: what is reported may be approved on the same day
                for place in places:
                    self._act(place, today)
            done_on = today
        return Year(self.behaviour, tuple(self.notices), tuple(self.mails), tuple(self.taken_over), self.whose)

    def _begun(self, planned: PlannedAssignment, policy: Policy) -> _Living:
        issued_on, period = self.rehearsal.issued_on, planned.period
        running = Running(
            state=AssignmentState.SENT,
            clock_due_on=clock_due_on(period.due_on, make_up=period.make_up, issued_on=issued_on),
            sent_on=issued_on,
        )
        item = planned.step.item
        rules = policy.rules_of(self.rehearsal.title, item.number, item.address)
        return _Living(planned, rules, running, planned.party.person, planned.leader, set())

    # The days to come

    def _plan_ahead(self, place: int, today: date) -> None:
        """When to look at an assignment again, and when somebody does something about it, as it stands this evening."""
        one = self.living[place]
        self._look_on(place, decide(one.running, one.rules, one.said, today).look_again_on)
        one.acts_on = _next_act(one, self.behaviour, today)
        self._note_down(self._acts, place, one.acts_on)

    def _look_on(self, place: int, day: date | None) -> None:
        self.living[place].looks_on = day
        self._note_down(self._looks, place, day)

    def _note_down(self, agenda: dict[date, list[int]], place: int, day: date | None) -> None:
        if day is not None:
            if day not in agenda:
                heapq.heappush(self._days, day)
                agenda[day] = []
            agenda[day].append(place)

    # What happens on a day

    def _say(self, places: Iterable[int], today: date) -> None:
        """Tell what is owed, and put it into one digest a person."""
        read: Counter[str] = Counter()
        for place in places:
            one = self.living[place]
            if one.looks_on != today:
                continue  # another day was set since
            decision = decide(one.running, one.rules, one.said, today)
            for owed, told in decision.said:
                notice = self._notice(place, owed.stage, told=told, today=today)
                self.notices.append(notice)
                one.said.add(owed.stage.key)
                read.update(notice.readers)
            self._look_on(place, decision.look_again_on)
        self.mails.extend(PlannedMail(today, person, MailKind.DIGEST, count) for person, count in read.items())

    def _notice(self, place: int, stage: Stage, *, told: bool, today: date) -> SaidNotice:
        whose = self.living[place].whose
        if stage.kind is Kind.REVIEW:
            return SaidNotice(today, place, stage, told, Reached(Level.CONTACT_LEADER, self._reviewers(place), ()), "")
        reached = self.rehearsal.reach(today, stage.level if stage.kind is Kind.LEVEL else Level.ASSIGNEE, whose)
        copied = stage.goes_up and whose.person not in reached.people and self._has_address(whose.person)
        return SaidNotice(today, place, stage, told, reached, whose.person if copied else "")

    def _reviewers(self, place: int) -> tuple[str, ...]:
        """Its leader and the contact leaders of its branch, but nobody about their own (`engine.reviewing.reviewers_of`)."""
        one = self.living[place]
        allowed = dict.fromkeys((one.leader or "", *self.rehearsal.terms.covering.get(one.whose.unit, ())))
        return tuple(name for name in allowed if self._has_address(name) and name not in (one.person, one.reported_by))

    def _act(self, place: int, today: date) -> None:
        one = self.living[place]
        if one.acts_on != today:
            return
        running, reports_on = one.running, _reports_on(one.running, self.behaviour)
        if running.state is AssignmentState.REPORTED:
            one.running = replace(running, state=MOVES[running.state, Action.APPROVE], reported_on=None)
            if one.person and self._has_address(one.person):
                self.mails.append(PlannedMail(today, one.person, MailKind.DECIDED))
        elif reports_on is not None and reports_on <= today:
            one.running = replace(running, state=MOVES[running.state, Action.REPORT], reported_on=today)
            one.reported_by = one.person
        else:
            one.running = replace(running, state=MOVES[running.state, Action.ACKNOWLEDGE])
        self._plan_ahead(place, today)

    def _has_address(self, person: str) -> bool:
        return bool(self.rehearsal.terms.addresses.get(person))

    # Posts change hands (`engine.succession`, `engine.leadership`)

    def _follow_posts(self, today: date) -> None:
        """Open duties go to whoever holds their post today, who has a mail of it; their leaders follow."""
        directory = self.rehearsal.terms.chain(today).directory
        seats: dict[Seat, list[int]] = defaultdict(list)
        for place, one in enumerate(self.living):
            if one.is_open and (seat := one.seat) is not None:
                seats[seat].append(place)
        alike = self._alike() if any(seat.post for seat in seats) else {}
        moved: dict[str, None] = {}
        for seat, places in seats.items():
            already = {name for place in places for name in alike.get(self.living[place].duty, ())} - {seat.person}
            successor, _ = successor_of(seat, directory, already)
            if successor is not None:
                moved[successor] = None
                for place in places:
                    self._hand_over(place, successor, today)
        self._follow_leaders(today)
        self.mails.extend(PlannedMail(today, person, MailKind.HANDOVER) for person in moved if self._has_address(person))
        self._remember_whose(today)

    def _alike(self) -> dict[tuple[object, ...], set[str]]:
        """Who owes the same step for the same period in the same post, as the members of a team do."""
        alike: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for one in self.living:
            if one.person:
                alike[one.duty].add(one.person)
        return alike

    def _hand_over(self, place: int, successor: str, today: date) -> None:
        one = self.living[place]
        one.person = successor
        one.running = replace(one.running, sent_on=today, issued_on=self.rehearsal.issued_on)
        self.taken_over.append(TakenOver(today, place, successor))
        self._plan_ahead(place, today)

    def _follow_leaders(self, today: date) -> None:
        owners = self.rehearsal.terms.owners(today)
        for one in self.living:
            if one.is_open:
                step, party = one.planned.step, one.planned.party
                owned = owners.of(step.step.parties or step.item.parties)
                mine = ((party.unit, party.post), one.person)
                led = zip(owned.accountable, owned.leaders, strict=True)
                leaders = (leader for each, leader in led if ((each.unit, each.post), each.person) == mine)
                one.leader = next((leader for leader in leaders if leader is not None), one.leader)

    def _remember_whose(self, today: date) -> None:
        self.whose[today] = Counter(one.whose for one in self.living if one.is_open)


def _next_act(one: _Living, behaviour: Behaviour, today: date) -> date | None:
    """When somebody does the next thing about an assignment: its carrier, or who reviews it."""
    running = one.running
    if running.state is AssignmentState.REPORTED and running.reported_on is not None:
        return workdays_after(running.reported_on, behaviour.reviewed_after)
    if one.person is None or not one.is_open:
        return None
    acts = [_reports_on(running, behaviour)]
    if running.state is AssignmentState.SENT and behaviour.acknowledges_after is not None:
        acts.append(workdays_after(running.sent_on, behaviour.acknowledges_after))
    days = [day for day in acts if day is not None]
    return max(today, min(days)) if days else None


def _reports_on(running: Running, behaviour: Behaviour) -> date | None:
    after, due_on = behaviour.reports_after, running.clock_due_on
    if after is None:
        return None
    if after == 0:
        return max(running.sent_on, due_on if is_workday(due_on) else last_workday_before(due_on))
    return workdays_after(max(due_on, running.sent_on), after)


def _workday_from(day: date) -> date:
    return day if is_workday(day) else workdays_after(day, 1)
