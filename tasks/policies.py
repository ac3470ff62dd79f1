"""更改督办规则: what another policy changes for lists that are issued, and the change itself in one transaction."""

from dataclasses import dataclass
from datetime import date

from prefect import task

from engine.policies import astray, lists_named
from engine.policy_changes import ListChange, change_policy, foresee_policy, refuse_past
from office.policy import read_policy
from office.policy_words import meaning
from office.text import Refused, Text
from tasks.environment import now, open_rehearsal, open_transaction, policy, policy_name, zone
from tasks.refusals import PAUSES, may_pass
from tasks.reports import BY_HAND


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What the change does, or would do; `changed` lists did not have this policy on that day yet."""

    from_on: date
    source: str  # where the policy stands
    meaning: tuple[str, ...]
    lists: tuple[ListChange, ...]
    warnings: tuple[str, ...]  # exceptions that name what is not there
    changed: int


@task(task_run_name="更改督办规则 {year}年", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def change_policies(year: int, titles: tuple[str, ...], from_on: date, written: str, confirmed: bool) -> PolicyChange:
    """Let the policy that was pasted, or else the office's own, hold for lists; unless `confirmed`, only what that would do."""
    given = read_policy(written, place="规则") if written.strip() else policy()
    with open_transaction() if confirmed else open_rehearsal() as session:
        if session is None:
            raise Refused(Text(f"{year}年度还没有下发清单", f"No list of {year} has been issued"))
        refuse_past(from_on, now().astimezone(zone()).date())
        lists = lists_named(session, titles, year=year)
        return PolicyChange(
            from_on=from_on,
            source="表单中粘贴的规则" if written.strip() else policy_name().zh,
            meaning=tuple(text.zh for text in meaning(given)),
            lists=foresee_policy(session, given, lists, from_on=from_on, zone=zone()),
            warnings=tuple(text.zh for text in astray(session, given)),
            changed=change_policy(session, given, lists, from_on=from_on, by=BY_HAND, zone=zone(), now=now()),
        )
