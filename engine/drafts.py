"""A report that is being written: kept with its files until it is handed in, so that nothing typed is lost.

In: what a form held, with the version of the draft that it was shown with. Out: the draft as it is kept; or `DraftOvertaken`, with what
another tab saved meanwhile. A draft is its writer's own, and may be unfit; what is wrong with it is said when it is handed in.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.activities import activity_of, read_entries
from engine.reporting import ReportedFile, report
from evidence.receiving import NewFile, refuse_too_many
from models import Assignment, Draft, DraftFile, Item, Step, StoredFile
from notifications.sender import Sender
from office.text import Refused, Text, plain

TYPED_LENGTH = 30  # of an amount and of a day, as typed
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(万|亿)?\D{0,4}")
_UNITS = {"": 1, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a draft; `position` names it within the draft."""

    position: int
    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a form holds, as typed."""

    text: str = ""
    amount: str = ""
    held_on: str = ""
    entries: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """A draft as it is kept. `version` 0: there is none yet."""

    version: int = 0
    written: Written = Written()
    files: tuple[KeptFile, ...] = ()
    saved_at: datetime | None = None


class DraftOvertaken(Exception):
    """Another tab saved the draft since the form was opened; `draft` is what it saved."""

    def __init__(self, draft: DraftSeen) -> None:
        super().__init__("the draft was saved in another tab")
        self.draft = draft


def draft_of(session: Session, assignment_id: int, by: str) -> DraftSeen:
    """The draft that `by` has begun about an assignment."""
    row = session.execute(
        select(Draft).where(Draft.assignment_id == assignment_id, Draft.by == by).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        return DraftSeen()
    files = session.execute(
        select(DraftFile.position, DraftFile.name, DraftFile.sha256, StoredFile.size, StoredFile.media_type)
        .join(StoredFile, StoredFile.sha256 == DraftFile.sha256)
        .where(DraftFile.draft_id == row.id)
        .order_by(DraftFile.position)
    )
    written = Written(row.text, row.amount, row.held_on, row.entries)
    return DraftSeen(row.version, written, tuple(KeptFile(*file) for file in files), row.saved_at)


def save_draft(
    session: Session,
    assignment_id: int,
    *,
    by: str,
    seen: int,
    written: Written,
    added: Sequence[NewFile] = (),
    removed: Collection[int] = (),
    now: datetime,
) -> DraftSeen:
    """Keep what was typed, with files added and taken away; `seen` is the version that the form was shown with.

    Raises `DraftOvertaken` where another tab saved it meanwhile: what is kept stays, and the caller has what was typed. Refuses more
    files than a report may have.
    """
    values = {
        "text": plain(written.text),
        "amount": plain(written.amount)[:TYPED_LENGTH],
        "held_on": plain(written.held_on)[:TYPED_LENGTH],
        "entries": {name: plain(value) for name, value in (written.entries or {}).items()},
        "saved_at": now,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(Draft)
        .values(assignment_id=assignment_id, by=by, version=0, **values)
        .on_conflict_do_nothing(index_elements=["assignment_id", "by"])
    )
    draft_id = session.scalar(
        update(Draft)
        .where(Draft.assignment_id == assignment_id, Draft.by == by, Draft.version == seen)
        .values(version=seen + 1, **values)
        .returning(Draft.id)
        .execution_options(synchronize_session=False)
    )
    if draft_id is None:
        raise DraftOvertaken(draft_of(session, assignment_id, by))
    session.execute(delete(DraftFile).where(DraftFile.draft_id == draft_id, DraftFile.position.in_(removed)))
    _add_files(session, draft_id, added, now)
    return draft_of(session, assignment_id, by)


def _add_files(session: Session, draft_id: int, added: Sequence[NewFile], now: datetime) -> None:
    """The same content twice in one draft is one file."""
    there = session.execute(select(DraftFile.sha256, DraftFile.position).where(DraftFile.draft_id == draft_id)).all()
    new = {file.sha256: file for file in added if file.sha256 not in {row.sha256 for row in there}}
    refuse_too_many(len(there) + len(new))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    last = max((row.position for row in there), default=0)
    for position, file in enumerate(new.values(), start=last + 1):
        session.execute(
            dialect.insert(StoredFile)
            .values(sha256=file.sha256, size=file.size, media_type=file.media_type, stored_at=now)
            .on_conflict_do_nothing(index_elements=["sha256"])
        )
        session.add(DraftFile(draft_id=draft_id, position=position, name=file.name, sha256=file.sha256))
    session.flush()


def hand_in(session: Session, assignment_id: int, *, by: str, sender: Sender, now: datetime) -> int:
    """Make the draft of `by` a report, and forget it; the number of the report. Refuses a draft that is none, and what a report refuses."""
    draft = draft_of(session, assignment_id, by)
    if not draft.version:
        raise Refused(Text("还没有填写办理情况", "Nothing is written yet"))
    content, text = session.execute(
        select(Item.content, Step.text)
        .join(Step, Step.item_id == Item.id)
        .join(Assignment, Assignment.step_id == Step.id)
        .where(Assignment.id == assignment_id)
    ).one()
    activity = activity_of(content, text)
    written = draft.written
    number = report(
        session,
        assignment_id,
        text=written.text,
        amount=amount_of(written.amount),
        held_on=day_of(written.held_on),
        entries=read_entries(activity, written.entries or {}) if activity is not None else {},
        files=[ReportedFile(file.name, file.sha256) for file in draft.files],
        by=by,
        sender=sender,
        now=now,
    )
    mine = select(Draft.id).where(Draft.assignment_id == assignment_id, Draft.by == by)
    session.execute(delete(DraftFile).where(DraftFile.draft_id.in_(mine)))
    session.execute(delete(Draft).where(Draft.id.in_(mine)))
    return number


def amount_of(typed: str) -> float | None:
    """25,000, ２.5万册, 4次 as a number; None for nothing. Refuses what is none."""
    tidy = re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", typed))
    if not tidy:
        return None
    found = _AMOUNT.fullmatch(tidy)
    if found is None:
        raise Refused(Text(f"完成数量要填数字：{typed}", f"The amount has to be a number: {typed}"))
    return float(found[1]) * _UNITS[found[2] or ""]


def day_of(typed: str) -> date | None:
    """2026-03-31 as a date; None for nothing. Refuses what is none."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(Text(f"办理日期不是日期：{typed}（例：2026-03-31）", f"That is no date: {typed} (like 2026-03-31)")) from None
