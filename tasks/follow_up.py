"""督办: what is owed to be said is decided and queued, in one transaction."""

from prefect import task

from engine.follow_up import FollowedUp, follow_up
from engine.informing import inform
from reports.red_notice import red_notice
from tasks.environment import now, open_transaction, policy, sender
from tasks.refusals import PAUSES, may_pass


@task(task_run_name="查看该提醒、预警、上报的任务", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def follow_up_open_duties() -> FollowedUp:
    """Decide and queue; a second run of a day finds nothing more to say."""
    with open_transaction() as session:
        return follow_up(session, policy=policy(), word=red_notice, sender=sender(), now=now())


@task(task_run_name="每周告知配合和分管的任务", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def inform_others() -> int:
    """Queue the week's digests to whom duties are no own matter; how many, none after the first run of a week."""
    with open_transaction() as session:
        return inform(session, policy=policy(), sender=sender(), now=now())
