"""What a task does when something is refused: it tries again where that may help, and says one sentence, no traceback."""

import logging
from typing import Any

from prefect.client.schemas.objects import State

from office.text import Refused, Unavailable

PAUSES: list[float] = [2, 10, 30]  # seconds between attempts, while another program holds the database


def may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether trying again may help: a busy database frees itself; other refusals and the program's mistakes stay."""
    return isinstance(state.data, Unavailable)


class WithoutTraceback(logging.Filter):
    """Lets the log of a run say a refusal as its sentence; a mistake of the program keeps its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], Refused):
            record.msg, record.args, record.exc_info = record.exc_info[1].in_("zh"), None, None
        return True


for _runs in ("prefect.task_runs", "prefect.flow_runs"):
    logging.getLogger(_runs).addFilter(WithoutTraceback())
