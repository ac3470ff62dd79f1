"""Items × accountable parties × periods → assignments (FIELD.md sections 3 and 4). Pure.

In: the items of one list, the roster, and the day of issue. Out: a `Plan`, the same for the same input.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from engine.parties import Party, distinct, resolver
from engine.party_words import is_collective
from intake.values import Deadline, Item, Note, Parties, Relative, Roster, Step
from office.text import Text
from office.workdays import workdays_after

NO_OWNER = Text("没有写明责任单位，也没有责任领导，请补充", "No responsible unit and no leader is named; please add one")


class PlannedPeriod(NamedTuple):
    """One stretch that a step is owed for. `key` tells it from the step's others: its due date, or `issue+10wd`."""

    key: str
    label: str
    starts_on: date
    due_on: date
    make_up: bool  # 补办: was due before the list is issued


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One dated step with everybody it concerns. `leaders` stands beside `parties`: who leads each of them.

    Without periods the step waits for its event; without parties nobody is accountable for it.
    """

    item_position: int  # in the list, from 1
    position: int  # in the item, from 1
    item: Item
    step: Step
    parties: tuple[Party, ...]
    leaders: tuple[str | None, ...]
    named_leaders: tuple[str, ...]  # 责任领导 that the list names beside the accountable parties
    assisting: tuple[Party, ...]
    periods: tuple[PlannedPeriod, ...]


class PlannedAssignment(NamedTuple):
    """One step × one accountable party × one period. A plain tuple, because a list may have a hundred thousand."""

    natural_key: str
    step: PlannedStep
    party: Party
    leader: str | None
    period: PlannedPeriod


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list means for this roster. Each step of the list is in `steps`, in the list's order."""

    year: int
    list_key: str  # what every natural key of the list begins with
    steps: tuple[PlannedStep, ...]
    assignments: tuple[PlannedAssignment, ...]
    questions: tuple[Note, ...]

    @property
    def waiting(self) -> tuple[PlannedStep, ...]:
        """Steps relative to an event that is not entered yet: they have no date and no assignment."""
        return tuple(step for step in self.steps if not step.periods and step.step.deadline.problem is None)

    @property
    def unowned(self) -> tuple[PlannedStep, ...]:
        """Steps that nobody is accountable for, because no party is named or none of them is known."""
        return tuple(step for step in self.steps if not step.parties)


def plan(items: Iterable[Item], roster: Roster, *, year: int, title: str, issued_on: date) -> Plan:
    """Plan the list `title` of `year`, issued on the civil date `issued_on`; posts resolve on that day.

    A natural key reads `2026-<list>-<item>.<step>-<party>-<period>`, where list and party are digests of the title and
    of the party's key. It names the post and not its holder, so it stays when the person changes.
    """
    owners = Owners(roster, issued_on)
    list_key = f"{year}-{_short_digest(title, 10)}"
    steps: list[PlannedStep] = []
    questions: dict[Note, None] = {}
    for item_position, item in enumerate(items, start=1):
        for position, step in enumerate(item.steps, start=1):
            owned = owners.of(step.parties or item.parties)
            questions.update((Note(step.address, text), None) for text in owned.questions)
            steps.append(
                PlannedStep(
                    item_position=item_position,
                    position=position,
                    item=item,
                    step=step,
                    parties=owned.accountable,
                    leaders=owned.leaders,
                    named_leaders=owned.named_leaders,
                    assisting=owned.assisting,
                    periods=_periods(step.deadline, year, issued_on),
                )
            )
    return Plan(year, list_key, tuple(steps), tuple(_assignments(steps, list_key)), tuple(questions))


def _assignments(steps: Iterable[PlannedStep], list_key: str) -> Iterator[PlannedAssignment]:
    party_keys: dict[str, str] = {}
    for step in steps:
        place = f"{list_key}-{step.item_position}.{step.position}"
        for party, leader in zip(step.parties, step.leaders, strict=True):
            party_key = party_keys.get(party.key)
            if party_key is None:
                party_key = party_keys[party.key] = _short_digest(party.key, 12)
            owned = f"{place}-{party_key}-"
            for period in step.periods:
                yield PlannedAssignment(owned + period.key, step, party, leader, period)


def _short_digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _periods(deadline: Deadline, year: int, issued_on: date) -> tuple[PlannedPeriod, ...]:
    """When a step is owed: its periods; counted from the issue; or, standing or undated, by the year's end."""
    if deadline.problem is not None:
        return ()
    if deadline.periods:
        dated = {period.due_on.isoformat(): period for period in reversed(deadline.periods)}
        return tuple(
            PlannedPeriod(key, period.label, period.starts_on, period.due_on, make_up=period.due_on < issued_on)
            for key, period in reversed(dated.items())
        )
    if deadline.relative is None:
        year_end = date(year, 12, 31)
        return (PlannedPeriod(year_end.isoformat(), "全年", date(year, 1, 1), year_end, make_up=year_end < issued_on),)
    if deadline.relative.from_issue:
        key = f"issue+{deadline.relative}"
        return (PlannedPeriod(key, deadline.phrase or "", issued_on, _after(issued_on, deadline.relative), make_up=False),)
    return ()


def _after(day: date, relative: Relative) -> date:
    return workdays_after(day, relative.days) if relative.working else day + timedelta(days=relative.days)


@dataclass(frozen=True, slots=True)
class Owned:
    accountable: tuple[Party, ...]
    leaders: tuple[str | None, ...]
    named_leaders: tuple[str, ...]
    assisting: tuple[Party, ...]
    questions: tuple[Text, ...]


class Owners:
    """Who answers for a step, resolved on one day. The same names are written on many steps: they are read once."""

    def __init__(self, roster: Roster, on: date) -> None:
        self._resolver = resolver(roster, on)
        self._known: dict[Parties, Owned] = {}

    def of(self, parties: Parties) -> Owned:
        owned = self._known.get(parties)
        if owned is None:
            owned = self._known[parties] = self._owned(parties)
        return owned

    def _owned(self, parties: Parties) -> Owned:
        named = self._resolver.without_titles(parties.lead + parties.responsible)
        leaders_named = self._resolver.without_titles(parties.leader)
        lead_units = parties.lead or self._first_unit(parties.responsible)
        leader_names = leaders_named if named else ()
        accountable, questions = self._resolve(named or leaders_named, lead_units)
        leading, leader_questions = self._resolve((name for name in leader_names if not is_collective(name)), lead_units)
        assisting, assisting_questions = self._resolve(parties.assisting, lead_units)
        leaders = tuple(self._resolver.leader_for(party, leader_names, lead_units) for party in accountable)
        told = (*(party.person for party in leading), *leaders) if leader_names else ()
        questions += leader_questions + assisting_questions
        if not named and not leaders_named:
            questions += (NO_OWNER,)
        return Owned(
            accountable=accountable,
            leaders=leaders,
            named_leaders=tuple(dict.fromkeys(person for person in told if person is not None)),
            assisting=distinct((*accountable, *assisting))[len(accountable) :],
            questions=tuple(dict.fromkeys(questions)),
        )

    def _resolve(self, names: Iterable[str], lead_units: tuple[str, ...]) -> tuple[tuple[Party, ...], tuple[Text, ...]]:
        resolutions = [self._resolver.resolve(name, lead_units=lead_units) for name in names]
        parties = distinct(party for resolution in resolutions for party in resolution.parties)
        return parties, tuple(resolution.question for resolution in resolutions if resolution.question is not None)

    def _first_unit(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The first name that stands for units, or else for posts in them: the lead where none is marked, whose 分管领导 is meant."""
        of_posts: tuple[str, ...] = ()
        for name in names:
            parties = [party for party in self._resolver.resolve(name).parties if party.unit]
            if any(party.post is None for party in parties):
                return (name,)
            of_posts = of_posts or ((name,) if parties else ())
        return of_posts
