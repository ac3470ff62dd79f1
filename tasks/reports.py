"""签收 and 办理情况 that reach the officer by telephone or on paper, entered for whoever carries the duty; and items withdrawn."""

from dataclasses import dataclass

from prefect import task

from board.naming import assignments_meant
from engine.reporting import acknowledge, report, to_acknowledge
from engine.reviewing import OFFICER
from engine.withdrawing import Withdrawn, withdraw_items
from office.text import Refused, Text
from tasks.environment import now, open_rehearsal, open_transaction, sender
from tasks.refusals import PAUSES, may_pass

BY = f"{OFFICER}（代登记）"
BY_HAND = f"{OFFICER}（Prefect 界面）"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """How many assignments were named, and how many of them are acknowledged now and were not before."""

    named: int
    now: int


@task(task_run_name="登记签收", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def acknowledge_duties(assignments: str, person: str) -> Acknowledged:
    """Enter that these assignments were received, or all that `person` has not acknowledged. Refused where neither is given."""
    with open_transaction() as session:
        ids = assignments_meant(session, assignments)
        if person.strip():
            ids = (*ids, *to_acknowledge(session, person))
        elif not ids:
            raise Refused(Text("请填写任务（看板上的网址或编号）或责任人", "Name assignments or a person"))
        return Acknowledged(len(set(ids)), len(acknowledge(session, ids, by=BY, now=now())))


@task(task_run_name="登记办理情况", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def report_duty(assignment: str, text: str, amount: float | None, evidence: tuple[tuple[str, str], ...]) -> int:
    """Enter a report on one assignment; its number. Refused where not exactly one assignment is named, and like `engine.reporting`."""
    with open_transaction() as session:
        ids = assignments_meant(session, assignment)
        if len(ids) != 1:
            raise Refused(
                Text("请填写一项任务：看板上该任务的网址，或参数里的编号", "Name one assignment: the address of its run, or its number")
            )
        return report(session, ids[0], text=text, amount=amount, evidence=evidence, by=BY, now=now())


@task(task_run_name="撤销事项 {year}年", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def withdraw(year: int, title: str, numbers: tuple[str, ...], reason: str, confirmed: bool) -> Withdrawn:
    """Withdraw the open assignments of these items, and tell who carries them; unless `confirmed`, only what that would do."""
    with open_transaction() if confirmed else open_rehearsal() as session:
        if session is None:
            raise Refused(Text(f"{year}年度还没有下发清单", f"No list of {year} has been issued"))
        return withdraw_items(session, year=year, title=title, numbers=numbers, reason=reason, by=BY_HAND, sender=sender(), now=now())
