"""Which notices a duty calls for, and which of them are told (docs/follow-up.md)."""

from datetime import date, timedelta

import pytest

from engine.clocks import Clock, Kind, Running, colour_of, decide, schedule
from models import AssignmentState
from office.policy import Colour, Rules, default_policy, read_policy
from office.workdays import is_workday

RULES = default_policy().rules
SENT_ON, DUE = date(2026, 1, 5), date(2026, 6, 30)  # a Monday; a Tuesday with 端午 in the weeks before
IN_WORK = Running(AssignmentState.ACKNOWLEDGED, DUE, SENT_ON)


def days(running: Running, rules: Rules = RULES) -> list[tuple[str, str]]:
    return [(f"{owed.owed_on:%m-%d}", owed.stage.name) for owed in schedule(running, rules)]


def said(running: Running, today: date, before: set[tuple[str, date, str]] | None = None, rules: Rules = RULES) -> list[tuple[str, bool]]:
    return [(each.owed.stage.name, each.told) for each in decide(running, rules, before or set(), today).said]


def test_a_duty_in_work_is_warned_of_and_then_goes_up_level_by_level() -> None:
    assert days(IN_WORK) == [
        ("06-18", "warning 7"),  # 端午 is off on the 19th
        ("06-25", "warning 3"),
        ("06-29", "warning 1"),
        ("07-01", "level assignee"),
        ("07-02", "note contact_leader"),
        ("07-03", "level contact_leader"),
        ("07-08", "note principal"),
        ("07-09", "level principal"),
        ("07-20", "note party_group"),
        ("07-21", "level party_group"),
    ]


def test_a_duty_that_nobody_acknowledged_has_a_clock_for_that_too() -> None:
    running = Running(AssignmentState.SENT, DUE, SENT_ON)
    acknowledgement = [owed for owed in schedule(running, RULES) if owed.stage.clock is Clock.ACKNOWLEDGEMENT]
    assert [(owed.owed_on, owed.stage.name) for owed in acknowledgement] == [
        (date(2026, 1, 8), "level assignee"),
        (date(2026, 1, 12), "note contact_leader"),
        (date(2026, 1, 13), "level contact_leader"),
    ]
    assert len(schedule(running, RULES)) == len(acknowledgement) + len(schedule(IN_WORK, RULES))


def test_days_on_which_the_duty_had_just_come_call_for_nothing() -> None:
    assert days(Running(AssignmentState.ACKNOWLEDGED, DUE, date(2026, 6, 25)))[0] == ("06-29", "warning 1")


def test_a_report_stops_the_clock_of_completion_and_starts_that_of_the_review() -> None:
    running = Running(AssignmentState.REPORTED, DUE, SENT_ON, reported_on=date(2026, 7, 3))
    assert days(running) == [("07-06", "review 1"), ("07-09", "review 4")]


@pytest.mark.parametrize("state", [AssignmentState.CLOSED, AssignmentState.WITHDRAWN])
def test_what_has_ended_calls_for_nothing(state: AssignmentState) -> None:
    assert schedule(Running(state, DUE, SENT_ON), RULES) == ()


def test_a_duty_returned_before_its_date_keeps_its_clock() -> None:
    returned = Running(AssignmentState.RETURNED, DUE, SENT_ON, returned_on=date(2026, 6, 26))
    assert days(returned) == days(IN_WORK)[2:]


def test_days_of_review_bring_nobody_closer_to_the_party_group() -> None:
    returned = Running(AssignmentState.RETURNED, DUE, SENT_ON, returned_on=date(2026, 7, 14), waited=10)  # reported in time
    assert days(returned)[:3] == [("07-15", "level assignee"), ("07-16", "note contact_leader"), ("07-17", "level contact_leader")]


def test_a_report_that_is_none_gains_nothing_but_the_days_of_its_review() -> None:
    returned = Running(AssignmentState.RETURNED, DUE, SENT_ON, returned_on=date(2026, 7, 3), waited=1)  # reported on the 2nd
    assert days(returned)[0] == ("07-06", "level contact_leader")  # a working day later than without
    assert {owed.stage.from_on for owed in schedule(returned, RULES)} == {DUE}  # what was said before is not said again


def test_who_takes_a_duty_over_is_spared_what_is_past_and_superiors_are_told_all_the_same() -> None:
    handed_over = Running(AssignmentState.ACKNOWLEDGED, DUE, date(2026, 7, 3), issued_on=SENT_ON)
    assert days(handed_over)[:3] == [("07-03", "level contact_leader"), ("07-08", "note principal"), ("07-09", "level principal")]


def test_an_urgent_item_goes_up_directly() -> None:
    policy = read_policy('[[exceptions]]\nlist = "甲"\nitem = "3"\nurgent = true\n', place="policy.toml")
    urgent = [each for each in days(IN_WORK, policy.rules_of("甲", "3")) if not each[1].startswith("warning")]
    assert urgent == [
        ("06-30", "note principal"),  # of two levels that have one day the higher one is named
        ("07-01", "level assignee"),
        ("07-01", "level contact_leader"),
        ("07-01", "level principal"),
        ("07-02", "note party_group"),
        ("07-03", "level party_group"),
    ]
    assert days(IN_WORK, policy.rules_of("甲", "4")) == days(IN_WORK)


def test_on_its_day_a_stage_is_told() -> None:
    assert said(IN_WORK, date(2026, 6, 18)) == [("warning 7", True)]
    assert said(IN_WORK, date(2026, 6, 17)) == []


def test_what_was_said_before_is_not_said_again() -> None:
    (warning,) = decide(IN_WORK, RULES, set(), date(2026, 6, 18)).said
    assert said(IN_WORK, date(2026, 6, 18), {warning.owed.stage.key}) == []


def test_of_the_warnings_that_were_missed_only_the_last_is_told() -> None:
    assert said(IN_WORK, date(2026, 6, 29)) == [("warning 7", False), ("warning 3", False), ("warning 1", True)]


def test_levels_that_were_missed_are_all_told_and_the_assignee_hears_of_it_by_their_copies() -> None:
    late = said(IN_WORK, date(2026, 7, 9))
    assert [name for name, told in late if told] == ["level contact_leader", "level principal"]
    assert ("level assignee", False) in late
    assert ("note principal", False) in late


def test_a_later_notice_of_another_clock_overtakes_nothing() -> None:
    running = Running(AssignmentState.SENT, date(2026, 1, 7), SENT_ON)
    assert said(running, date(2026, 1, 8)) == [("warning 1", False), ("level assignee", True), ("level assignee", True)]


def test_it_is_looked_at_again_on_the_next_day_that_has_a_stage() -> None:
    assert decide(IN_WORK, RULES, set(), date(2026, 6, 18)).look_again_on == date(2026, 6, 25)
    assert decide(IN_WORK, RULES, set(), date(2026, 7, 21)).look_again_on is None


def test_every_stage_has_its_day_on_a_working_day() -> None:
    for ahead in range(0, 400, 3):
        running = Running(AssignmentState.SENT, SENT_ON + timedelta(days=ahead), SENT_ON)
        assert all(is_workday(owed.owed_on) for owed in schedule(running, RULES))


def test_a_run_of_a_clock_has_each_stage_once() -> None:
    keys = [owed.stage.key for owed in schedule(Running(AssignmentState.SENT, DUE, SENT_ON), RULES)]
    assert len(keys) == len(set(keys))


def test_the_colour_rises_from_the_first_warning_to_the_level_that_makes_it_red() -> None:
    colours = {owed.stage.name: colour_of(owed.stage, RULES) for owed in schedule(IN_WORK, RULES) if owed.stage.kind is not Kind.NOTE}
    assert colours == {
        "warning 7": Colour.BLUE,
        "warning 3": Colour.BLUE,
        "warning 1": Colour.YELLOW,
        "level assignee": Colour.YELLOW,
        "level contact_leader": Colour.RED,
        "level principal": Colour.RED,
        "level party_group": Colour.RED,
    }
