"""The board in the Prefect UI, brought up to date: what was decided there first, then every run, then the pages.

The office's own work never waits for the board: a Prefect server that does not answer is remembered and tried again later.
"""

from dataclasses import dataclass

from prefect import task

from board.deciding import LOOK_BACK, Settled, settle
from board.installing import install
from board.memory import attempt
from board.pages import update_pages
from board.server import connect
from board.updating import Updated, update
from tasks.environment import alone_on_the_board, board_closed_days, now, open_reading, open_transaction, real_now, rehearsed, sender, zone
from tasks.refusals import PAUSES, may_pass


@dataclass(frozen=True, slots=True)
class OnTheBoard:
    """What one attempt did: clicks that were settled, runs that were sent, pages that were sent."""

    settled: tuple[Settled, ...]
    updated: Updated
    pages: int


@task(task_run_name="更新看板", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def bring_up_to_date(full: bool) -> OnTheBoard:
    """Settle what was decided in the UI, show what has changed, renew the pages; `full` compares everything with the server."""
    with alone_on_the_board(), attempt(open_transaction, now=now()) as interrupted, connect() as server:
        everything = full or interrupted
        settled = settle(
            server,
            open_transaction,
            deployment_id=install(server),
            sender=sender(),
            rehearsed=rehearsed(),
            since=real_now() - LOOK_BACK,
        )
        updated = update(server, open_reading, open_transaction, now=now(), zone=zone(), full=everything, closed_days=board_closed_days())
        pages = update_pages(server, open_transaction, zone=zone(), now=now(), all_of_it=everything)
        return OnTheBoard(settled, updated, pages)
