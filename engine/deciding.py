"""What the officer decides by hand in the Prefect UI, as the office means it.

In: the state that was set by hand, with its message as the reason. Out: a `Decision`; what the rules forbid does not count and
`said` tells why, so that it can be put back.
"""

import enum
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.moves import OPEN, STATE_WORDS, Action, held_one
from engine.reviewing import Decision, decided, review
from models import Assignment, AssignmentState, Item, Step, Verdict
from notifications.sender import Sender
from office.text import Text, plain


class ByHand(enum.StrEnum):
    """A state that the officer sets by hand."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


# What it means for an assignment in each state; what is not here is forbidden.
MEANINGS: Mapping[tuple[AssignmentState, ByHand], Action] = MappingProxyType(
    {
        (AssignmentState.SENT, ByHand.COMPLETED): Action.CLOSE,
        (AssignmentState.ACKNOWLEDGED, ByHand.COMPLETED): Action.CLOSE,
        (AssignmentState.RETURNED, ByHand.COMPLETED): Action.CLOSE,
        (AssignmentState.REPORTED, ByHand.COMPLETED): Action.APPROVE,
        (AssignmentState.REPORTED, ByHand.FAILED): Action.RETURN,
        (AssignmentState.CLOSED, ByHand.FAILED): Action.REOPEN,
        (AssignmentState.WITHDRAWN, ByHand.FAILED): Action.REOPEN,
        **{(state, ByHand.CANCELLED): Action.WITHDRAW for state in OPEN},
    }
)
_VERDICTS = {Action.APPROVE: Verdict.APPROVED, Action.RETURN: Verdict.RETURNED}
_NEEDS_A_REASON = (Action.RETURN, Action.REOPEN)


def decide_by_hand(
    session: Session, assignment_id: int, decision: ByHand, *, reason: str, by: str, sender: Sender, now: datetime
) -> Decision:
    """Take what was set by hand as the officer's decision; the assignee is told by mail. Refuses an id that is no assignment."""
    words = plain(reason)
    state = held_one(session, assignment_id)
    action = MEANINGS.get((state, decision))
    if action is None:
        return Decision(False, _forbidden(state, decision))
    if state is AssignmentState.WITHDRAWN and _item_is_withdrawn(session, assignment_id):
        return Decision(False, Text("所属事项已整项撤销，不能再办理", "Its item is withdrawn as a whole, which is final"))
    if action in _NEEDS_A_REASON and not words:
        what = ("退回", "To return a report") if action is Action.RETURN else ("重新办理", "To reopen an assignment")
        return Decision(False, Text(f"{what[0]}要在说明中写明原因", f"{what[1]} takes a reason: write it as the message"))
    if action in _VERDICTS:
        return review(session, assignment_id, number=None, verdict=_VERDICTS[action], comment=words, by=by, sender=sender, now=now)
    today = now.astimezone(sender.zone).date()
    return decided(session, assignment_id, action, reason=words, by=by, done_on=today, sender=sender, now=now)


def _item_is_withdrawn(session: Session, assignment_id: int) -> bool:
    item = select(Item.withdrawn_at).join(Step, Step.item_id == Item.id).join(Assignment, Assignment.step_id == Step.id)
    return session.scalar(item.where(Assignment.id == assignment_id)) is not None


def _forbidden(state: AssignmentState, decision: ByHand) -> Text:
    stands = STATE_WORDS[state]
    if state is AssignmentState.WITHDRAWN:
        return Text(
            "任务已撤销；要继续办理，请改为 Failed 并写明原因", "The assignment is withdrawn; Failed with a reason makes it owed again"
        )
    if state is AssignmentState.CLOSED and decision is ByHand.COMPLETED:
        return Text("任务已经办结", "The assignment is closed already")
    if state is AssignmentState.CLOSED:
        return Text("任务已经办结，不能撤销", "The assignment is closed and cannot be withdrawn")
    return Text(
        f"任务{stands.zh}，是否逾期只由到期日决定，不能手工设为失败",
        f"The assignment is {stands.en}: only its due date makes it overdue",
    )
