"""例会: when the next one is, and what is prepared for it, once: the material goes to the officer, and who said nothing since is asked.

In: `[meeting]` of the policy, the ledger's transaction, a moment. Out: what was prepared, or why nothing was. The unique day of a
prepared meeting decides between two who prepare it at once.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.access import link_of
from engine.meeting_material import Material, material
from engine.meeting_requests import Requested, request_progress
from engine.moves import OFFICER
from models import Message, RegularMeeting
from notifications import ledger
from notifications.meeting_material import MaterialNotice, compose_material
from notifications.mime import Attachment
from notifications.sender import Sender
from office.policy import Meeting, meetings
from office.text import Refused, Text
from office.workdays import is_workday, last_workday_before, mail_time, workdays_between

AsFile = Callable[[Material], Attachment]


class NotNow(enum.Enum):
    """Why nothing is prepared."""

    NO_WORKDAY = enum.auto()
    NO_MEETINGS = enum.auto()  # the policy knows none
    NOT_YET = enum.auto()
    BEFORE = enum.auto()  # it was prepared


@dataclass(frozen=True, slots=True)
class Prepared:
    material: Material
    answer_by: date  # the last working day before the meeting
    asked: Requested
    again: bool = False  # made anew: nobody was asked


def next_meeting(meeting: Meeting, today: date) -> date | None:
    """The day of the first meeting that is not over; None where there are none."""
    days = (*meetings(meeting, today.year), *meetings(meeting, today.year + 1))
    return next((day for day in days if day >= today), None)


def last_meeting(session: Session, meeting: Meeting, before: date) -> date:
    """The day of the meeting before a civil day, by the policy or by what was decided at another one; without any, the last day of the
    year before last."""
    days = [day for year in (before.year - 1, before.year) for day in meetings(meeting, year) if day < before]
    held = session.scalar(select(func.max(RegularMeeting.held_on)).where(RegularMeeting.held_on < before))
    return max([date(before.year - 2, 12, 31), *days, *filter(None, [held])])


def prepare_meeting(session: Session, meeting: Meeting, as_file: AsFile, *, sender: Sender, now: datetime) -> Prepared | NotNow:
    """Prepare the next meeting where that is due on this working day and has not been done: both in one transaction.

    `as_file` makes the material a file, which goes to the officer with the mail that tells who was asked.
    """
    today = now.astimezone(sender.zone).date()
    if not is_workday(today):
        return NotNow.NO_WORKDAY
    held_on = next_meeting(meeting, today)
    if held_on is None:
        return NotNow.NO_MEETINGS
    if workdays_between(today, held_on) > meeting.prepare_before:
        return NotNow.NOT_YET
    if not _claim(session, held_on, now):
        return NotNow.BEFORE
    last_on = last_meeting(session, meeting, held_on)
    gathered = material(session, held_on, last_on, zone=sender.zone, now=now)
    answer_by = max(last_workday_before(held_on), today)
    asked = request_progress(session, held_on, gathered.since, answer_by, sender=sender, now=now)
    prepared = Prepared(gathered, answer_by, asked)
    _tell_officer(session, prepared, as_file(gathered), sender=sender, now=now)
    return prepared


def prepare_again(session: Session, meeting: Meeting, as_file: AsFile, *, sender: Sender, now: datetime) -> Prepared | NotNow:
    """Make the material of the next meeting anew, on any day, and mail it to the officer; nobody is asked."""
    today = now.astimezone(sender.zone).date()
    held_on = next_meeting(meeting, today)
    if held_on is None:
        return NotNow.NO_MEETINGS
    gathered = material_on(session, meeting, held_on, sender=sender, now=now)
    prepared = Prepared(gathered, max(last_workday_before(held_on), today), Requested((), ()), again=True)
    _tell_officer(session, prepared, as_file(gathered), sender=sender, now=now)
    return prepared


def material_on(session: Session, meeting: Meeting, held_on: date, *, sender: Sender, now: datetime) -> Material:
    """The material of the meeting of a day as it stands now, however often; nobody is asked. Refuses a day that is over."""
    today = now.astimezone(sender.zone).date()
    if held_on < today:
        raise Refused(
            Text(f"{held_on}的例会已经过去，材料只能按今天的情况编", f"The meeting of {held_on} is over; material tells of today")
        )
    return material(session, held_on, last_meeting(session, meeting, held_on), zone=sender.zone, now=now)


def _claim(session: Session, held_on: date, now: datetime) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = session.scalar(
        dialect.insert(RegularMeeting)
        .values(held_on=held_on, prepared_at=now)
        .on_conflict_do_nothing(index_elements=["held_on"])
        .returning(RegularMeeting.id)
    )
    return new is not None


def _tell_officer(session: Session, prepared: Prepared, file: Attachment, *, sender: Sender, now: datetime) -> None:
    of = prepared.material
    notice = MaterialNotice(
        officer=sender.officer_name,
        address=sender.officer_address,
        held_on=of.held_on,
        on=of.made_on,
        answer_by=prepared.answer_by,
        open=of.total.tally.open,
        overdue=len(of.overdue),
        done_since=of.done_since,
        asked=prepared.asked.people,
        without_address=prepared.asked.without_address,
        file=file,
        again=prepared.again,
    )
    key = f"meeting_material:{of.held_on}"
    if prepared.again:
        before = session.scalars(select(func.count()).select_from(Message).where(Message.key.startswith(key))).one()
        key = f"{key}:{before + 1}"
    link = link_of(session, OFFICER, sender=sender, now=now, to="/reviews")
    mail = compose_material(notice, sender, key=key, link=link, now=now)
    ledger.queue(session, [mail], now=now, due_at=mail_time(now, sender.zone))
