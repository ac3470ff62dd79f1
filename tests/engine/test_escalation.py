from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import pytest

from engine.directory import Directory
from engine.escalation import Chain, Reached, Superior, Whose, level_after
from intake.values import Roster
from office.policy import Level, default_policy
from office.text import Text
from tests.factories import TODAY, roster_value


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
    assert level_after(workdays, default_policy().rules.levels) is level


@pytest.mark.parametrize(
    ("level", "unit", "leader", "name"),
    [
        (Level.ASSIGNEE, "机关第二党支部", "", "孟松年"),
        (Level.CONTACT_LEADER, "机关第二党支部", "", "吴望舒"),
        (Level.CONTACT_LEADER, "机关第二党支部", "郑临川", "郑临川"),  # the duty's own leader comes first
        (Level.CONTACT_LEADER, "造林科", "", "吴望舒"),  # who is in charge of a section that nobody covers
        (Level.CONTACT_LEADER, "清河县林业局", "", "罗一鸣"),  # a county's own head before the bureau's
        (Level.CONTACT_LEADER, "望山支部", "", "石小满"),  # that of an affiliated unit, which nobody covers
        (Level.PRINCIPAL, "机关第二党支部", "", "周启明"),
        (Level.PARTY_GROUP, "机关第二党支部", "", "局党组"),
    ],
)
def test_the_roster_says_who_it_is(level: Level, unit: str, leader: str, name: str) -> None:
    assert _chain().superior(level, Whose("孟松年", leader, unit)) == Superior(level, name)


def test_an_office_without_a_party_group_has_its_bureaus_head_and_nobody_above() -> None:
    roster = roster_value()
    units = tuple(unit for unit in roster.units if unit.kind != "党组")
    chain = _chain(replace(roster, units=units, posts=tuple(post for post in roster.posts if post.unit != "局党组")))
    assert chain.superior(Level.PRINCIPAL, Whose("", "", "办公室")).name == "周启明"
    assert chain.superior(Level.PARTY_GROUP, Whose("", "", "办公室")).name == ""


def _chain(roster: Roster | None = None, substitutes: Mapping[str, str] | None = None, unreachable: Collection[str] = ()) -> Chain:
    roster = roster or roster_value()
    addresses = {person.name: None if person.name in unreachable else "a@example.com" for person in roster.people}
    return Chain(Directory(roster, TODAY), substitutes or {}, addresses)


SECOND = Whose("孟松年", "", "机关第二党支部")


def test_a_notice_reaches_the_level_that_it_is_for() -> None:
    assert _chain().reach(Level.CONTACT_LEADER, SECOND) == Reached(Level.CONTACT_LEADER, ("吴望舒",), ())


def test_who_stands_in_for_the_assignee_is_told_in_their_place() -> None:
    assert _chain(substitutes={"孟松年": "石小满"}).reach(Level.ASSIGNEE, SECOND).people == ("石小满",)


@pytest.mark.parametrize(
    ("chain", "line"),
    [
        (_chain(substitutes={"吴望舒": "石小满"}), Text("联系领导吴望舒不在岗", "contact leader 吴望舒 is on leave")),
        (_chain(unreachable=["吴望舒"]), Text("联系领导吴望舒没有邮箱", "contact leader 吴望舒 has no mail address")),
    ],
)
def test_who_cannot_be_told_is_passed_over_with_a_line_that_says_so(chain: Chain, line: Text) -> None:
    found = chain.reach(Level.CONTACT_LEADER, SECOND)
    assert (found.level, found.people) == (Level.PRINCIPAL, ("周启明",))
    assert line in found.skipped


def test_a_vacant_level_is_passed_over() -> None:
    found = _chain().reach(Level.ASSIGNEE, Whose("", "", "机关第二党支部"))
    assert found == Reached(Level.CONTACT_LEADER, ("吴望舒",), (Text("责任人空缺", "assignee: vacant"),))


def test_nobody_is_their_own_superior() -> None:
    found = _chain().reach(Level.CONTACT_LEADER, SECOND._replace(person="吴望舒"))
    assert found.people == ("周启明",)
    assert found.skipped[0].zh == "联系领导吴望舒就是责任人本人"


def test_the_party_group_are_all_of_its_members_that_can_be_told() -> None:
    found = _chain(unreachable=["郑临川"]).reach(Level.PARTY_GROUP, SECOND)
    assert "郑临川" not in found.people
    assert len(found.people) > 1


def test_where_nobody_is_left_nobody_is_reached() -> None:
    everybody = [person.name for person in roster_value().people]
    found = _chain(unreachable=everybody).reach(Level.PRINCIPAL, SECOND)
    assert found.people == ()
    assert found.skipped


def test_a_county_bureaus_own_head_comes_before_the_bureau_and_is_not_their_own_superior() -> None:
    roster = roster_value()
    chain = _chain()
    reachable = Chain(chain.directory, {}, dict.fromkeys((person.name for person in roster.people), "a@example.com"))
    county = Whose("某人", "", "清河县林业局")
    assert reachable.reach(Level.CONTACT_LEADER, county).people == ("罗一鸣",)
    assert reachable.reach(Level.PRINCIPAL, county).people == ("周启明",)
    assert reachable.reach(Level.CONTACT_LEADER, county._replace(person="罗一鸣")).people == ("周启明",)


def test_a_post_that_was_left_without_a_successor_is_vacant() -> None:
    roster = roster_value()
    left = tuple(
        replace(post, ends_on=date(2026, 1, 2)) if post.person == "孟松年" and post.unit == "造林科" else post for post in roster.posts
    )
    found = _chain(replace(roster, posts=left)).reach(Level.ASSIGNEE, Whose("孟松年", "", "造林科"))
    assert found == Reached(Level.CONTACT_LEADER, ("吴望舒",), (Text("责任人空缺", "assignee: vacant"),))
