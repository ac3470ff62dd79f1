"""审核: a report is approved or returned, once, by somebody who may.

In: an assignment, the report that the reviewer saw, and the verdict. Out: a `Decision`: whether it counted, and what there is to
say. Of two who decide at once one counts; the other is told what the first one decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from engine.completion import COMPLETION_WORDS, Completion, clock_due_on, completion
from engine.contacts import covering_leaders
from engine.moves import ACTION_WORDS, BY_LENGTH, OFFICER, STATE_WORDS, Action, held_one, is_officer, move
from engine.own_duties import is_own
from engine.policies import policy_book
from engine.substitutes import substitutes_of
from engine.telling import informed_of, tell_decided
from models import Assignment, AssignmentEvent, AssignmentState, Item, Person, Report, ResponsibilityList, Step, Verdict
from notifications.decided import Outcome
from notifications.sender import Sender
from office.text import Refused, Text, plain

__all__ = ["OFFICER", "Decision", "decided", "review", "reviewers", "reviewers_of", "standing"]

_ACTIONS = {Verdict.APPROVED: Action.APPROVE, Verdict.RETURNED: Action.RETURN}
_OUTCOMES = {
    Action.APPROVE: Outcome.APPROVED,
    Action.RETURN: Outcome.RETURNED,
    Action.CLOSE: Outcome.CLOSED,
    Action.REOPEN: Outcome.REOPENED,
    Action.WITHDRAW: Outcome.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of somebody's decision; `said` is for whoever decided."""

    counted: bool
    said: Text


def review(
    session: Session,
    assignment_id: int,
    *,
    number: int | None,
    verdict: Verdict,
    comment: str,
    by: str,
    sender: Sender,
    now: datetime,
) -> Decision:
    """Approve or return report `number` (None: the latest); the assignee is told by mail.

    An approved assignment is closed, done on the civil day on which it was reported. Refuses a return without a comment, and
    somebody who may not review this assignment, as the officer may not where it is her own and somebody else may: what was decided
    is still open then. It does not count where the report has been decided before, or the assignment has been withdrawn.
    """
    words = plain(comment)
    if verdict is Verdict.RETURNED and not words:
        raise Refused(Text("退回要写明审核意见", "To return a report takes a comment"))
    state = held_one(session, assignment_id)
    _refuse_unfit_reviewer(session, assignment_id, by, sender=sender, on=now.astimezone(sender.zone).date())
    seen = _report(session, assignment_id, number)
    if state is not AssignmentState.REPORTED or seen is None or seen.verdict is not None:
        return Decision(False, _overtaken(session, assignment_id, state, seen, sender.zone))
    _store_verdict(session, assignment_id, verdict, comment=words, by=by, now=now)
    done_on = seen.reported_at.astimezone(sender.zone).date()
    return decided(session, assignment_id, _ACTIONS[verdict], reason=words, by=by, done_on=done_on, sender=sender, now=now)


def decided(
    session: Session, assignment_id: int, action: Action, *, reason: str, by: str, done_on: date, sender: Sender, now: datetime
) -> Decision:
    """Take `action` on an assignment that is held and allows it, and tell who carries it; who assists or leads hears that it is
    withdrawn, or owed after all. `done_on` counts where it closes.
    """
    outcome = _OUTCOMES[action]
    if move(session, [assignment_id], action, reason=reason, by=by, now=now, done_on=done_on)[assignment_id] is AssignmentState.WITHDRAWN:
        outcome = Outcome.RESUMED
        _store_verdict(session, assignment_id, Verdict.RETURNED, comment=reason, by=by, now=now)  # of what waited when it was withdrawn
    informed = informed_of(session, [assignment_id]) if outcome in (Outcome.WITHDRAWN, Outcome.RESUMED) else {}
    stands = standing(session, assignment_id, zone=sender.zone, now=now)
    late = stands in (Completion.DONE_LATE, Completion.OVERDUE)
    told = tell_decided(session, [assignment_id], outcome, by=by, comment=reason, late=late, informed=informed, sender=sender, now=now)
    done, is_now, but = ACTION_WORDS[action], COMPLETION_WORDS[stands], told.warning
    return Decision(True, Text(f"已{done.zh}，现为{is_now.zh}{but.zh}", f"{done.en}; it is {is_now.en} now{but.en}"))


def _store_verdict(session: Session, assignment_id: int, verdict: Verdict, *, comment: str, by: str, now: datetime) -> None:
    """Decide the report of a held assignment that waits, if one does: only the latest can."""
    session.execute(
        update(Report)
        .where(Report.assignment_id == assignment_id, Report.verdict.is_(None))
        .values(verdict=verdict, comment=comment, reviewed_by=by, reviewed_at=now)
        .execution_options(synchronize_session=False)
    )


def reviewers(session: Session, assignment_id: int, *, on: date | None = None) -> tuple[str, ...]:
    """Who may review an assignment; nobody where there is none of that id. See `reviewers_of`."""
    return reviewers_of(session, [assignment_id], on=on).get(assignment_id, ())


def reviewers_of(session: Session, ids: Sequence[int], *, on: date | None = None) -> dict[int, tuple[str, ...]]:
    """Who may review each of these assignments: the planning officer, its leader, and the contact leaders of its branch.

    Nobody reviews their own duty: neither who carries it, nor who reported on it before it was handed over, nor who stands in for the
    carrier on the day `on` (None: nobody does). At most `IDS_A_QUERY` ids.
    """
    carrier, leader = aliased(Person), aliased(Person)
    last_number = select(func.max(Report.number)).where(Report.assignment_id == Assignment.id).correlate(Assignment).scalar_subquery()
    rows = session.execute(
        select(
            *(Assignment.id, Assignment.person_id, carrier.name, leader.name),
            *(Report.reported_by, Assignment.unit_id, ResponsibilityList.year),
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(carrier, carrier.id == Assignment.person_id)
        .outerjoin(leader, leader.id == Assignment.leader_id)
        .outerjoin(Report, (Report.assignment_id == Assignment.id) & (Report.number == last_number))
        .where(Assignment.id.in_(ids))
    ).all()
    covering = {year: covering_leaders(session, year) for year in {row.year for row in rows}}
    carriers = {row.person_id for row in rows if row.person_id is not None}
    standing_in = {} if on is None else {person_id: one.substitute for person_id, one in substitutes_of(session, carriers, on).items()}
    allowed = {}
    for assignment_id, person_id, carried_by, led_by, reported_by, unit_id, year in rows:
        contacts = covering[year].get(unit_id or 0, {}).values()
        own = (carried_by, reported_by, standing_in.get(person_id or 0))
        others = dict.fromkeys(name for name in (led_by, *contacts) if name and name not in own)
        allowed[assignment_id] = (OFFICER, *others)
    return allowed


def standing(session: Session, assignment_id: int, *, zone: ZoneInfo, now: datetime) -> Completion:
    """How one assignment stands on the civil day of `now` in `zone`."""
    row = session.execute(
        select(
            *(Assignment.state, Assignment.due_on, Assignment.make_up, Assignment.done_on),
            *(Item.list_id, Item.number, Item.address, ResponsibilityList.issued_at),
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .where(Assignment.id == assignment_id)
    ).one()
    due_on = clock_due_on(row.due_on, make_up=row.make_up, issued_on=row.issued_at.astimezone(zone).date())
    today = now.astimezone(zone).date()
    warning_days = policy_book(session, today).rules(row.list_id, row.number, row.address).warning_days
    return completion(row.state, clock_due_on=due_on, done_on=row.done_on, today=today, warning_days=warning_days)


class _Seen(NamedTuple):
    """The report that a reviewer decides about."""

    id: int
    number: int
    reported_at: datetime
    verdict: Verdict | None
    reviewed_by: str | None
    reviewed_at: datetime | None


def _report(session: Session, assignment_id: int, number: int | None) -> _Seen | None:
    wanted = select(Report.id, Report.number, Report.reported_at, Report.verdict, Report.reviewed_by, Report.reviewed_at)
    wanted = wanted.where(Report.assignment_id == assignment_id).order_by(Report.number.desc()).limit(1)
    if number is not None:
        wanted = wanted.where(Report.number == number)
    row = session.execute(wanted).one_or_none()
    return None if row is None else _Seen._make(row)


def may_review(session: Session, assignment_id: int, by: str, *, sender: Sender, on: date) -> bool:
    """Whether `by` may review it on this day. The officer may not where it is her own and somebody else may."""
    allowed = reviewers(session, assignment_id, on=on)
    if is_officer(by):
        return len(allowed) == 1 or (bool(allowed) and not is_own(session, assignment_id, by, sender=sender, on=on))
    return by in allowed


def _refuse_unfit_reviewer(session: Session, assignment_id: int, by: str, *, sender: Sender, on: date) -> None:
    if len(by) <= BY_LENGTH and may_review(session, assignment_id, by, sender=sender, on=on):
        return
    allowed = reviewers(session, assignment_id, on=on)
    name, names = by[:BY_LENGTH], "、".join(allowed[1:] if is_officer(by) else allowed)  # the officer stands first
    raise Refused(Text(f"{name}不能审核这项任务；可以审核的有：{names}", f"{name} may not review this assignment; those who may: {names}"))


def _overtaken(session: Session, assignment_id: int, state: AssignmentState, seen: _Seen | None, zone: ZoneInfo) -> Text:
    """Why a decision came too late or about nothing: who decided what when."""
    if seen is not None and seen.verdict is not None and seen.reviewed_at is not None:
        return _decided(_ACTIONS[seen.verdict], seen.reviewed_by or "", seen.reviewed_at, zone)
    last = session.execute(
        select(AssignmentEvent.action, AssignmentEvent.by, AssignmentEvent.at)
        .where(AssignmentEvent.assignment_id == assignment_id, AssignmentEvent.action.in_([action.value for action in Action]))
        .order_by(AssignmentEvent.position.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        stands = STATE_WORDS[state]
        return Text(f"任务还没有报送，目前{stands.zh}", f"There is no report yet; the assignment is {stands.en}")
    return _decided(Action(last.action), last.by, last.at, zone)


def _decided(action: Action, by: str, at: datetime, zone: ZoneInfo) -> Text:
    when = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    done = ACTION_WORDS[action]
    return Text(f"{by}已于{when}{done.zh}，这次决定没有计入", f"{by} {done.en} it at {when}; this decision does not count")
