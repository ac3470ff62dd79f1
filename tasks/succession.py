"""岗位交接: open duties follow their posts."""

from prefect import task

from engine.succession import HandedOver, hand_over_open
from tasks.environment import now, open_transaction, sender
from tasks.refusals import PAUSES, may_pass


@task(task_run_name="移交换岗人员未办结的任务", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def hand_over_open_duties() -> tuple[HandedOver, ...]:
    """Hand over what a post's holder of yesterday still owes; on most days nothing."""
    with open_transaction() as session:
        return hand_over_open(session, sender=sender(), now=now())
