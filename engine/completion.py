"""What the day adds to a state: near its date, overdue, done in time or late. Pure.

In: the state of an assignment, the date that its clock runs to, and a civil day. Out: how it stands on that day, and when it
will look different though nothing is done.
"""

import enum
from collections.abc import Iterable
from datetime import date, timedelta

from models import AssignmentState
from office.text import Text
from office.workdays import workdays_before


class Completion(enum.StrEnum):
    """How an assignment stands on a day, as the office says it."""

    WITHDRAWN = "withdrawn"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    REPORTED = "reported"
    OVERDUE = "overdue"
    RETURNED = "returned"
    DUE_SOON = "due_soon"
    ACKNOWLEDGED = "acknowledged"
    SENT = "sent"


COMPLETION_WORDS = {
    Completion.WITHDRAWN: Text("已撤销", "withdrawn"),
    Completion.DONE_IN_TIME: Text("按期办结", "done in time"),
    Completion.DONE_LATE: Text("逾期办结", "done late"),
    Completion.REPORTED: Text("待审核", "awaiting review"),
    Completion.OVERDUE: Text("逾期", "overdue"),
    Completion.RETURNED: Text("退回重办", "returned"),
    Completion.DUE_SOON: Text("临期", "due soon"),
    Completion.ACKNOWLEDGED: Text("办理中", "in work"),
    Completion.SENT: Text("待签收", "sent"),
}


class Light(enum.StrEnum):
    """红黄绿灯: how urgent an assignment is, or many are; the most urgent first. Nothing is owed where a light is off."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    OFF = "off"


LIGHTS = {
    Completion.WITHDRAWN: Light.OFF,
    Completion.DONE_IN_TIME: Light.OFF,
    Completion.DONE_LATE: Light.OFF,
    Completion.REPORTED: Light.GREEN,
    Completion.OVERDUE: Light.RED,
    Completion.RETURNED: Light.YELLOW,
    Completion.DUE_SOON: Light.YELLOW,
    Completion.ACKNOWLEDGED: Light.GREEN,
    Completion.SENT: Light.GREEN,
}
LIGHT_WORDS = {
    Light.RED: Text("红灯", "red"),
    Light.YELLOW: Text("黄灯", "yellow"),
    Light.GREEN: Text("绿灯", "green"),
    Light.OFF: Text("无灯", "off"),
}
LIGHT_SIGNS = {
    Light.RED: "🔴",
    Light.YELLOW: "🟡",
    Light.GREEN: "🟢",
    Light.OFF: "⚪",
}  # with a word beside it: not everybody tells them apart
LIGHT_MEANINGS = {  # of many
    Light.RED: Text("有逾期", "something is overdue"),
    Light.YELLOW: Text("有临期或退回重办", "something is due soon or was returned"),
    Light.GREEN: Text("有未办结，都未到临期", "something is open, and none of it is due soon"),
    Light.OFF: Text("没有未办结", "nothing is open"),
}
_BY_URGENCY = tuple(Light)
_CLOCK_STOPS = (AssignmentState.REPORTED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN)


def light_of(stands: Iterable[Completion]) -> Light:
    """红黄绿灯 of many, of a person, a branch, a list: that of the most urgent of them."""
    return min((LIGHTS[each] for each in stands), key=_BY_URGENCY.index, default=Light.OFF)


def clock_due_on(due_on: date, *, make_up: bool, issued_on: date) -> date:
    """The day that the clock of an assignment runs to: a duty to be made up (补办) keeps its date, but has until the day of issue.

    `issued_on`: the civil day on which its list was issued.
    """
    return max(due_on, issued_on) if make_up else due_on


def completion(state: AssignmentState, *, clock_due_on: date, done_on: date | None, today: date, warning_days: int) -> Completion:
    """How an assignment stands on the civil day `today`. What was reported in time stays 待审核, however long the review takes.

    `done_on` is that of a closed one. `warning_days` are the working days before the due date from which it counts as 临期, as the policy
    of its list says (`office.policy.Rules.warning_days`); 0: it never does.
    """
    if state is AssignmentState.WITHDRAWN:
        return Completion.WITHDRAWN
    if state is AssignmentState.CLOSED:
        return Completion.DONE_IN_TIME if done_on is not None and done_on <= clock_due_on else Completion.DONE_LATE
    if state is AssignmentState.REPORTED:
        return Completion.REPORTED
    if today > clock_due_on:
        return Completion.OVERDUE
    if state is AssignmentState.RETURNED:
        return Completion.RETURNED
    if warning_days and today >= workdays_before(clock_due_on, warning_days):
        return Completion.DUE_SOON
    return Completion.ACKNOWLEDGED if state is AssignmentState.ACKNOWLEDGED else Completion.SENT


def turns_on(state: AssignmentState, *, clock_due_on: date, today: date, warning_days: int) -> date | None:
    """The next civil day after `today` on which it stands differently though nothing is done about it; None: never."""
    if state in _CLOCK_STOPS or today > clock_due_on:
        return None
    if warning_days and state is not AssignmentState.RETURNED and today < (warns_on := workdays_before(clock_due_on, warning_days)):
        return warns_on
    return clock_due_on + timedelta(days=1)
