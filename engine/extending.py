"""延期: more time is asked for before the due date, and decided once, by somebody who may (FIELD.md section 1).

In: an assignment, the new date, why and how far it is; then what was decided. Out: the number of the request; a `Decision`. What is
granted moves the due date, and the date before the first extension is kept, in the same transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from engine.asking import Request, ask_deciders
from engine.completion import Completion, clock_due_on
from engine.granting import deciders, deciders_of, granted_before, may_decide
from engine.history import ASK_EXTENSION, DENY_EXTENSION, EXTEND, Change, record
from engine.moves import BY_LENGTH, OPEN, STATE_WORDS, held_one, is_officer
from engine.own_duties import is_own
from engine.reviewing import Decision, standing
from engine.substitutes import may_answer
from engine.telling import tell_decided
from models import Assignment, Extension, Grant, Item, Person, ResponsibilityList, Step
from notifications.decided import Outcome
from notifications.sender import Sender
from office.text import Refused, Text, plain

__all__ = [
    "Asked",
    "ToDecide",
    "ask_extension",
    "asked_words",
    "decide_extension",
    "deciders",
    "deciders_of",
    "extensions_of",
    "extensions_to_decide",
]

LONGEST = timedelta(days=366)  # from one due date to the next


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for more time, with what was decided about it; `grant` is None while nobody has."""

    assignment_id: int
    number: int  # 1 is the first
    due_on: date  # when it was asked for
    wanted_on: date
    reason: str
    progress: str
    asked_at: datetime
    asked_by: str
    grant: Grant | None
    granted_on: date | None  # the new date
    comment: str
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A request that waits, with what it is about."""

    asked: Asked
    content: str
    text: str
    period: str
    party: str
    person: str  # who carries it; empty where nobody does
    granted_before: int


def ask_extension(
    session: Session, assignment_id: int, *, wanted_on: date, reason: str, progress: str, by: str, sender: Sender, now: datetime
) -> int:
    """Ask for more time until `wanted_on`; the number of the request. Who may decide is told by mail.

    `by` carries the assignment, stands in for whoever does, or is the planning officer, who enters it for them. Refuses no reason or
    progress, an assignment that is not open or has a request that waits, to ask on the due date or after it, and a date that
    is not after the present one (so never one of the past) or more than a year after it.
    """
    why, how_far = plain(reason), plain(progress)
    if not why:
        raise Refused(Text("申请延期要写明原因", "To ask for more time takes a reason"))
    if not how_far:
        raise Refused(Text("申请延期要写明目前进展", "To ask for more time takes a word about how far it is"))
    state = held_one(session, assignment_id)
    today = now.astimezone(sender.zone).date()
    _refuse_stranger(session, assignment_id, by, on=today)
    if state not in OPEN:
        stands = STATE_WORDS[state]
        raise Refused(Text(f"任务{stands.zh}，不能再申请延期", f"The assignment is {stands.en}: it takes no more time"))
    dates = _dates(session, assignment_id, sender.zone)
    if today >= dates.clock:
        raise Refused(
            Text(
                f"延期要在到期日之前申请，这项任务{dates.clock}到期", f"It was due on {dates.clock}: more time is asked for before that day"
            )
        )
    _refuse_unfit_date(wanted_on, dates.clock)
    before = extensions_of(session, assignment_id)
    if before and before[-1].grant is None:
        raise Refused(Text("已有一次延期申请，还没有决定", "There is a request for more time that is not decided yet"))
    number = len(before) + 1
    row = Extension(
        assignment_id=assignment_id,
        number=number,
        due_on=dates.due_on,
        wanted_on=wanted_on,
        reason=why,
        progress=how_far,
        asked_at=now,
        asked_by=by,
    )
    session.add(row)
    session.flush()
    words = asked_words(why, how_far)
    record(session, [Change(assignment_id, ASK_EXTENSION, f"{dates.due_on}", f"{wanted_on}", words)], at=now, by=by)
    granted = sum(one.grant is Grant.GRANTED for one in before)
    request = Request(assignment_id, number, dates.due_on, wanted_on, why, how_far, by, granted)
    ask_deciders(session, request, deciders(session, assignment_id, on=today), sender=sender, now=now)
    return number


def asked_words(reason: str, progress: str) -> str:
    """What the history says of a request."""
    return f"{reason}；目前进展：{progress}"


def decide_extension(
    session: Session,
    assignment_id: int,
    number: int,
    *,
    grant: Grant,
    granted_on: date | None,
    comment: str,
    by: str,
    sender: Sender,
    now: datetime,
) -> Decision:
    """Grant request `number` until `granted_on`, which need not be the date that was asked for, or deny it; the assignee is told by mail.

    Refuses a grant without a date, or with one that is not after the present due date or more than a year after it, a denial without a
    comment, a request that was never made, and somebody who may not decide it. It does not count where the request has been
    decided before, or the assignment has ended.
    """
    words = plain(comment)
    if grant is Grant.GRANTED and granted_on is None:
        raise Refused(Text("准予延期要写明新的期限", "To grant more time takes the new date"))
    if grant is Grant.DENIED and not words:
        raise Refused(Text("不予延期要写明理由", "To deny more time takes a comment"))
    state = held_one(session, assignment_id)
    today = now.astimezone(sender.zone).date()
    asked = next((one for one in extensions_of(session, assignment_id) if one.number == number), None)
    if asked is None:
        raise Refused(Text(f"这项任务没有第{number}次延期申请", f"The assignment has no request {number} for more time"))
    if asked.grant is not None:
        return Decision(False, _overtaken(asked, sender.zone))
    _refuse_unfit_decider(session, assignment_id, by, sender=sender, on=today)
    if state not in OPEN:
        stands = STATE_WORDS[state]
        return Decision(False, Text(f"任务{stands.zh}，这次决定没有计入", f"The assignment is {stands.en}; this decision does not count"))
    dates = _dates(session, assignment_id, sender.zone)
    if grant is Grant.GRANTED and granted_on is not None:
        _refuse_unfit_date(granted_on, max(dates.clock, today - timedelta(days=1)))
        _move_due_date(session, assignment_id, dates, granted_on)
        change = Change(assignment_id, EXTEND, f"{dates.due_on}", f"{granted_on}", words)
    else:
        granted_on = None
        change = Change(assignment_id, DENY_EXTENSION, None, None, words)
    session.execute(
        update(Extension)
        .where(Extension.assignment_id == assignment_id, Extension.number == number, Extension.grant.is_(None))
        .values(grant=grant, granted_on=granted_on, comment=words, decided_by=by, decided_at=now)
        .execution_options(synchronize_session=False)
    )
    record(session, [change], at=now, by=by)
    late = standing(session, assignment_id, zone=sender.zone, now=now) is Completion.OVERDUE
    outcome, was = (Outcome.EXTENDED, dates.due_on) if granted_on else (Outcome.NOT_EXTENDED, None)
    told = tell_decided(session, [assignment_id], outcome, by=by, comment=words, late=late, was_due_on=was, sender=sender, now=now)
    but = told.warning
    if granted_on is None:
        said = Text(f"已不予延期，期限仍是{dates.due_on}", f"It is not extended and stays due on {dates.due_on}")
    else:
        said = Text(f"已准予延期，期限由{dates.due_on}改为{granted_on}", f"It is extended from {dates.due_on} to {granted_on}")
    return Decision(True, Text(said.zh + but.zh, said.en + but.en))


def extensions_of(session: Session, assignment_id: int) -> tuple[Asked, ...]:
    """All requests for more time for one assignment, the first one first."""
    return tuple(Asked(*row) for row in session.execute(_asked(Extension.assignment_id == assignment_id)).all())


def extensions_to_decide(session: Session, name: str, *, on: date) -> tuple[ToDecide, ...]:
    """The requests about open assignments that `name` (a person, or the planning officer) may decide on this day, the oldest first."""
    waiting = {
        one.assignment_id: one
        for one in (Asked(*row) for row in session.execute(_asked(Extension.grant.is_(None), Assignment.state.in_(OPEN))))
    }
    allowed = deciders_of(session, list(waiting), on=on)
    mine = sorted(
        (one for one in waiting.values() if may_decide(name, allowed[one.assignment_id])),
        key=lambda one: (one.asked_at, one.assignment_id),
    )
    if not mine:
        return ()
    rows = session.execute(
        select(
            *(Assignment.id, Item.content, Step.text, Assignment.period, Assignment.party, func.coalesce(Person.name, "")),
            granted_before(),
        )
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Assignment.id.in_([one.assignment_id for one in mine]))
    )
    about = {row[0]: row[1:] for row in rows.all()}
    return tuple(ToDecide(one, *about[one.assignment_id]) for one in mine)


class _Dates(NamedTuple):
    """When an assignment is due."""

    due_on: date
    original_due_on: date | None
    clock: date  # the day that its clock runs to


def _dates(session: Session, assignment_id: int, zone: ZoneInfo) -> _Dates:
    row = session.execute(
        select(Assignment.due_on, Assignment.original_due_on, Assignment.make_up, ResponsibilityList.issued_at)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .where(Assignment.id == assignment_id)
    ).one()
    clock = clock_due_on(row.due_on, make_up=row.make_up, issued_on=row.issued_at.astimezone(zone).date())
    return _Dates(row.due_on, row.original_due_on, clock)


def _move_due_date(session: Session, assignment_id: int, dates: _Dates, granted_on: date) -> None:
    session.execute(
        update(Assignment)
        .where(Assignment.id == assignment_id)
        .values(due_on=granted_on, original_due_on=dates.original_due_on or dates.due_on)
        .execution_options(synchronize_session=False)
    )


def _asked(*wanted: ColumnElement[bool]) -> Any:  # a Select of as many types as it has columns
    e = Extension
    return (
        select(
            *(e.assignment_id, e.number, e.due_on, e.wanted_on, e.reason, e.progress, e.asked_at, e.asked_by),
            *(e.grant, e.granted_on, e.comment, e.decided_by, e.decided_at),
        )
        .join(Assignment, Assignment.id == e.assignment_id)
        .where(*wanted)
        .order_by(e.assignment_id, e.number)
    )


def _refuse_stranger(session: Session, assignment_id: int, by: str, *, on: date) -> None:
    if len(by) <= BY_LENGTH and (is_officer(by) or may_answer(session, assignment_id, by, on=on)):
        return
    name = by[:BY_LENGTH]
    raise Refused(Text(f"{name}不承办这项任务，不能申请延期", f"{name} does not carry this assignment and cannot ask for more time"))


def _refuse_unfit_date(new: date, due_on: date) -> None:
    if new <= due_on:
        raise Refused(Text(f"新的期限要晚于目前的期限{due_on}", f"The new date has to be after the present one, {due_on}"))
    if new - due_on > LONGEST:
        raise Refused(
            Text(f"新的期限不能比目前的期限{due_on}晚一年以上", f"The new date is more than a year after the present one, {due_on}")
        )


def _refuse_unfit_decider(session: Session, assignment_id: int, by: str, *, sender: Sender, on: date) -> None:
    allowed = deciders(session, assignment_id, on=on)
    if len(by) <= BY_LENGTH and may_decide(by, allowed):
        if is_own(session, assignment_id, by, sender=sender, on=on):
            raise Refused(Text("自己的延期申请要由别人决定", "Nobody decides about their own request for more time"))
        return
    name, names = by[:BY_LENGTH], "、".join(allowed)
    raise Refused(
        Text(
            f"{name}不能决定这次延期；可以决定的有：{names}",
            f"{name} may not decide about this request for more time; those who may: {names}",
        )
    )


def _overtaken(asked: Asked, zone: ZoneInfo) -> Text:
    """Why a decision came too late: who decided what when."""
    when = f"{asked.decided_at.astimezone(zone):%Y-%m-%d %H:%M}" if asked.decided_at else ""
    done = Text("不予延期", "denied it")
    if asked.granted_on is not None:
        done = Text(f"准予延期至{asked.granted_on}", f"granted it until {asked.granted_on}")
    return Text(
        f"{asked.decided_by}已于{when}{done.zh}，这次决定没有计入", f"{asked.decided_by} {done.en} at {when}; this decision does not count"
    )
