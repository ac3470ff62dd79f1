from datetime import date

import pytest

from engine.directory import Directory, UnitClass, class_of
from intake.values import PostRow, Roster, UnitRow
from tests.factories import TODAY, roster_value


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("机关第一党支部", "党支部", UnitClass.BRANCH),
        ("老干部支部", "", UnitClass.BRANCH),
        ("机关党总支", "机关党委", UnitClass.ORGAN_COMMITTEE),
        ("苗圃站党总支", "党总支", UnitClass.GENERAL_BRANCH),
        ("局党组", "党组", UnitClass.PARTY_GROUP),
        ("局党委", "党委", UnitClass.PARTY_GROUP),
        ("市苗圃站", "局属事业单位", UnitClass.AFFILIATED),
        ("清河县林业局", "县（市、区）林业局", UnitClass.COUNTY_BUREAU),
        ("清河县林业局", "", UnitClass.COUNTY_BUREAU),
        ("造林科", "内设机构", UnitClass.SECTION),
        ("办公室", "", UnitClass.SECTION),
        ("护林队", "", UnitClass.OTHER),
    ],
)
def test_a_unit_is_what_its_kind_says_and_else_its_name(name: str, kind: str, expected: UnitClass) -> None:
    assert class_of(UnitRow(name, kind)) is expected


def heads(kind: str, *titles: str) -> tuple[str, ...]:
    posts = tuple(PostRow(f"某{number}", "某单位", title) for number, title in enumerate(titles, start=1))
    return Directory(Roster((UnitRow("某单位", kind),), (), posts), TODAY).heads_of("某单位")


@pytest.mark.parametrize(
    ("kind", "titles", "expected"),
    [
        ("科室", ("副科长", "科长"), ("某2",)),
        ("科室", ("分管领导", "副科长（主持工作）"), ("某2",)),
        ("科室", ("副科长（主持工作）", "科长"), ("某2",)),
        ("科室", ("副科长", "四级主任科员"), ()),
        ("局属单位", ("书记", "主任"), ("某2",)),
        ("局属单位", ("党支部书记", "副主任"), ("某1",)),
        ("党支部", ("副书记", "党支部书记", "组织委员"), ("某2",)),
        ("党组", ("党组成员、副局长", "党组书记、局长"), ("某2",)),
        ("党支部", ("书记", "书记"), ("某1", "某2")),
    ],
)
def test_who_heads_a_unit(kind: str, titles: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert heads(kind, *titles) == expected


def test_a_head_counts_from_the_first_day_in_office_to_the_last() -> None:
    posts = (
        PostRow("某甲", "造林科", "科长", None, date(2026, 6, 30)),
        PostRow("某乙", "造林科", "科长", date(2026, 7, 1), None),
    )
    roster = Roster((UnitRow("造林科", "科室"),), (), posts)
    assert Directory(roster, date(2026, 6, 30)).head_of("造林科") == "某甲"
    assert Directory(roster, date(2026, 7, 1)).head_of("造林科") == "某乙"


def test_the_bureau_is_at_the_top_even_where_it_is_a_countys() -> None:
    units = (UnitRow("清河县林业局", "局"), UnitRow("造林科", "科室", "清河县林业局"))
    directory = Directory(Roster(units, (), ()), TODAY)
    assert directory.bureau == "清河县林业局"
    assert directory.of_class(UnitClass.SECTION) == ("造林科",)


def test_a_branch_without_leader_in_charge_is_under_the_one_of_the_unit_above() -> None:
    assert Directory(roster_value(), TODAY).in_charge_of("望山支部") == ("郑临川",)


def test_a_unit_that_is_no_branch_is_covered_through_its_branches() -> None:
    assert Directory(roster_value(), TODAY).contacts_of("市苗圃站") == ("郑临川",)
