"""每日提要: what waits for the officer on a working day, as one mail; nothing on a day on which nothing does.

In: the ledger's transaction, where the board's pages are, the day. Out: the mail in the ledger, at most one a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from email.utils import parseaddr
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access import link_of
from engine.completion import COMPLETION_WORDS, Completion
from engine.escalation import workdays_over
from engine.moves import OFFICER
from engine.standing import YearStanding, year_standing, years_to_show
from models import Assignment, AssignmentState, ListQuestion, Report, ResponsibilityList
from notifications import ledger
from notifications.briefing import Briefing, Figure, compose_briefing
from notifications.sender import Sender
from office.text import Text
from office.workdays import is_workday, last_workday_before, mail_time

ADDRESSED = Text("计划员", "Officer")  # where the sender has no name
SENT_AT = time(8, 10)  # in the office's time zone: what was asked after the last one is new


class Address(NamedTuple):
    """One page in the present UI and in the new one."""

    present: str
    new: str


@dataclass(frozen=True, slots=True)
class BriefingPages:
    """Where the mail leads to: the runs of each of its counts, the questions and the year at a glance by year."""

    reported: Address
    overdue: Address
    due_this_month: Address
    questions: Mapping[int, Address]
    years: Mapping[int, Address]


class Waiting(NamedTuple):
    """What the mail counts, over all years that can still change."""

    reported: int
    reported_for: int  # working days that the oldest report waits
    overdue: int
    overdue_for: int  # working days, of the longest one
    due_this_month: int
    open_this_month: int  # of those
    questions: int
    new_questions: int  # of lists issued since the last morning
    first_workday_of_month: bool

    @property
    def calls_for_mail(self) -> bool:
        """Whether something is to be done: reviews, overdue duties, new questions; on the first working day of a month, its duties."""
        return bool(self.reported or self.overdue or self.new_questions or (self.first_workday_of_month and self.open_this_month))


def years_briefed(session: Session, *, sender: Sender, now: datetime) -> tuple[int, ...]:
    """The years whose pages the mail leads to."""
    return years_to_show(session, now.astimezone(sender.zone).date())


def brief_officer(session: Session, pages: BriefingPages, *, sender: Sender, now: datetime) -> Waiting | None:
    """Queue the mail of the day; what it counts. None where it is no working day, nothing waits, or it was queued before."""
    today = now.astimezone(sender.zone).date()
    if not is_workday(today):
        return None
    standings = [year_standing(session, year, zone=sender.zone, now=now) for year in years_briefed(session, sender=sender, now=now)]
    found = waiting(session, standings, sender=sender, now=now)
    if not found.calls_for_mail:
        return None
    name, address = parseaddr(sender.reply_to or sender.mail_from)
    year = max((standing.year for standing in standings if standing.year <= today.year), default=today.year)
    briefing = Briefing(
        officer=(name if sender.reply_to else "") or ADDRESSED.in_(sender.language),
        address=address,
        on=today,
        figures=figures(found, pages, year),
        year_page=Figure(Text(f"{year}年一览", f"{year} at a glance"), 1, *pages.years[year]) if year in pages.years else None,
    )
    link = link_of(session, OFFICER, sender=sender, now=now, to="/reviews")
    mail = compose_briefing(briefing, sender, key=f"briefing:{today}", link=link, now=now)
    return found if ledger.queue(session, [mail], now=now, due_at=mail_time(now, sender.zone)) else None


def waiting(session: Session, standings: list[YearStanding], *, sender: Sender, now: datetime) -> Waiting:
    """Add up what waits."""
    today = now.astimezone(sender.zone).date()
    oldest = session.scalar(
        select(func.min(Report.reported_at))
        .join(Assignment, Assignment.id == Report.assignment_id)
        .where(Report.verdict.is_(None), Assignment.state == AssignmentState.REPORTED)
    )
    last_workday = last_workday_before(today)
    new = session.scalar(
        select(func.count())
        .select_from(ListQuestion)
        .join(ResponsibilityList, ResponsibilityList.id == ListQuestion.list_id)
        .where(ResponsibilityList.issued_at > datetime.combine(last_workday, SENT_AT, sender.zone))
    )
    month = [standing.due_this_month for standing in standings]
    return Waiting(
        reported=sum(standing.total[Completion.REPORTED] for standing in standings),
        reported_for=workdays_over(oldest.astimezone(sender.zone).date(), today) if oldest else 0,
        overdue=sum(len(standing.overdue) for standing in standings),
        overdue_for=max((duty.workdays_over for standing in standings for duty in standing.overdue), default=0),
        due_this_month=sum(tally.assigned for tally in month),
        open_this_month=sum(tally.assigned - tally.done for tally in month),
        questions=sum(len(standing.questions) for standing in standings),
        new_questions=new or 0,
        first_workday_of_month=last_workday.month != today.month,
    )


def figures(found: Waiting, pages: BriefingPages, year: int) -> tuple[Figure, ...]:
    """What the mail says, the most pressing first."""
    reported = Text(f"最早的已等 {found.reported_for} 个工作日", f"the oldest has waited {found.reported_for} working days")
    overdue = Text(f"最久 {found.overdue_for} 个工作日", f"the longest by {found.overdue_for} working days")
    month = Text(f"其中 {found.open_this_month} 项还没有办结", f"{found.open_this_month} of them open")
    nothing = Text("", "")
    questions = pages.questions.get(year)
    return (
        Figure(COMPLETION_WORDS[Completion.REPORTED], found.reported, *pages.reported, reported if found.reported_for else nothing),
        Figure(COMPLETION_WORDS[Completion.OVERDUE], found.overdue, *pages.overdue, overdue if found.overdue_for else nothing, urgent=True),
        Figure(Text("本月到期", "due this month"), found.due_this_month, *pages.due_this_month, month),
        *([Figure(Text("清单待确认的问题", "questions about the lists"), found.questions, *questions)] if questions else ()),
    )
