"""The first weeks of a made-up year, for the demonstration's board: the follow-up looks every morning, people acknowledge, say how far
they are, report with evidence, and are reviewed.

In: a database with an issued list. Out: the same with what was done between two moments, all of it through the engine, so that every
step is in the history and tells whom it concerns by mail. The same list always gives the same story; nothing of it is random.

Of the mail only what the last day queued still waits to be delivered. What was queued before stands in the ledger as sent, and no
server has seen it: a mail server with the digests of sixty mornings would show nobody anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.completion import clock_due_on
from engine.follow_up import follow_up
from engine.informing import inform
from engine.meetings import prepare_meeting
from engine.progress import note_progress
from engine.reporting import acknowledge, report
from engine.reviewing import OFFICER, review
from models import Assignment, Item, Person, Step, Verdict
from notifications import ledger
from notifications.sender import Sender
from office.policy import Policy
from office.workdays import is_workday, workdays_after, workdays_before
from reports.meeting_report import attached
from reports.red_notice import red_notice

MEETING, EVENING = time(8, 20), time(18)  # when meetings are prepared, and when nobody works any more

# How people are. Of the duties in the order of their dates every so-manieth …
FORGOTTEN = 50  # is not acknowledged before it is reported
NEVER = 37  # is not reported
DAYS_LATE = {17: 25, 23: 8, 19: 4, 12: 2}  # is reported so many working days after its date
RETURNED = 11  # is returned at first
DAYS_EARLY = (1, 4, 2, 9, 3, 6)  # the others, in turn
DAYS_TO_REVIEW = (0, 1, 0, 2, 0, 3, 1)  # in turn
SLOW = 9  # every ninth person acknowledges after a reminder
AGAIN_AFTER = 4  # working days: what was returned is reported anew


@dataclass(slots=True)
class Told:
    """What happened, counted."""

    acknowledged: int = 0
    reported: int = 0
    approved: int = 0
    returned: int = 0
    notices: int = 0  # warnings, reminders and what went up
    digests: int = 0


class _Deed(NamedTuple):
    at: datetime
    do: Callable[[datetime], object]  # is given that moment


class _Duty(NamedTuple):
    """One assignment as the story needs it. `number` is its place in the order of the dates."""

    number: int
    id: int
    person: str
    content: str
    due_on: date  # its clock's


def live(session: Session, *, begins: datetime, ends: datetime, policy: Policy, sender: Sender, evidence_url: str) -> Told:
    """Let the weeks between two moments pass. `policy` is the office's own, for mails and meetings; `evidence_url` is where the
    evidence of the story can be opened.
    """
    story = _Story(session, begins, ends, policy, sender, evidence_url)
    deeds = (*story.days(), *story.receipts(), *story.courses())
    for deed in sorted(deeds, key=attrgetter("at")):
        if begins < deed.at < ends:
            deed.do(deed.at)
    return story.told


@dataclass(slots=True)
class _Story:
    session: Session
    begins: datetime
    ends: datetime
    policy: Policy
    sender: Sender
    evidence_url: str
    told: Told = field(default_factory=Told)

    @property
    def begun_on(self) -> date:
        return self.begins.astimezone(self.sender.zone).date()

    # What there is to do, and when

    def days(self) -> Iterator[_Deed]:
        """What the clock starts on working days."""
        length = (self.ends - self.begins).days + 1
        for day in (self.begun_on + timedelta(days=ahead) for ahead in range(length + 1)):
            if is_workday(day):
                yield _Deed(self._at(day, MEETING), self._prepare_meeting)
                yield _Deed(self._at(day, self.policy.mail.goes_up_at_time), self._follow_up)
                yield _Deed(self._at(day, EVENING), self._count_as_sent)

    def receipts(self) -> Iterator[_Deed]:
        """Most people acknowledge within two days, some are reminded first; a duty here and there is forgotten."""
        people = self.session.execute(select(Person.id, Person.name).order_by(Person.position)).all()
        forgotten = {duty.id for duty in self._duties() if duty.number % FORGOTTEN == 0}
        for number, (person_id, name) in enumerate(people, start=1):
            theirs = set(self.session.scalars(select(Assignment.id).where(Assignment.person_id == person_id))) - forgotten
            day = workdays_after(self.begun_on, 1 + number % 2 if number % SLOW else 4)
            yield _Deed(self._at(day, time(9 + number % 7)), partial(self._acknowledge, sorted(theirs), name))

    def courses(self) -> Iterator[_Deed]:
        for duty in self._duties():
            yield from self._course(duty)

    def _course(self, duty: _Duty) -> Iterator[_Deed]:
        """What is done about one duty: in time mostly, late with a word about it, or not at all."""
        number = duty.number
        late = next((days for every, days in DAYS_LATE.items() if number % every == 0), 0)
        if late or number % NEVER == 0:
            yield _Deed(self._at(workdays_after(duty.due_on, 1), time(15)), partial(self._note_progress, duty))
        if number % NEVER == 0:
            return
        soonest = workdays_after(self.begun_on, 1 + number % 5)
        wanted = workdays_after(duty.due_on, late) if late else workdays_before(duty.due_on, DAYS_EARLY[number % len(DAYS_EARLY)])
        day = max(wanted, soonest)
        yield _Deed(self._at(day, time(9 + number % 6)), partial(self._report, duty))
        day = workdays_after(day, DAYS_TO_REVIEW[number % len(DAYS_TO_REVIEW)])
        if number % RETURNED == 0:
            yield _Deed(self._at(day, time(16)), partial(self._review, duty, Verdict.RETURNED, "材料不全，请补充签到表后再报。"))
            day = workdays_after(day, AGAIN_AFTER)
            yield _Deed(self._at(day, time(10)), partial(self._report, duty))
        yield _Deed(self._at(day, time(16, 30)), partial(self._review, duty, Verdict.APPROVED, ""))

    def _duties(self) -> Iterator[_Duty]:
        rows = self.session.execute(
            select(Assignment.id, Person.name, Item.content, Assignment.due_on, Assignment.make_up)
            .join(Person, Person.id == Assignment.person_id)
            .join(Step, Step.id == Assignment.step_id)
            .join(Item, Item.id == Step.item_id)
            .order_by(Assignment.due_on, Assignment.id)
        )
        for number, (id_, name, content, due_on, make_up) in zip(count(1), rows, strict=False):
            yield _Duty(number, id_, name, content, clock_due_on(due_on, make_up=make_up, issued_on=self.begun_on))

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.sender.zone)

    # How it is done

    def _prepare_meeting(self, now: datetime) -> None:
        as_file = partial(attached, language=self.sender.language)
        prepare_meeting(self.session, self.policy.meeting, as_file, sender=self.sender, now=now)

    def _follow_up(self, now: datetime) -> None:
        done = follow_up(self.session, policy=self.policy, word=red_notice, sender=self.sender, now=now)
        inform(self.session, policy=self.policy, sender=self.sender, now=now)
        self.told.notices += done.told
        self.told.digests += done.mails

    def _count_as_sent(self, now: datetime) -> None:
        waiting = ledger.claim(self.session, now=now, limit=10_000)
        ledger.settle(self.session, [ledger.Outcome(mail, ledger.Verdict.SENT) for mail in waiting], now=now)

    def _acknowledge(self, ids: list[int], person: str, now: datetime) -> None:
        self.told.acknowledged += len(acknowledge(self.session, ids, by=person, now=now))

    def _note_progress(self, duty: _Duty, now: datetime) -> None:
        words = ("已完成大部分，还缺两个科室的数据，收齐即报。", "场地和人员已落实，因下乡推迟，正在补办。")[duty.number % 2]
        note_progress(self.session, duty.id, text=words, by=duty.person, sender=self.sender, now=now)

    def _report(self, duty: _Duty, now: datetime) -> None:
        number = duty.number
        evidence = [(f"{duty.content[:12]}照片", f"{self.evidence_url}?evidence={number}-1")]
        evidence += [("会议记录", f"{self.evidence_url}?evidence={number}-2")] * (number % 2)
        report(self.session, duty.id, text=_words(duty), evidence=evidence, by=duty.person, now=now)
        self.told.reported += 1

    def _review(self, duty: _Duty, verdict: Verdict, comment: str, now: datetime) -> None:
        review(self.session, duty.id, number=None, verdict=verdict, comment=comment, by=OFFICER, sender=self.sender, now=now)
        self.told.returned += verdict is Verdict.RETURNED
        self.told.approved += verdict is Verdict.APPROVED


def _words(duty: _Duty) -> str:
    number = duty.number
    return (
        f"{duty.content}：已按要求完成，{duty.due_on:%m月}组织{1 + number % 3}次，应到{20 + number % 9}人，实到{18 + number % 9}人，"
        "问题清单和照片见佐证材料。"
    )
