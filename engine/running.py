"""How the clocks of stored assignments run: the days on which they were sent, returned and reported, from their histories.

In: a session and ids. Out: `Running` values, in two queries a batch.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.clocks import Running
from engine.completion import clock_due_on
from engine.history import HAND_OVER, IDS_A_QUERY, ISSUE
from engine.moves import Action
from models import Assignment, AssignmentEvent, AssignmentState, Item, ResponsibilityList, Step

_SENT = (ISSUE, HAND_OVER)
_RETURNED = (Action.RETURN.value, Action.REOPEN.value)
_REPORTED = (Action.REPORT.value,)


def running_of(session: Session, ids: Sequence[int], *, zone: ZoneInfo) -> dict[int, Running]:
    """How these assignments run, by id."""
    found: dict[int, Running] = {}
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_A_QUERY):
        found.update(_running_of(session, ordered[start : start + IDS_A_QUERY], zone))
    return found


def _running_of(session: Session, ids: Sequence[int], zone: ZoneInfo) -> Iterator[tuple[int, Running]]:
    last = _last_days(session, ids, zone)
    rows = session.execute(
        select(Assignment.id, Assignment.state, Assignment.due_on, Assignment.make_up, ResponsibilityList.issued_at)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .where(Assignment.id.in_(ids))
    )
    for assignment_id, state, due_on, make_up, issued_at in rows:
        issued_on = issued_at.astimezone(zone).date()
        days = last[assignment_id]
        yield (
            assignment_id,
            Running(
                state=state,
                clock_due_on=clock_due_on(due_on, make_up=make_up, issued_on=issued_on),
                sent_on=_latest(days, _SENT) or issued_on,
                returned_on=_latest(days, _RETURNED) if state is AssignmentState.RETURNED else None,
                reported_on=_latest(days, _REPORTED) if state is AssignmentState.REPORTED else None,
            ),
        )


def _last_days(session: Session, ids: Sequence[int], zone: ZoneInfo) -> dict[int, dict[str, date]]:
    """By assignment and action, the civil day on which it was last done."""
    last: dict[int, dict[str, date]] = defaultdict(dict)
    rows = session.execute(
        select(AssignmentEvent.assignment_id, AssignmentEvent.action, func.max(AssignmentEvent.at, type_=AssignmentEvent.at.type))
        .where(AssignmentEvent.assignment_id.in_(ids), AssignmentEvent.action.in_((*_SENT, *_RETURNED, *_REPORTED)))
        .group_by(AssignmentEvent.assignment_id, AssignmentEvent.action)
    )
    for assignment_id, action, at in rows:
        last[assignment_id][action] = at.astimezone(zone).date()
    return last


def _latest(days: dict[str, date], actions: tuple[str, ...]) -> date | None:
    return max((days[action] for action in actions if action in days), default=None)
