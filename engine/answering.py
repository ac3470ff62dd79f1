"""Assignments as one person answers for them: their own, those they lead, and what they may do about each.

In: ids of people, and a moment. Out: plain rows that say how each assignment stands on that day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from engine.access import Visitor
from engine.completion import LIGHTS, Completion, Light, clock_due_on, completion
from engine.contacts import covering_leaders
from engine.granting import deciders, may_decide, open_request
from engine.moves import OPEN
from engine.policies import policy_book
from engine.reviewing import may_review
from engine.substitutes import on_behalf_of
from models import Assignment, AssignmentState, AssistingParty, Extension, Item, ResponsibilityList, Step
from notifications.sender import Sender

_ASSIGNMENT, _ITEM, _STEP = Assignment.__table__.c, Item.__table__.c, Step.__table__.c


class OwedDuty(NamedTuple):
    """One assignment as a list of them shows it. `clock_due_on` is the day that its clock runs to."""

    id: int
    state: AssignmentState
    step_id: int
    party: str
    unit_id: int | None
    person_id: int | None
    leader_id: int | None
    period: str
    due_on: date
    original_due_on: date | None
    make_up: bool
    done_on: date | None
    number: str
    content: str
    text: str
    clock_due_on: date
    completion: Completion

    @property
    def light(self) -> Light:
        return LIGHTS[self.completion]

    @property
    def title(self) -> str:
        return self.content or self.text


@dataclass(frozen=True, slots=True)
class Part:
    """What one visitor may do about one assignment; false where it is none of their business."""

    carries: bool = False
    on_behalf_of: str = ""  # whom the visitor stands in for, where it is not their own
    leads: bool = False
    reviews: bool = False  # may, where a report waits for it
    decides: bool = False  # may, where a request for more time waits for it

    def __bool__(self) -> bool:
        return self.carries or self.leads or self.reviews or self.decides


def own_duties(
    session: Session, people: Collection[int], *, year: int | None = None, open_only: bool = False, zone: ZoneInfo, now: datetime
) -> list[OwedDuty]:
    """What these people carry, the most urgent first. `year`: due in it. What was withdrawn is left out."""
    return _duties(session, Assignment.person_id.in_(people), year=year, open_only=open_only, zone=zone, now=now)


def led_duties(
    session: Session, person_id: int, *, year: int | None = None, open_only: bool = False, zone: ZoneInfo, now: datetime
) -> list[OwedDuty]:
    """What this person leads or covers as contact leader, and does not carry, the most urgent first."""
    covered = _covered(session, person_id, now.astimezone(zone).year)
    mine = or_(Assignment.leader_id == person_id, Assignment.unit_id.in_(covered) if covered else false())
    others = or_(Assignment.person_id != person_id, Assignment.person_id.is_(None))
    return _duties(session, and_(mine, others), year=year, open_only=open_only, zone=zone, now=now)


def all_duties(session: Session, state: AssignmentState, *, zone: ZoneInfo, now: datetime) -> list[OwedDuty]:
    """Every assignment of the office in one state, the most urgent first."""
    return _duties(session, Assignment.state == state, year=None, open_only=False, zone=zone, now=now)


class AssistedDuty(NamedTuple):
    """A duty of others in which somebody assists: for information, with its next open date."""

    content: str
    text: str
    due_on: date

    @property
    def title(self) -> str:
        return self.content or self.text


def assisted_duties(session: Session, people: Collection[int], *, zone: ZoneInfo, now: datetime) -> list[AssistedDuty]:
    """What these people assist in and what is still open of it, by its next date."""
    today = now.astimezone(zone).date()
    rows = session.execute(
        select(Item.content, Step.text, func.min(Assignment.due_on))
        .select_from(AssistingParty)
        .join(Step, Step.id == AssistingParty.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(Assignment, (Assignment.step_id == Step.id) & Assignment.state.in_(OPEN) & (Assignment.due_on >= today))
        .where(AssistingParty.person_id.in_(people))
        .group_by(Step.id, Item.id)
        .order_by(func.min(Assignment.due_on), Item.list_id, Item.position)
    )
    return [AssistedDuty._make(row) for row in rows]


def leads_others(session: Session, person_id: int, *, zone: ZoneInfo, now: datetime) -> bool:
    """Whether `led_duties` can have any."""
    if _covered(session, person_id, now.astimezone(zone).year):
        return True
    return session.scalar(select(Assignment.id).where(Assignment.leader_id == person_id).limit(1)) is not None


def units_seen(session: Session, person_id: int, *, year: int, zone: ZoneInfo, now: datetime) -> frozenset[int]:
    """The ids of the units whose activities of `year` this person sees: those whose duties of that year's lists they carry or lead,
    and the branches that they cover today.
    """
    own = session.scalars(
        select(Assignment.unit_id)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .where(
            or_(Assignment.person_id == person_id, Assignment.leader_id == person_id),
            Assignment.unit_id.is_not(None),
            Assignment.state != AssignmentState.WITHDRAWN,
            ResponsibilityList.year == year,
        )
        .distinct()
    )
    return _covered(session, person_id, now.astimezone(zone).year).union(unit_id for unit_id in own if unit_id is not None)


def part_in(session: Session, assignment_id: int, visitor: Visitor, *, sender: Sender, now: datetime) -> Part:
    """What this visitor may do about an assignment; nothing where there is none of that id."""
    row = session.execute(
        select(Assignment.leader_id, Assignment.unit_id, open_request()).where(Assignment.id == assignment_id)
    ).one_or_none()
    if row is None:
        return Part()
    today = now.astimezone(sender.zone).date()
    leader_id, unit_id, asked = row
    reviews = may_review(session, assignment_id, visitor.holder, sender=sender, on=today)
    decides = bool(asked) and may_decide(visitor.holder, deciders(session, assignment_id, on=today))
    if visitor.person_id is None:
        return Part(leads=True, reviews=reviews, decides=decides)
    whose = on_behalf_of(session, assignment_id, visitor.holder, on=today)
    return Part(
        carries=whose is not None,
        on_behalf_of="" if whose in (None, visitor.holder) else str(whose),
        leads=leader_id == visitor.person_id
        or unit_id in _covered(session, visitor.person_id, today.year)
        or _has_decided(session, assignment_id, visitor.holder),
        reviews=reviews,
        decides=decides,
    )


def _has_decided(session: Session, assignment_id: int, name: str) -> bool:
    """Whether somebody decided about more time for it: they may look at what came of it."""
    mine = select(Extension.id).where(Extension.assignment_id == assignment_id, Extension.decided_by == name)
    return session.scalar(mine.limit(1)) is not None


def _covered(session: Session, person_id: int, year: int) -> frozenset[int]:
    """The ids of the branches that this person covers."""
    return frozenset(branch for branch, leaders in covering_leaders(session, year).items() if person_id in leaders)


_COLUMNS = (
    *(_ASSIGNMENT.id, _ASSIGNMENT.state, _ASSIGNMENT.step_id, _ASSIGNMENT.party, _ASSIGNMENT.unit_id, _ASSIGNMENT.person_id),
    *(_ASSIGNMENT.leader_id, _ASSIGNMENT.period, _ASSIGNMENT.due_on, _ASSIGNMENT.original_due_on, _ASSIGNMENT.make_up),
    *(_ASSIGNMENT.done_on, _ITEM.number, _ITEM.content, _STEP.text, _ITEM.list_id, _ITEM.address),
)


def _duties(
    session: Session, whose: ColumnElement[bool], *, year: int | None, open_only: bool, zone: ZoneInfo, now: datetime
) -> list[OwedDuty]:
    """Of the tables and not of the mapped classes: a page of three hundred rows takes half the time."""
    rows = session.connection().execute(
        select(*_COLUMNS)
        .join_from(Assignment.__table__, Step.__table__, _STEP.id == _ASSIGNMENT.step_id)
        .join(Item.__table__, _ITEM.id == _STEP.item_id)
        .where(
            whose,
            _ASSIGNMENT.state.in_(OPEN) if open_only else _ASSIGNMENT.state != AssignmentState.WITHDRAWN,
            _ASSIGNMENT.due_on.between(date(year, 1, 1), date(year, 12, 31)) if year is not None else true(),
        )
        .order_by(_ASSIGNMENT.due_on, _ITEM.list_id, _ITEM.position, _ASSIGNMENT.id)
    )
    today, issued_on = now.astimezone(zone).date(), _issued_on(session, zone)
    book = policy_book(session, today)
    found = []
    for row in rows:
        *shown, list_id, address = row
        state, due_on, make_up, done_on, number = shown[1], shown[8], shown[10], shown[11], shown[12]
        clock = clock_due_on(due_on, make_up=make_up, issued_on=issued_on[list_id])
        warning_days = book.rules(list_id, number, address).warning_days
        stands = completion(state, clock_due_on=clock, done_on=done_on, today=today, warning_days=warning_days)
        found.append(OwedDuty._make((*shown, clock, stands)))
    return sorted(found, key=attrgetter("clock_due_on"))  # stable: equal ones keep the order of the list


def _issued_on(session: Session, zone: ZoneInfo) -> dict[int, date]:
    """The day on which each list was issued; an office has few of them."""
    rows = session.execute(select(ResponsibilityList.id, ResponsibilityList.issued_at))
    return {list_id: issued_at.astimezone(zone).date() for list_id, issued_at in rows}
