"""例会材料: what the regular meeting looks at: how far the duties are by leader and branch, what is overdue, what was said, what was done.

In: a session, the day of the meeting and that of the one before. Out: plain values for the Word file and the page of the meeting.
Duties of one step stand together: what thirty branches owe alike is one entry with what each of them said.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.completion import LIGHTS, Light, clock_due_on
from engine.moves import OPEN
from engine.overview import Question
from engine.said_last import SaidLast, said_last
from engine.standing import Group, OverdueDuty, Tally, YearStanding, standings_to_show, tally
from models import Assignment, AssignmentState, Item, Person, ResponsibilityList, Step


class InHand(NamedTuple):
    """An open assignment whose time has begun by the day of the meeting."""

    id: int
    step_id: int
    title: str
    text: str  # of the step, where it says more than the title
    standing: bool  # 长期坚持 or 全年
    period: str
    party: str
    person_id: int | None
    person: str  # empty where nobody carries it
    clock_due_on: date
    reported: bool  # waits for its review

    @property
    def whose(self) -> str:
        return whose(self.party, self.person)


class Word(NamedTuple):
    """What one party said last about a duty; `at` is the civil day."""

    whose: str
    period: str
    text: str
    on: date
    is_new: bool  # since the last meeting


@dataclass(frozen=True, slots=True)
class Heard:
    """One duty of several parties: what each of them said last, the latest first, and who has said nothing since the last meeting."""

    title: str
    text: str
    period: str
    due_on: date
    words: tuple[Word, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """One duty that was closed since the last meeting, by whom, and how many of them late."""

    title: str
    text: str
    by: tuple[str, ...]
    late: int


class Counted(NamedTuple):
    """How many duties of somebody, or of a branch, are how far."""

    name: str
    tally: Tally

    def lit(self, light: Light) -> int:
        return sum(count for completion, count in self.tally.by_completion.items() if LIGHTS[completion] is light)


class OverdueAndSaid(NamedTuple):
    duty: OverdueDuty
    title: str
    text: str  # of the step, where it says more than the title
    said: SaidLast | None


@dataclass(frozen=True, slots=True)
class Material:
    """What the meeting of `held_on` looks at, as it stands on `made_on`. `since` is the first day after the last meeting."""

    held_on: date
    made_on: date
    since: date
    zone: ZoneInfo
    total: Counted
    leaders: tuple[Counted, ...]  # 责任领导 and 联系领导, each duty once
    branches: tuple[Counted, ...]
    units: tuple[Counted, ...]  # all others
    overdue: tuple[OverdueAndSaid, ...]  # the longest first
    standing: tuple[Heard, ...]
    dated: tuple[Heard, ...]
    done: tuple[Done, ...]
    questions: tuple[Question, ...]

    @property
    def done_since(self) -> int:
        return sum(len(each.by) for each in self.done)

    @property
    def silent(self) -> int:
        """Duties in hand about which nothing was said since the last meeting."""
        return sum(len(each.silent) for each in (*self.standing, *self.dated))


def whose(party: str, person: str) -> str:
    """机关第二党支部（孟松年）; the name alone where a post is accountable."""
    return f"{party}（{person}）" if person and person != party else party


def material(session: Session, held_on: date, last_on: date, *, zone: ZoneInfo, now: datetime) -> Material:
    """Gather it, in a number of queries that does not grow with the duties."""
    today, since = now.astimezone(zone).date(), last_on + timedelta(days=1)
    years = standings_to_show(session, zone=zone, now=now)
    overdue = sorted((duty for year in years for duty in year.overdue), key=lambda duty: -duty.workdays_over)
    mine = duties_in_hand(session, held_on, zone=zone)
    said = said_last(session, {*(duty.id for duty in overdue), *(duty.id for duty in mine)})
    late = {duty.id for duty in overdue}
    running = [duty for duty in mine if duty.id not in late and not duty.reported]
    named = {duty.id: (duty.title, duty.text) for duty in mine}
    return Material(
        held_on=held_on,
        made_on=today,
        since=since,
        zone=zone,
        total=Counted("", tally(group for year in years for group in year.groups)),
        leaders=_counted(years, _leaders_of, lambda year: year.people),
        branches=_of_units(years, branches=True),
        units=_of_units(years, branches=False),
        overdue=tuple(OverdueAndSaid(duty, *named.get(duty.id, (duty.content, "")), said.get(duty.id)) for duty in overdue),
        standing=_heard([duty for duty in running if duty.standing], said, since, zone),
        dated=_heard([duty for duty in running if not duty.standing], said, since, zone),
        done=_done(session, since, zone),
        questions=tuple(question for year in years if year.total.open for question in year.questions),
    )


def duties_in_hand(session: Session, on: date, *, zone: ZoneInfo) -> list[InHand]:
    """The open assignments whose time has begun by a civil day, those of one step side by side."""
    return [
        InHand(
            id=row.id,
            step_id=row.step_id,
            title=row.title,
            text=row.detail,
            standing=row.standing,
            period=row.period,
            party=row.party,
            person_id=row.person_id,
            person=row.person or "",
            clock_due_on=row.clock_due_on(zone),
            reported=row.state is AssignmentState.REPORTED,
        )
        for row in _rows(session, Assignment.state.in_(OPEN), Assignment.starts_on <= on)
    ]


def is_new(said: SaidLast | None, since: date, zone: ZoneInfo) -> bool:
    """Whether something was said on this civil day or after it."""
    return said is not None and said.at.astimezone(zone).date() >= since


class _Row(NamedTuple):
    id: int
    state: AssignmentState
    step_id: int
    content: str
    step: str
    standing: bool
    period: str
    party: str
    person_id: int | None
    person: str | None
    due_on: date
    make_up: bool
    done_on: date | None
    issued_at: datetime

    @property
    def title(self) -> str:
        return self.content or self.step

    @property
    def detail(self) -> str:
        return self.step if self.content and self.step != self.content else ""

    def clock_due_on(self, zone: ZoneInfo) -> date:
        return clock_due_on(self.due_on, make_up=self.make_up, issued_on=self.issued_at.astimezone(zone).date())


def _rows(session: Session, *wanted: ColumnElement[bool]) -> list[_Row]:
    rows = session.execute(
        select(
            *(Assignment.id, Assignment.state, Assignment.step_id, Item.content, Step.text, Step.standing, Assignment.period),
            *(Assignment.party, Assignment.person_id, Person.name, Assignment.due_on, Assignment.make_up, Assignment.done_on),
            ResponsibilityList.issued_at,
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(*wanted)
        .order_by(Item.list_id, Item.position, Step.position, Assignment.due_on, Assignment.id)
    )
    return [_Row._make(row) for row in rows]


def _leaders_of(year: YearStanding, group: Group) -> Collection[int | None]:
    return {group.leader_id, *year.contacts.get(group.unit_id or 0, ())}


def _of_units(years: Sequence[YearStanding], *, branches: bool) -> tuple[Counted, ...]:
    wanted = {named.id for year in years for named in year.by_unit(branches=branches)}

    def names(year: YearStanding) -> Mapping[int, str]:
        return {unit_id: unit.name for unit_id, unit in year.units.items() if unit_id in wanted}

    return _counted(years, lambda _, group: (group.unit_id,), names)


def _counted(
    years: Sequence[YearStanding],
    owners: Callable[[YearStanding, Group], Collection[int | None]],
    names: Callable[[YearStanding], Mapping[int, str]],
) -> tuple[Counted, ...]:
    """The tally of each owner over all years, in the roster's order; who has nothing open is left out."""
    groups: dict[int | None, list[Group]] = defaultdict(list)
    for year in years:
        for group in year.groups:
            for owner in owners(year, group):
                groups[owner].append(group)
    ordered = {owner: name for year in years for owner, name in names(year).items()}
    counted = (Counted(name, tally(groups[owner])) for owner, name in ordered.items() if owner in groups)
    return tuple(each for each in counted if each.tally.open)


def _heard(duties: Sequence[InHand], said: Mapping[int, SaidLast], since: date, zone: ZoneInfo) -> tuple[Heard, ...]:
    by_step: dict[int, list[InHand]] = defaultdict(list)
    for duty in duties:
        by_step[duty.step_id].append(duty)
    heard = []
    for same in by_step.values():
        periods = {duty.period for duty in same}
        words = []
        for duty in same:
            if (found := said.get(duty.id)) is not None:
                on = found.at.astimezone(zone).date()
                words.append(Word(duty.whose, duty.period if len(periods) > 1 else "", found.text, on, on >= since))
        heard.append(
            Heard(
                title=same[0].title,
                text=same[0].text,
                period=same[0].period if len(periods) == 1 else "",
                due_on=min(duty.clock_due_on for duty in same),
                words=tuple(sorted(words, key=lambda word: word.on, reverse=True)),
                silent=tuple(dict.fromkeys(duty.whose for duty in same if not is_new(said.get(duty.id), since, zone))),
            )
        )
    return tuple(heard)


def _done(session: Session, since: date, zone: ZoneInfo) -> tuple[Done, ...]:
    by_step: dict[int, list[_Row]] = defaultdict(list)
    for row in _rows(session, Assignment.state == AssignmentState.CLOSED, Assignment.ended_at >= datetime.combine(since, time(), zone)):
        by_step[row.step_id].append(row)
    return tuple(
        Done(
            title=same[0].title,
            text=same[0].detail,
            by=tuple(whose(row.party, row.person or "") for row in same),
            late=sum(row.done_on is None or row.done_on > row.clock_due_on(zone) for row in same),
        )
        for same in by_step.values()
    )
