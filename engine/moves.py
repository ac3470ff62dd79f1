"""How an assignment goes from one state to the next: one table, and one function that follows it.

In: ids, what is done about them, by whom and why. Out: what was moved, each with a row of its history in the same transaction.
"""

import enum
from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.history import IDS_A_QUERY, Change, record
from models import Assignment, AssignmentState
from office.text import Refused, Text


class Action(enum.StrEnum):
    """What can be done about an assignment; stands in its history."""

    ACKNOWLEDGE = "acknowledge"  # 签收
    REPORT = "report"  # 报送办理情况
    APPROVE = "approve"  # 审核通过
    RETURN = "return"  # 退回
    CLOSE = "close"  # 直接办结: the officer, without a report
    REOPEN = "reopen"  # 重新办理
    WITHDRAW = "withdraw"  # 撤销


_SENT, _ACKNOWLEDGED, _REPORTED = AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.REPORTED
_RETURNED, _CLOSED, _WITHDRAWN = AssignmentState.RETURNED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN

MOVES: Mapping[tuple[AssignmentState, Action], AssignmentState] = MappingProxyType(
    {
        (_SENT, Action.ACKNOWLEDGE): _ACKNOWLEDGED,
        (_SENT, Action.REPORT): _REPORTED,  # who reports has received it
        (_SENT, Action.CLOSE): _CLOSED,
        (_SENT, Action.WITHDRAW): _WITHDRAWN,
        (_ACKNOWLEDGED, Action.REPORT): _REPORTED,
        (_ACKNOWLEDGED, Action.CLOSE): _CLOSED,
        (_ACKNOWLEDGED, Action.WITHDRAW): _WITHDRAWN,
        (_REPORTED, Action.APPROVE): _CLOSED,
        (_REPORTED, Action.RETURN): _RETURNED,
        (_REPORTED, Action.WITHDRAW): _WITHDRAWN,
        (_RETURNED, Action.REPORT): _REPORTED,
        (_RETURNED, Action.CLOSE): _CLOSED,
        (_RETURNED, Action.WITHDRAW): _WITHDRAWN,
        (_CLOSED, Action.REOPEN): _RETURNED,
        (_WITHDRAWN, Action.REOPEN): _RETURNED,  # withdrawn by mistake; whether its item is withdrawn, `engine.deciding` asks
    }
)

OPEN = (_SENT, _ACKNOWLEDGED, _REPORTED, _RETURNED)  # a duty is still owed; a reported one may come back
ENDED = (_CLOSED, _WITHDRAWN)

STATE_WORDS = {
    _SENT: Text("待签收", "sent"),
    _ACKNOWLEDGED: Text("办理中", "in work"),
    _REPORTED: Text("待审核", "awaiting review"),
    _RETURNED: Text("退回重办", "returned"),
    _CLOSED: Text("已办结", "closed"),
    _WITHDRAWN: Text("已撤销", "withdrawn"),
}
ACTION_WORDS = {
    Action.ACKNOWLEDGE: Text("签收", "acknowledged"),
    Action.REPORT: Text("报送", "reported"),
    Action.APPROVE: Text("审核通过", "approved"),
    Action.RETURN: Text("退回", "returned"),
    Action.CLOSE: Text("直接办结", "closed without a report"),
    Action.REOPEN: Text("重新办理", "reopened"),
    Action.WITHDRAW: Text("撤销", "withdrawn"),
}

OFFICER = "计划员"  # 计划员（Prefect 界面） is the officer, too
BY_LENGTH = 50


def is_officer(by: str) -> bool:
    """Whether it was the planning officer who did something, wherever she did it."""
    return by == OFFICER or by.startswith(f"{OFFICER}（")


def states_before(action: Action) -> tuple[AssignmentState, ...]:
    """The states in which `action` can be taken."""
    return tuple(state for state, taken in MOVES if taken is action)


def held(session: Session, ids: Collection[int]) -> dict[int, AssignmentState]:
    """The states of these assignments, which nobody else changes until this transaction ends; ids that are none are missing.

    Everybody who decides about assignments holds them first, in the order of their ids: so two who decide at once come one after
    the other, and the second one sees what the first one did. SQLite has one writer at a time anyway.
    """
    states: dict[int, AssignmentState] = {}
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_A_QUERY):
        rows = session.execute(
            select(Assignment.id, Assignment.state)
            .where(Assignment.id.in_(ordered[start : start + IDS_A_QUERY]))
            .order_by(Assignment.id)
            .with_for_update()
        )
        states.update((assignment_id, state) for assignment_id, state in rows)
    return states


def held_one(session: Session, assignment_id: int) -> AssignmentState:
    """The state of one assignment, held like `held`; refuses an id that is none."""
    state = held(session, [assignment_id]).get(assignment_id)
    if state is None:
        raise Refused(Text(f"没有编号为 {assignment_id} 的任务", f"There is no assignment {assignment_id}"))
    return state


def move(
    session: Session, ids: Collection[int], action: Action, *, reason: str, by: str, now: datetime, done_on: date | None = None
) -> dict[int, AssignmentState]:
    """Take `action` on those of `ids` whose state allows it; the state that each of them had before, by id. Others stay as they are.

    `done_on`: the civil day on which it was done, for what closes. `by` has at most 50 characters. Rows that the session has
    loaded before are not refreshed.
    """
    if not by.strip() or len(by) > BY_LENGTH:
        raise Refused(Text(f"要写明由谁操作（至多{BY_LENGTH}字）", f"It has to be said who does it (at most {BY_LENGTH} characters)"))
    by_state: dict[AssignmentState, list[int]] = {}
    for assignment_id, state in held(session, ids).items():
        by_state.setdefault(state, []).append(assignment_id)
    moved: dict[int, AssignmentState] = {}
    changes: list[Change] = []
    for before, some in by_state.items():
        after = MOVES.get((before, action))
        if after is None:
            continue
        for start in range(0, len(some), IDS_A_QUERY):
            changed = session.scalars(
                update(Assignment)
                .where(Assignment.id.in_(some[start : start + IDS_A_QUERY]), Assignment.state == before)
                .values(state=after, done_on=done_on if after is _CLOSED else None, ended_at=now if after in ENDED else None)
                .returning(Assignment.id)
                .execution_options(synchronize_session=False)
            )
            for assignment_id in sorted(changed):
                moved[assignment_id] = before
                changes.append(Change(assignment_id, action.value, before.value, after.value, reason))
    record(session, changes, at=now, by=by)
    return moved
