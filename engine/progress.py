"""进展: how far an open duty is, without reporting it done. No state changes by it.

In: an assignment and the words of who carries it, or of who stands in for them. Out: a note and a row of the history.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history import PROGRESS, Change, record
from engine.moves import BY_LENGTH, ENDED, STATE_WORDS, held_one, is_officer
from engine.substitutes import may_answer
from models import AssignmentState, ProgressNote
from notifications.sender import Sender
from office.text import Refused, Text, plain

TEXT_LENGTH = 2000  # characters
TAKES_NO_NOTE = (*ENDED, AssignmentState.REPORTED)  # what waits for its review has said all


def note_progress(session: Session, assignment_id: int, *, text: str, by: str, now: datetime, sender: Sender) -> bool:
    """Say how far it is; False where `by` said the same on the same day already: a button that was pressed twice.

    `by` carries the assignment, stands in for whoever does, or is the planning officer, who enters it for them. Refuses an empty
    text, one that is longer than a note, and an assignment that has ended or waits for its review.
    """
    words = plain(text)
    if not words:
        raise Refused(Text("进展没有写内容", "The progress note says nothing"))
    if len(words) > TEXT_LENGTH:
        raise Refused(Text(f"进展至多 {TEXT_LENGTH} 字", f"A progress note has at most {TEXT_LENGTH} characters"))
    state = held_one(session, assignment_id)
    today = now.astimezone(sender.zone).date()
    _refuse_stranger(session, assignment_id, by, on=today)
    if state in TAKES_NO_NOTE:
        stands = STATE_WORDS[state]
        raise Refused(Text(f"任务{stands.zh}，不用再报进展", f"The assignment is {stands.en}: it takes no progress note"))
    last = session.scalars(
        select(ProgressNote).where(ProgressNote.assignment_id == assignment_id).order_by(ProgressNote.at.desc(), ProgressNote.id.desc())
    ).first()
    if last is not None and (last.text, last.by, last.at.astimezone(sender.zone).date()) == (words, by, today):
        return False
    session.add(ProgressNote(assignment_id=assignment_id, text=words, at=now, by=by))
    record(session, [Change(assignment_id, PROGRESS, None, None, words)], at=now, by=by)
    session.flush()
    return True


def _refuse_stranger(session: Session, assignment_id: int, by: str, *, on: date) -> None:
    if len(by) <= BY_LENGTH and (is_officer(by) or may_answer(session, assignment_id, by, on=on)):
        return
    name = by[:BY_LENGTH]
    raise Refused(Text(f"{name}不承办这项任务，不能报进展", f"{name} does not carry this assignment and cannot say how far it is"))
