"""Issuing on a real database: what is stored, who is told, and that a second time is harmless."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history import broken
from engine.issuing import Issued, content_digest, issue
from engine.roster import store_roster
from engine.succession import hand_over_open
from intake.values import Deadline, ListReading, Note, Parties, Period, Relative, Roster, UnitRow
from models import (
    Assignment,
    AssignmentEvent,
    AssistingParty,
    Base,
    Item,
    ListQuestion,
    Message,
    MessageState,
    Person,
    ResponsibilityList,
    Step,
    StepParty,
)
from notifications.ledger import claim
from notifications.reading import message_text
from notifications.sender import Sender
from office.text import Refused, Text
from tests.factories import NOW, deadline_value, item_value, list_reading, roster_value, step_value
from zeren.database import transaction

SENDER = Sender("责任清单 <zeren@example.com>")
LATER = NOW + timedelta(days=30)


def issue_list(session: Session, reading: ListReading | None = None, *, roster: Roster | None = None, **said: Any) -> Issued:
    """Issue with the factories' roster, or with another one that is stored first."""
    now: datetime = said.pop("now", NOW)
    store_roster(session, roster or roster_value(), year=2026, now=now)
    return issue(session, reading or list_reading(), year=2026, file_name="清单.xlsx", sender=SENDER, now=now, **said)


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def told(session: Session) -> dict[str, str]:
    """Names of the people with a message, and the ledger's key of it."""
    return dict(session.execute(select(Person.name, Message.key).join(Message, Message.person_id == Person.id)).all())


def reading_of(**item: Any) -> ListReading:
    return list_reading(items=(item_value(**item),))


def test_a_list_is_stored_as_it_was_read(session: Session) -> None:
    first = step_value(
        deadline=Deadline("全年不少于4次", (Period("全年", date(2026, 1, 1), date(2026, 12, 31)),), checkpoints=(date(2026, 6, 30),)),
        parties=Parties(leader=("吴望舒",), lead=("造林科",), assisting=("办公室",)),
    )
    issued = issue_list(session, reading_of(steps=(first, step_value(text="第二步")), number="3", standard="不少于", points=2.5))
    stored = session.scalars(select(ResponsibilityList)).one()
    assert (stored.title, stored.year, stored.file_name, stored.issued_at) == ("2026年度责任清单", 2026, "清单.xlsx", NOW)
    item = session.scalars(select(Item)).one()
    assert (item.position, item.number, item.content, item.standard, item.points) == (1, "3", "管好苗木", "不少于", 2.5)
    steps = session.scalars(select(Step).order_by(Step.position)).all()
    assert [(step.text, step.phrase, step.checkpoint_on) for step in steps] == [
        ("清点苗木", "全年不少于4次", date(2026, 6, 30)),
        ("第二步", "6月底前", None),
    ]
    roles = session.execute(select(StepParty.role, StepParty.name).where(StepParty.step_id == steps[0].id).order_by(StepParty.id)).all()
    assert [(role.value, name) for role, name in roles] == [("leader", "吴望舒"), ("lead", "造林科"), ("assisting", "办公室")]
    assert [(row.party, row.step_id) for row in session.scalars(select(AssistingParty))] == [("办公室", steps[0].id)]
    assert (issued.items, issued.assignments, issued.first_time) == (1, 2, True)


def test_an_assignment_knows_its_unit_its_bearer_its_leader_and_its_dates(session: Session) -> None:
    issue_list(session, reading_of(parties=Parties(leader=("党组书记",), lead=("造林科",))))
    assignment = session.scalars(select(Assignment)).one()
    people = {person.id: person.name for person in session.scalars(select(Person))}
    assert (assignment.party, people[assignment.person_id or 0], people[assignment.leader_id or 0]) == ("造林科", "孟松年", "周启明")
    assert (assignment.post_title, assignment.due_on, assignment.make_up, assignment.state.value) == (
        None,
        date(2026, 6, 30),
        False,
        "sent",
    )


def test_where_a_post_is_accountable_the_assignment_names_the_post(session: Session) -> None:
    issue_list(session, reading_of(parties=Parties(leader=("党组书记",))))
    assignment = session.scalars(select(Assignment)).one()
    assert (assignment.party, assignment.post_title) == ("周启明", "书记")


def test_every_assignment_has_the_first_row_of_its_history(session: Session) -> None:
    issue_list(session, reading_of(parties=Parties(responsible=("各支部",))))
    events = session.scalars(select(AssignmentEvent)).all()
    assert [(row.position, row.action, row.to_value, row.by, row.reason, row.at) for row in events] == [
        (1, "issue", "sent", "officer", "2026年度责任清单", NOW)
    ] * 4
    assert broken(session) == ()


def test_questions_of_reading_and_of_planning_are_kept_with_their_places(session: Session) -> None:
    asked = Note("Sheet1!D2", Text("请确认", "Is that right?"))
    issued = issue_list(session, replace(reading_of(parties=Parties(lead=("造林科",), responsible=("造木科",))), questions=(asked,)))
    stored = session.scalars(select(ListQuestion).order_by(ListQuestion.position)).all()
    assert [row.address for row in stored] == ["Sheet1!D2", "Sheet1!C2"]
    assert issued.questions == 2


def test_one_person_gets_one_message_however_many_duties(session: Session) -> None:
    items = tuple(item_value(content=f"第{n}项", parties=Parties(responsible=("各科室", "各支部"))) for n in range(3))
    issued = issue_list(session, list_reading(items=items))
    assert set(told(session)) == {"何青禾", "孟松年", "石小满"}
    assert issued.messages == count(session, Message) == 3


def test_assisting_parties_and_named_leaders_are_told_too(session: Session) -> None:
    issued = issue_list(session, reading_of(parties=Parties(leader=("吴望舒",), lead=("造林科",), assisting=("办公室",))))
    assert set(told(session)) == {"孟松年", "吴望舒", "何青禾"}
    assert issued.assignments == 1


def test_a_leader_whom_the_list_does_not_name_is_not_mailed(session: Session) -> None:
    issue_list(session, reading_of(parties=Parties(lead=("造林科",))))
    assert set(told(session)) == {"孟松年"}


def test_whoever_owes_a_duty_that_waits_for_its_event_is_told_of_it(session: Session) -> None:
    waiting = step_value(deadline=Deadline("会后7日内", relative=Relative(7, working=False, from_issue=False)))
    issued = issue_list(session, reading_of(steps=(waiting,)))
    assert (issued.assignments, set(told(session))) == (0, {"孟松年"})


def test_a_person_without_address_has_the_assignment_and_is_named(session: Session) -> None:
    issued = issue_list(session, reading_of(parties=Parties(lead=("清河县林业局",))))
    assert (issued.assignments, issued.messages, issued.without_address) == (1, 0, ("罗一鸣",))


def with_address(person: str, address: str | None) -> Roster:
    roster = roster_value()
    return replace(roster, people=tuple(replace(p, email=address) if p.name == person else p for p in roster.people))


def test_who_had_no_address_is_told_when_the_list_is_loaded_with_one(session: Session) -> None:
    first = issue_list(session, roster=with_address("孟松年", None))
    assert (first.without_address, "孟松年" in told(session)) == (("孟松年",), False)
    again = issue_list(session, roster=with_address("孟松年", None), now=LATER)
    assert (again.messages, again.without_address) == (0, ("孟松年",))
    assert issue_list(session, now=LATER).messages == 1
    assert told(session)["孟松年"].endswith(":孟松年:1")
    assert issue_list(session, now=LATER).messages == 0


def test_a_list_of_which_no_assignment_comes_is_refused(session: Session) -> None:
    with pytest.raises(Refused, match="分解不出任何任务"):
        issue_list(session, reading_of(parties=Parties(lead=("造木科",))))


def test_who_was_not_told_of_their_own_duties_is_told_although_they_took_others_over(session: Session) -> None:
    both = reading_of(parties=Parties(responsible=("造林科", "市苗圃站")))
    issue_list(session, both, roster=with_address("石小满", None))
    roster = roster_value()
    posts = tuple(replace(p, person="石小满") if p.unit == "造林科" and p.title == "科长" else p for p in roster.posts)
    store_roster(session, replace(roster, posts=posts), year=2026, now=LATER)
    hand_over_open(session, sender=SENDER, now=LATER)
    assert issue_list(session, both, roster=replace(roster, posts=posts), now=LATER).messages == 1
    assert issue_list(session, both, roster=replace(roster, posts=posts), now=LATER).messages == 0


def test_mail_that_waits_goes_to_the_address_that_the_roster_has_by_then(session: Session) -> None:
    issue_list(session, roster=with_address("孟松年", "typo@example.com"))
    assert issue_list(session, now=LATER).messages == 0
    (mail,) = claim(session, now=LATER, limit=5)
    assert mail.address == "p6@example.com"
    assert b"<p6@example.com>" in mail.content
    assert b"typo@example.com" not in mail.content


def test_whose_address_was_refused_is_told_at_another_one(session: Session) -> None:
    issue_list(session, roster=with_address("孟松年", "typo@example.com"))
    message = session.scalars(select(Message).where(Message.address == "typo@example.com")).one()
    message.state = MessageState.REFUSED
    session.flush()
    assert issue_list(session, roster=with_address("孟松年", "typo@example.com"), now=LATER).messages == 0
    assert issue_list(session, now=LATER).messages == 1
    other = session.scalars(select(Message).where(Message.key.endswith(":孟松年:2"))).one()
    assert (other.state, other.address) == (MessageState.QUEUED, "p6@example.com")


def test_the_day_of_issue_is_the_civil_day_of_the_office(session: Session) -> None:
    just_after_midnight = datetime.fromisoformat("2026-07-01T00:30+08:00")
    issue_list(session, now=just_after_midnight)
    assert session.scalars(select(Assignment.make_up)).one() is True


def test_the_same_list_again_changes_nothing_and_mails_nobody(session: Session) -> None:
    issue_list(session)
    before = [count(session, table) for table in (Item, Step, Assignment, AssignmentEvent, Message, ListQuestion)]
    again = issue_list(session, now=LATER)
    assert (again.first_time, again.assignments, again.messages) == (False, 0, 0)
    assert [count(session, table) for table in (Item, Step, Assignment, AssignmentEvent, Message, ListQuestion)] == before
    assert session.scalars(select(ResponsibilityList.issued_at)).one() == NOW


def test_the_same_list_from_other_cells_is_the_same_list(session: Session) -> None:
    issue_list(session)
    moved = reading_of(address="table 1 row 2", section="一", steps=(step_value(address="table 1 row 2"),))
    assert not issue_list(session, moved).first_time


def test_a_unit_that_the_roster_knows_by_now_gets_its_assignments_and_only_its_head_is_told(session: Session) -> None:
    reading = reading_of(parties=Parties(lead=("造林科",), responsible=("林政科",)))
    assert issue_list(session, reading).questions == 1
    grown = roster_value()
    grown = replace(
        grown,
        units=(*grown.units, UnitRow("林政科", "科室", "市林业局")),
        posts=(*grown.posts, replace(grown.posts[-1], person="石小满", unit="林政科", title="科长")),
    )
    again = issue_list(session, reading, roster=grown, now=LATER)
    assert (again.first_time, again.assignments, again.messages) == (False, 1, 1)
    assert sorted(session.scalars(select(Assignment.party))) == ["林政科", "造林科"]
    assert told(session)["石小满"].endswith(":石小满:1")
    assert count(session, ListQuestion) == 0
    assert broken(session) == ()
    assert issue_list(session, reading, roster=grown, now=LATER).assignments == 0


def test_a_newcomer_hears_of_the_duties_that_wait_for_their_event_too(session: Session) -> None:
    owners = Parties(lead=("造林科",), responsible=("林政科",))
    after_the_meeting = step_value(text="印发纪要", deadline=Deadline("会后7日内", relative=Relative(7, working=False, from_issue=False)))
    reading = reading_of(steps=(step_value(), after_the_meeting), parties=owners)
    issue_list(session, reading)
    roster = roster_value()
    posts = (*roster.posts, replace(roster.posts[-1], person="石小满", unit="林政科", title="科长"))
    issue_list(
        session, reading, roster=replace(roster, units=(*roster.units, UnitRow("林政科", "科室", "市林业局")), posts=posts), now=LATER
    )
    (mail,) = session.scalars(select(Message).where(Message.key.endswith(":石小满:1")))
    assert "印发纪要" in message_text(session, mail.id)


def test_a_title_of_another_year_is_asked_about(session: Session) -> None:
    issue_list(session, list_reading(title="市林业局２０２５年度责任清单"))
    assert "标题写的是2025年，装入的是2026年度" in session.scalars(select(ListQuestion.text_zh)).one()


@pytest.mark.parametrize(
    ("at", "goes_out_at"),
    [
        (datetime(2026, 1, 5, 1, 0, tzinfo=UTC), None),
        (datetime(2026, 1, 5, 15, 0, tzinfo=UTC), datetime(2026, 1, 6, 0, 0, tzinfo=UTC)),
        (datetime(2026, 2, 16, 2, 0, tzinfo=UTC), datetime(2026, 2, 24, 0, 0, tzinfo=UTC)),  # New Year's Eve
    ],
)
def test_mail_waits_for_the_next_working_morning(session: Session, at: datetime, goes_out_at: datetime | None) -> None:
    assert issue_list(session, now=at).mail_waits_until == goes_out_at
    assert session.scalars(select(Message.due_at)).one() == (goes_out_at or at)


def test_a_person_with_something_new_gets_a_second_message_about_that_only(session: Session) -> None:
    reading = reading_of(parties=Parties(lead=("造林科",), responsible=("林政科",)))
    issue_list(session, reading)
    grown = roster_value()
    grown = replace(
        grown,
        units=(*grown.units, UnitRow("林政科", "科室", "市林业局")),
        posts=(*grown.posts, replace(grown.posts[-1], person="孟松年", unit="林政科", title="科长")),
    )
    assert issue_list(session, reading, roster=grown, now=LATER).messages == 1
    keys = session.scalars(select(Message.key).order_by(Message.id)).all()
    assert [key.rsplit(":", 2)[1:] for key in keys] == [["孟松年", "1"], ["孟松年", "2"]]


def test_a_successor_in_a_post_owes_nothing_twice(session: Session) -> None:
    reading = reading_of(parties=Parties(leader=("党组书记",)))
    issue_list(session, reading)
    changed = roster_value()
    changed = replace(changed, posts=tuple(replace(p, person="石小满") if p.title == "党组书记" else p for p in changed.posts))
    assert issue_list(session, reading, roster=changed, now=LATER).assignments == 0


def test_another_content_under_the_same_title_is_refused_with_what_differs(session: Session) -> None:
    items = (item_value(content="甲"), item_value(content="乙"))
    issue_list(session, list_reading(items=items))
    other = (item_value(content="甲", standard="更严"), item_value(content="丙"), item_value(content="丁"))
    with pytest.raises(Refused, match=r"2026-01-05.*新增2项、删去1项、改动1项.*另起标题"):
        issue_list(session, list_reading(items=other))


def test_other_dates_under_the_same_words_are_refused_too(session: Session) -> None:
    issue_list(session)
    with pytest.raises(Refused, match="时限的读法不同"):
        issue_list(session, reading_of(steps=(step_value(deadline=deadline_value(date(2026, 6, 29))),)))


def test_a_title_of_its_own_makes_it_another_list(session: Session) -> None:
    issue_list(session)
    other = issue_list(session, reading_of(content="别的事项"), title="补充清单")
    assert (other.first_time, other.title, count(session, ResponsibilityList)) == (True, "补充清单", 2)


def test_a_list_without_a_title_bears_the_name_of_its_file(session: Session) -> None:
    assert issue_list(session, list_reading(title="")).title == "清单"


def test_a_renamed_file_without_a_title_is_the_same_list(session: Session) -> None:
    issue_list(session, list_reading(title=""))
    store_roster(session, roster_value(), year=2026, now=LATER)
    again = issue(session, list_reading(title=""), year=2026, file_name="清单 (1).xlsx", sender=SENDER, now=LATER)
    assert (again.title, again.first_time, again.assignments, again.messages) == ("清单", False, 0, 0)


def test_the_same_content_is_not_issued_under_another_title(session: Session) -> None:
    issue_list(session)
    with pytest.raises(Refused, match="已作为《2026年度责任清单》下发"):
        issue_list(session, title="另一个标题")


def test_a_list_with_problems_is_refused_with_the_first_of_them_and_their_number(sqlite_session: Session) -> None:
    problems = tuple(Note(f"Sheet1!D{n}", Text("没有这一天：2月30日", "No such day: 30 February")) for n in (4, 9))
    with pytest.raises(Refused, match=r"没有这一天.*2处") as refused:
        issue_list(sqlite_session, replace(list_reading(), problems=problems))
    assert refused.value.place == "Sheet1!D4"
    assert count(sqlite_session, ResponsibilityList) == 0


def test_a_list_without_items_is_refused(sqlite_session: Session) -> None:
    with pytest.raises(Refused, match="没有责任事项"):
        issue_list(sqlite_session, list_reading(items=()))


def test_a_year_without_a_roster_is_refused(sqlite_session: Session) -> None:
    with pytest.raises(Refused, match="名册"):
        issue(sqlite_session, list_reading(), year=2026, file_name="a.xlsx", sender=SENDER, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"content": "另一件事"},
        {"standard": "更严"},
        {"points": 3.0},
        {"remarks": "另注"},
        {"parties": Parties(lead=("办公室",))},
        {"steps": (step_value(deadline=deadline_value(date(2026, 7, 31))),)},
        {"steps": (step_value(), step_value())},
    ],
    ids=["content", "standard", "points", "remarks", "parties", "date", "one step more"],
)
def test_the_digest_of_a_list_changes_with(change: dict[str, Any]) -> None:
    assert content_digest((item_value(),)) != content_digest((item_value(**change),))


def test_of_two_who_issue_one_list_at_once_one_wins_and_the_other_changes_nothing(database_url: str) -> None:
    with transaction(database_url) as session:
        store_roster(session, roster_value(), year=2026, now=NOW)
    together = Barrier(2)

    def issue_at_once(_: int) -> Issued:
        together.wait()
        with transaction(database_url) as session:
            return issue(session, list_reading(), year=2026, file_name="清单.xlsx", sender=SENDER, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(issue_at_once, range(2)))
    assert sorted((r.first_time, r.assignments, r.messages) for r in results) == [(False, 0, 0), (True, 1, 1)]
    with transaction(database_url) as session:
        assert (count(session, Assignment), count(session, AssignmentEvent), count(session, Message)) == (1, 1, 1)


INTERRUPTED = """
import sys, time
from tests.engine.test_issuing import issue_list
from zeren.database import transaction
with transaction(sys.argv[1]) as session:
    issue_list(session)
    print("stored", flush=True)
    time.sleep(60)
"""


def test_a_process_killed_in_the_middle_leaves_nothing(database_url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED, database_url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "stored\n"
        process.send_signal(signal.SIGKILL)
    tables: tuple[type[Base], ...] = (ResponsibilityList, Item, Assignment, AssignmentEvent, Message, Person)
    with transaction(database_url) as session:
        assert [count(session, table) for table in tables] == [0] * len(tables)
        assert issue_list(session).first_time
