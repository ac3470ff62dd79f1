"""The first weeks of a made-up year, for the demonstration's board: people acknowledge, report with evidence, and are reviewed.

In: a database with an issued list. Out: the same with what was done between two moments, all of it through the engine, so that every
step is in the history and tells whom it concerns by mail. The same list always gives the same story; nothing of it is random.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reporting import acknowledge, report
from engine.reviewing import OFFICER, review
from models import Assignment, AssignmentState, Item, Person, Step, Verdict
from notifications.sender import Sender

WAITING_DAYS = 8  # what was reported in the last days still waits for its review
SLOW = 9  # every ninth person acknowledges nothing
SOON_DAYS = 14  # what is due later is not acknowledged yet
UNREPORTED, RETURNED, RETURNED_EARLY, LATE = 8, 11, 4, 13  # of the duties that are due: every eighth is not reported, and so on


@dataclass(slots=True)
class Told:
    """What happened, counted."""

    acknowledged: int = 0
    reported: int = 0
    approved: int = 0
    returned: int = 0


class _Due(NamedTuple):
    """One assignment as the story needs it."""

    id: int
    person: str
    content: str
    due: datetime


def live(session: Session, *, begins: datetime, ends: datetime, sender: Sender, evidence_url: str) -> Told:
    """Let the weeks between two moments pass. `evidence_url` is where the evidence of the story can be opened."""
    told = Told()
    for person, ids, at in _receipts(session, begins, ends):
        told.acknowledged += len(acknowledge(session, ids, by=person, now=at))
    for number, due in zip(count(1), _due(session, ends + timedelta(days=WAITING_DAYS), sender), strict=False):
        if number % UNREPORTED == 0:
            continue
        at = due.due + timedelta(days=3 if number % LATE == 0 else -2 - number % 4, hours=number % 8)
        if not begins < at < ends:
            continue
        evidence = [(f"{due.content[:12]}照片", f"{evidence_url}?evidence={number}-1"), ("会议记录", f"{evidence_url}?evidence={number}-2")]
        report(session, due.id, text=_words(due, number), evidence=evidence[: 1 + number % 2], by=due.person, now=at)
        told.reported += 1
        recent = at > ends - timedelta(days=WAITING_DAYS)
        returned = number % (RETURNED_EARLY if recent else RETURNED) == 0
        if recent and not returned:
            continue
        verdict, comment = (Verdict.RETURNED, "材料不全，请补充签到表后再报。") if returned else (Verdict.APPROVED, "")
        reviewed_at = min(at + timedelta(days=1), ends)
        review(session, due.id, number=1, verdict=verdict, comment=comment, by=OFFICER, sender=sender, now=reviewed_at)
        told.returned += returned
        told.approved += not returned
    return told


def _receipts(session: Session, begins: datetime, ends: datetime) -> Iterator[tuple[str, list[int], datetime]]:
    """Who acknowledges which duties, and when: within the first days."""
    soon = (ends + timedelta(days=SOON_DAYS)).date()
    people = session.execute(select(Person.id, Person.name).order_by(Person.position)).all()
    for number, (person_id, name) in enumerate(people, start=1):
        if number % SLOW:
            sent = select(Assignment.id).where(
                Assignment.person_id == person_id, Assignment.state == AssignmentState.SENT, Assignment.due_on <= soon
            )
            yield name, list(session.scalars(sent)), begins + timedelta(days=number % 4, hours=number % 7)


def _due(session: Session, until: datetime, sender: Sender) -> list[_Due]:
    rows = session.execute(
        select(Assignment.id, Person.name, Item.content, Assignment.due_on)
        .join(Person, Person.id == Assignment.person_id)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .where(Assignment.due_on <= until.astimezone(sender.zone).date(), Assignment.state == AssignmentState.ACKNOWLEDGED)
        .order_by(Assignment.due_on, Assignment.id)
    )
    return [_Due(id_, name, content, datetime.combine(due_on, time(9), sender.zone)) for id_, name, content, due_on in rows]


def _words(due: _Due, number: int) -> str:
    return (
        f"{due.content}：已按要求完成，{due.due:%m月}组织{1 + number % 3}次，应到{20 + number % 9}人，实到{18 + number % 9}人，"
        "问题清单和照片见佐证材料。"
    )
