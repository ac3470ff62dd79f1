"""Where a year stands: how many duties are how far, by month, list, unit and leader; which are overdue; what is still asked.

In: a session and a civil day. Out: plain values that pages and mails show. Every figure is added up from the same groups, so
that those of one page agree with those of the next.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.clocks import Clock
from engine.completion import Completion, Light, clock_due_on, completion, light_of
from engine.contacts import covering_leaders, year_of_contact_points
from engine.directory import Directory, UnitClass, class_of
from engine.escalation import ESCALATE, Chain, Superior, Whose, level_after
from engine.history import IDS_A_QUERY
from engine.overview import Question
from engine.policies import PolicyBook, policy_book
from engine.roster import load_roster
from intake.values import UnitRow
from models import (
    Assignment,
    AssignmentEvent,
    AssignmentState,
    Item,
    ListQuestion,
    Person,
    ResponsibilityList,
    Step,
    Unit,
)
from office.workdays import workdays_between

DONE = (Completion.DONE_IN_TIME, Completion.DONE_LATE)
IN_WORK = (Completion.SENT, Completion.ACKNOWLEDGED, Completion.DUE_SOON, Completion.RETURNED)  # open, and not overdue


class Group(NamedTuple):
    """So many assignments that are alike in all that is counted."""

    list_id: int
    unit_id: int | None
    person_id: int | None
    leader_id: int | None
    due_on: date
    completion: Completion
    acknowledged: bool  # 已签收: no longer as it was sent
    fallen_due: bool  # its last day is over
    assignments: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How far some duties are. Withdrawn ones are in `withdrawn` only, and count nowhere else."""

    by_completion: Mapping[Completion, int]
    acknowledged: int
    fallen_due: int
    done_of_fallen_due: int

    def __getitem__(self, completion: Completion) -> int:
        return self.by_completion.get(completion, 0)

    @property
    def assigned(self) -> int:
        return sum(self.by_completion.values()) - self.withdrawn

    @property
    def withdrawn(self) -> int:
        return self[Completion.WITHDRAWN]

    @property
    def in_work(self) -> int:
        return sum(self[completion] for completion in IN_WORK)

    @property
    def open(self) -> int:
        return self.assigned - self.done

    @property
    def done(self) -> int:
        return sum(self[completion] for completion in DONE)

    @property
    def light(self) -> Light:
        """红黄绿灯 of all of them together."""
        return light_of(completion for completion, number in self.by_completion.items() if number)

    @property
    def completion_rate(self) -> float | None:
        """到期办结率: of the duties whose last day is over, the share that is done by now, in time or late; None before any is."""
        return self.done_of_fallen_due / self.fallen_due if self.fallen_due else None


class Named(NamedTuple):
    """The tally of one month, list, unit or person; `id` is the unit's or the person's."""

    name: str
    tally: Tally
    id: int | None = None


@dataclass(frozen=True, slots=True)
class OverdueDuty:
    """One overdue assignment, whom it should have gone up to by now, and whom it did go up to by its history (empty: nobody)."""

    id: int
    content: str
    period: str
    party: str
    person: str
    unit_id: int | None
    person_id: int | None
    leader_id: int | None
    due_on: date
    workdays_over: int
    should_reach: Superior
    has_reached: str


@dataclass(frozen=True, slots=True)
class YearStanding:
    """One year on one day, or the part of it that is one unit's or one person's."""

    year: int
    today: date
    groups: tuple[Group, ...]
    lists: Mapping[int, str]
    units: Mapping[int, UnitRow]  # in the roster's order
    people: Mapping[int, str]  # in the roster's order
    contacts: Mapping[int, tuple[int, ...]]  # the ids of contact leaders by that of their branch
    overdue: tuple[OverdueDuty, ...]  # the longest first
    questions: tuple[Question, ...]

    @property
    def total(self) -> Tally:
        return tally(self.groups)

    @property
    def due_this_month(self) -> Tally:
        return tally(group for group in self.groups if (group.due_on.year, group.due_on.month) == (self.today.year, self.today.month))

    def by_month(self) -> tuple[Named, ...]:
        """By the month in which the duty is due: `2026-03`, in order of the calendar."""
        return _named(((f"{group.due_on:%Y-%m}", group) for group in self.groups), sorted)

    def by_list(self) -> tuple[Named, ...]:
        return _named(((self.lists[group.list_id], group) for group in self.groups), list)

    def by_unit(self, *, branches: bool) -> tuple[Named, ...]:
        """Party branches, or all other units, in the roster's order."""
        parts = self.of_units()
        return tuple(
            Named(unit.name, parts[id_].total, id_)
            for id_, unit in self.units.items()
            if id_ in parts and (class_of(unit) is UnitClass.BRANCH) == branches
        )

    def of_no_unit(self) -> Tally:
        """Duties of people whom the list names without a unit."""
        return tally(group for group in self.groups if group.unit_id is None)

    def by_person(self) -> tuple[Named, ...]:
        """By 责任人; duties that nobody carries are left out."""
        return self._by_people(self.of_carriers())

    def of_nobody(self) -> Tally:
        return tally(group for group in self.groups if group.person_id is None)

    def by_leader(self) -> tuple[Named, ...]:
        """By 责任领导; duties without one are left out."""
        return self._by_people(self.of_leaders())

    def of_no_leader(self) -> Tally:
        return tally(group for group in self.groups if group.leader_id is None)

    def by_contact(self) -> tuple[Named, ...]:
        """By 联系领导: all duties of the branches that each covers; a branch with two leaders counts for both."""
        return self._by_people(self.of_contacts())

    def of_units(self) -> dict[int, "YearStanding"]:
        """The part of each unit that has duties, by its id."""
        return self._parts(lambda each: (each.unit_id,))

    def of_carriers(self) -> dict[int, "YearStanding"]:
        """What each 责任人 carries, by the id of the person."""
        return self._parts(lambda each: (each.person_id,))

    def of_leaders(self) -> dict[int, "YearStanding"]:
        """What each 责任领导 answers for, by the id of the person."""
        return self._parts(lambda each: (each.leader_id,))

    def of_contacts(self) -> dict[int, "YearStanding"]:
        """All duties of the branches that each 联系领导 covers, by the id of the person."""
        return self._parts(lambda each: self.contacts.get(each.unit_id or 0, ()))

    def of_people(self) -> dict[int, "YearStanding"]:
        """Whatever each person has to do with, once each: carried, led or covered."""
        return self._parts(lambda each: {each.person_id, each.leader_id, *self.contacts.get(each.unit_id or 0, ())})

    def _parts(self, owners: Callable[[Group | OverdueDuty], Iterable[int | None]]) -> dict[int, "YearStanding"]:
        groups: dict[int, list[Group]] = defaultdict(list)
        overdue: dict[int, list[OverdueDuty]] = defaultdict(list)
        for group in self.groups:
            for owner in owners(group):
                if owner is not None:
                    groups[owner].append(group)
        for duty in self.overdue:
            for owner in owners(duty):
                if owner is not None:
                    overdue[owner].append(duty)
        return {owner: replace(self, groups=tuple(groups[owner]), overdue=tuple(overdue[owner])) for owner in groups}

    def _by_people(self, parts: Mapping[int, "YearStanding"]) -> tuple[Named, ...]:
        return tuple(Named(name, parts[id_].total, id_) for id_, name in self.people.items() if id_ in parts)


def tally(groups: Iterable[Group]) -> Tally:
    """Add up."""
    counts: Counter[Completion] = Counter()
    acknowledged = fallen_due = done_of_fallen_due = 0
    for group in groups:
        counts[group.completion] += group.assignments
        if group.completion is Completion.WITHDRAWN:
            continue
        acknowledged += group.assignments * group.acknowledged
        fallen_due += group.assignments * group.fallen_due
        done_of_fallen_due += group.assignments * (group.fallen_due and group.completion in DONE)
    return Tally(dict(counts), acknowledged, fallen_due, done_of_fallen_due)


def years_to_show(session: Session, today: date) -> tuple[int, ...]:
    """The years of issued lists that can still change: those from the year before `today` on. Earlier ones stay as they were."""
    wanted = select(ResponsibilityList.year).where(ResponsibilityList.year >= today.year - 1).distinct()
    return tuple(sorted(session.scalars(wanted)))


def standings_to_show(session: Session, *, zone: ZoneInfo, now: datetime) -> list[YearStanding]:
    """How those years stand, the first one first."""
    years = years_to_show(session, now.astimezone(zone).date())
    return [year_standing(session, year, zone=zone, now=now) for year in years]


def of_this_year(standings: Sequence[YearStanding]) -> YearStanding:
    """The one of the year of their day, else the last one before, else the first one to come; there is at least one."""
    past = [standing for standing in standings if standing.year <= standing.today.year]
    return past[-1] if past else standings[0]


def year_standing(session: Session, year: int, *, zone: ZoneInfo, now: datetime) -> YearStanding:
    """Count the year's assignments as they stand at `now`, in a number of queries that does not grow with them."""
    today = now.astimezone(zone).date()
    lists = session.execute(
        select(ResponsibilityList.id, ResponsibilityList.title, ResponsibilityList.issued_at)
        .where(ResponsibilityList.year == year)
        .order_by(ResponsibilityList.id)
    ).all()
    issued_on = {list_id: issued_at.astimezone(zone).date() for list_id, _, issued_at in lists}
    units = session.execute(select(Unit.id, Unit.name, Unit.kind).order_by(Unit.position, Unit.id)).all()
    people = dict(session.execute(select(Person.id, Person.name).order_by(Person.position, Person.id)).all())
    book = policy_book(session, today)
    return YearStanding(
        year=year,
        today=today,
        groups=tuple(_groups(session, year, issued_on, book, today)),
        lists={list_id: title for list_id, title, _ in lists},
        units={unit_id: UnitRow(name, kind) for unit_id, name, kind in units},
        people=people,
        contacts={branch_id: tuple(leaders) for branch_id, leaders in covering_leaders(session, year).items()},
        overdue=_overdue(session, year, issued_on, book, today),
        questions=_questions(session, year),
    )


def _groups(session: Session, year: int, issued_on: Mapping[int, date], book: PolicyBook, today: date) -> Iterable[Group]:
    alike = (
        Item.list_id,
        Item.number,
        Item.address,
        Assignment.unit_id,
        Assignment.person_id,
        Assignment.leader_id,
        Assignment.due_on,
        Assignment.make_up,
        Assignment.state,
        Assignment.done_on,
    )
    rows = session.execute(
        select(*alike, func.count())
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .where(ResponsibilityList.year == year)
        .group_by(*alike)
        .order_by(Item.list_id, Assignment.due_on)
    )
    for list_id, number, address, unit_id, person_id, leader_id, due_on, make_up, state, done_on, assignments in rows:
        clock = clock_due_on(due_on, make_up=make_up, issued_on=issued_on[list_id])
        warning_days = book.rules(list_id, number, address).warning_days
        stands = completion(state, clock_due_on=clock, done_on=done_on, today=today, warning_days=warning_days)
        acknowledged = state is not AssignmentState.SENT
        yield Group(list_id, unit_id, person_id, leader_id, due_on, stands, acknowledged, today > clock, assignments)


def _named(groups: Iterable[tuple[str, Group]], in_order: Callable[[Iterable[str]], Iterable[str]]) -> tuple[Named, ...]:
    """The tally of each name, in order."""
    by_name: dict[str, list[Group]] = defaultdict(list)
    for name, group in groups:
        by_name[name].append(group)
    return tuple(Named(name, tally(by_name[name])) for name in in_order(by_name))


def _overdue(session: Session, year: int, issued_on: Mapping[int, date], book: PolicyBook, today: date) -> tuple[OverdueDuty, ...]:
    leader = aliased(Person)
    running = (AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED)
    rows = session.execute(
        select(Assignment, Item.list_id, Item.number, Item.address, Item.content, Unit.name, Person.name, leader.name)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(leader, leader.id == Assignment.leader_id)
        .where(ResponsibilityList.year == year, Assignment.state.in_(running), Assignment.due_on < today)
        .order_by(Assignment.due_on, Assignment.id)
    ).all()
    if not rows:
        return ()
    chain = Chain(Directory(load_roster(session, year_of_contact_points(session, year)), today), {}, {})
    reached = _reached(session, [row[0].id for row in rows])
    duties = []
    for assignment, list_id, number, address, content, unit, person, led_by in rows:
        clock = clock_due_on(assignment.due_on, make_up=assignment.make_up, issued_on=issued_on[list_id])
        rules = book.rules(list_id, number, address)
        stands = completion(assignment.state, clock_due_on=clock, done_on=None, today=today, warning_days=rules.warning_days)
        if stands is not Completion.OVERDUE:
            continue
        over = workdays_between(clock, today)
        level = level_after(over, rules.levels)
        duties.append(
            OverdueDuty(
                id=assignment.id,
                content=content,
                period=assignment.period,
                party=assignment.party,
                person=person or "",
                unit_id=assignment.unit_id,
                person_id=assignment.person_id,
                leader_id=assignment.leader_id,
                due_on=assignment.due_on,
                workdays_over=over,
                should_reach=chain.superior(level, Whose(person or "", led_by or "", unit or "")),
                has_reached=reached.get(assignment.id, ""),
            )
        )
    return tuple(sorted(duties, key=lambda duty: -duty.workdays_over))


def _reached(session: Session, ids: list[int]) -> dict[int, str]:
    """Whom each of these went up to last, by its history."""
    reached: dict[int, str] = {}
    for start in range(0, len(ids), IDS_A_QUERY):
        rows = session.execute(
            select(AssignmentEvent.assignment_id, AssignmentEvent.to_value)
            .where(AssignmentEvent.assignment_id.in_(ids[start : start + IDS_A_QUERY]), AssignmentEvent.action == ESCALATE)
            .where(AssignmentEvent.from_value.is_distinct_from(Clock.ACKNOWLEDGEMENT.value))  # not acknowledged is not overdue
            .order_by(AssignmentEvent.position)
        )
        reached.update((assignment_id, to_value or "") for assignment_id, to_value in rows)
    return reached


def _questions(session: Session, year: int) -> tuple[Question, ...]:
    rows = session.execute(
        select(ListQuestion.address, ListQuestion.text_zh, ListQuestion.text_en)
        .join(ResponsibilityList, ResponsibilityList.id == ListQuestion.list_id)
        .where(ResponsibilityList.year == year)
        .order_by(ListQuestion.list_id, ListQuestion.position)
    )
    return tuple(Question(*row) for row in rows)
