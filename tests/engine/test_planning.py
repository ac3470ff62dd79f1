"""Each test is one rule of FIELD's sections 3 and 4, on the bureau of the factories."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.planning import Plan, plan
from intake.values import Deadline, Item, Parties, Period, Relative, Roster, Target
from office.text import Text
from tests.factories import deadline_value, item_value, roster_value, step_value

ISSUED_ON = date(2026, 1, 5)


def planned(parties: Parties, deadline: Deadline | None = None, *, roster: Roster | None = None, issued_on: date = ISSUED_ON) -> Plan:
    item = item_value(parties=parties, steps=(step_value(deadline=deadline or deadline_value()),))
    return plan((item,), roster or roster_value(), year=2026, title="清单", issued_on=issued_on)


def owed(result: Plan) -> list[tuple[str, str | None, str | None, date]]:
    return [(a.party.name, a.party.person, a.leader, a.period.due_on) for a in result.assignments]


def test_lead_and_responsible_parties_are_accountable_and_assisting_ones_get_none() -> None:
    result = planned(Parties(lead=("造林科",), responsible=("市苗圃站",), assisting=("办公室",)))
    assert [party for party, *_ in owed(result)] == ["造林科", "市苗圃站"]
    assert [party.name for party in result.steps[0].assisting] == ["办公室"]


def test_a_duty_is_carried_by_the_head_of_the_unit_and_led_by_the_leader_in_charge() -> None:
    assert owed(planned(Parties(lead=("造林科",)))) == [("造林科", "孟松年", "吴望舒", date(2026, 6, 30))]


def test_the_named_leader_beside_a_unit_leads_and_gets_no_assignment() -> None:
    result = planned(Parties(leader=("周启明",), lead=("造林科",)))
    assert owed(result) == [("造林科", "孟松年", "周启明", date(2026, 6, 30))]
    assert result.steps[0].named_leaders == ("周启明",)


def test_where_no_party_is_named_the_leader_is_accountable() -> None:
    assert [row[:2] for row in owed(planned(Parties(leader=("吴望舒",))))] == [("吴望舒", "吴望舒")]


def test_an_unknown_unit_is_asked_about_and_its_leader_does_not_step_in() -> None:
    result = planned(Parties(leader=("吴望舒",), lead=("造木科",)))
    assert result.assignments == ()
    assert [(note.address, "造林科" in note.text.zh) for note in result.questions] == [("Sheet1!C2", True)]
    assert [step.position for step in result.unowned] == [1]


def test_a_step_that_names_nobody_is_asked_about() -> None:
    result = planned(Parties())
    assert result.assignments == ()
    assert [note.address for note in result.questions] == ["Sheet1!C2"]
    assert len(result.unowned) == 1


def test_a_party_named_twice_owes_the_duty_once() -> None:
    assert len(planned(Parties(lead=("造林科",), responsible=("造林科", "市林业局造林科"))).assignments) == 1


def test_an_accountable_party_does_not_assist_too() -> None:
    result = planned(Parties(lead=("造林科",), assisting=("各科室",)))
    assert [party.name for party in result.steps[0].assisting] == ["办公室", "信息科"]


def test_collective_words_expand_through_the_roster_with_their_exceptions() -> None:
    result = planned(Parties(responsible=("各支部（除望山支部外）",)))
    assert [party for party, *_ in owed(result)] == ["机关第一党支部", "机关第二党支部", "苗圃站党支部"]


def test_the_leader_in_charge_is_the_one_of_the_lead_unit() -> None:
    result = planned(Parties(leader=("分管领导",), lead=("市苗圃站",), responsible=("造林科",)))
    assert [(party, leader) for party, _, leader, _ in owed(result)] == [("市苗圃站", "郑临川"), ("造林科", "吴望舒")]


def test_the_leader_in_charge_of_a_post_is_the_one_of_its_unit() -> None:
    result = planned(Parties(leader=("分管领导",), responsible=("造林科负责人",)))
    assert [(leader, result.questions) for _, _, leader, _ in owed(result)] == [("吴望舒", ())]


def test_a_step_with_parties_of_its_own_does_not_ask_the_items() -> None:
    own = step_value(parties=Parties(lead=("办公室",)))
    result = plan((item_value(steps=(own, step_value())),), roster_value(), year=2026, title="清单", issued_on=ISSUED_ON)
    assert [a.party.name for a in result.assignments] == ["办公室", "造林科"]


def test_a_recurring_duty_is_one_assignment_a_period() -> None:
    quarters = tuple(Period(f"第{n}季度", date(2026, 3 * n - 2, 1), day) for n, day in enumerate((date(2026, 3, 31), date(2026, 6, 30)), 1))
    result = planned(Parties(lead=("造林科",)), Deadline("每季度", quarters, target=Target(4, "次", "year")))
    assert [(a.period.label, a.period.due_on) for a in result.assignments] == [
        ("第1季度", date(2026, 3, 31)),
        ("第2季度", date(2026, 6, 30)),
    ]
    assert result.steps[0].step.deadline.target == Target(4, "次", "year")


def test_a_standing_duty_is_one_assignment_due_at_the_end_of_the_year() -> None:
    result = planned(Parties(lead=("造林科",)), Deadline("全年", standing=True))
    assert [(a.period.label, a.period.starts_on, a.period.due_on) for a in result.assignments] == [
        ("全年", date(2026, 1, 1), date(2026, 12, 31))
    ]


def test_an_undated_duty_is_planned_to_the_end_of_the_year() -> None:
    assert [row[3] for row in owed(planned(Parties(lead=("造林科",)), Deadline(None)))] == [date(2026, 12, 31)]


def test_at_once_means_working_days_after_the_issue() -> None:
    at_once = Deadline("立行立改", relative=Relative(10, working=True, from_issue=True))
    result = planned(Parties(lead=("造林科",)), at_once, issued_on=date(2026, 2, 9))
    # The Spring Festival of 2026 is off from 15 to 23 February; Saturday the 14th and Saturday the 28th are worked.
    assert [row[3] for row in owed(result)] == [date(2026, 2, 28)]
    assert result.assignments[0].natural_key.endswith("-issue+10wd")


def test_a_duty_that_follows_an_event_waits_for_it() -> None:
    after_meeting = Deadline("会后7日内", relative=Relative(7, working=False, from_issue=False))
    result = planned(Parties(lead=("造林科",)), after_meeting)
    assert result.assignments == ()
    assert [step.step.deadline.phrase for step in result.waiting] == ["会后7日内"]


def test_a_duty_due_before_its_issue_keeps_its_date_and_is_to_be_made_up() -> None:
    result = planned(Parties(lead=("造林科",)), issued_on=date(2026, 7, 1))
    assert [(a.period.due_on, a.period.make_up) for a in result.assignments] == [(date(2026, 6, 30), True)]
    assert not planned(Parties(lead=("造林科",)), issued_on=date(2026, 6, 30)).assignments[0].period.make_up


def test_a_date_that_cannot_be_read_gives_no_assignment() -> None:
    unreadable = Deadline("2月30日前", problem=Text("没有这一天", "There is no such day"))
    result = planned(Parties(lead=("造林科",)), unreadable)
    assert result.assignments == ()
    assert result.waiting == ()


def test_the_natural_key_stays_when_a_successor_takes_the_post() -> None:
    before = roster_value()
    changed = {("造林科", "科长"), ("局党组", "党组书记")}
    after = replace(before, posts=tuple(replace(p, person="石小满") if (p.unit, p.title) in changed else p for p in before.posts))
    for parties in (Parties(lead=("造林科",)), Parties(leader=("党组书记",))):
        old, new = planned(parties, roster=before), planned(parties, roster=after)
        assert [a.natural_key for a in old.assignments] == [a.natural_key for a in new.assignments]
        assert old.assignments[0].party.person != new.assignments[0].party.person == "石小满"


def test_lists_of_two_titles_have_different_keys() -> None:
    items = (item_value(),)
    keys = {plan(items, roster_value(), year=2026, title=t, issued_on=ISSUED_ON).assignments[0].natural_key for t in ("甲", "乙")}
    assert len(keys) == 2


NAMES = st.lists(
    st.sampled_from(("造林科", "各科室", "各支部", "班子成员", "党组书记", "市苗圃站", "没有的科", "分管领导")), max_size=3
).map(tuple)
PARTIES = st.builds(Parties, leader=NAMES, lead=NAMES, responsible=NAMES, assisting=NAMES)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
DEADLINES = st.one_of(
    st.builds(deadline_value, DAYS),
    st.lists(DAYS, min_size=1, max_size=4).map(lambda days: Deadline("若干", tuple(Period("期", date(2026, 1, 1), day) for day in days))),
    st.builds(lambda days: Deadline("立行立改", relative=Relative(days, working=True, from_issue=True)), st.integers(1, 30)),
    st.just(Deadline("全年", standing=True)),
)
ITEMS = st.lists(
    st.builds(
        item_value,
        parties=PARTIES,
        steps=st.lists(st.builds(step_value, deadline=DEADLINES, parties=PARTIES), min_size=1, max_size=3).map(tuple),
    ),
    max_size=4,
)


@given(ITEMS)
def test_the_same_list_and_roster_always_give_the_same_plan_with_keys_that_are_unique_and_fit_their_column(items: list[Item]) -> None:
    first = plan(items, roster_value(), year=2026, title="清单", issued_on=ISSUED_ON)
    again = plan(items, roster_value(), year=2026, title="清单", issued_on=ISSUED_ON)
    assert first == again
    keys = [assignment.natural_key for assignment in first.assignments]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= 64 for key in keys)


@given(ITEMS, DAYS)
def test_the_day_of_issue_changes_no_key(items: list[Item], issued_on: date) -> None:
    first = plan(items, roster_value(), year=2026, title="清单", issued_on=ISSUED_ON)
    later = plan(items, roster_value(), year=2026, title="清单", issued_on=issued_on)
    assert [a.natural_key for a in first.assignments] == [a.natural_key for a in later.assignments]
