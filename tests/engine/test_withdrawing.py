from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deciding import ByHand, decide_by_hand
from engine.withdrawing import Withdrawn, withdraw_items
from intake.values import Parties, UnitRow
from models import Assignment, AssignmentEvent, AssignmentState, AssistingParty, Item, Message, Person
from notifications.reading import message_text
from notifications.sender import Sender
from office.text import Refused
from tests import factories
from tests.engine.test_issuing import issue_list, reading_of
from tests.factories import roster_value

SENDER = Sender("责任办 <office@example.com>")
NOW = datetime(2026, 7, 2, 1, 30, tzinfo=UTC)
TITLE = "2026年度主体责任清单"


def withdraw(session: Session, *numbers: str, title: str = "", year: int = 2026, reason: str = "上级取消") -> Withdrawn:
    return withdraw_items(session, year=year, title=title, numbers=numbers, reason=reason, by="计划员", sender=SENDER, now=NOW)


def listed(session: Session, *numbers: str, title: str = TITLE) -> list[int]:
    """Ids of one step of each item of a list."""
    list_id = factories.responsibility_list(session, title=title).id
    items = [factories.item(session, list_id=list_id, number=number, content=f"第{number}项").id for number in numbers]
    return [factories.step(session, item_id=item_id).id for item_id in items]


def owed(session: Session, step: int, state: AssignmentState = AssignmentState.SENT, **fields: object) -> int:
    return factories.assignment(session, step_id=step, state=state, **fields).id


def test_what_is_open_is_withdrawn_with_its_reason_and_what_is_closed_stays(session: Session) -> None:
    step, other = listed(session, "7", "8")
    states = (AssignmentState.SENT, AssignmentState.REPORTED, AssignmentState.RETURNED, AssignmentState.CLOSED)
    ids = [owed(session, step, state) for state in states]
    kept = owed(session, other)
    done = withdraw(session, "7")
    assert (done.title, done.items, done.assignments) == (TITLE, 1, 3)
    found = dict(session.execute(select(Assignment.id, Assignment.state)).all())
    assert [found[id_] for id_ in (*ids, kept)] == ["withdrawn", "withdrawn", "withdrawn", "closed", "sent"]
    events = session.scalars(select(AssignmentEvent)).all()
    assert {(event.by, event.reason, event.at) for event in events} == {("计划员", "上级取消", NOW)}


def test_everybody_is_told_once_of_all_that_is_theirs(session: Session) -> None:
    one, two = factories.person(session, name="石小满").id, factories.person(session, name="罗一鸣", email=None).id
    seven, eight = listed(session, "7", "8")
    branch = factories.unit(session).id
    for step, period in ((seven, "1月"), (seven, "2月"), (eight, "全年")):
        owed(session, step, person_id=one, unit_id=branch, period=period)
    owed(session, seven, person_id=two)
    done = withdraw(session, "7", "8")
    assert (done.messages, done.without_address) == (1, ("罗一鸣",))
    assert session.scalars(select(Message.subject)).one() == "不用再办：第7项等 2 项"
    assert "罗一鸣没有邮箱" in done.said.zh


def test_who_assists_or_leads_is_told_once_a_step_whoever_carries_it(session: Session) -> None:
    leader, helper = factories.person(session, name="周启明").id, factories.person(session, name="何青禾").id
    gone = factories.person(session, name="已调离", left_on=date(2026, 1, 1)).id
    (step,) = listed(session, "7")
    for number, carrier in enumerate((factories.person(session).id, factories.person(session).id, helper)):
        unit = factories.unit(session, name=f"第{number}支部").id
        owed(session, step, unit_id=unit, person_id=carrier, leader_id=leader)
    for person_id in (helper, gone, leader):
        session.add(AssistingParty(step_id=step, party=f"配合{person_id}", person_id=person_id))
    assert withdraw(session, "7").messages == 4
    told = session.execute(select(Person.name, Message.id).join(Message, Message.person_id == Person.id)).all()
    texts = {name: message_text(session, number) for name, number in told}
    assert "我配合或分管的（1 项）" in texts["周启明"]
    assert "第0支部、第1支部、第2支部" in texts["周启明"]
    assert "您不用再配合或过问" in texts["周启明"]
    assert "我配合或分管的" not in texts["何青禾"]  # who carries it need not be told that they assist in it
    assert set(texts) >= {"周启明", "何青禾"}
    assert "已调离" not in texts


def test_a_second_time_changes_and_says_nothing(session: Session) -> None:
    (step,) = listed(session, "7")
    owed(session, step, person_id=factories.person(session).id)
    withdraw(session, "7")
    at = session.scalars(select(Item.withdrawn_at)).one()
    again = withdraw_items(
        session, year=2026, title="", numbers=["7"], reason="又一次", by="计划员", sender=SENDER, now=datetime(2026, 8, 1, tzinfo=UTC)
    )
    assert (again.assignments, again.messages) == (0, 0)
    assert (at, session.scalars(select(Item.withdrawn_at)).one()) == (NOW, NOW)


@pytest.mark.parametrize("written", ["7", "07", "7.", "（7）", "７"])
def test_a_number_is_known_in_any_of_its_forms(sqlite_session: Session, written: str) -> None:
    listed(sqlite_session, "7", "17")
    assert withdraw(sqlite_session, written).items == 1


def test_where_two_items_bear_a_number_their_places_tell_them_apart(sqlite_session: Session) -> None:
    listed(sqlite_session, "7", "7")
    first, second = sqlite_session.scalars(select(Item.address).order_by(Item.id)).all()
    with pytest.raises(Refused, match="有2项") as refused:
        withdraw(sqlite_session, "7")
    assert first in str(refused.value)
    assert second in str(refused.value)
    assert withdraw(sqlite_session, second).items == 1


def test_one_of_several_lists_has_to_be_named(sqlite_session: Session) -> None:
    listed(sqlite_session, "7", title="甲")
    listed(sqlite_session, "7", title="乙")
    with pytest.raises(Refused, match="《甲》、《乙》"):
        withdraw(sqlite_session, "7")
    assert withdraw(sqlite_session, "7", title="《乙》").title == "乙"


@pytest.mark.parametrize(
    ("numbers", "fields"),
    [
        (["9"], {}),
        ([""], {}),
        ([], {}),
        (["7"], {"year": 2025}),
        (["7"], {"title": "另一份"}),
        (["7"], {"reason": " "}),
        (["7", "9"], {}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_withdrawn(sqlite_session: Session, numbers: list[str], fields: dict[str, str]) -> None:
    (step,) = listed(sqlite_session, "7")
    owed(sqlite_session, step)
    with pytest.raises(Refused):
        withdraw(sqlite_session, *numbers, **fields)  # type: ignore[arg-type]
    assert sqlite_session.scalars(select(Assignment.state)).one() is AssignmentState.SENT
    assert sqlite_session.scalars(select(Item.withdrawn_at)).one() is None


def test_who_joins_later_owes_no_item_that_was_withdrawn(session: Session) -> None:
    reading = reading_of(parties=Parties(lead=("造林科",), responsible=("林政科",)))
    issue_list(session, reading)
    withdraw(session, reading.items[0].address)
    roster = roster_value()
    grown = replace(
        roster,
        units=(*roster.units, UnitRow("林政科", "科室", "市林业局")),
        posts=(*roster.posts, replace(roster.posts[-1], person="石小满", unit="林政科", title="科长")),
    )
    again = issue_list(session, reading, roster=grown, now=NOW)
    assert (again.assignments, again.messages) == (0, 0)
    assert session.scalars(select(Assignment.party)).all() == ["造林科"]


def test_who_was_not_reached_is_not_told_later_of_what_is_closed_by_then(session: Session) -> None:
    reading = reading_of(parties=Parties(lead=("清河县林业局",)))
    assert issue_list(session, reading).without_address == ("罗一鸣",)
    assignment = session.scalars(select(Assignment.id)).one()
    decide_by_hand(session, assignment, ByHand.COMPLETED, reason="", by="计划员", sender=SENDER, now=NOW)
    roster = roster_value()
    reached = replace(roster, people=tuple(replace(p, email="luo@example.com") if p.name == "罗一鸣" else p for p in roster.people))
    assert issue_list(session, reading, roster=reached, now=NOW).messages == 0
