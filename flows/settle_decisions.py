"""落实界面决定: what somebody decided on the board counts, the board shows it, and who is concerned gets mail.

An automation starts it within seconds of each click that changes the state of a run on the board (prefect.yaml), the officer at
any time. It settles everything that waits, whatever it was started for.
"""

from collections.abc import Sequence
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from board.deciding import Settled
from flows.forms import asked
from flows.refusals import failing_with_the_sentence
from tasks.decisions import deliver_due, looks, show_and_tell, take_over_waiting_runs

LookAgain = Annotated[bool, asked("几秒后再看一遍", "自动运行时勾选：几秒之内的多次点击由这一次运行全部落实；手动运行不用勾选")]


@flow(flow_run_name="落实界面决定")
@failing_with_the_sentence
def settle_decisions(look_again: LookAgain = False) -> State[None]:
    """Settle, show, tell."""
    take_over_waiting_runs()
    settled = [each for _ in looks(look_again) for each in show_and_tell(full=False).settled]
    deliver_due()  # also about what another run settled meanwhile: that of the clock, or one after a change
    return Completed(message=summary(settled))


def summary(settled: Sequence[Settled]) -> str:
    """One sentence for the run's last state."""
    counted = sum(each.counted for each in settled)
    parts = [f"{counted}项决定已落实"] if counted else []
    parts += [f"{len(settled) - counted}项没有计入"] if counted < len(settled) else []
    return "，".join(parts) or "没有新的决定"
