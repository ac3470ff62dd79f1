"""What a rehearsed year comes to: mails, peaks, what goes up, and where the list or the roster asks for trouble. Pure.

In: a `Rehearsal`, a policy, and how many deadlines a month may hold for one person. Out: `Figures`, for the report.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.clocks import Clock, Kind, Stage
from engine.completion import clock_due_on
from engine.escalation import Whose
from engine.issuing import another_year
from engine.rehearsing import BEHAVIOURS, NEVER, Behaviour, MailKind, PlannedMail, Rehearsal, SaidNotice, Year
from office.policy import Level, Policy
from office.text import Text
from office.workdays import festival_ends, festivals, has_notice, is_workday, last_workday_before

ABOVE = (Level.CONTACT_LEADER, Level.PRINCIPAL, Level.PARTY_GROUP)
PEAKS = 5  # days that are named
WEEKEND = Text("周末", "weekend")
FESTIVAL_WORDS = {
    "元旦": Text("元旦", "New Year"),
    "春节": Text("春节", "Spring Festival"),
    "清明": Text("清明", "Tomb-Sweeping Day"),
    "五一": Text("五一", "Labour Day"),
    "端午": Text("端午", "Dragon Boat Festival"),
    "中秋": Text("中秋", "Mid-Autumn Festival"),
    "国庆": Text("国庆", "National Day"),
}


@dataclass(frozen=True, slots=True)
class PersonMails:
    """The mails of one person, by the Monday of the week."""

    name: str
    weeks: Mapping[date, int]

    @property
    def mails(self) -> int:
        return sum(self.weeks.values())

    @property
    def busiest(self) -> tuple[date, int]:
        """The Monday of the first of their busiest weeks, and its mails."""
        return min(self.weeks.items(), key=lambda week: (-week[1], week[0]))


@dataclass(frozen=True, slots=True)
class PeakDay:
    on: date
    mails: int
    people: int


@dataclass(frozen=True, slots=True)
class Upwards:
    """What reaches one level, by the people of it: what is meant for it, and what was meant for a lower one that is empty."""

    level: Level
    duties: int
    notices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProfileFigures:
    """The year if everybody behaves so."""

    behaviour: Behaviour
    kinds: Mapping[MailKind, int]
    weeks: Mapping[date, Mapping[MailKind, int]]  # by Monday, without gaps
    people: tuple[PersonMails, ...]  # who has most first
    peaks: tuple[PeakDay, ...]
    over_the_day: int  # on how many days somebody had more mails than the policy wants a day to have
    said: Mapping[str, int]  # notices that were told, by the names of `SAID_WORDS`
    upwards: tuple[Upwards, ...]  # by the level that is reached
    to_the_officer: int  # notices for which nobody was left

    @property
    def mails(self) -> int:
        return sum(self.kinds.values())

    @property
    def busiest(self) -> tuple[str, date, int] | None:
        """Who has the fullest week of all, its Monday, its mails; None where nobody has any mail."""
        person = max(self.people, key=lambda person: person.busiest[1], default=None)
        return None if person is None else (person.name, *person.busiest)


SAID_WORDS = {
    "warning": Text("预警", "warnings"),
    "acknowledgement": Text("催签收", "reminders to acknowledge"),
    "overdue": Text("逾期提醒责任人", "overdue, to the assignee"),
    "note": Text("上报前告知责任人", "notes before it goes up"),
    "contact_leader": Text("报联系领导", "up to the contact leader"),
    "principal": Text("报主要负责人", "up to the principal"),
    "party_group": Text("报党组", "up to the party group"),
    "review": Text("催审核", "reminders to review"),
}


@dataclass(frozen=True, slots=True)
class DayOffDeadlines:
    """Deadlines on the days off of one holiday, or on weekends."""

    holiday: Text
    days: tuple[tuple[date, int], ...]  # and how many fall due on each

    @property
    def deadlines(self) -> int:
        return sum(count for _, count in self.days)


@dataclass(frozen=True, slots=True)
class CrowdedMonth:
    person: str
    month: date  # its first day
    deadlines: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A level in which nobody can be told about the duties of a unit (or of a person without one)."""

    level: Level
    of: str
    why: tuple[Text, ...]
    instead: tuple[str, ...]  # whom it reaches; nobody: the planning officer
    duties: int
    from_on: date | None  # None: from the first day
    until_on: date | None  # the last day; None: to the end


@dataclass(frozen=True, slots=True)
class Figures:
    title: str
    year: int
    issued_on: date
    policy_name: str
    policy: Policy
    items: int
    assignments: int
    waiting: int  # steps that have no date yet
    unowned: int  # steps that nobody is accountable for
    many: int  # deadlines of a month that are not many yet
    profiles: tuple[ProfileFigures, ...]
    days_off: tuple[DayOffDeadlines, ...]
    months: Mapping[date, int]  # deadlines by month
    crowded: tuple[CrowdedMonth, ...]
    gaps: tuple[Gap, ...]
    doubts: tuple[Text, ...]  # about the year: whether it is the list's, and whether its days off are known


def figures_of(rehearsal: Rehearsal, policy: Policy, *, policy_name: str, many: int) -> Figures:
    """Live through the year three times, and add up."""
    plan = rehearsal.plan
    years = {behaviour: rehearsal.live(policy, behaviour) for behaviour in BEHAVIOURS}
    due = _deadlines(rehearsal, years[NEVER])
    return Figures(
        title=rehearsal.title,
        year=plan.year,
        issued_on=rehearsal.issued_on,
        policy_name=policy_name,
        policy=policy,
        items=len({step.item_position for step in plan.steps}),
        assignments=len(plan.assignments),
        waiting=len(plan.waiting),
        unowned=len(plan.unowned),
        many=many,
        profiles=tuple(_profile(year, policy) for year in years.values()),
        days_off=_days_off(rehearsal),
        months=dict(sorted(Counter(on.replace(day=1) for _, on in due).items())),
        crowded=_crowded(due, many),
        gaps=tuple(_gaps(rehearsal, years[NEVER])),
        doubts=tuple(_doubts(rehearsal.title, plan.year)),
    )


def _doubts(title: str, year: int) -> Iterator[Text]:
    yield from (note.text for note in another_year(title, year))
    if not has_notice(year):
        yield Text(
            f"{year}年的放假通知还没有公布（或程序所用的日历还没有收入）：只按法定节假日和周末推算，没有调休，日期以后会有出入",
            f"The holiday notice of {year} is not out (or not yet in the calendar in use): only statutory days and weekends are counted, "
            "no working weekends, and days will shift",
        )


# One profile


def _profile(year: Year, policy: Policy) -> ProfileFigures:
    return ProfileFigures(
        behaviour=year.behaviour,
        kinds={kind: count for kind in MailKind if (count := sum(mail.kind is kind for mail in year.mails))},
        weeks=_weeks(year.mails),
        people=_people(year.mails),
        peaks=_peaks(year.mails),
        over_the_day=sum(count > policy.mail.a_day for count in Counter((mail.person, mail.on) for mail in year.mails).values()),
        said=_said(year.notices),
        upwards=tuple(_upwards(year.notices)),
        to_the_officer=sum(notice.told and not notice.reached.people for notice in year.notices),
    )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(mails: Iterable[PlannedMail]) -> dict[date, dict[MailKind, int]]:
    counts = Counter((monday(mail.on), mail.kind) for mail in mails)
    if not counts:
        return {}
    first, last = min(counts)[0], max(counts)[0]
    weeks = (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    return {week: {kind: counts[week, kind] for kind in MailKind if counts[week, kind]} for week in weeks}


def _people(mails: Iterable[PlannedMail]) -> tuple[PersonMails, ...]:
    weeks: dict[str, Counter[date]] = defaultdict(Counter)
    for mail in mails:
        weeks[mail.person][monday(mail.on)] += 1
    people = (PersonMails(name, dict(sorted(theirs.items()))) for name, theirs in weeks.items())
    return tuple(sorted(people, key=lambda person: -person.mails))


def _peaks(mails: Iterable[PlannedMail]) -> tuple[PeakDay, ...]:
    readers: dict[date, list[str]] = defaultdict(list)
    for mail in mails:
        readers[mail.on].append(mail.person)
    days = sorted((PeakDay(on, len(names), len(set(names))) for on, names in readers.items()), key=lambda day: (-day.mails, day.on))
    return tuple(days[:PEAKS])


def _said(notices: Iterable[SaidNotice]) -> dict[str, int]:
    counts = Counter(_name(notice.stage) for notice in notices if notice.told)
    return {name: counts[name] for name in SAID_WORDS}


def _name(stage: Stage) -> str:
    if stage.goes_up:
        return stage.level.name.lower()
    if stage.kind is Kind.LEVEL:
        return "acknowledgement" if stage.clock is Clock.ACKNOWLEDGEMENT else "overdue"
    return stage.kind.value


def _upwards(notices: Sequence[SaidNotice]) -> Iterator[Upwards]:
    up = [notice for notice in notices if notice.told and notice.stage.goes_up and notice.reached.people]
    for level in ABOVE:
        here = [notice for notice in up if notice.reached.level is level]
        counts = Counter(name for notice in here for name in notice.reached.people)
        yield Upwards(level, len({notice.assignment for notice in here}), dict(counts.most_common()))


# The list and the roster


def _deadlines(rehearsal: Rehearsal, never: Year) -> list[tuple[str, date]]:
    """Who carries each assignment on the day on which it falls due, and that day."""
    carriers: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for on, place, person in never.taken_over:
        carriers[place].append((on, person))
    due = []
    for place, planned in enumerate(rehearsal.plan.assignments):
        period = planned.period
        on = clock_due_on(period.due_on, make_up=period.make_up, issued_on=rehearsal.issued_on)
        person = next((name for since, name in reversed(carriers[place]) if since <= on), planned.party.person or "")
        due.append((person, on))
    return due


def _crowded(due: Iterable[tuple[str, date]], many: int) -> tuple[CrowdedMonth, ...]:
    counts = Counter((person, on.replace(day=1)) for person, on in due if person)
    found = (CrowdedMonth(person, month, count) for (person, month), count in counts.items() if count > many)
    return tuple(sorted(found, key=lambda one: (-one.deadlines, one.month, one.person)))


def _days_off(rehearsal: Rehearsal) -> tuple[DayOffDeadlines, ...]:
    counts = Counter(planned.period.due_on for planned in rehearsal.plan.assignments if not planned.period.make_up)
    found: dict[Text, list[tuple[date, int]]] = defaultdict(list)
    for on, count in sorted(counts.items()):
        if not is_workday(on):
            found[_holiday(on)].append((on, count))
    return tuple(DayOffDeadlines(holiday, tuple(days)) for holiday, days in sorted(found.items(), key=lambda each: each[0] == WEEKEND))


def _holiday(day: date) -> Text:
    for year in (day.year, day.year + 1):  # the days off of 元旦 may begin in the year before
        for name, first in festivals(year).items():
            if first <= day <= festival_ends(year)[name]:
                return FESTIVAL_WORDS[name]
    return WEEKEND


def worked_before(day: date) -> date:
    """By when something is to be done that falls due on a day off."""
    return day if is_workday(day) else last_workday_before(day)


def _gaps(rehearsal: Rehearsal, never: Year) -> Iterator[Gap]:
    """Levels that nothing reaches, with the days for which it is so; those above a gap are looked at by themselves."""
    found: dict[tuple[Level, str, tuple[Text, ...], tuple[str, ...]], dict[date, int]] = defaultdict(Counter)
    for on, whose in never.whose.items():
        for one, duties in whose.items():
            for level in Level:
                reached = rehearsal.reach(on, level, one)
                if reached.level is not level or not reached.people:
                    above = rehearsal.reach(on, Level(level + 1), one).skipped if level < Level.PARTY_GROUP else ()
                    why = reached.skipped[: len(reached.skipped) - len(above)]
                    found[level, _of(one), why, reached.people][on] += duties
    days = list(never.whose)
    for (level, of, why, instead), holding in sorted(found.items(), key=lambda each: (each[0][0], each[0][1])):
        first, last = min(holding), max(holding)
        after = next((day for day in days if day > last), None)
        from_on = None if first == days[0] else first
        yield Gap(level, of, why, instead, max(holding.values()), from_on, after - timedelta(days=1) if after else None)


def _of(whose: Whose) -> str:
    return whose.unit or whose.person
