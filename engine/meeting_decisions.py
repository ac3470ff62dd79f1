"""登记例会议定事项: what a meeting decided becomes a list of new dated duties, issued like any other.

In: the lines as they were entered, and the day of the meeting. Out: what was issued, a row a decision. The same lines again change nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.issuing import Issued, issue, refuse_no_roster, refuse_unfit
from engine.meetings import next_meeting
from engine.planning import NO_OWNER, Owned, Owners, plan
from engine.roster import load_roster
from intake.decisions import read_decisions, title_of_decisions
from intake.values import Item, ListReading, Parties, Roster
from models import RegularMeeting
from notifications.sender import Sender
from office.policy import Policy, default_policy
from office.text import Refused, Text


class DecidedDuty(NamedTuple):
    """One decision as it is understood."""

    content: str
    parties: tuple[str, ...]  # with who carries it, where somebody does
    leaders: tuple[str, ...]
    phrase: str
    due: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    held_on: date
    issued: Issued
    duties: tuple[DecidedDuty, ...]
    questions: tuple[Text, ...]


def record_decisions(
    session: Session, written: str, held_on: date, *, policy: Policy | None = None, sender: Sender, now: datetime
) -> Decided:
    """Issue the decisions of a meeting as the list `…例会议定事项`; everybody whom they concern is told.

    Refuses a meeting that is still to come, nothing, and lines that cannot be read or name a party that the roster does not know, with the
    number of the first such line: then nothing is stored. Refuses other lines for a meeting whose decisions were issued before.
    """
    today = now.astimezone(sender.zone).date()
    if held_on > today:
        raise Refused(Text(f"{held_on}的例会还没有开", f"The meeting of {held_on} is still to come"))
    if not written.strip():
        raise Refused(Text("请填写议定事项，每行一条", "Enter what was decided, a line each"))
    next_on = next_meeting((policy or default_policy()).meeting, held_on + timedelta(days=1))
    reading = read_decisions(written, held_on, next_on)
    refuse_unfit(reading)
    roster = load_roster(session, held_on.year)
    refuse_no_roster(roster)
    _refuse_unknown_parties(reading, roster, today)
    title = title_of_decisions(held_on)
    planned = plan(reading.items, roster, year=held_on.year, title=title, issued_on=today)
    issued = issue(session, reading, year=held_on.year, title=title, file_name=title, policy=policy, sender=sender, now=now)
    _note_list(session, held_on, issued.list_id, now)
    duties = tuple(
        DecidedDuty(
            content=step.item.content,
            parties=tuple(
                f"{party.name}（{party.person}）" if party.person and party.person != party.name else party.name for party in step.parties
            ),
            leaders=tuple(dict.fromkeys(leader for leader in step.leaders if leader)),
            phrase=step.step.deadline.phrase or "",
            due=tuple(period.due_on for period in step.periods),
        )
        for step in planned.steps
    )
    return Decided(held_on, issued, duties, tuple(note.text for note in (*reading.questions, *planned.questions)))


def _refuse_unknown_parties(reading: ListReading, roster: Roster, on: date) -> None:
    owners = Owners(roster, on)
    for item in reading.items:
        for name in _names(item):
            _refuse_nobody(owners.of(Parties(responsible=(name,))), item)
        _refuse_nobody(owners.of(item.parties), item)


def _refuse_nobody(owned: Owned, item: Item) -> None:
    if not owned.accountable:
        raise Refused(next(iter(owned.questions), NO_OWNER), place=item.address)


def _names(item: Item) -> tuple[str, ...]:
    parties = item.parties
    return (*parties.lead, *parties.responsible, *parties.assisting, *parties.leader)


def _note_list(session: Session, held_on: date, list_id: int, now: datetime) -> None:
    """A meeting that nobody prepared is entered with what it decided."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(RegularMeeting)
        .values(held_on=held_on, prepared_at=now, list_id=list_id)
        .on_conflict_do_nothing(index_elements=["held_on"])
    )
    session.execute(
        update(RegularMeeting)
        .where(RegularMeeting.held_on == held_on, RegularMeeting.list_id.is_(None))
        .values(list_id=list_id)
        .execution_options(synchronize_session=False)
    )
