from dataclasses import replace
from datetime import date

import pytest

from engine.directory import Directory
from engine.escalation import Level, Superior, level_after, superior, workdays_over
from tests.factories import TODAY, roster_value

FRIDAY = date(2026, 4, 3)  # 清明 is on Sunday the 5th, Monday the 6th is off


@pytest.mark.parametrize(
    ("today", "workdays"),
    [
        (FRIDAY, 0),  # the due date itself
        (date(2026, 4, 6), 0),  # overdue, but nobody has worked since
        (date(2026, 4, 7), 1),
        (date(2026, 4, 10), 4),
        (date(2026, 4, 2), 0),
    ],
)
def test_only_working_days_after_the_due_date_count(today: date, workdays: int) -> None:
    assert workdays_over(FRIDAY, today) == workdays


@pytest.mark.parametrize(
    ("workdays", "level"),
    [
        (0, Level.ASSIGNEE),
        (2, Level.ASSIGNEE),
        (3, Level.CONTACT_LEADER),
        (6, Level.CONTACT_LEADER),
        (7, Level.PRINCIPAL),
        (14, Level.PRINCIPAL),
        (15, Level.PARTY_GROUP),
        (200, Level.PARTY_GROUP),
    ],
)
def test_a_duty_goes_up_level_by_level(workdays: int, level: Level) -> None:
    assert level_after(workdays) is level


@pytest.mark.parametrize(
    ("level", "unit", "leader", "name"),
    [
        (Level.ASSIGNEE, "机关第二党支部", "", "孟松年"),
        (Level.CONTACT_LEADER, "机关第二党支部", "", "吴望舒"),
        (Level.CONTACT_LEADER, "机关第二党支部", "郑临川", "郑临川"),  # the duty's own leader comes first
        (Level.CONTACT_LEADER, "造林科", "", "吴望舒"),  # who is in charge of a section that nobody covers
        (Level.CONTACT_LEADER, "清河县林业局", "", ""),
        (Level.PRINCIPAL, "机关第二党支部", "", "周启明"),
        (Level.PARTY_GROUP, "机关第二党支部", "", "局党组"),
    ],
)
def test_the_roster_says_who_it_is(level: Level, unit: str, leader: str, name: str) -> None:
    directory = Directory(roster_value(), TODAY)
    assert superior(level, directory, person="孟松年", leader=leader, unit=unit) == Superior(level, name)


def test_an_office_without_a_party_group_has_its_bureaus_head_and_nobody_above() -> None:
    roster = roster_value()
    units = tuple(unit for unit in roster.units if unit.kind != "党组")
    directory = Directory(replace(roster, units=units, posts=tuple(post for post in roster.posts if post.unit != "局党组")), TODAY)
    assert superior(Level.PRINCIPAL, directory, person="", leader="", unit="办公室").name == "周启明"
    assert superior(Level.PARTY_GROUP, directory, person="", leader="", unit="办公室").name == ""
