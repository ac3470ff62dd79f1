"""Notices and what is wrong with them, as an officer reads it."""

from collections.abc import Sequence
from datetime import date

from audit.schedule import ACKNOWLEDGEMENT, LEVEL, NOTE, REVIEW, WARNING, Key
from models import AssignmentState
from office.policy import LEVEL_WORDS, Level
from office.text import Text

DAYS_SHOWN = 8
STATE_WORDS = {
    AssignmentState.SENT: Text("待签收", "sent"),
    AssignmentState.ACKNOWLEDGED: Text("办理中", "in work"),
    AssignmentState.REPORTED: Text("待审核", "awaiting review"),
    AssignmentState.RETURNED: Text("退回重办", "returned"),
    AssignmentState.CLOSED: Text("已办结", "closed"),
    AssignmentState.WITHDRAWN: Text("已撤销", "withdrawn"),
}


def stage_words(key: Key) -> Text:
    """What the ledger calls `level contact_leader`; what it should not know stays as it is written."""
    kind, _, which = key.stage.partition(" ")
    level = LEVEL_WORDS[Level[which.upper()]] if which.upper() in Level.__members__ else None
    if kind == LEVEL and level is not None:
        unread = key.clock == ACKNOWLEDGEMENT
        zh, en = ("未签收告知", "not acknowledged: ") if unread else ("逾期告知", "overdue: ")
        return Text(f"{zh}{level.zh}", f"{en}{level.en}")
    if kind == NOTE and level is not None:
        return Text(f"将报{level.zh}的预告", f"note before it goes to the {level.en}")
    if kind == WARNING:
        return Text(f"到期前第{which}个工作日的预警", f"warning {which} working days before")
    if kind == REVIEW:
        return Text(f"报送后第{which}个工作日的审核提醒", f"review reminder {which} working days after")
    return Text(key.stage, key.stage)


def listed(days: Sequence[date]) -> Text:
    shown = [f"{day}" for day in days[:DAYS_SHOWN]]
    more = len(days) > DAYS_SHOWN
    return Text("、".join(shown) + ("等" if more else ""), ", ".join(shown) + (", …" if more else ""))
