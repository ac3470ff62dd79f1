"""How the clocks of stored assignments run: the days on which they were sent, returned and reported, from their histories.

In: a session and ids. Out: `Running` values, in two queries a batch.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clocks import Running
from engine.completion import clock_due_on
from engine.history import HAND_OVER, IDS_A_QUERY, ISSUE
from engine.moves import Action
from models import Assignment, AssignmentEvent, AssignmentState, Item, ResponsibilityList, Step
from office.workdays import workdays_between

_SENT = (ISSUE, HAND_OVER)
_RETURNED = (Action.RETURN.value, Action.REOPEN.value)
_REPORTED = (Action.REPORT.value,)
_STOPPED = (*_REPORTED, Action.CLOSE.value, Action.WITHDRAW.value)  # the clock of completion stands still until it comes back


def running_of(session: Session, ids: Sequence[int], *, zone: ZoneInfo) -> dict[int, Running]:
    """How these assignments run, by id."""
    found: dict[int, Running] = {}
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_A_QUERY):
        found.update(_running_of(session, ordered[start : start + IDS_A_QUERY], zone))
    return found


def _running_of(session: Session, ids: Sequence[int], zone: ZoneInfo) -> Iterator[tuple[int, Running]]:
    happened = _happened(session, ids, zone)
    rows = session.execute(
        select(Assignment.id, Assignment.state, Assignment.due_on, Assignment.make_up, ResponsibilityList.issued_at)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .where(Assignment.id.in_(ids))
    )
    for assignment_id, state, due_on, make_up, issued_at in rows:
        listed_on = issued_at.astimezone(zone).date()
        clock = clock_due_on(due_on, make_up=make_up, issued_on=listed_on)
        days = happened.get(assignment_id, [])
        issued_on = next((on for action, on in days if action == ISSUE), listed_on)
        sent_on = _last(days, _SENT) or issued_on
        yield (
            assignment_id,
            Running(
                state=state,
                clock_due_on=clock,
                sent_on=sent_on,
                issued_on=issued_on if issued_on != sent_on else None,
                returned_on=_last(days, _RETURNED) if state is AssignmentState.RETURNED else None,
                reported_on=_last(days, _REPORTED) if state is AssignmentState.REPORTED else None,
                waited=_waited(days, clock),
            ),
        )


def _happened(session: Session, ids: Sequence[int], zone: ZoneInfo) -> dict[int, list[tuple[str, date]]]:
    """By assignment, what was done about it that its clocks go by, and on which civil day; in its order."""
    event = AssignmentEvent
    rows = session.execute(
        select(event.assignment_id, event.action, event.at)
        .where(event.assignment_id.in_(ids), event.action.in_((*_SENT, *_RETURNED, *_STOPPED)))
        .order_by(event.assignment_id, event.position)
    )
    happened: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for assignment_id, action, at in rows:
        happened[assignment_id].append((action, at.astimezone(zone).date()))
    return happened


def _last(days: Sequence[tuple[str, date]], actions: tuple[str, ...]) -> date | None:
    return next((on for action, on in reversed(days) if action in actions), None)


def _waited(days: Sequence[tuple[str, date]], due_on: date) -> int:
    """Working days after the due date on which it was with the reviewer or ended: from the day after that to the day on which it came
    back.
    """
    waited, stopped_on = 0, None
    for action, on in days:
        if action in _STOPPED:
            stopped_on = stopped_on or on
        elif action in _RETURNED and stopped_on is not None:
            waited += workdays_between(max(stopped_on, due_on), on)
            stopped_on = None
    return waited
