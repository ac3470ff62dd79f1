"""更新看板: the Prefect UI shows where every duty stands. The clock starts it every hour, each change at once, the officer at any time."""

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.forms import asked
from flows.refusals import failing_with_the_sentence
from tasks.board import OnTheBoard
from tasks.decisions import show_and_tell

Full = Annotated[
    bool, asked("全部核对", "与服务器逐项核对，补上被删掉的运行；不勾选只更新有变化的任务 (compare everything; else only what changed)")
]


@flow(flow_run_name="更新看板")
@failing_with_the_sentence
def update_board(full: Full = True) -> State[None]:
    """Bring the board up to date, with what was decided on it; who is concerned gets mail."""
    return Completed(message=summary(show_and_tell(full)))


def summary(done: OnTheBoard) -> str:
    """One sentence for the run's last state."""
    updated = done.updated
    counts = [
        ("落实界面决定", len(done.settled), "项"),
        ("新上看板", updated.created, "项"),
        ("更新", updated.changed, "项"),
        ("移出看板", updated.removed, "项"),
        ("标为非任务", updated.strangers, "条"),
        ("等待落实", updated.undecided, "项"),
    ]
    said = "，".join(f"{name}{count}{unit}" for name, count, unit in counts if count)
    return f"看板共{updated.shown}项任务；{said or '没有变化'}"
