"""Files that prove a report or belong to a draft, as somebody opens them.

In: the id of a piece of evidence, or a place in a draft. Out: what is needed to serve it, and whose assignment it is about.
"""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Draft, DraftFile, Evidence, Report, StoredFile


class ServedFile(NamedTuple):
    assignment_id: int
    name: str
    sha256: str
    media_type: str


def evidence_file(session: Session, evidence_id: int) -> ServedFile | None:
    """The file of a report; None where there is none of that id, or it is an address."""
    row = session.execute(
        select(Report.assignment_id, Evidence.name, StoredFile.sha256, StoredFile.media_type)
        .select_from(Evidence)
        .join(Report, Report.id == Evidence.report_id)
        .join(StoredFile, StoredFile.sha256 == Evidence.sha256)
        .where(Evidence.id == evidence_id)
    ).one_or_none()
    return None if row is None else ServedFile._make(row)


def draft_file(session: Session, assignment_id: int, by: str, position: int) -> ServedFile | None:
    """A file of somebody's own draft; None where there is none."""
    row = session.execute(
        select(Draft.assignment_id, DraftFile.name, StoredFile.sha256, StoredFile.media_type)
        .select_from(DraftFile)
        .join(Draft, Draft.id == DraftFile.draft_id)
        .join(StoredFile, StoredFile.sha256 == DraftFile.sha256)
        .where(Draft.assignment_id == assignment_id, Draft.by == by, DraftFile.position == position)
    ).one_or_none()
    return None if row is None else ServedFile._make(row)


def stored_hashes(session: Session) -> list[str]:
    """The contents that evidence and drafts name."""
    return list(session.scalars(select(StoredFile.sha256).order_by(StoredFile.sha256)))
