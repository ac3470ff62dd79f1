"""下发: a list that was read becomes assignments, and everybody it concerns is told, in the caller's one transaction.

In: a `ListReading`; the roster is the one stored for the year. Out: `Issued`, what was added and who is told.
The unique constraint on (year, title) decides between two who issue the same list at once; natural keys and the
ledger's keys make a second time harmless.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import PurePath
from typing import NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine import storing
from engine.access import links_of
from engine.clocks import Running, schedule
from engine.completion import clock_due_on
from engine.differences import difference
from engine.history import HAND_OVER
from engine.notices import assisting_keys, contact_leaders, notices, waiting_keys
from engine.planning import NO_OWNER, Plan, PlannedAssignment, plan
from engine.policies import PolicyBook, adopt, policy_book
from engine.roster import load_roster
from intake.values import Item, ListReading, Note, Parties, Roster, Step
from models import Assignment, AssignmentEvent, AssignmentState, Message, MessageState, Person, ResponsibilityList
from notifications import ledger
from notifications.issued import IssuedNotice, compose_issued
from notifications.sender import Sender
from office.policy import Policy, default_policy
from office.text import Refused, Text
from office.workdays import mail_time

OFFICER = "officer"  # 计划员, in the history
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Issued:
    """What one call of `issue` did. A list that was issued before and has nothing new has zeros but for its own size."""

    list_id: int
    title: str
    year: int
    first_time: bool
    items: int  # of the list
    assignments: int  # added
    messages: int  # queued, one a person
    questions: int  # of the list
    without_address: tuple[str, ...]  # people with duties who have no mail address and are not told
    mail_waits_until: datetime | None  # the next working morning; None: it may go out at once
    handed_over: int = 0  # open assignments that went to a successor on the way, who is told by a mail of its own


def title_of(reading: ListReading, file_name: str, title: str = "") -> str:
    """What identifies a list in its year: the title given, else the list's own, else the name of its file."""
    words = title.strip() or reading.title.strip() or PurePath(file_name).stem
    return " ".join(words.split())[:TITLE_LENGTH]


def list_questions(reading: ListReading, planned: Plan) -> tuple[Note, ...]:
    """What the officer is asked about a list: about its year, by its reading, then by its planning."""
    return tuple(dict.fromkeys((*another_year(reading.title, planned.year), *reading.questions, *planned.questions)))


def refuse_nothing_planned(planned: Plan) -> None:
    """Refuse a list that asks nothing of anybody; where it names somebody whom the roster does not know, with that name."""
    if not planned.assignments and not planned.waiting:
        unknown = next((note for note in planned.questions if note.text != NO_OWNER), None)
        if unknown is not None:
            raise Refused(Text(f"分解不出任何任务：{unknown.text.zh}", f"No assignment comes of it: {unknown.text.en}"))
        raise Refused(
            Text(
                "分解不出任何任务：清单没有写明责任单位；整份清单归一个单位时可以另外指明",
                "No assignment comes of it: the list names no party; if all of it is one party's, name it",
            )
        )


def another_year(title: str, year: int) -> tuple[Note, ...]:
    """A title that names another year only: the officer may have typed the wrong one."""
    years = re.findall(r"(?<!\d)(20\d\d)(?=年)", unicodedata.normalize("NFKC", title))
    if not years or str(year) in years:
        return ()
    text = Text(
        f"标题写的是{'、'.join(years)}年，装入的是{year}年度，请确认年度",
        f"The title says {', '.join(years)}, the list is loaded for {year}: which year is it?",
    )
    return (Note(title, text),)


def issue(
    session: Session,
    reading: ListReading,
    *,
    year: int,
    title: str = "",
    file_name: str,
    policy: Policy | None = None,
    sender: Sender,
    now: datetime,
) -> Issued:
    """Store the list with its assignments and queue one message for each person; `title` wins over the list's own.

    `policy` is the 督办规则 that holds for it from today on, the default one where none is given; a list issued before keeps its own.

    A list that was issued before changes nothing, unless the roster has grown: then the parties that are known by now get
    their assignments and are told. Refuses a list with problems or without items, a year without a roster, and a list that
    bears the title of another one of that year.
    """
    refuse_unfit(reading)
    digest = content_digest(reading.items)
    title = _title_of_the_same_content(session, year, digest, given=title) or title_of(reading, file_name, title)
    list_id, first_time = _claim_title(session, year, title, file_name, digest, now)
    if not first_time:
        _refuse_another_list(session, list_id, reading.items, digest, sender)
    roster = load_roster(session, year)
    refuse_no_roster(roster)
    today = now.astimezone(sender.zone).date()
    planned = plan(reading.items, roster, year=year, title=title, issued_on=today)
    refuse_nothing_planned(planned)
    if first_time:
        adopt(session, [list_id], policy or default_policy(), from_on=today, by=OFFICER, now=now)
    else:
        planned = storing.still_owed(session, list_id, planned)
    ids = storing.store_items(session, list_id, reading.items) if first_time else storing.step_ids(session, list_id)
    assignments = planned.assignments if first_time else storing.missing(session, planned.assignments, ids)
    issued_on = session.get_one(ResponsibilityList, list_id).issued_at.astimezone(sender.zone).date()
    look_on = _first_looks(policy_book(session, today), list_id, issued_on=issued_on, sent_on=today)
    storing.store_assignments(session, assignments, ids, look_on, by=OFFICER, reason=title, now=now)
    assisting = storing.store_assisting(session, planned, ids)
    questions = list_questions(reading, planned)
    if first_time or assignments or assisting:
        storing.store_questions(session, list_id, questions)
    messages, without_address = _tell(
        session,
        planned,
        assignments,
        assisting,
        first_time=first_time,
        roster=roster,
        title=title,
        year=year,
        sender=sender,
        now=now,
    )
    return Issued(
        list_id=list_id,
        title=title,
        year=year,
        first_time=first_time,
        items=len(reading.items),
        assignments=len(assignments),
        messages=messages,
        questions=len(questions),
        without_address=without_address,
        mail_waits_until=None if (at := mail_time(now, sender.zone)) == now else at,
    )


def _first_looks(book: PolicyBook, list_id: int, *, issued_on: date, sent_on: date) -> storing.FirstLook:
    """When the follow-up first has something to say about an assignment that is sent on a day."""

    @cache
    def look_on(number: str, address: str, due_on: date, make_up: bool) -> date:
        running = Running(AssignmentState.SENT, clock_due_on(due_on, make_up=make_up, issued_on=issued_on), sent_on)
        return schedule(running, book.rules(list_id, number, address))[0].owed_on

    return look_on


def content_digest(items: tuple[Item, ...]) -> str:
    """SHA-256 over what the items say and how it was read.

    Not over where they stand (address, section, number): the same list in Word and in Excel is one list.
    """
    said = json.dumps([_said(item) for item in items], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _said(item: Item) -> list[object]:
    steps = [_step_said(step, step.parties or item.parties) for step in item.steps]
    return [item.content, item.standard, item.points, item.remarks, steps]


def _step_said(step: Step, parties: Parties) -> list[object]:
    deadline = step.deadline
    target = deadline.target
    return [
        step.text,
        deadline.phrase,
        [due.isoformat() for due in deadline.due],
        deadline.standing,
        deadline.never_closes,
        str(deadline.relative or ""),
        [target.amount, target.unit, target.per] if target else None,
        [parties.leader, parties.lead, parties.responsible, parties.assisting],
    ]


def refuse_unfit(reading: ListReading) -> None:
    """Refuse a list that has problems, with the first of them, or no items."""
    if reading.problems:
        first = reading.problems[0]
        count = len(reading.problems)
        raise Refused(
            Text(
                f"{first.text.zh.rstrip('。')}。清单共有{count}处问题，未下发",
                f"{first.text.en.rstrip('.')}. The list has {count} {'problem' if count == 1 else 'problems'} and is not issued",
            ),
            place=first.address,
        )
    if not reading.items:
        raise Refused(Text("清单里没有责任事项", "The list has no items"))


def refuse_no_roster(roster: Roster) -> None:
    """Refuse an empty roster: every name of the list would be unknown."""
    if not roster.people:
        raise Refused(
            Text(
                "还没有名册：请先载入名册，或同时给出名册文件",
                "There is no roster yet: load it first, or name its file along with the list",
            )
        )


def _title_of_the_same_content(session: Session, year: int, digest: str, *, given: str) -> str | None:
    """The title under which a list of this content was issued: a renamed file is the same list. Refuses another title for it."""
    title = session.scalar(
        select(ResponsibilityList.title).where(ResponsibilityList.year == year, ResponsibilityList.content_digest == digest)
    )
    if title is None or given.strip() in ("", title):
        return title
    raise Refused(
        Text(
            f"这份内容已作为《{title}》下发，不能换个标题再下发一次",
            f"This very content was issued as “{title}”; it cannot be issued again under another title",
        )
    )


def _claim_title(session: Session, year: int, title: str, file_name: str, digest: str, now: datetime) -> tuple[int, bool]:
    """Id of the list of this title, and whether it is new. A second process waits here until the first has committed."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = session.scalar(
        dialect.insert(ResponsibilityList)
        .values(year=year, title=title, file_name=file_name[:255], content_digest=digest, issued_at=now)
        .on_conflict_do_nothing(index_elements=["year", "title"])
        .returning(ResponsibilityList.id)
    )
    if new is not None:
        return new, True
    known = select(ResponsibilityList.id).where(ResponsibilityList.year == year, ResponsibilityList.title == title).with_for_update()
    return session.scalars(known).one(), False


def _refuse_another_list(session: Session, list_id: int, items: tuple[Item, ...], digest: str, sender: Sender) -> None:
    issued = session.get_one(ResponsibilityList, list_id)
    if issued.content_digest == digest:
        return
    day = issued.issued_at.astimezone(sender.zone).date()
    differs = difference(session, list_id, items)
    counts = Text(
        f"新增{differs.added}项、删去{differs.removed}项、改动{differs.changed}项",
        f"{differs.added} items added, {differs.removed} removed, {differs.changed} changed",
    )
    if not differs:
        counts = Text("文字相同，时限的读法不同", "the words are the same, the deadlines are read in another way")
    raise Refused(
        Text(
            f"《{issued.title}》已于{day}下发，这份内容不同：{counts.zh}；如果确是另一份清单，请另起标题"
            "（改正已下发的清单不能这样做，任务和邮件会重复）",
            f"“{issued.title}” was issued on {day} and this one differs: {counts.en}; if it really is another list, give it another title "
            "(not for a correction: assignments and mails would come twice)",
        )
    )


def _tell(
    session: Session,
    planned: Plan,
    assignments: tuple[PlannedAssignment, ...],
    assisting: tuple[tuple[int, int, str], ...],
    *,
    first_time: bool,
    roster: Roster,
    title: str,
    year: int,
    sender: Sender,
    now: datetime,
) -> tuple[int, tuple[str, ...]]:
    """Queue one message for each person with something new; how many, and who has no address.

    Who was never reached is told of everything: their address was missing, or the server refused the one that the roster had.
    """

    def noticed(
        assignments: tuple[PlannedAssignment, ...], waiting_for: Collection[str], assisting: Collection[tuple[int, int, str]]
    ) -> tuple[dict[str, IssuedNotice], tuple[str, ...]]:
        return notices(
            planned,
            assignments,
            waiting_for,
            assisting,
            list_title=title,
            year=year,
            addresses={person.name: person.email for person in roster.people},
            contacts=contact_leaders(roster),
            language=sender.language,
        )

    earlier = {} if first_time else _messages(session, planned.list_key)
    everybody = waiting_keys(planned)
    newcomers = {assignment.party.key for assignment in assignments}
    told, without_address = noticed(assignments, everybody if first_time else newcomers, assisting)
    if not first_time:
        everything, without_address = noticed(planned.assignments, everybody, assisting_keys(planned))
        told |= {person: notice for person, notice in everything.items() if not _reached(earlier.get(person, ()), notice.address)}
    person_ids = storing.person_ids(session)
    links = links_of(session, list(told), sender=sender, now=now)
    mails = []
    for person, notice in told.items():
        before = [message for message in earlier.get(person, ()) if message.kind == "issued"]
        notice = replace(notice, supplement=_reached(before, notice.address))
        number = len(before) + 1
        # Of names and not of ids, which begin again at 1 in a new database: the Message-ID is made of it.
        key = f"issued:{planned.list_key}:{person}:{number}"
        mails.append(compose_issued(notice, sender, key=key, person_id=person_ids[person], link=links.get(person, ""), now=now))
    return ledger.queue(session, mails, now=now, due_at=mail_time(now, sender.zone)), without_address


class _Sent(NamedTuple):
    kind: str
    address: str
    state: MessageState


def _messages(session: Session, list_key: str) -> dict[str, list[_Sent]]:
    """By person, what they were told of the list; a handover counts where all that they carry of it was handed over to them."""
    rows = session.execute(
        select(Person.name, Message.kind, Message.address, Message.state)
        .join(Person, Person.id == Message.person_id)
        .where(or_(Message.key.startswith(f"issued:{list_key}:"), Message.kind == "handover"))
    )
    handed_over = exists().where(
        AssignmentEvent.assignment_id == Assignment.id, AssignmentEvent.action == HAND_OVER, AssignmentEvent.to_value == Person.name
    )
    with_own_duties = set(
        session.scalars(
            select(Person.name)
            .join(Assignment, Assignment.person_id == Person.id)
            .where(Assignment.natural_key.startswith(f"{list_key}-"), ~handed_over)
            .distinct()
        )
    )
    messages: dict[str, list[_Sent]] = {}
    for person, kind, address, state in rows:
        if kind == "issued" or person not in with_own_duties:
            messages.setdefault(person, []).append(_Sent(kind, address, state))
    return messages


def _reached(messages: Iterable[_Sent], address: str) -> bool:
    """Told, or on the way to be: a refusal counts as long as there is no other address."""
    return any(message.state is not MessageState.REFUSED or message.address == address for message in messages)
