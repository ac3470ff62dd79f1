"""登记例会议定事项: what a meeting decided becomes a list of new dated duties, issued like any other.

In: the lines as they were entered, and the day of the meeting. Out: what was issued, a row a decision. The same lines again change
nothing; lines that were forgotten become a list of their own, `…（补充）`, and those that were issued before are left out of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.differences import not_in
from engine.issuing import Issued, content_digest, issue, refuse_no_roster
from engine.meetings import next_meeting
from engine.planning import NO_OWNER, Owned, Owners, PlannedStep, plan
from engine.roster import load_roster
from intake.decisions import read_decisions, title_of_decisions
from intake.values import Item, ListReading, Note, Parties, Roster
from models import Item as ItemRow
from models import RegularMeeting, ResponsibilityList
from notifications.sender import Sender
from office.policy import Policy, default_policy
from office.text import Refused, Text


class DecidedDuty(NamedTuple):
    """One decision as it is understood."""

    content: str
    parties: tuple[str, ...]  # with who carries it, where somebody does
    assisting: tuple[str, ...]
    leaders: tuple[str, ...]  # with whom they lead, where not all parties have the same
    phrase: str
    due: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    held_on: date
    issued: Issued
    duties: tuple[DecidedDuty, ...]
    questions: tuple[Text, ...]
    issued_before: int = 0  # lines beside them that were, and are not issued again


def record_decisions(
    session: Session, written: str, held_on: date, *, named: bool = True, policy: Policy | None = None, sender: Sender, now: datetime
) -> Decided:
    """Issue the decisions of a meeting as the list `…例会议定事项`; everybody whom they concern is told.

    Lines that differ from what was issued for this meeting become `…（补充）`, `…（补充2）`; those that do not are left out.

    Refuses a meeting that is still to come, nothing, and lines that cannot be read or name a party that the roster does not know, with the
    number of the first such line: then nothing is stored. A date that is past is asked about; where nobody `named` the day of the meeting
    it is refused, because the last one was taken.
    """
    today = now.astimezone(sender.zone).date()
    if held_on > today:
        raise Refused(Text(f"{held_on}的例会还没有开", f"The meeting of {held_on} is still to come"))
    next_on = next_meeting((policy or default_policy()).meeting, held_on + timedelta(days=1))
    reading = read_decisions(written, held_on, next_on)
    _refuse_unread(reading)
    roster = load_roster(session, held_on.year)
    refuse_no_roster(roster)
    _refuse_unknown_parties(reading, roster, today)
    _claim(session, held_on, now)
    lists = _lists_of(session, held_on)
    new = not_in(session, [each.id for each in lists], reading.items)
    if not new:
        return _nothing_new(session, reading, lists, roster, held_on, policy=policy, sender=sender, now=now)
    past = tuple(_past(new, today))
    if past and not named:
        raise Refused(
            Text(
                f"没有写会议日期，按最近一次例会（{held_on}）算，{past[0].text.zh}；请写明会议日期",
                f"The day of the meeting is not given; counted from the last one, {held_on}, {past[0].text.en}: name the day",
            ),
            place=past[0].address,
        )
    places = {item.address for item in new}
    asked = (*(note for note in reading.questions if note.address in places), *_otherwise_before(session, lists, new), *past)
    entered = replace(reading, items=tuple(replace(item, number=f"{n}") for n, item in enumerate(new, start=1)), questions=asked)
    title = title_of_decisions(held_on, len(lists))
    duties, questions = _understood(entered, roster, held_on, title, today)
    issued = issue(session, entered, year=held_on.year, title=title, file_name=title, policy=policy, sender=sender, now=now)
    _note_list(session, held_on, issued.list_id)
    return Decided(held_on, issued, duties, questions, len(reading.items) - len(new))


class _IssuedList(NamedTuple):
    id: int
    title: str
    digest: str


def _lists_of(session: Session, held_on: date) -> list[_IssuedList]:
    """What was issued for this meeting, batch by batch."""
    title = title_of_decisions(held_on)
    mine = (ResponsibilityList.title == title) | ResponsibilityList.title.startswith(f"{title}（补充", autoescape=True)
    rows = session.execute(
        select(ResponsibilityList.id, ResponsibilityList.title, ResponsibilityList.content_digest)
        .where(ResponsibilityList.year == held_on.year, mine)
        .order_by(ResponsibilityList.id)
    )
    return [_IssuedList._make(row) for row in rows]


def _nothing_new(
    session: Session,
    reading: ListReading,
    lists: list[_IssuedList],
    roster: Roster,
    held_on: date,
    *,
    policy: Policy | None,
    sender: Sender,
    now: datetime,
) -> Decided:
    """Every line was issued. One whole batch again is issued again, which only adds what the roster did not know then."""
    digest = content_digest(reading.items)
    same = next((each for each in lists if each.digest == digest), None)
    if same is not None:
        issued = issue(session, reading, year=held_on.year, title=same.title, file_name=same.title, policy=policy, sender=sender, now=now)
    else:
        first = lists[0]
        issued = Issued(first.id, first.title, held_on.year, False, len(reading.items), 0, 0, 0, (), None)
    duties, questions = _understood(reading, roster, held_on, issued.title, now.astimezone(sender.zone).date())
    return Decided(held_on, issued, duties, questions)


def _understood(
    reading: ListReading, roster: Roster, held_on: date, title: str, today: date
) -> tuple[tuple[DecidedDuty, ...], tuple[Text, ...]]:
    planned = plan(reading.items, roster, year=held_on.year, title=title, issued_on=today)
    questions = (*(_at(note) for note in reading.questions), *(note.text for note in planned.questions))
    return tuple(map(_duty, planned.steps)), questions


def _at(note: Note) -> Text:
    return Text(f"{note.address}：{note.text.zh}", f"{note.address}: {note.text.en}")


def _duty(step: PlannedStep) -> DecidedDuty:
    return DecidedDuty(
        content=step.item.content,
        parties=tuple(
            f"{party.name}（{party.person}）" if party.person and party.person != party.name else party.name for party in step.parties
        ),
        assisting=tuple(party.name for party in step.assisting),
        leaders=tuple(_leaders(step)),
        phrase=step.step.deadline.phrase or "",
        due=tuple(period.due_on for period in step.periods),
    )


def _leaders(step: PlannedStep) -> Iterator[str]:
    """The one leader of all parties; else each with whom they lead: 吴望舒（机关第一党支部、机关第二党支部）."""
    led: dict[str | None, list[str]] = {}
    for party, leader in zip(step.parties, step.leaders, strict=True):
        led.setdefault(leader, []).append(party.name)
    for leader, parties in led.items():
        if leader is not None:
            yield leader if len(led) == 1 else f"{leader}（{'、'.join(parties)}）"


def _past(items: tuple[Item, ...], today: date) -> Iterator[Note]:
    """Deadlines that are over before they are entered."""
    for item in items:
        for step in item.steps:
            due = [period.due_on for period in step.deadline.periods if period.due_on < today]
            if due:
                phrase = step.deadline.phrase
                yield Note(item.address, Text(f"“{phrase}”即{due[-1]}，已经过去", f"“{phrase}” is {due[-1]}, which is past"))


def _otherwise_before(session: Session, lists: list[_IssuedList], items: tuple[Item, ...]) -> Iterator[Note]:
    """Decisions that were issued for another party or by another date: perhaps a correction, which this is not."""
    still_owed = select(ItemRow.content).where(ItemRow.list_id.in_([each.id for each in lists]), ItemRow.withdrawn_at.is_(None))
    contents = set(session.scalars(still_owed))
    for item in items:
        if item.content in contents:
            said = Text(
                f"“{item.content}”已按另外的责任单位或时限下发过，会另作一项任务；如是更正，请先撤销原来的",
                f"“{item.content}” was issued for another party or date and becomes one more duty; to correct it, withdraw the first",
            )
            yield Note(item.address, said)


def _refuse_unread(reading: ListReading) -> None:
    """Refuse lines that cannot be read, with the first of them, whether they are to be issued or only looked at."""
    if reading.problems:
        first, count = reading.problems[0], len(reading.problems)
        more = Text(f"。共{count}行有问题", f". Lines with problems: {count}") if count > 1 else Text("", "")
        raise Refused(Text(f"{first.text.zh.rstrip('。')}{more.zh}", f"{first.text.en.rstrip('.')}{more.en}"), place=first.address)
    if not reading.items:
        raise Refused(Text("请填写议定事项，每行一条", "Enter what was decided, a line each"))


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


def _claim(session: Session, held_on: date, now: datetime) -> None:
    """A meeting that nobody prepared is entered with what it decided. Of two who enter something at once, one waits here."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(RegularMeeting).values(held_on=held_on, prepared_at=now).on_conflict_do_nothing(index_elements=["held_on"])
    )
    session.execute(select(RegularMeeting.id).where(RegularMeeting.held_on == held_on).with_for_update())


def _note_list(session: Session, held_on: date, list_id: int) -> None:
    """The meeting points to the first list of its decisions."""
    session.execute(
        update(RegularMeeting)
        .where(RegularMeeting.held_on == held_on, RegularMeeting.list_id.is_(None))
        .values(list_id=list_id)
        .execution_options(synchronize_session=False)
    )
