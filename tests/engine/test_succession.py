from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import history
from engine.directory import Directory
from engine.reporting import report
from engine.reviewing import review
from engine.roster import store_roster
from engine.succession import Seat, hand_over_open, successor_of
from intake.values import ContactPointRow, PersonRow, PostRow, Roster, UnitRow
from models import Assignment, AssignmentEvent, AssignmentState, Message, Person, Report, StepParty, Unit, Verdict
from models.lists import PartyRole
from notifications.reading import message_text
from notifications.sender import Sender
from tests import factories

SENDER = Sender("责任办 <office@example.com>")
JULY = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
UNITS = (UnitRow("市林业局", "局"), UnitRow("局党组", "党组", "市林业局"), UnitRow("望山支部", "党支部", "市林业局"))
PEOPLE = (PersonRow("石小满", "shi@example.com"), PersonRow("秦月明", "qin@example.com"), PersonRow("罗一鸣", "luo@example.com"))
OLD = PostRow("石小满", "望山支部", "书记", None, date(2026, 6, 30))
NEW = PostRow("秦月明", "望山支部", "书记", date(2026, 7, 1))


def stored(session: Session, *posts: PostRow, people: tuple[PersonRow, ...] = PEOPLE) -> None:
    store_roster(session, Roster(UNITS, people, posts), year=2026, now=JULY)


def person_id(session: Session, name: str) -> int:
    return session.scalars(select(Person.id).where(Person.name == name)).one()


def owed(session: Session, carrier: str, unit: str = "望山支部", **fields: object) -> int:
    unit_id = session.scalars(select(Unit.id).where(Unit.name == unit)).one()
    return factories.assignment(session, unit_id=unit_id, person_id=person_id(session, carrier), **fields).id


def carrier_of(session: Session, assignment_id: int) -> str:
    query = select(Person.name).join(Assignment, Assignment.person_id == Person.id).where(Assignment.id == assignment_id)
    return session.scalars(query).one()


def test_a_new_secretary_takes_the_open_duties_of_the_branch_over(session: Session) -> None:
    stored(session, OLD, NEW)
    assignment = owed(session, "石小满")
    (done,) = hand_over_open(session, sender=SENDER, now=JULY)
    assert (done.seat.unit, done.seat.person, done.successor, done.assignments, done.told) == ("望山支部", "石小满", "秦月明", 1, True)
    assert carrier_of(session, assignment) == "秦月明"


def test_the_old_secretary_carries_them_to_the_last_day(session: Session) -> None:
    stored(session, OLD, NEW)
    assignment = owed(session, "石小满")
    last_day = datetime(2026, 6, 30, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert hand_over_open(session, sender=SENDER, now=last_day) == ()
    assert carrier_of(session, assignment) == "石小满"


def test_the_history_says_who_handed_over_to_whom(session: Session) -> None:
    stored(session, OLD, NEW)
    assignment = owed(session, "石小满")
    hand_over_open(session, sender=SENDER, now=JULY)
    event = session.scalars(select(AssignmentEvent).where(AssignmentEvent.assignment_id == assignment)).one()
    assert (event.action, event.from_value, event.to_value, event.at) == ("hand over", "石小满", "秦月明", JULY)
    assert history.broken(session) == ()


def test_the_successor_gets_one_message_with_everything(session: Session) -> None:
    stored(
        session,
        OLD,
        NEW,
        PostRow("石小满", "局党组", "党组书记", None, date(2026, 6, 30)),
        PostRow("秦月明", "局党组", "党组书记", date(2026, 7, 1)),
    )
    owed(session, "石小满")
    owed(session, "石小满")
    owed(session, "石小满", unit="局党组", post_title="书记", party="石小满")
    hand_over_open(session, sender=SENDER, now=JULY)
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.address) == ("handover", "qin@example.com")


def test_a_second_run_finds_nothing_to_do(session: Session) -> None:
    stored(session, OLD, NEW)
    owed(session, "石小满")
    hand_over_open(session, sender=SENDER, now=JULY)
    assert hand_over_open(session, sender=SENDER, now=JULY) == ()
    assert session.scalar(select(func.count()).select_from(Message)) == 1
    assert session.scalar(select(func.count()).select_from(AssignmentEvent)) == 1


def test_a_successor_without_address_is_shown(session: Session) -> None:
    stored(session, OLD, NEW, people=(PEOPLE[0], PersonRow("秦月明", None)))
    owed(session, "石小满")
    (done,) = hand_over_open(session, sender=SENDER, now=JULY)
    assert (done.successor, done.told) == ("秦月明", False)
    assert session.scalar(select(func.count()).select_from(Message)) == 0


@pytest.mark.parametrize(("this_years", "leader"), [((), "罗一鸣"), ((ContactPointRow("石小满", "望山支部"),), "石小满")])
def test_last_years_contact_points_hold_until_this_years_are_loaded(
    session: Session, this_years: tuple[ContactPointRow, ...], leader: str
) -> None:
    head, in_charge = PostRow("秦月明", "望山支部", "书记"), PostRow("石小满", "望山支部", "分管领导")
    last_years = (ContactPointRow("罗一鸣", "望山支部"),)
    store_roster(session, Roster(UNITS, PEOPLE, (head, in_charge), last_years), year=2025, now=JULY)
    store_roster(session, Roster(UNITS, PEOPLE, (head, in_charge), this_years), year=2026, now=JULY)
    step = factories.step(session)
    session.add(StepParty(step_id=step.id, role=PartyRole.RESPONSIBLE, position=1, name="望山支部"))
    assignment = owed(session, "秦月明", step_id=step.id, leader_id=person_id(session, "罗一鸣"))
    hand_over_open(session, sender=SENDER, now=JULY)
    assert session.get_one(Assignment, assignment, populate_existing=True).leader_id == person_id(session, leader)


def test_a_post_is_shown_by_its_new_holders_name(session: Session) -> None:
    stored(session, replace(OLD, unit="局党组", title="党组书记"), replace(NEW, unit="局党组", title="党组书记"))
    assignment = owed(session, "石小满", unit="局党组", post_title="书记", party="石小满")
    hand_over_open(session, sender=SENDER, now=JULY)
    assert session.get_one(Assignment, assignment, populate_existing=True).party == "秦月明"


def test_a_person_named_by_name_keeps_their_duties(session: Session) -> None:
    stored(session, OLD, NEW)
    named = factories.assignment(session, unit_id=None, party="石小满", person_id=person_id(session, "石小满"))
    assert hand_over_open(session, sender=SENDER, now=JULY) == ()
    assert carrier_of(session, named.id) == "石小满"


def test_a_unit_that_had_no_head_gets_its_first_one(session: Session) -> None:
    stored(session, NEW)
    unit_id = session.scalars(select(Unit.id).where(Unit.name == "望山支部")).one()
    assignment = factories.assignment(session, unit_id=unit_id)
    (done,) = hand_over_open(session, sender=SENDER, now=JULY)
    assert (done.seat.person, done.successor) == (None, "秦月明")
    assert carrier_of(session, assignment.id) == "秦月明"


def test_a_vacancy_leaves_the_duties_and_asks(session: Session) -> None:
    stored(session, OLD)
    assignment = owed(session, "石小满")
    (done,) = hand_over_open(session, sender=SENDER, now=JULY)
    assert done.successor is None
    assert done.question is not None
    assert carrier_of(session, assignment) == "石小满"


MEMBER = PostRow("石小满", "局党组", "党组成员", None, date(2026, 6, 30))
NEWCOMER = PostRow("秦月明", "局党组", "党组成员", date(2026, 7, 1))
STAYING = PostRow("罗一鸣", "局党组", "党组成员")


@pytest.mark.parametrize(
    ("posts", "already", "successor"),
    [
        ((NEWCOMER, STAYING), (), "秦月明"),  # the term began later
        ((replace(NEWCOMER, starts_on=None), STAYING), ("罗一鸣",), "秦月明"),  # the other one owes the same duties himself
        ((STAYING,), ("罗一鸣",), None),  # nobody came
        ((replace(NEWCOMER, starts_on=None), STAYING), (), None),  # nobody can tell
    ],
)
def test_of_several_in_one_post_the_newcomer_takes_over(
    posts: tuple[PostRow, ...], already: tuple[str, ...], successor: str | None
) -> None:
    directory = Directory(Roster(UNITS, PEOPLE, (MEMBER, *posts)), date(2026, 7, 1))
    found, question = successor_of(Seat("局党组", "成员", "石小满"), directory, already)
    assert found == successor
    assert (question is None) == (successor is not None)


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (AssignmentState.ACKNOWLEDGED, True),
        (AssignmentState.REPORTED, True),  # it may come back
        (AssignmentState.RETURNED, True),
        (AssignmentState.CLOSED, False),
        (AssignmentState.WITHDRAWN, False),
    ],
)
def test_what_is_open_goes_to_the_successor_in_the_state_that_it_has(session: Session, state: AssignmentState, moves: bool) -> None:
    stored(session, OLD, NEW)
    assignment = owed(session, "石小满", state=state)
    hand_over_open(session, sender=SENDER, now=JULY)
    assert carrier_of(session, assignment) == ("秦月明" if moves else "石小满")
    assert session.get_one(Assignment, assignment, populate_existing=True).state is state


def test_a_successor_is_told_which_duties_wait_for_review_and_is_not_asked_to_make_them_up(session: Session) -> None:
    stored(session, OLD, NEW)
    owed(session, "石小满", state=AssignmentState.REPORTED, due_on=date(2026, 6, 1))
    hand_over_open(session, sender=SENDER, now=JULY)
    text = message_text(session, session.scalars(select(Message.id)).one())
    assert "其中 1 项次已报送、正待审核" in text
    assert "补办" not in text


def test_a_successor_is_told_what_was_done_before(session: Session) -> None:
    stored(session, OLD, NEW)
    assignment = owed(session, "石小满")
    in_june = JULY.replace(month=6, day=20)
    report(session, assignment, text="办了", by="石小满", now=in_june)
    review(session, assignment, number=1, verdict=Verdict.RETURNED, comment="缺签到表", by="计划员", sender=SENDER, now=in_june)
    hand_over_open(session, sender=SENDER, now=JULY)
    message = session.scalars(select(Message.id).where(Message.kind == "handover")).one()
    assert "此前：6月20日报送；6月20日退回：缺签到表" in message_text(session, message)


def test_the_decision_on_a_report_goes_to_whoever_holds_the_post_by_then(session: Session) -> None:
    stored(session, OLD, NEW)
    assignment = owed(session, "石小满")
    report(session, assignment, text="办了", by="石小满", now=JULY)
    hand_over_open(session, sender=SENDER, now=JULY)
    review(session, assignment, number=1, verdict=Verdict.RETURNED, comment="缺照片", by="计划员", sender=SENDER, now=JULY)
    assert session.scalars(select(Message.address).where(Message.kind == "decided")).all() == ["qin@example.com"]
    assert session.scalars(select(Report.reported_by)).all() == ["石小满"]


def test_a_member_of_a_team_does_not_inherit_the_duty_that_each_of_them_has(session: Session) -> None:
    stored(session, MEMBER, STAYING)
    step = factories.step(session).id
    leaving, own = (owed(session, name, "局党组", post_title="成员", party=name, step_id=step) for name in ("石小满", "罗一鸣"))
    (done,) = hand_over_open(session, sender=SENDER, now=JULY)
    assert done.question is not None
    assert (carrier_of(session, leaving), carrier_of(session, own)) == ("石小满", "罗一鸣")


def test_whoever_still_holds_the_post_keeps_the_duties() -> None:
    posts = (PostRow("石小满", "局党组", "党组成员"), PostRow("秦月明", "局党组", "党组成员", date(2026, 7, 1)))
    directory = Directory(Roster(UNITS, PEOPLE, posts), date(2026, 7, 1))
    assert successor_of(Seat("局党组", "成员", "石小满"), directory) == (None, None)
