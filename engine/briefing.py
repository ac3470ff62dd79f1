"""每日提要: what waits for the officer on a working day, as one mail; nothing on a day on which nothing does.

In: the ledger's transaction, where the board's pages are, the day. Out: the mail in the ledger, at most one a day. Each of its figures
is what the page beside it shows: where that is one year's, so is the figure.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access import link_of
from engine.completion import COMPLETION_WORDS, Completion, Light
from engine.lights import Lit, red_of
from engine.moves import OFFICER
from engine.standing import YearStanding, of_this_year, standings_to_show
from models import Assignment, AssignmentState, Item, ListQuestion, Report, ResponsibilityList, Step
from notifications import ledger
from notifications.briefing import Briefing, Figure, compose_briefing
from notifications.sender import Sender
from office.text import Text
from office.workdays import is_workday, last_workday_before, mail_time, workdays_between

SENT_AT = time(8, 10)  # in the office's time zone: what was asked after the last one is new


class Address(NamedTuple):
    """One page in the present UI and in the new one."""

    present: str
    new: str


@dataclass(frozen=True, slots=True)
class BriefingPages:
    """Where the mail leads to: the runs that it counts, by year or of any; the questions and the year at a glance, by year."""

    reported: Mapping[int, Address]
    overdue: Mapping[int, Address]
    due_this_month: Address
    questions: Mapping[int, Address]
    years: Mapping[int, Address]


class NoMail(enum.Enum):
    """Why there is none."""

    NO_WORKDAY = enum.auto()
    NOTHING_WAITS = enum.auto()
    SENT_BEFORE = enum.auto()  # on the same day


class YearWaiting(NamedTuple):
    """What waits of one year."""

    year: int
    reported: int
    reported_for: int  # working days that the oldest report waits
    overdue: int
    overdue_for: int  # working days, of the longest one
    questions: int


class Waiting(NamedTuple):
    """What the mail counts, of all years that can still change; the year that is shown first comes first."""

    years: tuple[YearWaiting, ...]
    due_this_month: int
    open_this_month: int  # of those
    new_questions: int  # of lists issued since the last morning
    first_workday_of_month: bool
    red: Lit = Lit(Light.RED)  # branches and other units in which something is overdue

    @property
    def reported(self) -> int:
        return sum(each.reported for each in self.years)

    @property
    def overdue(self) -> int:
        return sum(each.overdue for each in self.years)

    @property
    def questions(self) -> int:
        return sum(each.questions for each in self.years)

    @property
    def calls_for_mail(self) -> bool:
        """Whether something is to be done: reviews, overdue duties, new questions; on the first working day of a month, its duties."""
        return bool(self.reported or self.overdue or self.new_questions or (self.first_workday_of_month and self.open_this_month))


def brief_officer(session: Session, pages: BriefingPages, *, sender: Sender, now: datetime) -> Waiting | NoMail:
    """Queue the mail of the day; what it counts, or why there is none. `pages` has the years that `engine.standing.years_to_show` gives."""
    today = now.astimezone(sender.zone).date()
    if not is_workday(today):
        return NoMail.NO_WORKDAY
    found = waiting(session, standings_to_show(session, zone=sender.zone, now=now), sender=sender, now=now)
    if not found.calls_for_mail:
        return NoMail.NOTHING_WAITS
    year = found.years[0].year
    briefing = Briefing(
        officer=sender.officer_name,
        address=sender.officer_address,
        on=today,
        figures=figures(found, pages),
        year_page=Figure(Text(f"{year}年一览", f"{year} at a glance"), 1, *pages.years[year]),
        red=found.red.said,
    )
    link = link_of(session, OFFICER, sender=sender, now=now, to="/reviews")
    mail = compose_briefing(briefing, sender, key=f"briefing:{today}", link=link, now=now)
    return found if ledger.queue(session, [mail], now=now, due_at=mail_time(now, sender.zone)) else NoMail.SENT_BEFORE


def waiting(session: Session, standings: Sequence[YearStanding], *, sender: Sender, now: datetime) -> Waiting:
    """Add up what waits."""
    today = now.astimezone(sender.zone).date()
    last_workday = last_workday_before(today)
    new = session.scalar(
        select(func.count())
        .select_from(ListQuestion)
        .join(ResponsibilityList, ResponsibilityList.id == ListQuestion.list_id)
        .where(
            ResponsibilityList.issued_at > datetime.combine(last_workday, SENT_AT, sender.zone),
            ResponsibilityList.year.in_([standing.year for standing in standings]),
        )
    )
    month = [standing.due_this_month for standing in standings]
    return Waiting(
        years=_by_year(session, standings, sender=sender),
        due_this_month=sum(tally.assigned for tally in month),
        open_this_month=sum(tally.open for tally in month),
        new_questions=new or 0,
        first_workday_of_month=last_workday.month != today.month,
        red=red_of(standings),
    )


def _by_year(session: Session, standings: Sequence[YearStanding], *, sender: Sender) -> tuple[YearWaiting, ...]:
    if not standings:
        return ()
    first = of_this_year(standings)
    oldest = dict(
        session.execute(
            select(ResponsibilityList.year, func.min(Report.reported_at))
            .join(Item, Item.list_id == ResponsibilityList.id)
            .join(Step, Step.item_id == Item.id)
            .join(Assignment, Assignment.step_id == Step.id)
            .join(Report, Report.assignment_id == Assignment.id)
            .where(Report.verdict.is_(None), Assignment.state == AssignmentState.REPORTED)
            .group_by(ResponsibilityList.year)
        ).all()
    )
    return tuple(
        YearWaiting(
            year=each.year,
            reported=each.total[Completion.REPORTED],
            reported_for=workdays_between(oldest[each.year].astimezone(sender.zone).date(), each.today) if each.year in oldest else 0,
            overdue=len(each.overdue),
            overdue_for=max((duty.workdays_over for duty in each.overdue), default=0),
            questions=len(each.questions),
        )
        for each in (first, *(other for other in standings if other is not first))
    )


def figures(found: Waiting, pages: BriefingPages) -> tuple[Figure, ...]:
    """What the mail says, the most pressing first."""
    month = Text(f"其中 {found.open_this_month} 项还没有办结", f"{found.open_this_month} of them open")
    reported, overdue = COMPLETION_WORDS[Completion.REPORTED], COMPLETION_WORDS[Completion.OVERDUE]
    questions = Text("清单待确认的问题", "questions about the lists")
    return (
        *(Figure(_of(found, each, reported), each.reported, *pages.reported[each.year], _waits(each)) for each in found.years),
        *(Figure(_of(found, each, overdue), each.overdue, *pages.overdue[each.year], _is_over(each), urgent=True) for each in found.years),
        Figure(Text("本月到期", "due this month"), found.due_this_month, *pages.due_this_month, month),
        *(Figure(_of(found, each, questions), each.questions, *pages.questions[each.year]) for each in found.years),
    )


def _of(found: Waiting, each: YearWaiting, name: Text) -> Text:
    """What is not of the year shown first says its year."""
    return name if each is found.years[0] else Text(f"{each.year}年{name.zh}", f"{name.en} ({each.year})")


def _waits(each: YearWaiting) -> Text:
    days = each.reported_for
    return Text(f"最早的已等 {days} 个工作日", f"the oldest has waited {days} working days") if days else Text("", "")


def _is_over(each: YearWaiting) -> Text:
    days = each.overdue_for
    return Text(f"最久 {days} 个工作日", f"the longest by {days} working days") if days else Text("", "")
