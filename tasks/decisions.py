"""Settling what was clicked on the board: one run of the flow for all the clicks of a moment."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from prefect import get_run_logger, runtime, task

from board.deciding import Settled
from board.server import Server, connect
from board.states import OUR_NAMES
from board.values import DEPLOYMENT, FLOW
from office.text import Unavailable
from tasks.board import OnTheBoard, bring_up_to_date
from tasks.environment import real_now
from tasks.mail import batches_due, deliver_batch
from tasks.refusals import PAUSES, may_pass

ONE_RUN_FOR = timedelta(seconds=5)  # the automation starts one run for the clicks of so long: `within` in prefect.yaml
EVENTS_WITHIN = timedelta(seconds=6)  # after which the server has stored the events of those clicks: it does so every five seconds
LOOK_EVERY_SECONDS = 1.0
TAKEN_OVER = {"type": "COMPLETED", "name": "已并入", "message": "由另一次运行一并落实"}


@task(task_run_name="接过还没开始的同类运行", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def take_over_waiting_runs() -> int:
    """End the runs of this flow that have not begun: what they were started for is settled by this one. How many there were.

    A worker that comes back after a weekend would have to start each of them.
    """
    with connect() as server:
        return take_over(server, runtime.deployment.id, before=real_now() - ONE_RUN_FOR)


def take_over(server: Server, deployment_id: str | None, *, before: datetime) -> int:
    """End the runs of a deployment that should have begun `before` and that no worker has taken: as many as one request ends.

    A younger one is left: the automation may still count clicks to it, which come after this run has looked for the last time.
    None: the flow runs without a deployment.
    """
    if deployment_id is None:
        return 0
    waiting = {
        "deployment_id": {"any_": [deployment_id]},
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"before_": before.isoformat()},
    }
    ended = server.call("POST", "/flow_runs/bulk_set_state", {"flow_runs": waiting, "state": TAKEN_OVER, "force": True})
    return len(ended["results"])


def looks(again: bool) -> Iterator[None]:
    """When to look at the board: now, and `again` whenever somebody clicks while the automation counts clicks to this run; for the
    last time when it does not any more and the server has stored the events of the last of them.
    """
    yield
    if not again:
        return
    until = runtime.flow_run.scheduled_start_time + ONE_RUN_FOR + EVENTS_WITHIN
    while (remaining := (until - real_now()).total_seconds()) > 0:
        time.sleep(min(remaining, LOOK_EVERY_SECONDS))
        if _somebody_clicked():
            yield
    yield


def _somebody_clicked() -> bool:
    """Whether a run of the board stands in a state of somebody else's. A server that does not answer is asked again anyway."""
    try:
        with connect() as server:
            board = server.deployment_id(FLOW, DEPLOYMENT)
            return board is not None and bool(server.runs_in_other_states(board, OUR_NAMES))
    except Unavailable:
        return False


def show_and_tell(full: bool) -> OnTheBoard:
    """The board brought up to date, and mail to whom it concerns where that settled something: whichever run comes first does both."""
    done = bring_up_to_date(full)
    _tell(done.settled)
    if done.settled:
        deliver_due()
    return done


def deliver_due() -> None:
    """Send the mail that is due, whatever it is about. A mail server that does not answer undoes no decision: the ledger keeps the mail."""
    deliver_batch.map(batches_due(at_once=False)).wait()


def _tell(settled: tuple[Settled, ...]) -> None:
    """A line of the run's log for each decision."""
    logger = get_run_logger()
    for each in settled:
        (logger.info if each.counted else logger.warning)(f"{each.run_name}：{each.said.zh}")
