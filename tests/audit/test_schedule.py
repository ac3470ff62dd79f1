"""What clocks call for, with literals: docs/follow-up.md read a second time."""

from datetime import date

import pytest

from audit.schedule import Key, Standing, are_told, called_for
from models import AssignmentState
from office.policy import Rules, default_policy, read_policy

SENT, ACKNOWLEDGED = AssignmentState.SENT, AssignmentState.ACKNOWLEDGED
REPORTED, RETURNED = AssignmentState.REPORTED, AssignmentState.RETURNED
MONDAY, DUE = date(2026, 1, 5), date(2026, 1, 30)
DEFAULT = default_policy().rules


def rules(text: str) -> Rules:
    return read_policy(text, place="policy.toml").rules_of("清单", "1")


def called(standing: Standing, rules: Rules = DEFAULT) -> list[tuple[str, str]]:
    return [(f"{owed.owed_on:%m-%d}", owed.key.stage) for owed in called_for(standing, rules)]


def test_a_duty_in_work_is_warned_of_and_goes_up_over_the_spring_festival() -> None:
    assert called(Standing(ACKNOWLEDGED, DUE, MONDAY, MONDAY)) == [
        ("01-21", "warning 7"),
        ("01-27", "warning 3"),
        ("01-29", "warning 1"),
        ("02-02", "level assignee"),
        ("02-03", "note contact_leader"),
        ("02-04", "level contact_leader"),
        ("02-09", "note principal"),
        ("02-10", "level principal"),
        ("02-26", "note party_group"),  # off from the 15th to the 23rd, worked on Saturday the 14th
        ("02-27", "level party_group"),
    ]


def test_what_is_not_acknowledged_runs_two_clocks_each_from_its_own_day() -> None:
    calls = called_for(Standing(SENT, DUE, MONDAY, MONDAY), DEFAULT)
    assert [(f"{owed.owed_on:%m-%d}", owed.key) for owed in calls[:3]] == [
        ("01-08", Key("acknowledgement", MONDAY, "level assignee")),
        ("01-12", Key("acknowledgement", MONDAY, "note contact_leader")),
        ("01-13", Key("acknowledgement", MONDAY, "level contact_leader")),
    ]
    assert {owed.key.from_on for owed in calls[3:]} == {DUE}


def test_what_came_by_the_day_on_which_it_reached_its_carrier_is_left_out_for_them_and_not_for_those_above() -> None:
    assert called(Standing(ACKNOWLEDGED, DUE, date(2026, 1, 27), MONDAY))[0] == ("01-29", "warning 1")
    handed_over = called(Standing(ACKNOWLEDGED, DUE, date(2026, 2, 4), MONDAY))
    assert handed_over[:2] == [("02-04", "level contact_leader"), ("02-09", "note principal")]
    issued_late = called(Standing(ACKNOWLEDGED, DUE, date(2026, 2, 4), date(2026, 2, 4)))
    assert issued_late[0] == ("02-09", "note principal")


def test_the_clock_stands_still_from_the_day_after_a_report_to_its_return() -> None:
    pauses = ((date(2026, 1, 29), date(2026, 2, 5)),)  # four working days after the due date
    late = called_for(Standing(RETURNED, DUE, MONDAY, MONDAY, returned_on=date(2026, 2, 5), pauses=pauses), DEFAULT)
    assert [(f"{owed.owed_on:%m-%d}", owed.key) for owed in late[:2]] == [
        ("02-06", Key("completion", DUE, "level assignee")),
        ("02-09", Key("completion", DUE, "note contact_leader")),
    ]
    pauses = ((date(2026, 1, 20), date(2026, 1, 22)),)
    early = called_for(Standing(RETURNED, DUE, MONDAY, MONDAY, returned_on=date(2026, 1, 22), pauses=pauses), DEFAULT)
    assert [(f"{owed.owed_on:%m-%d}", owed.key.stage) for owed in early][:3] == [
        ("01-27", "warning 3"),
        ("01-29", "warning 1"),
        ("02-02", "level assignee"),
    ]


def test_a_report_waits_for_its_review() -> None:
    assert called(Standing(REPORTED, DUE, MONDAY, MONDAY, reported_on=date(2026, 1, 20))) == [("01-21", "review 1"), ("01-26", "review 4")]


@pytest.mark.parametrize("state", [AssignmentState.CLOSED, AssignmentState.WITHDRAWN])
def test_what_has_ended_calls_for_nothing(state: AssignmentState) -> None:
    assert called(Standing(state, DUE, MONDAY, MONDAY)) == []


def test_of_levels_that_have_one_day_only_the_highest_is_noted_before() -> None:
    urgent = rules('[[exceptions]]\nlist = "清单"\nurgent = true\n')
    assert called(Standing(ACKNOWLEDGED, DUE, MONDAY, MONDAY), urgent)[3:] == [
        ("01-30", "note principal"),
        ("02-02", "level assignee"),
        ("02-02", "level contact_leader"),
        ("02-02", "level principal"),
        ("02-03", "note party_group"),
        ("02-04", "level party_group"),
    ]


def told(standing: Standing, day: date, rules: Rules = DEFAULT) -> list[str]:
    reached = [owed for owed in called_for(standing, rules) if owed.owed_on <= day]
    keys = are_told(reached)
    return [owed.key.stage for owed in reached if owed.key in keys]


def test_what_goes_up_is_told_always_and_of_the_rest_only_the_last() -> None:
    standing = Standing(ACKNOWLEDGED, DUE, MONDAY, MONDAY)
    assert told(standing, date(2026, 1, 29)) == ["warning 1"]
    assert told(standing, date(2026, 2, 3)) == ["note contact_leader"]
    assert told(standing, date(2026, 2, 4)) == ["level contact_leader"]
    assert told(standing, date(2026, 2, 9)) == ["level contact_leader", "note principal"]
    assert told(standing, date(2026, 2, 27)) == ["level contact_leader", "level principal", "level party_group"]


def test_clocks_do_not_overtake_each_other() -> None:
    assert told(Standing(SENT, date(2026, 1, 12), MONDAY, MONDAY), date(2026, 1, 9)) == ["level assignee", "warning 1"]
