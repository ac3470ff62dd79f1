"""How an assignment stands, as a state of its flow run: Prefect's type gives the colour, the name is the office's word.

The names collide with none of Prefect's, so its services leave these runs alone (a run is marked late only where its state is
named Scheduled), and a state that bears another name was set by somebody else.
"""

from collections.abc import Mapping
from types import MappingProxyType

from board.values import State
from engine.completion import COMPLETION_WORDS, Completion

KINDS: Mapping[Completion, str] = MappingProxyType(
    {
        Completion.SENT: "SCHEDULED",
        Completion.ACKNOWLEDGED: "RUNNING",
        Completion.DUE_SOON: "PENDING",
        Completion.REPORTED: "PAUSED",
        Completion.RETURNED: "RUNNING",
        Completion.OVERDUE: "FAILED",
        Completion.DONE_IN_TIME: "COMPLETED",
        Completion.DONE_LATE: "COMPLETED",
        Completion.WITHDRAWN: "CANCELLED",
    }
)
NOT_A_DUTY = State("CANCELLED", "非任务", "这条运行不代表任何任务，看板不予统计")  # a run that somebody started by hand
OUR_NAMES = frozenset({COMPLETION_WORDS[how].zh for how in Completion} | {NOT_A_DUTY.name})


def state_of(how: Completion, message: str = "") -> State:
    """The state that shows `how`; of a 待审核 it lacks the form, of a 待签收 the time it is scheduled for."""
    return State(KINDS[how], COMPLETION_WORDS[how].zh, message)
