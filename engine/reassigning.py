"""转办: who carries a duty gives it to somebody else of the same unit, and says why.

In: an assignment, a name, a reason. Out: the assignment is theirs, whoever holds the post (`engine.succession` says until when), and
they are told by mail what was done about it so far. Drafts of the one who gave it stay with their writer.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.access import link_of
from engine.duties import duties_of, owed_rows
from engine.history import HAND_OVER, Change, record
from engine.moves import BY_LENGTH, OFFICER, OPEN, STATE_WORDS, held_one, is_officer
from engine.past import past_of
from models import Assignment, AssignmentState, Person, Post
from notifications import ledger
from notifications.handover import HandoverNotice, compose_handover
from notifications.sender import Sender
from office.text import Refused, Text, plain
from office.workdays import mail_time

FROM_ABOVE = re.compile(r"分管|主管|联系|包联|挂点")  # posts of who leads the unit from above, and is no colleague in it


class _Carried(NamedTuple):
    person: str | None
    post_title: str | None


def colleagues(session: Session, assignment_id: int, *, on: date) -> tuple[str, ...]:
    """Who may be given this assignment: who holds a post in its unit on the day, but for whoever carries it; in the roster's order.

    Nobody where it belongs to no unit, or there is none of that id.
    """
    rows = session.execute(
        select(Person.name, Post.title, Post.position)
        .join(Post, Post.person_id == Person.id)
        .join(Assignment, Assignment.unit_id == Post.unit_id)
        .where(
            Assignment.id == assignment_id,
            Person.left_on.is_(None),
            Person.id.is_distinct_from(Assignment.person_id),
            or_(Post.starts_on.is_(None), Post.starts_on <= on),
            or_(Post.ends_on.is_(None), Post.ends_on >= on),
        )
        .order_by(Post.position)
    )
    return tuple(dict.fromkeys(name for name, title, _ in rows if not FROM_ABOVE.match(title)))


def reassign(session: Session, assignment_id: int, *, to: str, reason: str, by: str, sender: Sender, now: datetime) -> bool:
    """Give an open assignment to a colleague; whether they are told: not so where they have no mail address.

    `by` is who carries it, or the planning officer. Refuses no reason, somebody else, an assignment that has ended, and a name that is
    not one of its `colleagues`.
    """
    words, name = plain(reason), " ".join(to.split())
    if not words:
        raise Refused(Text("转办要写明原因", "To give a duty to somebody else takes a reason"))
    state = held_one(session, assignment_id)
    carried = _carried(session, assignment_id)
    if len(by) > BY_LENGTH or (by != carried.person and not is_officer(by)):
        short = by[:BY_LENGTH]
        raise Refused(Text(f"{short}不承办这项任务，不能转办", f"{short} does not carry this assignment and cannot give it away"))
    if state not in OPEN:
        stands = STATE_WORDS[state]
        raise Refused(Text(f"任务{stands.zh}，不能再转办", f"The assignment is {stands.en}: it cannot be given away"))
    allowed = colleagues(session, assignment_id, on=now.astimezone(sender.zone).date())
    if name not in allowed:
        others = Text("、".join(allowed) or "（无）", ", ".join(allowed) or "nobody")
        raise Refused(Text(f"只能转办给同一单位的人：{others.zh}", f"It can be given to people of the same unit: {others.en}"))
    person_id, address = session.execute(select(Person.id, Person.email).where(Person.name == name)).one()
    past = past_of(session, [assignment_id], year=now.astimezone(sender.zone).year, zone=sender.zone, language=sender.language)
    values: dict[str, object] = {"person_id": person_id, "given_by_hand": True}
    if carried.post_title is not None:
        values["party"] = name  # a post is shown by its holder's name
    session.execute(update(Assignment).where(Assignment.id == assignment_id).values(values).execution_options(synchronize_session=False))
    record(session, [Change(assignment_id, HAND_OVER, carried.person, name, f"转办给{name}：{words}")], at=now, by=by)
    if not address:
        return False
    _tell(session, assignment_id, address, carried.person or "", words, by, past, sender=sender, now=now)
    return True


def _carried(session: Session, assignment_id: int) -> _Carried:
    row = session.execute(
        select(Person.name, Assignment.post_title)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Assignment.id == assignment_id)
    ).one()
    return _Carried._make(row)


def _tell(
    session: Session,
    assignment_id: int,
    address: str,
    predecessor: str,
    reason: str,
    by: str,
    past: Mapping[int, Sequence[str]],
    *,
    sender: Sender,
    now: datetime,
) -> None:
    (row,) = owed_rows(session, [assignment_id])
    today, name = now.astimezone(sender.zone).date(), row.person or ""
    notice = HandoverNotice(
        person=name,
        address=address,
        predecessor=predecessor,
        post="",
        on=today,
        duties=duties_of(session, [row], language=sender.language, overdue_before=today, past=past),
        reported=int(row.state is AssignmentState.REPORTED),
        by=OFFICER if is_officer(by) else by,
        reason=reason,
    )
    # It may come back to the same person: what has happened to it by then tells the messages apart.
    what = hashlib.sha256(f"{row.natural_key} {row.version} {now.isoformat()}".encode()).hexdigest()[:32]
    link = link_of(session, name, sender=sender, now=now, to=f"/duties/{assignment_id}")
    mail = compose_handover(notice, sender, key=f"given:{name}:{what}", person_id=row.person_id, link=link, now=now)
    ledger.queue(session, [mail], now=now, due_at=mail_time(now, sender.zone))
