"""Whether what somebody decides about has changed since they looked at it.

In: an assignment, and the version of it that was on view. Out: what was decided or reported in between, or None.
"""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.moves import ACTION_WORDS, Action
from models import AssignmentEvent
from office.text import Text

_CHANGES_WHAT_IS_DECIDED = tuple(action for action in Action if action is not Action.ACKNOWLEDGE)


def changed_since(session: Session, assignment_id: int, version: int, *, zone: ZoneInfo) -> Text | None:
    """Who did what to an assignment after its history had `version` rows, as the reason why a decision on that view does not count.

    None where nothing happened that matters to one who decides: a duty that was acknowledged or handed over stays the same duty.
    """
    last = session.execute(
        select(AssignmentEvent.action, AssignmentEvent.by, AssignmentEvent.at)
        .where(
            AssignmentEvent.assignment_id == assignment_id,
            AssignmentEvent.position > version,
            AssignmentEvent.action.in_(_CHANGES_WHAT_IS_DECIDED),
        )
        .order_by(AssignmentEvent.position.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return None
    when, done = f"{last.at.astimezone(zone):%Y-%m-%d %H:%M}", ACTION_WORDS[Action(last.action)]
    return Text(
        f"{last.by}已于{when}{done.zh}，界面当时还没有更新，这次决定没有计入",
        f"{last.by} {done.en} it at {when}, which the board did not show yet; this decision does not count",
    )
