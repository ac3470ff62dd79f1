"""签收 and 办理情况: who carries a duty says that it was received, and what was done, with what proves it.

In: ids of assignments and the words of the person. Out: what was stored; an assignment that does not stand for it stays as it is.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access import evidence_addresses, prepare
from engine.moves import STATE_WORDS, Action, held_one, move
from models import Assignment, AssignmentState, Evidence, Person, Report, Step
from notifications.sender import SHANGHAI, Sender
from office.text import Refused, Text, plain

NAME_LENGTH = 200  # of a piece of evidence
TEXT_LENGTH = 20_000  # characters of a report


class ReportedFile(NamedTuple):
    """A file that proves a report: its name, and the content that is kept."""

    name: str
    sha256: str


def acknowledge(session: Session, ids: Collection[int], *, by: str, now: datetime) -> tuple[int, ...]:
    """Mark these assignments as received; ids of those that were not yet, in ascending order."""
    return tuple(sorted(move(session, ids, Action.ACKNOWLEDGE, reason="", by=by, now=now)))


def to_acknowledge(session: Session, person: str) -> tuple[int, ...]:
    """Ids of what this person carries and has not acknowledged yet, by due date. Refuses a name that is nobody's."""
    name = " ".join(person.split())
    person_id = session.scalar(select(Person.id).where(Person.name == name))
    if person_id is None:
        raise Refused(Text(f"名册里没有“{name}”", f"{name} is not in the roster"))
    waiting = select(Assignment.id).where(Assignment.person_id == person_id, Assignment.state == AssignmentState.SENT)
    return tuple(session.scalars(waiting.order_by(Assignment.due_on, Assignment.id)))


def report(
    session: Session,
    assignment_id: int,
    *,
    text: str,
    amount: float | None = None,
    held_on: date | None = None,
    entries: Mapping[str, str | int] = MappingProxyType({}),
    evidence: Sequence[tuple[str, str]] = (),
    files: Sequence[ReportedFile] = (),
    by: str,
    sender: Sender | None = None,
    now: datetime,
) -> int:
    """Hand in what was done, for review; the number of the report, 1 for the first. It acknowledges, too.

    `amount` is what has been reached of the step's target, in its unit. `evidence` are (name, web address); without a name the
    address stands for it; `files` are kept already. `held_on` is the day on which it was done, `entries` belong to a duty with a form
    of its own (`engine.activities`). With a `sender`, whoever looks at the board can open the files.
    Refuses an empty text, an amount that is none or has no target, a day to come, an address that is none, and an
    assignment that waits for review, is closed or withdrawn.
    """
    words = plain(text)
    if not words:
        raise Refused(Text("办理情况没有写内容", "The report says nothing"))
    if len(words) > TEXT_LENGTH:
        raise Refused(
            Text(f"办理情况至多 {TEXT_LENGTH} 字，较长的材料请作为附件", f"A report has at most {TEXT_LENGTH} characters: attach more")
        )
    if held_on is not None and held_on > now.astimezone(sender.zone if sender else SHANGHAI).date():
        raise Refused(Text(f"办理日期 {held_on} 还没有到", f"{held_on} is still to come"))
    proofs = [_proof(name, url) for name, url in evidence]
    state = held_one(session, assignment_id)
    _refuse_unfit_amount(session, assignment_id, amount)
    if not move(session, [assignment_id], Action.REPORT, reason=words, by=by, now=now):
        stands = STATE_WORDS[state]
        raise Refused(
            Text(f"任务 {assignment_id} {stands.zh}，不能再报送", f"Assignment {assignment_id} is {stands.en}: it takes no report"),
        )
    number = 1 + (session.scalar(select(func.max(Report.number)).where(Report.assignment_id == assignment_id)) or 0)
    row = Report(
        assignment_id=assignment_id,
        number=number,
        text=words,
        amount=amount,
        held_on=held_on,
        entries=dict(entries),
        reported_at=now,
        reported_by=by,
    )
    session.add(row)
    session.flush()
    kept = [Evidence(name=name, url=url) for name, url in proofs] + [Evidence(name=name, url="", sha256=sha) for name, sha in files]
    for position, proof in enumerate(kept, start=1):
        proof.report_id, proof.position = row.id, position
    session.add_all(kept)
    session.flush()
    if files and sender is not None:
        address_files(session, [(proof, now) for proof in kept if proof.sha256], sender=sender, now=now)
    return number


def address_files(session: Session, files: Sequence[tuple[Evidence, datetime]], *, sender: Sender, now: datetime) -> None:
    """Write down where whoever looks at the board opens these files, by the planning officer's links. Beside each: when it was reported."""
    prepare(session, sender=sender, now=now)
    addresses = evidence_addresses(session, [(file.id, at) for file, at in files], sender=sender, now=now)
    for file, _ in files:
        file.url = addresses.get(file.id, "")
    session.flush()


def address_all_files(session: Session, *, sender: Sender, now: datetime) -> None:
    """The same for every file of the office: after the planning officer's links were revoked, or the portal has moved."""
    rows = session.execute(
        select(Evidence, Report.reported_at).join(Report, Report.id == Evidence.report_id).where(Evidence.sha256.is_not(None))
    )
    address_files(session, [(file, at) for file, at in rows], sender=sender, now=now)


def _proof(name: str, url: str) -> tuple[str, str]:
    address = plain(url)
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, address))
    except ValueError:
        fits = False
    if not fits:
        raise Refused(
            Text(f"佐证材料要给出 http:// 或 https:// 开头的网址：{address}", f"Evidence is a web address, http:// or https://: {address}")
        )
    return (" ".join(plain(name).split()) or address)[:NAME_LENGTH], address


def _refuse_unfit_amount(session: Session, assignment_id: int, amount: float | None) -> None:
    if amount is None:
        return
    if amount < 0:
        raise Refused(Text(f"完成数量不能是负数：{amount:g}", f"The amount cannot be negative: {amount:g}"))
    if not math.isfinite(amount):
        raise Refused(Text(f"完成数量不是数：{amount}", f"That is no amount: {amount}"))
    target = session.scalar(
        select(Step.target_amount).join(Assignment, Assignment.step_id == Step.id).where(Assignment.id == assignment_id)
    )
    if target is None:
        raise Refused(Text("这项任务没有数量目标，不用填完成数量", "This assignment has no target to count towards: leave the amount out"))
