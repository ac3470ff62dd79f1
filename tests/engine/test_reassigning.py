"""A duty is given to a colleague by hand."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history
from engine.leadership import follow_leaders
from engine.moves import OPEN
from engine.reassigning import colleagues, reassign
from engine.reporting import acknowledge, report
from engine.reviewing import review
from engine.roster import load_roster, store_roster
from engine.succession import hand_over_open
from intake.values import PersonRow, PostRow, Roster, UnitRow
from models import Assignment, AssignmentEvent, AssignmentState, Draft, Message, StepParty, Verdict
from models.lists import PartyRole
from notifications.reading import message_text
from notifications.sender import Sender
from office.text import Refused
from tests import factories
from tests.engine.test_succession import JULY, carrier_of, owed, person_id

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example")
NOW = datetime(2026, 3, 25, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
UNITS = (UnitRow("市林业局", "局"), UnitRow("造林科", "科室", "市林业局"), UnitRow("办公室", "科室", "市林业局"))
PEOPLE = (
    PersonRow("石小满", "shi@example.com"),
    PersonRow("秦月明", "qin@example.com"),
    PersonRow("罗一鸣", "luo@example.com"),
    PersonRow("何青禾", None),
)
HEAD = PostRow("石小满", "造林科", "科长", None, date(2026, 6, 30))
NEXT = PostRow("罗一鸣", "造林科", "科长", date(2026, 7, 1))
MEMBER = PostRow("秦月明", "造林科", "副科长")
POSTS = (HEAD, NEXT, MEMBER, PostRow("何青禾", "造林科", "科员"), PostRow("罗一鸣", "办公室", "主任", None, date(2026, 6, 30)))


def stored(session: Session, *posts: PostRow, people: tuple[PersonRow, ...] = PEOPLE) -> None:
    store_roster(session, Roster(UNITS, people, posts or POSTS), year=2026, now=NOW)


def of_head(session: Session, **fields: object) -> int:
    stored(session)
    return owed(session, "石小满", "造林科", **fields)


def give(session: Session, assignment: int, to: str = "秦月明", by: str = "石小满", reason: str = "驻村") -> bool:
    return reassign(session, assignment, to=to, reason=reason, by=by, sender=SENDER, now=NOW)


def row(session: Session, assignment: int) -> Assignment:
    return session.get_one(Assignment, assignment, populate_existing=True)


def test_colleagues_hold_a_post_in_the_unit_on_the_day(session: Session) -> None:
    assignment = of_head(session)
    assert colleagues(session, assignment, on=date(2026, 6, 30)) == ("秦月明", "何青禾")
    assert colleagues(session, assignment, on=date(2026, 7, 1)) == ("罗一鸣", "秦月明", "何青禾")
    nobodys = factories.assignment(session, unit_id=None, person_id=person_id(session, "石小满")).id
    assert (colleagues(session, nobodys, on=date(2026, 7, 1)), colleagues(session, 99, on=date(2026, 7, 1))) == ((), ())


def test_who_has_left_is_no_colleague(session: Session) -> None:
    assignment = of_head(session)
    stored(session, *POSTS, people=tuple(person for person in PEOPLE if person.name != "秦月明"))
    assert colleagues(session, assignment, on=date(2026, 3, 25)) == ("何青禾",)


def test_it_is_the_colleagues_from_then_on_and_the_history_says_why(session: Session) -> None:
    assignment = of_head(session)
    assert give(session, assignment)
    given = row(session, assignment)
    assert (carrier_of(session, assignment), given.given_by_hand, given.party) == ("秦月明", True, "造林科")
    event = session.scalars(select(AssignmentEvent)).one()
    assert (event.action, event.from_value, event.to_value, event.by) == ("hand over", "石小满", "秦月明", "石小满")
    assert event.reason == "转办给秦月明：驻村"
    assert history.broken(session) == ()


def test_the_new_carrier_is_told_with_what_was_done_before(session: Session) -> None:
    assignment = of_head(session)
    for month, day in ((3, 2), (3, 20)):
        at = datetime(2026, month, day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
        if day == 2:
            acknowledge(session, [assignment], by="石小满", now=at)
        else:
            report(session, assignment, text="办了", by="石小满", now=at)
            review(session, assignment, number=1, verdict=Verdict.RETURNED, comment="缺签到表", by="计划员", sender=SENDER, now=at)
    give(session, assignment)
    message = session.scalars(select(Message).where(Message.kind == "handover")).one()
    assert (message.address, message.subject[:5]) == ("qin@example.com", "转办给您：")
    text = message_text(session, message.id)
    for said in (
        "石小满把下面这项任务转交您办理，期限不变。",
        "原因：驻村",
        "此前：3月2日签收；3月20日报送；3月20日退回：缺签到表",
        f"/duties/{assignment}",
    ):
        assert said in text
    assert "转办给秦月明" not in text


def test_the_officer_gives_it_for_the_carrier_and_who_has_no_address_is_not_told(session: Session) -> None:
    assignment = of_head(session)
    assert not give(session, assignment, "何青禾", "计划员")
    assert session.scalars(select(Message.id)).all() == []
    give(session, assignment, by="计划员（Prefect 界面）")
    text = message_text(session, session.scalars(select(Message.id)).one())
    assert "计划员把何青禾同志的下面这项任务转交您办理" in text
    assert "此前：3月25日转办给何青禾：驻村" in text


def test_it_may_come_back_and_that_is_said_again(session: Session) -> None:
    assignment = of_head(session)
    give(session, assignment)
    give(session, assignment, "石小满", "秦月明")
    give(session, assignment)
    assert len(session.scalars(select(Message.id)).all()) == 3


def test_a_post_is_shown_by_the_name_of_who_carries_it(session: Session) -> None:
    assignment = of_head(session, post_title="科长", party="石小满")
    give(session, assignment)
    assert row(session, assignment).party == "秦月明"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": " "}, "写明原因"),
        ({"to": "罗一鸣"}, "只能转办给同一单位的人：秦月明、何青禾"),  # not in office yet
        ({"to": "石小满"}, "只能转办给同一单位的人"),
        ({"to": "无名氏"}, "只能转办给同一单位的人"),
        ({"by": "秦月明"}, "秦月明不承办这项任务"),
        ({"by": "计划员甲" * 20}, "不承办这项任务"),
    ],
)
def test_an_unfit_one_is_refused_and_changes_nothing(session: Session, fields: dict[str, str], said: str) -> None:
    assignment = of_head(session)
    with pytest.raises(Refused, match=said):
        give(session, assignment, **fields)
    assert (carrier_of(session, assignment), row(session, assignment).given_by_hand) == ("石小满", False)
    assert session.scalars(select(AssignmentEvent.id)).all() == []


@pytest.mark.parametrize("state", [AssignmentState.CLOSED, AssignmentState.WITHDRAWN])
def test_what_has_ended_is_not_given_away(session: Session, state: AssignmentState) -> None:
    assignment = of_head(session, state=state)
    with pytest.raises(Refused, match="不能再转办"):
        give(session, assignment)


def test_a_new_head_leaves_what_was_given_by_hand_with_its_person(session: Session) -> None:
    given, stays = of_head(session), owed(session, "石小满", "造林科")
    give(session, given)
    (done,) = hand_over_open(session, sender=SENDER, now=JULY)
    assert (done.successor, done.assignments) == ("罗一鸣", 1)
    assert (carrier_of(session, given), carrier_of(session, stays)) == ("秦月明", "罗一鸣")


@pytest.mark.parametrize("how", ["out of office", "out of the roster", "into another unit"])
def test_it_follows_the_post_again_when_its_person_leaves_the_unit(session: Session, how: str) -> None:
    assignment = of_head(session, post_title="科长", party="石小满")
    give(session, assignment)
    others = tuple(post for post in POSTS if post is not MEMBER)
    if how == "out of the roster":
        stored(session, *others, people=tuple(person for person in PEOPLE if person.name != "秦月明"))
    else:
        other = replace(MEMBER, ends_on=date(2026, 6, 30)) if how == "out of office" else replace(MEMBER, unit="办公室")
        stored(session, *others, other)
    (done,) = hand_over_open(session, sender=SENDER, now=JULY)
    assert (done.seat.person, done.successor) == ("秦月明", "罗一鸣")
    given = row(session, assignment)
    assert (carrier_of(session, assignment), given.given_by_hand, given.party) == ("罗一鸣", False, "罗一鸣")
    assert hand_over_open(session, sender=SENDER, now=JULY) == ()


def test_its_leader_follows_the_roster_all_the_same(session: Session) -> None:
    step = factories.step(session)
    session.add(StepParty(step_id=step.id, role=PartyRole.RESPONSIBLE, position=1, name="造林科"))
    assignment = of_head(session, step_id=step.id)
    give(session, assignment)
    stored(session, *POSTS, PostRow("罗一鸣", "造林科", "分管领导"))
    roster = load_roster(session, 2026)
    assert follow_leaders(session, roster, date(2026, 3, 25), states=OPEN, by="roster", now=NOW) == 1
    assert row(session, assignment).leader_id == person_id(session, "罗一鸣")


def test_a_draft_stays_with_its_writer(session: Session) -> None:
    assignment = of_head(session)
    session.add(Draft(assignment_id=assignment, by="石小满", version=1, text="写了一半", amount="", held_on="", entries={}, saved_at=NOW))
    session.flush()
    give(session, assignment)
    assert session.scalars(select(Draft.by)).all() == ["石小满"]
