"""Who is told what when a list is issued. Pure: a plan and what of it is new → one `IssuedNotice` a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from engine.parties import Party
from engine.planning import Plan, PlannedAssignment, PlannedPeriod, PlannedStep
from intake.values import Roster, Target
from notifications.issued import Duty, IssuedNotice
from office.text import Language, Text

NAMES_SHOWN = 3  # of the parties that one leader leads in one step


@dataclass(slots=True)
class _Told:
    accountable: list[Duty] = field(default_factory=list)
    assisting: list[Duty] = field(default_factory=list)
    leading: list[Duty] = field(default_factory=list)


def notices(
    plan: Plan,
    assignments: Sequence[PlannedAssignment],
    waiting_for: Collection[str],
    assisting: Collection[tuple[int, int, str]],
    *,
    list_title: str,
    year: int,
    addresses: Mapping[str, str | None],
    contacts: Mapping[str, str],
    language: Language,
) -> tuple[dict[str, IssuedNotice], tuple[str, ...]]:
    """Notices by person, in the order of the list, and the people who cannot be told because they have no address.

    `assignments`, the steps that wait for their event with the parties of these keys, and `assisting` (item position, step
    position, party's name) are what is new in `plan`;
    nobody is told of anything else. `addresses` are mail addresses by person, `contacts` contact leaders by branch.
    """
    owed = _owed(assignments, plan.waiting, waiting_for)
    told: dict[str, _Told] = {}

    def tell(person: str | None) -> _Told | None:
        """Where to add a duty of this person; None where nobody would read it."""
        if person is None:
            return None
        duties = told.setdefault(person, _Told())
        return duties if addresses.get(person) else None

    for step in plan.steps:
        mine = owed.get(id(step), ())
        for party, leader, periods in mine:
            if duties := tell(party.person):
                duty = _duty(plan, step, party.key, party.name, leader or "", periods, language)
                contact = contacts.get(party.unit or "", "")
                duties.accountable.append(replace(duty, contact=contact) if contact != duty.leader else duty)
        for named in step.named_leaders:
            led = [party for party, leader, _ in mine if leader == named] or [party for party, _, _ in mine]
            if any(party.person != named for party in led) and (duties := tell(named)):
                periods = tuple(dict.fromkeys(period for owing in mine for period in owing.periods))
                duties.leading.append(_duty(plan, step, f"leading:{named}", _several(led, language), named, periods, language))
        bearers = {party.person for party in step.parties}  # who answers for a duty need not be told that they assist in it
        for party in step.assisting:
            new = (step.item_position, step.position, party.name) in assisting and party.person not in bearers
            if new and (duties := tell(party.person)):
                owners, leaders = _several(step.parties, language), "、".join(step.named_leaders)
                duties.assisting.append(_duty(plan, step, f"assisting:{party.key}", owners, leaders, step.periods, language))
    composed = {
        person: IssuedNotice(
            person=person,
            address=address,
            list_title=list_title,
            year=year,
            accountable=tuple(duties.accountable),
            assisting=tuple(duties.assisting),
            leading=tuple(duties.leading),
        )
        for person, duties in told.items()
        if (address := addresses.get(person))
    }
    return composed, tuple(person for person in told if person not in composed)


def contact_leaders(roster: Roster) -> dict[str, str]:
    """Who covers each branch (联系领导), by its name."""
    leaders: dict[str, list[str]] = {}
    for point in roster.contact_points:
        leaders.setdefault(point.branch, []).append(point.leader)
    return {branch: "、".join(names) for branch, names in leaders.items()}


def waiting_keys(plan: Plan) -> frozenset[str]:
    """Everybody who owes something that waits for its event."""
    return frozenset(party.key for step in plan.waiting for party in step.parties)


def assisting_keys(plan: Plan) -> frozenset[tuple[int, int, str]]:
    """Everybody who assists: (item position, step position, party's name)."""
    return frozenset((step.item_position, step.position, party.name) for step in plan.steps for party in step.assisting)


class _Owed(NamedTuple):
    party: Party
    leader: str | None
    periods: tuple[PlannedPeriod, ...]


def _owed(assignments: Iterable[PlannedAssignment], waiting: Iterable[PlannedStep], waiting_for: Collection[str]) -> dict[int, list[_Owed]]:
    """What is new, by the identity of its step: who owes it, and when; nobody knows yet when, if the step waits."""
    owed: dict[int, list[_Owed]] = {
        id(step): [_Owed(party, leader, ()) for party, leader in zip(step.parties, step.leaders, strict=True) if party.key in waiting_for]
        for step in waiting
    }
    # A plan holds the assignments of one party in one step side by side.
    for (step_id, _), group in groupby(assignments, key=lambda assignment: (id(assignment.step), assignment.party.key)):
        same = list(group)
        owed.setdefault(step_id, []).append(_Owed(same[0].party, same[0].leader, tuple(assignment.period for assignment in same)))
    return owed


def _duty(plan: Plan, step: PlannedStep, role: str, party: str, leader: str, periods: Sequence[PlannedPeriod], language: Language) -> Duty:
    deadline = step.step.deadline
    one_date = len(periods) == 1
    return Duty(
        content=step.item.content,
        text=step.step.text,
        due=tuple(("" if one_date else period.label, period.due_on) for period in periods),
        phrase=deadline.phrase or "",
        standing=deadline.standing or (not deadline.periods and deadline.relative is None),
        make_up=any(period.make_up for period in periods),
        standard=step.item.standard,
        target=target_words(deadline.target, language),
        party=party,
        leader=leader,
        assisting=tuple(assisting.name for assisting in step.assisting),
        key=f"{plan.list_key}-{step.item_position}.{step.position}-{role}",
    )


def _several(parties: Iterable[Party], language: Language) -> str:
    return several([party.name for party in parties], language)


def several(names: Sequence[str], language: Language) -> str:
    """The names, or the first of many and their number."""
    if len(names) <= NAMES_SHOWN:
        return ("、" if language == "zh" else ", ").join(names)
    shown = names[:NAMES_SHOWN]
    return Text(f"{'、'.join(shown)}等{len(names)}个", f"{', '.join(shown)} and {len(names) - NAMES_SHOWN} more").in_(language)


def target_words(target: Target | None, language: Language) -> str:
    if target is None:
        return ""
    amount = f"{target.amount:g}" if target.amount < 1e6 else f"{target.amount:.0f}"
    per = ("全年", "a year") if target.per == "year" else ("每期", "each time")
    return Text(f"{per[0]}不少于{amount}{target.unit}", f"at least {amount} {target.unit} {per[1]}").in_(language)
