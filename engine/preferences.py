"""通知设置: what a person does without, within what the policy allows.

In: people, and what somebody chose. Out: a `Preferred` for each; who chose nothing gets everything, in the morning.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.history import IDS_A_QUERY
from models import Preference
from office.policy import Policy, Rules
from office.text import Refused, Text


@dataclass(frozen=True, slots=True)
class Preferred:
    """What one person chose. `skipped_warnings` are working days before the due date."""

    skipped_warnings: tuple[int, ...] = ()
    in_the_afternoon: bool = False  # digests come at 14:00, not in the morning
    informed: bool = True  # the weekly digest of what one assists in or leads

    def skips(self, warning: int, policy: Policy, rules: Rules) -> bool:
        """Whether they do without this warning of an item with these rules: only while the policy still lets them."""
        return warning in self.skipped_warnings and warning in may_skip(policy, rules)


def may_skip(policy: Policy, rules: Rules | None = None) -> tuple[int, ...]:
    """The warnings that a person may do without, the earliest first: of an item with these rules, else of most. Never the last one."""
    before = (rules or policy.rules).warning.before
    return tuple(days for days in before[:-1] if days in policy.mail.may_skip_warnings)


def preference_of(session: Session, person_id: int) -> Preferred:
    return preferences_of(session, [person_id])[person_id]


def preferences_of(session: Session, ids: Collection[int]) -> dict[int, Preferred]:
    """What each of these people chose; who chose nothing too."""
    found = dict.fromkeys(ids, Preferred())
    ordered = sorted(found)
    for start in range(0, len(ordered), IDS_A_QUERY):
        rows = session.execute(
            select(Preference.person_id, Preference.skipped_warnings, Preference.in_the_afternoon, Preference.informed).where(
                Preference.person_id.in_(ordered[start : start + IDS_A_QUERY])
            )
        )
        found.update((person_id, Preferred(tuple(skipped), afternoon, informed)) for person_id, skipped, afternoon, informed in rows)
    return found


def prefer(
    session: Session,
    person_id: int,
    *,
    skipped_warnings: Iterable[int],
    in_the_afternoon: bool,
    informed: bool,
    allowed: Collection[int],
    now: datetime,
) -> Preferred:
    """Keep what somebody chose in place of what they chose before. Refuses a warning that is not `allowed` to be skipped."""
    chosen = tuple(sorted(set(skipped_warnings), reverse=True))
    for days in chosen:
        if days not in allowed:
            raise Refused(
                Text(f"到期前{days}个工作日的提醒不能关", f"The reminder {days} working days before the due date cannot be switched off")
            )
    values = {"skipped_warnings": list(chosen), "in_the_afternoon": in_the_afternoon, "informed": informed, "changed_at": now}
    _keep(session, person_id, values, values)
    return Preferred(chosen, in_the_afternoon, informed)


def stop_informing(session: Session, person_id: int, *, now: datetime) -> None:
    """Send no more weekly digests to somebody; everything else that they chose stays."""
    changed: dict[str, Any] = {"informed": False, "changed_at": now}
    _keep(session, person_id, {"skipped_warnings": [], "in_the_afternoon": False, **changed}, changed)


def _keep(session: Session, person_id: int, values: dict[str, Any], changed: dict[str, Any]) -> None:
    """One statement, so that of two who choose at once neither fails."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Preference).values(person_id=person_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=changed))
