"""Assignments as a list to work through, and one of them with its reports and its history.

In: a session and a moment. Out: plain rows for the command line.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.completion import Completion, clock_due_on, completion
from engine.escalation import ESCALATE
from engine.history import ASK_EXTENSION, DENY_EXTENSION, EXTEND, FOLLOW_UP, HAND_OVER, NOT_COUNTED, PROGRESS, ROSTER
from engine.moves import ACTION_WORDS, OFFICER, OPEN
from engine.policies import policy_book
from models import Assignment, AssignmentEvent, Evidence, Item, Person, Report, ResponsibilityList, Step, StoredFile, Unit, Verdict
from office.text import Text

EVENT_WORDS = {  # the actions of a history
    "issue": Text("下发", "issued"),
    HAND_OVER: Text("移交", "handed over"),
    "lead": Text("变更责任领导", "another leader"),
    ASK_EXTENSION: Text("申请延期", "asked for more time"),
    EXTEND: Text("准予延期", "extended"),
    DENY_EXTENSION: Text("不予延期", "more time denied"),
    PROGRESS: Text("报告进展", "told the progress"),
    ESCALATE: Text("上报", "told to"),
    NOT_COUNTED: Text("未计入", "not counted"),
    **{action.value: words for action, words in ACTION_WORDS.items()},
}
_OFFICER = Text("计划员", "planning officer")
BY_WORDS = {  # others are names
    "officer": _OFFICER,
    OFFICER: _OFFICER,
    ROSTER: Text("名册", "roster"),
    FOLLOW_UP: Text("督办", "follow-up"),
}


@dataclass(frozen=True, slots=True)
class ListedAssignment:
    """One assignment as it stands on the day. Texts that nobody gave are empty."""

    id: int
    year: int
    list_title: str
    number: str
    content: str
    text: str
    standard: str
    period: str
    party: str
    person: str
    leader: str
    due_on: date
    original_due_on: date | None  # before it was extended
    clock_due_on: date  # which its clock runs to
    done_on: date | None
    completion: Completion


class Proof(NamedTuple):
    """One piece of evidence, by its address or as a file."""

    id: int
    name: str
    url: str  # of a file: the planning officer's link to it
    size: int | None  # bytes of a file


@dataclass(frozen=True, slots=True)
class PastReport:
    """One report with its review."""

    number: int
    text: str
    amount: float | None
    held_on: date | None
    entries: Mapping[str, str | int]
    reported_at: datetime
    reported_by: str
    evidence: tuple[Proof, ...]
    verdict: Verdict | None
    comment: str
    reviewed_by: str
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One row of the history."""

    action: str
    from_value: str | None
    to_value: str | None
    at: datetime
    by: str
    reason: str


def listed_assignments(
    session: Session,
    *,
    zone: ZoneInfo,
    now: datetime,
    year: int | None = None,
    person: str = "",
    party: str = "",
    open_only: bool = False,
    ids: Collection[int] | None = None,
) -> list[ListedAssignment]:
    """Assignments by their due dates, and in the order of the list: of a year, of who carries them, of a party or its unit, or these."""
    today = now.astimezone(zone).date()
    carrier, leader = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Assignment, Step.text, Item, ResponsibilityList, carrier.name, leader.name)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
        .outerjoin(carrier, carrier.id == Assignment.person_id)
        .outerjoin(leader, leader.id == Assignment.leader_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(
            ResponsibilityList.year == year if year is not None else true(),
            carrier.name == person if person else true(),
            or_(Assignment.party == party, Unit.name == party) if party else true(),
            Assignment.state.in_(OPEN) if open_only else true(),
            Assignment.id.in_(ids) if ids is not None else true(),
        )
        .order_by(Assignment.due_on, Item.list_id, Item.position, Assignment.id)
        .execution_options(populate_existing=True)
    )
    book = policy_book(session, today)
    found = []
    for assignment, text, item, issued, carried_by, led_by in rows:
        issued_on = issued.issued_at.astimezone(zone).date()
        clock = clock_due_on(assignment.due_on, make_up=assignment.make_up, issued_on=issued_on)
        warning_days = book.rules(issued.id, item.number, item.address).warning_days
        stands = completion(assignment.state, clock_due_on=clock, done_on=assignment.done_on, today=today, warning_days=warning_days)
        found.append(
            ListedAssignment(
                id=assignment.id,
                year=issued.year,
                list_title=issued.title,
                number=item.number,
                content=item.content,
                text=text,
                standard=item.standard,
                period=assignment.period,
                party=assignment.party,
                person=carried_by or "",
                leader=led_by or "",
                due_on=assignment.due_on,
                original_due_on=assignment.original_due_on,
                clock_due_on=clock,
                done_on=assignment.done_on,
                completion=stands,
            )
        )
    return found


def past_reports(session: Session, assignment_id: int) -> list[PastReport]:
    """What was reported about one assignment, the first report first."""
    evidence: dict[int, list[Proof]] = {}
    for row in session.execute(
        select(Evidence.report_id, Evidence.id, Evidence.name, Evidence.url, StoredFile.size)
        .join(Report, Report.id == Evidence.report_id)
        .outerjoin(StoredFile, StoredFile.sha256 == Evidence.sha256)
        .where(Report.assignment_id == assignment_id)
        .order_by(Evidence.position)
    ):
        evidence.setdefault(row[0], []).append(Proof._make(row[1:]))
    return [
        PastReport(
            number=report.number,
            text=report.text,
            amount=report.amount,
            held_on=report.held_on,
            entries=report.entries,
            reported_at=report.reported_at,
            reported_by=report.reported_by,
            evidence=tuple(evidence.get(report.id, ())),
            verdict=report.verdict,
            comment=report.comment,
            reviewed_by=report.reviewed_by or "",
            reviewed_at=report.reviewed_at,
        )
        for report in session.scalars(select(Report).where(Report.assignment_id == assignment_id).order_by(Report.number))
    ]


def past_events(session: Session, assignment_id: int) -> list[PastEvent]:
    """The history of one assignment, the first row first."""
    events = session.scalars(
        select(AssignmentEvent).where(AssignmentEvent.assignment_id == assignment_id).order_by(AssignmentEvent.position)
    )
    return [PastEvent(event.action, event.from_value, event.to_value, event.at, event.by, event.reason) for event in events]
