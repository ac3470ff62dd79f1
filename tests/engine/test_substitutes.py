"""Who does somebody's duties while they are on leave."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.reporting import report
from engine.reviewing import review, reviewers, reviewers_of
from engine.substitutes import (
    end_substitution,
    may_answer,
    on_behalf_of,
    stand_in,
    stands_in_for,
    substitutions_of,
)
from models import Assignment, AssignmentState, Message, Person, Substitution, Verdict
from notifications.reading import message_text
from notifications.sender import Sender
from office.text import Refused
from tests import factories

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example")
NOW = datetime(2026, 6, 22, 1, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 15)
WITHIN, BEFORE, AFTER = date(2026, 7, 15), date(2026, 6, 30), date(2026, 7, 16)


def office(session: Session) -> int:
    """何青禾 carries one assignment; 孟松年, 吴望舒 and 罗一鸣 are there, too."""
    for name in ("孟松年", "吴望舒", "罗一鸣"):
        factories.person(session, name=name)
    return factories.assignment(session, person_id=factories.person(session, name="何青禾").id).id


def ids(session: Session) -> dict[str, int]:
    return {name: id_ for name, id_ in session.execute(select(Person.name, Person.id)).all()}  # noqa: C416 - rows are no pairs to mypy


def leave(
    session: Session,
    person: str = "何青禾",
    substitute: str = "孟松年",
    starts_on: date = FIRST,
    ends_on: date = LAST,
    by: str = "何青禾",
    reason: str = "年休假",
) -> int:
    return stand_in(
        session, person=person, substitute=substitute, starts_on=starts_on, ends_on=ends_on, reason=reason, by=by, sender=SENDER, now=NOW
    )


def test_the_substitute_answers_from_the_first_day_to_the_last(session: Session) -> None:
    assignment = office(session)
    leave(session)
    people = ids(session)
    assert [may_answer(session, assignment, "孟松年", on=day) for day in (BEFORE, FIRST, WITHIN, AFTER)] == [False, True, True, False]
    assert on_behalf_of(session, assignment, "孟松年", on=WITHIN) == "何青禾"
    assert on_behalf_of(session, assignment, "何青禾", on=WITHIN) == "何青禾"  # the duties stay theirs
    assert on_behalf_of(session, assignment, "吴望舒", on=WITHIN) is None
    assert stands_in_for(session, people["孟松年"], WITHIN) == {people["何青禾"]: "何青禾"}
    assert stands_in_for(session, people["孟松年"], AFTER) == {}
    assert session.scalars(select(Assignment.person_id)).one() == people["何青禾"]


def test_nobody_answers_for_what_nobody_carries_or_is_not_there(session: Session) -> None:
    assert not may_answer(session, factories.assignment(session).id, "", on=WITHIN)
    assert not may_answer(session, 99, "何青禾", on=WITHIN)


def test_the_substitute_is_told_what_is_open_and_due_in_that_time(session: Session) -> None:
    office(session)
    carrier = ids(session)["何青禾"]
    for text, fields in (
        ("清点苗木", {"due_on": LAST}),
        ("补报台账", {"due_on": date(2026, 5, 31)}),
        ("年底总结", {"due_on": date(2026, 12, 31)}),
        ("已经办完", {"due_on": LAST, "state": AssignmentState.CLOSED}),
    ):
        step = factories.step(session, text=text)
        factories.assignment(session, step_id=step.id, person_id=carrier, **fields)
    leave(session)
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.subject) == ("standing_in", "请代何青禾办理责任事项：7月1日至7月15日")
    text = message_text(session, message.id)
    assert "年休假" in text
    assert ["清点苗木" in text, "补报台账" in text, "年底总结" in text, "已经办完" in text] == [True, True, False, False]
    assert "期间要办的有下面 3 项" in text


def test_who_has_no_address_is_not_told(session: Session) -> None:
    office(session)
    session.execute(update(Person).where(Person.name == "孟松年").values(email=None))
    leave(session)
    assert session.scalars(select(Message.id)).all() == []


def test_one_that_was_ended_holds_no_more_and_makes_room(session: Session) -> None:
    assignment = office(session)
    first = leave(session)
    with pytest.raises(Refused, match="只有何青禾本人或计划员"):
        end_substitution(session, first, by="孟松年", now=NOW)
    end_substitution(session, first, by="计划员", now=NOW)
    assert not may_answer(session, assignment, "孟松年", on=WITHIN)
    assert substitutions_of(session, ids(session)["何青禾"], BEFORE) == ()
    with pytest.raises(Refused, match="已经提前结束"):
        end_substitution(session, first, by="何青禾", now=NOW)
    with pytest.raises(Refused, match="没有编号为 99 的代办"):
        end_substitution(session, 99, by="何青禾", now=NOW)
    assert leave(session, substitute="吴望舒") != first


def test_the_coming_ones_are_listed_until_their_last_day(session: Session) -> None:
    office(session)
    second, first = leave(session, starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 5)), leave(session)
    person = ids(session)["何青禾"]
    assert [one.id for one in substitutions_of(session, person, BEFORE)] == [first, second]
    (one,) = substitutions_of(session, person, AFTER)
    assert (one.id, one.person, one.substitute, one.reason) == (second, "何青禾", "孟松年", "年休假")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ends_on": date(2026, 6, 30)}, "早于第一天"),
        ({"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 21)}, "已经过去"),
        ({"ends_on": date(2027, 7, 2)}, "不能超过一年"),
        ({"substitute": "何青禾"}, "不能由本人代办"),
        ({"substitute": "无名氏"}, "名册里没有“无名氏”"),
        ({"person": "无名氏", "by": "计划员"}, "名册里没有“无名氏”"),
        ({"by": "孟松年"}, "只有何青禾本人或计划员"),
    ],
)
def test_an_unfit_leave_is_refused(session: Session, fields: dict[str, object], said: str) -> None:
    office(session)
    with pytest.raises(Refused, match=said):
        leave(session, **fields)  # type: ignore[arg-type]
    assert session.scalars(select(Substitution.id)).all() == []


@pytest.mark.parametrize(
    ("person", "substitute", "said"),
    [
        ("何青禾", "吴望舒", "何青禾2026-07-01至2026-07-15已由孟松年代办"),
        ("罗一鸣", "何青禾", "何青禾2026-07-01至2026-07-15本人不在岗"),
        ("孟松年", "罗一鸣", "孟松年2026-07-01至2026-07-15正替何青禾代办"),
    ],
)
@pytest.mark.parametrize(("starts_on", "meets"), [(LAST, True), (AFTER, False)])
def test_leaves_neither_overlap_nor_form_chains(
    session: Session, person: str, substitute: str, said: str, starts_on: date, meets: bool
) -> None:
    office(session)
    leave(session)
    if not meets:
        assert leave(session, person, substitute, starts_on, date(2026, 7, 31), "计划员")
        return
    with pytest.raises(Refused, match=said):
        leave(session, person, substitute, starts_on, date(2026, 7, 31), "计划员")


def test_one_may_stand_in_for_several(session: Session) -> None:
    office(session)
    leave(session)
    leave(session, person="罗一鸣", by="罗一鸣")
    assert sorted(stands_in_for(session, ids(session)["孟松年"], WITHIN).values()) == ["何青禾", "罗一鸣"]


def test_who_has_left_stands_in_no_more(session: Session) -> None:
    assignment = office(session)
    leave(session)
    session.execute(update(Person).where(Person.name == "孟松年").values(left_on=FIRST))
    assert not may_answer(session, assignment, "孟松年", on=WITHIN)
    assert leave(session, substitute="吴望舒")


def led(session: Session) -> int:
    """An assignment of 何青禾, led by 孟松年, who stands in for 何青禾."""
    assignment = office(session)
    session.execute(update(Assignment).values(leader_id=ids(session)["孟松年"]))
    leave(session)
    return assignment


def test_who_stands_in_does_not_review_meanwhile(session: Session) -> None:
    assignment = led(session)
    assert reviewers(session, assignment, on=WITHIN) == ("计划员",)
    assert reviewers_of(session, [assignment], on=AFTER) == reviewers_of(session, [assignment]) == {assignment: ("计划员", "孟松年")}


def test_what_one_reported_as_the_substitute_one_does_not_review_later_either(session: Session) -> None:
    assignment = led(session)
    report(session, assignment, text="办了", by="孟松年", now=NOW)
    assert reviewers(session, assignment, on=AFTER) == ("计划员",)


def test_a_decision_is_told_to_the_substitute_too(session: Session) -> None:
    assignment = led(session)
    during = datetime(2026, 7, 2, 2, tzinfo=UTC)
    report(session, assignment, text="办了", by="何青禾", now=NOW)
    with pytest.raises(Refused, match="孟松年不能审核"):
        review(session, assignment, number=1, verdict=Verdict.APPROVED, comment="", by="孟松年", sender=SENDER, now=during)
    review(session, assignment, number=1, verdict=Verdict.RETURNED, comment="缺照片", by="计划员", sender=SENDER, now=during)
    told = session.execute(select(Person.name).join(Message, Message.person_id == Person.id).where(Message.kind == "decided"))
    assert sorted(told.scalars()) == ["何青禾", "孟松年"]
