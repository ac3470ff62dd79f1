"""An office whose mornings a test lives through: a list is issued, days pass, and what was said is in the ledger."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email import policy as mail_policy

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.follow_up import FollowedUp, follow_up
from engine.issuing import issue
from engine.moves import Action, move
from engine.roster import store_roster
from intake.values import Parties
from models import Assignment, Message, MessageContent, Notice, NoticeOutcome
from notifications.sender import SHANGHAI, Sender
from office.policy import Policy
from tests import factories
from tests.factories import NOW

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example")


def at(day: date, hour: int = 8, minute: int = 30) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def office(session: Session, *parties: str, due_on: date = date(2026, 6, 30), policy: Policy | None = None) -> list[int]:
    """A list is issued with one duty of each of these parties; their assignments."""
    store_roster(session, factories.roster_value(), year=2026, now=NOW)
    step = factories.step_value(deadline=factories.deadline_value(due_on))
    items = tuple(
        factories.item_value(content=f"第{n}项", number=str(n), steps=(step,), parties=Parties(lead=(party,)))
        for n, party in enumerate(parties, start=1)
    )
    issue(session, factories.list_reading(items=items), year=2026, file_name="list.xlsx", policy=policy, sender=SENDER, now=NOW)
    return list(session.scalars(select(Assignment.id).order_by(Assignment.id)))


def run(session: Session, day: date, hour: int = 8, minute: int = 30, **given: object) -> FollowedUp:
    session.flush()
    session.expire_all()
    return follow_up(session, sender=SENDER, now=at(day, hour, minute), **given)  # type: ignore[arg-type]


def every_day(session: Session, first: date, last: date) -> None:
    day = first
    while day <= last:
        run(session, day)
        day += timedelta(days=1)


def acknowledged(session: Session, ids: list[int]) -> None:
    move(session, ids, Action.ACKNOWLEDGE, reason="", by="孟松年", now=NOW)


def ledger(session: Session) -> list[tuple[str, str, str]]:
    """Day, stage, whom: of what was told."""
    rows = session.scalars(select(Notice).where(Notice.outcome == NoticeOutcome.TOLD).order_by(Notice.owed_on, Notice.id))
    return [(f"{row.owed_on:%m-%d}", row.stage, row.told) for row in rows]


def digests(session: Session) -> list[str]:
    return list(session.scalars(select(Message.key).where(Message.kind == "digest").order_by(Message.key)))


def text_of(session: Session, day: date, name: str) -> str:
    content = session.scalars(
        select(MessageContent.content).join(Message, Message.id == MessageContent.message_id).where(Message.key == f"digest:{day}:{name}")
    ).one()
    part = message_from_bytes(content, policy=mail_policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())
