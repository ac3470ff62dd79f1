"""What the assignee said last about each duty: in a report, a progress note (进展) or a request for more time, whichever came last.

In: ids of assignments. Out: the words, when and by whom. What the officer entered for somebody counts as theirs.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history import IDS_A_QUERY
from engine.moves import Action
from models import AssignmentEvent, Extension, ProgressNote, Report
from notifications.wording import day_in
from office.text import Text

_SENT_BACK = (Action.RETURN.value, Action.REOPEN.value)


class SaidLast(NamedTuple):
    text: str
    at: datetime
    by: str

    def in_words(self, zone: ZoneInfo, year: int) -> Text:
        """3月2日林一：已联系场地; the date without the year that a mail leaves out."""
        on = self.at.astimezone(zone).date()
        return Text(f"{day_in(on, year, 'zh')}{self.by}：{self.text}", f"{day_in(on, year, 'en')} {self.by}: {self.text}")


def said_last(session: Session, ids: Collection[int]) -> dict[int, SaidLast]:
    """The last words about each of these assignments; those about which nothing was said are missing.

    Of a request for more time the progress counts, or the reason where it has none. A report that says nothing in words leaves what
    was said before it.
    """
    found: dict[int, SaidLast] = {}
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_A_QUERY):
        some = ordered[start : start + IDS_A_QUERY]
        queries = (
            select(Report.assignment_id, Report.text, Report.reported_at, Report.reported_by)
            .where(Report.assignment_id.in_(some), Report.text != "")
            .order_by(Report.number),
            select(ProgressNote.assignment_id, ProgressNote.text, ProgressNote.at, ProgressNote.by)
            .where(ProgressNote.assignment_id.in_(some))
            .order_by(ProgressNote.at, ProgressNote.id),
            select(Extension.assignment_id, Extension.progress, Extension.asked_at, Extension.asked_by, Extension.reason)
            .where(Extension.assignment_id.in_(some))
            .order_by(Extension.number),
        )
        for query in queries:
            for assignment_id, text, at, by, *reason in session.execute(query):
                words = text or next(iter(reason), "")
                before = found.get(assignment_id)
                if words and (before is None or at >= before.at):
                    found[assignment_id] = SaidLast(words, at, by)
    return found


def returned_for(session: Session, ids: Collection[int]) -> dict[int, SaidLast]:
    """With which words, by whom and when each of these was last sent back; those that never were are missing."""
    found: dict[int, SaidLast] = {}
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_A_QUERY):
        event = AssignmentEvent
        query = select(event.assignment_id, event.reason, event.at, event.by).where(event.action.in_(_SENT_BACK)).order_by(event.position)
        for assignment_id, reason, at, by in session.execute(query.where(event.assignment_id.in_(ordered[start : start + IDS_A_QUERY]))):
            found[assignment_id] = SaidLast(reason, at, by)
    return found
