"""核对督办: what the follow-up should have said by now, worked out anew and compared with its ledger.

The clock starts it after the follow-up of the day, the officer at any time. It changes nothing but the report.
"""

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.deliver_notices import deliver_notices
from flows.forms import asked
from flows.refusals import failing_with_the_sentence
from tasks.artifacts import show_audit
from tasks.auditing import audit_ledger, tell_the_officer
from tasks.choices import day_meant

Since = Annotated[str, asked("从哪天起", "只报这一天及以后的问题，例：2026-07-01；留空则全部")]


@flow(flow_run_name="核对督办")
@failing_with_the_sentence
def audit_follow_up(since: Since = "") -> State[None]:
    """Show what is wrong with the ledger; tell the officer where something is."""
    report = audit_ledger(day_meant(since))
    show_audit(report)
    if tell_the_officer(report):
        deliver_notices(return_state=True)  # the ledger keeps the mail where no server answers
    return Completed(message=report.words.zh)
