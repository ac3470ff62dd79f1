"""Whether assignments are what their histories say: what was changed outside the program shows.

In: the whole database. Out: ids of assignments whose history, state, dates or reports do not agree. The chain of a history tells
of a changed row (`engine.history`); this tells of a row that was cut off its end, and of everything that hangs on a history:
reports with their reviews, requests for more time with what was decided, the due date that came of it, progress notes.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.extending import asked_words
from engine.history import ASK_EXTENSION, DENY_EXTENSION, EXTEND, IDS_A_QUERY, ISSUE, PROGRESS, broken
from engine.moves import ENDED, Action
from models import Assignment, AssignmentEvent, AssignmentState, Extension, Grant, ProgressNote, Report

_MOVES = (ISSUE, *(action.value for action in Action))
_REVIEWS = (Action.APPROVE.value, Action.RETURN.value)


class _Stands(NamedTuple):
    """One assignment as it is stored."""

    id: int
    state: AssignmentState
    version: int
    done_on: date | None
    ended_at: datetime | None
    due_on: date
    original_due_on: date | None


class _Happened(NamedTuple):
    """One row of its history."""

    position: int
    action: str
    from_value: str | None
    to_value: str | None
    at: datetime
    by: str
    reason: str


class _Told(NamedTuple):
    """One of its reports."""

    text: str
    reported_at: datetime
    reported_by: str
    review: tuple[str, str, str | None, datetime | None] | None  # action, comment, by, at


def altered(session: Session, *, zone: ZoneInfo) -> tuple[int, ...]:
    """Ids of the assignments that were changed outside the program, in ascending order; `zone` is where days of completion are."""
    found = set(broken(session))
    reports, requests, notes = _reports(session), _requests(session), _notes(session)
    for stands, events in _histories(session):
        extended = _due_dates_agree(stands, events) and _requests_agree(events, requests.get(stands.id, []))
        noted = [(event.reason, event.at, event.by) for event in events if event.action == PROGRESS] == notes.get(stands.id, [])
        if not extended or not noted or not _agree(stands, events, reports.get(stands.id, []), zone):
            found.add(stands.id)
    return tuple(sorted(found))


def _agree(stands: _Stands, events: list[_Happened], reports: list[_Told], zone: ZoneInfo) -> bool:
    moves = [event for event in events if event.action in _MOVES]
    if not moves:
        return False  # nothing comes to be without being issued
    last = moves[-1]
    ended_at = last.at if stands.state in ENDED else None
    return (
        (stands.state.value, stands.version, stands.ended_at) == (last.to_value, events[-1].position, ended_at)
        and stands.done_on == _done_on(last, reports, zone)
        and _reports_agree(moves, reports)
    )


def _done_on(last: _Happened, reports: list[_Told], zone: ZoneInfo) -> date | None:
    if last.action == Action.CLOSE:
        return last.at.astimezone(zone).date()
    if last.action == Action.APPROVE and reports:
        return reports[-1].reported_at.astimezone(zone).date()
    return None


def _reports_agree(moves: list[_Happened], reports: list[_Told]) -> bool:
    """Each report, and each review of one, is a row of the history with the same words, person and moment."""
    handed_in = [(event.reason, event.at, event.by) for event in moves if event.action == Action.REPORT]
    reviewed = [
        (Action.RETURN.value if event.action == Action.REOPEN else event.action, event.reason, event.by, event.at)
        for before, event in pairwise(moves)
        if event.action in _REVIEWS or _returns_what_waited(before, event)
    ]
    return handed_in == [(report.text, report.reported_at, report.reported_by) for report in reports] and reviewed == [
        report.review for report in reports if report.review is not None
    ]


def _returns_what_waited(before: _Happened, event: _Happened) -> bool:
    """A duty that was withdrawn with a report that waited, and that is owed after all: the report is returned with that."""
    return (before.action, before.from_value, event.action) == (Action.WITHDRAW, AssignmentState.REPORTED, Action.REOPEN)


def _due_dates_agree(stands: _Stands, events: list[_Happened]) -> bool:
    """延期: the due date is the one that was granted last, each was granted from the one before, and the first of them is kept."""
    moved = [(event.from_value, event.to_value) for event in events if event.action == EXTEND]
    if not moved:
        return stands.original_due_on is None
    befores, afters = ([*days] for days in zip(*moved, strict=True))
    return befores == [f"{stands.original_due_on}", *afters[:-1]] and afters[-1] == f"{stands.due_on}"


def _requests_agree(events: list[_Happened], requests: list[Extension]) -> bool:
    """Each request for more time, and each decision about one, is a row of the history with the same words, dates, person and moment."""
    asked = [_row(event) for event in events if event.action == ASK_EXTENSION]
    decided = [_row(event) for event in events if event.action in (EXTEND, DENY_EXTENSION)]
    return asked == [
        (ASK_EXTENSION, f"{one.due_on}", f"{one.wanted_on}", asked_words(one.reason, one.progress), one.asked_at, one.asked_by)
        for one in requests
    ] and decided == [
        (EXTEND, f"{one.due_on}", f"{one.granted_on}", one.comment, one.decided_at, one.decided_by)
        if one.grant is Grant.GRANTED
        else (DENY_EXTENSION, None, None, one.comment, one.decided_at, one.decided_by)
        for one in requests
        if one.grant is not None
    ]


def _row(event: _Happened) -> tuple[object, ...]:
    return (event.action, event.from_value, event.to_value, event.reason, event.at, event.by)


def _histories(session: Session) -> Iterator[tuple[_Stands, list[_Happened]]]:
    rows = session.execute(
        select(
            *(Assignment.id, Assignment.state, Assignment.version, Assignment.done_on, Assignment.ended_at),
            *(Assignment.due_on, Assignment.original_due_on),
            *(AssignmentEvent.position, AssignmentEvent.action, AssignmentEvent.from_value, AssignmentEvent.to_value),
            *(AssignmentEvent.at, AssignmentEvent.by, AssignmentEvent.reason),
        )
        .outerjoin(AssignmentEvent, AssignmentEvent.assignment_id == Assignment.id)
        .order_by(Assignment.id, AssignmentEvent.position)
        .execution_options(yield_per=IDS_A_QUERY)
    )
    for stands, group in groupby((tuple(row) for row in rows), key=lambda row: _Stands._make(row[:7])):
        yield stands, [_Happened._make(row[7:]) for row in group if row[7] is not None]


def _requests(session: Session) -> dict[int, list[Extension]]:
    requests: dict[int, list[Extension]] = {}
    for row in session.scalars(select(Extension).order_by(Extension.assignment_id, Extension.number)):
        requests.setdefault(row.assignment_id, []).append(row)
    return requests


def _notes(session: Session) -> dict[int, list[tuple[str, datetime, str]]]:
    notes: dict[int, list[tuple[str, datetime, str]]] = {}
    for row in session.scalars(select(ProgressNote).order_by(ProgressNote.assignment_id, ProgressNote.id)):
        notes.setdefault(row.assignment_id, []).append((row.text, row.at, row.by))
    return notes


def _reports(session: Session) -> dict[int, list[_Told]]:
    reports: dict[int, list[_Told]] = {}
    for row in session.scalars(select(Report).order_by(Report.assignment_id, Report.number)):
        action = {"approved": Action.APPROVE.value, "returned": Action.RETURN.value}.get(row.verdict or "")
        review = (action, row.comment, row.reviewed_by, row.reviewed_at) if action is not None else None
        reports.setdefault(row.assignment_id, []).append(_Told(row.text, row.reported_at, row.reported_by, review))
    return reports
