"""What a day's follow-up calls for: notices with whom they reach, and the duties that they are about.

In: ids of assignments. Out: `DutyRow` values; what the other modules of the follow-up pass on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from engine.clocks import Stage
from engine.completion import LIGHTS, Completion, Light, clock_due_on, completion
from engine.escalation import Reached, Whose
from engine.history import IDS_A_QUERY
from engine.moves import OFFICER
from engine.policies import PolicyBook
from models import Assignment, AssignmentState, Item, Person, ResponsibilityList, Step, Unit
from notifications.sender import Sender
from office.policy import Colour, Policy
from office.text import Text


class DutyRow(NamedTuple):
    """One assignment as a digest shows it."""

    id: int
    state: AssignmentState
    due_on: date
    make_up: bool
    period: str
    party: str
    unit_id: int | None
    person_id: int | None
    list_id: int
    year: int
    issued_at: datetime
    number: str
    address: str
    content: str
    text: str
    unit: str | None
    person: str | None
    leader: str | None

    @property
    def whose(self) -> Whose:
        """Whom the way up begins with."""
        return Whose(self.person or "", self.leader or "", self.unit or "")


class Call(NamedTuple):
    """One notice that is told today, and whom it reaches."""

    row: DutyRow
    stage: Stage
    colour: Colour
    reached: Reached
    copy: tuple[str, ...] = ()  # the assignee, of what goes up
    goes_up_to: Reached | None = None  # of a note
    made_up_of: date | None = None  # the day on which it should have been said, and nobody looked

    @property
    def readers(self) -> frozenset[str]:
        """The planning officer where nobody is left, whoever has a copy."""
        return frozenset((*(self.reached.people or (OFFICER,)), *self.copy))


class RedDuty(NamedTuple):
    """One duty of a red notice: how many working days it is over, and whom it went up to."""

    row: DutyRow
    workdays_over: int
    gone_up_to: Text


class RedNotice(NamedTuple):
    """红色督办单 of one reader and day; `number` is the office's."""

    number: str
    on: date
    sender: Sender
    duties: tuple[RedDuty, ...]


Word = Callable[[RedNotice], bytes]


@dataclass(frozen=True, slots=True)
class DigestDay:
    """What all digests of a day have in common."""

    on: date
    policy: Policy
    book: PolicyBook
    word: Word | None
    sender: Sender
    now: datetime

    def clock(self, row: DutyRow) -> date:
        """The day that the clock of a duty runs to."""
        return clock_due_on(row.due_on, make_up=row.make_up, issued_on=row.issued_at.astimezone(self.sender.zone).date())

    def completion(self, row: DutyRow) -> Completion:
        days = self.book.rules(row.list_id, row.number, row.address).warning_days
        return completion(row.state, clock_due_on=self.clock(row), done_on=None, today=self.on, warning_days=days)

    def light(self, row: DutyRow) -> Light:
        return LIGHTS[self.completion(row)]


def duty_rows(session: Session, ids: Sequence[int]) -> list[DutyRow]:
    """The rows of these assignments, by their ids."""
    found: list[DutyRow] = []
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_A_QUERY):
        found += rows_where(session, Assignment.id.in_(ordered[start : start + IDS_A_QUERY]))
    return found


def rows_where(session: Session, *wanted: ColumnElement[bool]) -> list[DutyRow]:
    """The rows of the assignments for which all of `wanted` holds, by their ids."""
    carrier, leader = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            *(Assignment.id, Assignment.state, Assignment.due_on, Assignment.make_up, Assignment.period, Assignment.party),
            *(Assignment.unit_id, Assignment.person_id, Item.list_id, ResponsibilityList.year, ResponsibilityList.issued_at),
            *(Item.number, Item.address, Item.content, Step.text, Unit.name, carrier.name, leader.name),
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(carrier, (carrier.id == Assignment.person_id) & carrier.left_on.is_(None))
        .outerjoin(leader, (leader.id == Assignment.leader_id) & leader.left_on.is_(None))
        .where(*wanted)
        .order_by(Assignment.id)
    )
    return [DutyRow._make(row) for row in rows]
