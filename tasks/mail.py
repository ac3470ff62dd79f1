"""Mail on its way out: what is due, in batches that name the people, and what became of it.

The ledger says what is sent, when, and when again; a batch that is run twice sends nothing twice.
"""

import asyncio
from dataclasses import dataclass

from prefect import task

from engine.overview import DueMail, MailOverview, due_mail, mail_overview
from notifications.delivery import Delivered, deliver
from notifications.ledger import hasten
from office.workdays import mail_time
from tasks.environment import clock, now, open_reading, open_transaction, policy, sender, smtp_server, zone
from tasks.refusals import PAUSES, may_pass

BATCH = 25  # messages a task run: few enough to name the people, enough to reuse connections
NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that go out in one task run, by the ids of the ledger; its words name the people."""

    ids: tuple[int, ...]
    recipients: tuple[str, ...]

    def __str__(self) -> str:
        shown = "、".join(self.recipients[:NAMES_SHOWN])
        return shown if len(self.recipients) <= NAMES_SHOWN else f"{shown}等{len(self.recipients)}人"


@task(task_run_name="查看到期的通知", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def batches_due(at_once: bool) -> tuple[Batch, ...]:
    """What may go out now, oldest first: nothing outside of working hours, and to nobody more than the policy allows in a day. With
    `at_once` all that waits, whatever for.
    """
    if not at_once and mail_time(now(), sender().zone) > now():
        return ()
    if at_once:
        with open_transaction() as session:
            hasten(session, now=now())
    with open_reading() as session:
        due = due_mail(session, now=now(), a_day=None if at_once else policy().mail.a_day, zone=zone())
    return tuple(_batch(due[start : start + BATCH]) for start in range(0, len(due), BATCH))


@task(task_run_name="投递：{batch}", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def deliver_batch(batch: Batch) -> Delivered:
    """Send the batch. A mail server that cannot be used is no failure of the task: the ledger says when it is tried again."""
    return asyncio.run(deliver(open_transaction, smtp_server(), clock(), only=batch.ids))


@task(task_run_name="查看邮件状态", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def mail_states() -> MailOverview:
    """The whole ledger in numbers."""
    with open_reading() as session:
        return mail_overview(session)


def _batch(due: tuple[DueMail, ...]) -> Batch:
    return Batch(tuple(mail.id for mail in due), tuple(dict.fromkeys(mail.recipient for mail in due)))
