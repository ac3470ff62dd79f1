"""What there is: lists, items, people, assignments and mails by their state, and open questions."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.completion import Completion, clock_due_on, completion
from engine.lights import Lit, lights_of
from engine.policies import policy_book
from intake.values import UnitRow
from models import Assignment, Base, Item, ListQuestion, Message, Person, ResponsibilityList, Step, Unit


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of rows; `assignments` and `mails` by the value of their state, `standing` by that of the completion, which says what
    the day adds to the state. Values that occur only.
    """

    lists: int
    items: int
    people: int
    assignments: dict[str, int]
    standing: dict[str, int]
    mails: dict[str, int]
    questions: int
    lights: tuple[Lit, ...] = ()  # of branches and other units; those that are on

    def as_json(self) -> dict[str, Any]:
        return {
            "lists": self.lists,
            "items": self.items,
            "people": self.people,
            "assignments": self.assignments,
            "standing": self.standing,
            "mails": self.mails,
            "questions": self.questions,
            "lights": {lit.light.value: {"branches": list(lit.branches), "units": list(lit.others)} for lit in self.lights},
        }


def status(session: Session, *, zone: ZoneInfo, now: datetime) -> Status:
    """Count everything, of all years; how assignments stand on the civil day of `now` in `zone`."""

    def count(table: type[Base]) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    assignments = session.execute(select(Assignment.state, func.count()).group_by(Assignment.state))
    counts, by_unit = _standing(session, zone, now)
    units = session.execute(select(Unit.id, Unit.name, Unit.kind).order_by(Unit.position, Unit.id))
    mails = session.execute(select(Message.state, func.count()).group_by(Message.state))
    return Status(
        lists=count(ResponsibilityList),
        items=count(Item),
        people=count(Person),
        assignments={state.value: number for state, number in assignments},
        standing=counts,
        mails={state.value: number for state, number in mails},
        questions=count(ListQuestion),
        lights=lights_of({unit_id: UnitRow(name, kind) for unit_id, name, kind in units}, by_unit),
    )


def _standing(session: Session, zone: ZoneInfo, now: datetime) -> tuple[dict[str, int], dict[int, set[Completion]]]:
    """How many stand how; and which ways to stand occur in each unit, by its id."""
    today = now.astimezone(zone).date()
    book = policy_book(session, today)
    alike = (
        *(Item.list_id, Item.number, Item.address, ResponsibilityList.issued_at),
        *(Assignment.unit_id, Assignment.state, Assignment.due_on, Assignment.make_up, Assignment.done_on),
    )
    rows = session.execute(
        select(*alike, func.count())
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .group_by(*alike)
    )
    counts: Counter[Completion] = Counter()
    by_unit: dict[int, set[Completion]] = defaultdict(set)
    for list_id, number, address, issued_at, unit_id, state, due_on, make_up, done_on, assignments in rows:
        clock = clock_due_on(due_on, make_up=make_up, issued_on=issued_at.astimezone(zone).date())
        warning_days = book.rules(list_id, number, address).warning_days
        stands = completion(state, clock_due_on=clock, done_on=done_on, today=today, warning_days=warning_days)
        counts[stands] += assignments
        if unit_id is not None:
            by_unit[unit_id].add(stands)
    return {one.value: counts[one] for one in Completion if counts[one]}, by_unit
