"""台账: what was reported about one kind of activity in a year, a row an assignment, with the counts added up.

In: an activity, the year of the lists, and the units that somebody may see. Out: plain rows with their totals.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session

from engine.activities import ACTIVITIES, Activity, Field, activity_of
from models import Assignment, AssignmentState, Item, Person, Report, ResponsibilityList, Step, Unit, Verdict

_STANDS = (AssignmentState.REPORTED, AssignmentState.CLOSED)  # one that was approved and opened again is to be done anew


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One activity as its latest report tells it; empty where nothing was entered."""

    party: str
    person: str  # who carries the duty today
    reported_by: str
    period: str
    held_on: date | None
    entries: Mapping[str, str | int]  # of the activity's fields only, by their keys
    text: str
    approved: bool  # else it waits for its review


@dataclass(frozen=True, slots=True)
class Ledger:
    """One activity in a year: its rows by party and date, and how many of the assignments that are `due` have been reported."""

    activity: Activity
    year: int
    due: int  # in the whole year, without what was withdrawn
    rows: tuple[LedgerRow, ...]

    @property
    def reported(self) -> int:
        return len(self.rows)

    @property
    def totals(self) -> dict[str, int]:
        """The sums of the count fields, by their keys."""
        return {
            field.key: sum(count for row in self.rows if isinstance(count := row.entries.get(field.key), int))
            for field in self.activity.fields
            if field.kind == "count"
        }


def ledger(session: Session, activity: Activity, year: int, *, units: Collection[int] | None) -> Ledger:
    """The ledger of one activity in the lists of `year`, of assignments of these units (None: all of the office)."""
    steps = _steps(session, year).get(activity.key, ())
    return _ledger(session, activity, year, steps, units)


def ledgers(session: Session, year: int, *, units: Collection[int] | None) -> tuple[Ledger, ...]:
    """The ledgers of those activities about which these units owe anything in `year`, in the order of `ACTIVITIES`."""
    by_activity = _steps(session, year)
    found = (_ledger(session, activity, year, by_activity[activity.key], units) for activity in ACTIVITIES if activity.key in by_activity)
    return tuple(one for one in found if one.due)


def _steps(session: Session, year: int) -> dict[str, list[int]]:
    """The steps of the year's lists that hold an activity, by its key. A list has hundreds of steps at most: their words are read here."""
    rows = session.execute(
        select(Step.id, Item.content, Step.text)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .where(ResponsibilityList.year == year)
        .order_by(Step.id)
    )
    found: dict[str, list[int]] = {}
    for step_id, content, text in rows:
        if (activity := activity_of(content, text)) is not None:
            found.setdefault(activity.key, []).append(step_id)
    return found


def _ledger(session: Session, activity: Activity, year: int, steps: Sequence[int], units: Collection[int] | None) -> Ledger:
    owed = (
        Assignment.step_id.in_(steps),
        Assignment.state != AssignmentState.WITHDRAWN,
        Assignment.unit_id.in_(units) if units is not None else true(),
    )
    due = session.scalar(select(func.count(Assignment.id)).where(*owed)) or 0
    last_number = select(func.max(Report.number)).where(Report.assignment_id == Assignment.id).correlate(Assignment).scalar_subquery()
    rows = session.execute(
        select(
            *(Assignment.party, Person.name, Report.reported_by, Assignment.period),
            *(Report.held_on, Report.entries, Report.text, Report.verdict),
        )
        .join_from(Assignment, Report, (Report.assignment_id == Assignment.id) & (Report.number == last_number))
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(*owed, Assignment.state.in_(_STANDS), or_(Report.verdict.is_(None), Report.verdict != Verdict.RETURNED))
        .order_by(func.coalesce(Unit.position, 0), Assignment.party, func.coalesce(Report.held_on, Assignment.due_on), Assignment.id)
    )
    return Ledger(
        activity,
        year,
        due,
        tuple(
            LedgerRow(party, person or "", by, period, held_on, _fitting(activity.fields, entries), text, verdict is Verdict.APPROVED)
            for party, person, by, period, held_on, entries, text, verdict in rows
        ),
    )


def _fitting(fields: Sequence[Field], entries: Mapping[str, str | int]) -> dict[str, str | int]:
    return {field.key: entries[field.key] for field in fields if field.key in entries}
