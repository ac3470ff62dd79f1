"""Who is told what, on the bureau of the factories."""

from dataclasses import replace
from datetime import date

from engine.notices import contact_leaders, notices, waiting_keys
from engine.planning import Plan, plan
from intake.values import Deadline, Item, Parties, Period, Relative, Target
from notifications.issued import Duty, IssuedNotice
from office.text import Language
from tests.factories import item_value, roster_value, step_value

QUARTERS = (Period("第一季度", date(2026, 1, 1), date(2026, 3, 31)), Period("第二季度", date(2026, 4, 1), date(2026, 6, 30)))


def planned(*items: Item) -> Plan:
    return plan(items, roster_value(), year=2026, title="清单", issued_on=date(2026, 4, 10))


def told(result: Plan, *, language: Language = "zh") -> tuple[dict[str, IssuedNotice], tuple[str, ...]]:
    """All that the plan says is new."""
    return notices(
        result,
        result.assignments,
        waiting_keys(result),
        {(step.item_position, step.position, party.name) for step in result.steps for party in step.assisting},
        list_title="清单",
        year=2026,
        addresses={person.name: person.email for person in roster_value().people},
        contacts=contact_leaders(roster_value()),
        language=language,
    )


def test_a_recurring_duty_is_told_once_with_all_its_dates_and_marked_where_it_is_to_be_made_up() -> None:
    step = step_value(deadline=Deadline("每季度", QUARTERS, target=Target(4, "次", "year")))
    found, _ = told(planned(item_value(steps=(step,), standard="有记录", parties=Parties(lead=("造林科",), assisting=("办公室",)))))
    (duty,) = found["孟松年"].accountable
    assert duty == Duty(
        content="管好苗木",
        text="清点苗木",
        due=(("第一季度", date(2026, 3, 31)), ("第二季度", date(2026, 6, 30))),
        phrase="每季度",
        standing=False,
        make_up=True,
        standard="有记录",
        target="全年不少于4次",
        party="造林科",
        leader="吴望舒",
        assisting=("办公室",),
        key=duty.key,
    )


def test_one_date_needs_no_label() -> None:
    found, _ = told(planned(item_value()))
    assert found["孟松年"].accountable[0].due == (("", date(2026, 6, 30)),)


def test_a_branch_hears_who_its_contact_leader_is_where_that_is_another_than_its_leader() -> None:
    branch = Parties(responsible=("机关第二党支部",))
    contact = contact_leaders(roster_value())["机关第二党支部"]
    found, _ = told(planned(item_value(parties=replace(branch, leader=("周启明",))), item_value(parties=branch)))
    assert [(duty.leader, duty.contact) for duty in found["孟松年"].accountable] == [("周启明", contact), (contact, "")]


def test_the_head_of_two_units_has_the_duty_of_each() -> None:
    found, _ = told(planned(item_value(parties=Parties(responsible=("苗圃站党支部", "望山支部")))))
    assert [duty.party for duty in found["石小满"].accountable] == ["苗圃站党支部", "望山支部"]
    assert len({duty.key for duty in found["石小满"].accountable}) == 2


def test_a_named_leader_sees_a_step_once_with_those_who_answer_for_it() -> None:
    found, _ = told(planned(item_value(parties=Parties(leader=("周启明",), responsible=("各支部",)))))
    (duty,) = found["周启明"].leading
    assert duty.party == "机关第一党支部、机关第二党支部、苗圃站党支部等4个"
    assert found["周启明"].accountable == ()


def test_of_several_leaders_in_charge_each_sees_the_units_that_are_theirs() -> None:
    found, _ = told(planned(item_value(parties=Parties(leader=("班子成员",), responsible=("造林科", "市苗圃站")))))
    assert {person: [duty.party for duty in notice.leading] for person, notice in found.items() if notice.leading} == {
        "吴望舒": ["造林科"],
        "郑临川": ["市苗圃站"],
    }


def test_a_leader_who_carries_the_duty_is_not_told_twice() -> None:
    found, _ = told(planned(item_value(parties=Parties(leader=("吴望舒",), lead=("机关党委",)))))
    assert (len(found["吴望舒"].accountable), found["吴望舒"].leading) == (1, ())


def test_assisting_parties_hear_who_answers_for_the_duty() -> None:
    found, _ = told(planned(item_value(parties=Parties(lead=("造林科",), assisting=("办公室",)))))
    (duty,) = found["何青禾"].assisting
    assert (duty.party, duty.due, found["何青禾"].accountable) == ("造林科", (("", date(2026, 6, 30)),), ())


def test_who_answers_for_a_duty_is_not_told_that_another_unit_of_theirs_assists() -> None:
    found, _ = told(planned(item_value(parties=Parties(lead=("造林科",), assisting=("机关第二党支部", "办公室")))))
    assert (found["孟松年"].assisting, len(found["何青禾"].assisting)) == ((), 1)


def test_a_waiting_duty_has_no_date_yet() -> None:
    step = step_value(deadline=Deadline("会后7日内", relative=Relative(7, working=False, from_issue=False)))
    found, _ = told(planned(item_value(steps=(step,))))
    (duty,) = found["孟松年"].accountable
    assert (duty.due, duty.standing, duty.phrase) == ((), False, "会后7日内")


def test_an_undated_duty_is_shown_as_standing() -> None:
    found, _ = told(planned(item_value(steps=(step_value(deadline=Deadline(None)),))))
    assert found["孟松年"].accountable[0].standing


def test_who_has_no_address_is_named_and_gets_no_notice() -> None:
    found, unreachable = told(planned(item_value(parties=Parties(lead=("造林科", "清河县林业局")))))
    assert (set(found), unreachable) == ({"孟松年"}, ("罗一鸣",))


def test_a_unit_without_a_head_is_told_to_nobody() -> None:
    assert told(planned(item_value(parties=Parties(lead=("信息科",))))) == ({}, ())


def test_nothing_new_tells_nobody() -> None:
    result = planned(item_value(parties=Parties(leader=("周启明",), lead=("造林科",), assisting=("办公室",))))
    arguments = {"list_title": "清单", "year": 2026, "addresses": {"孟松年": "p@example.com"}, "contacts": {}, "language": "zh"}
    assert notices(result, (), (), frozenset(), **arguments) == ({}, ())  # type: ignore[arg-type]  # one dict of several types


def test_targets_and_several_parties_are_said_in_english_too() -> None:
    step = step_value(deadline=Deadline("每季度", QUARTERS, target=Target(2, "次")))
    item = item_value(steps=(step,), parties=Parties(leader=("周启明",), responsible=("各支部",)))
    found, _ = told(planned(item), language="en")
    assert found["周启明"].leading[0].party == "机关第一党支部, 机关第二党支部, 苗圃站党支部 and 1 more"
    assert found["周启明"].leading[0].target == "at least 2 次 each time"
