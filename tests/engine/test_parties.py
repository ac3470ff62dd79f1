import json
from datetime import date
from pathlib import Path

import pytest

from engine.parties import Party, PartyResolver, Resolution, distinct, resolve, resolver
from intake.values import ContactPointRow, PersonRow, PostRow, Roster, UnitRow
from tests.factories import TODAY, roster_value

GOLD = Path(__file__).parents[3] / "shared/lists/roster.gold.json"


@pytest.fixture(scope="module")
def office() -> PartyResolver:
    return resolver(roster_value(), TODAY)


def names(resolution: Resolution) -> list[str]:
    assert resolution.question is None, resolution.question
    return [party.name for party in resolution.parties]


def asked(resolution: Resolution) -> str:
    assert resolution.parties == ()
    assert resolution.question is not None
    return resolution.question.zh


SECTIONS = ["办公室", "造林科", "信息科"]
BRANCHES = ["机关第一党支部", "机关第二党支部", "苗圃站党支部", "望山支部"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("各党支部", BRANCHES),
        ("局各支部", BRANCHES),
        ("全体党员", BRANCHES),
        ("机关各支部", BRANCHES[:2]),
        ("局属各单位党支部", BRANCHES[2:]),
        ("各科室", SECTIONS),
        ("局机关各科室", SECTIONS),
        ("各部门", SECTIONS),
        ("局属各单位", ["市苗圃站"]),
        ("各直属单位", ["市苗圃站"]),
        ("局直各单位", ["市苗圃站"]),
        ("各县（市、区）林业局", ["清河县林业局"]),
        ("各县区局", ["清河县林业局"]),
        ("县区局", ["清河县林业局"]),
        ("各支部委员会", BRANCHES),
        ("机关全体党员", BRANCHES[:2]),
        ("班子成员", ["周启明", "吴望舒", "郑临川"]),
        ("全体党组成员", ["周启明", "吴望舒", "郑临川"]),
        ("领导班子其他成员", ["吴望舒", "郑临川"]),
        ("各支部书记", ["何青禾", "孟松年", "石小满", "石小满"]),
        ("局属各单位主要负责人", ["石小满"]),
    ],
)
def test_collective_words_expand_through_the_roster(office: PartyResolver, word: str, expected: list[str]) -> None:
    assert names(office.resolve(word)) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("各支部（除望山支部外）", BRANCHES[:3]),
        ("各支部(望山支部、机关第一支部除外)", BRANCHES[1:3]),
        ("各科室（不含办公室）", SECTIONS[1:]),
        ("除信息科外各科室", SECTIONS[:2]),
        ("班子成员（除周启明外）", ["吴望舒", "郑临川"]),
        ("班子成员（书记除外）", ["吴望舒", "郑临川"]),
        ("各支部书记（除望山支部外）", ["何青禾", "孟松年", "石小满"]),
    ],
)
def test_exceptions_are_left_out_however_they_are_written(office: PartyResolver, word: str, expected: list[str]) -> None:
    assert names(office.resolve(word)) == expected


def test_an_exception_that_nobody_knows_is_asked_about(office: PartyResolver) -> None:
    resolution = office.resolve("各支部（除东岭支部外）")
    assert [party.name for party in resolution.parties] == BRANCHES
    assert resolution.question is not None
    assert "东岭支部" in resolution.question.zh


@pytest.mark.parametrize("word", ["造林科", "局造林科", "市林业局造林科", "江城市林业局造林科", "市局造林科", " 造 林 科 "])
def test_a_unit_is_known_with_and_without_what_stands_before_its_name(office: PartyResolver, word: str) -> None:
    assert office.resolve(word).parties == (Party("unit:造林科", "造林科", "造林科", None, "孟松年"),)


@pytest.mark.parametrize("word", ["机关第一党支部", "机关一支部", "机关第1党支部", "机关第一支部委员会"])
def test_a_branch_is_known_by_its_number_however_it_is_written(office: PartyResolver, word: str) -> None:
    assert names(office.resolve(word)) == ["机关第一党支部"]


def test_a_name_that_is_only_like_a_known_one_is_a_question_with_the_nearest(office: PartyResolver) -> None:
    assert "造林科" in asked(office.resolve("造林绿化科"))


def test_a_person_whom_the_roster_does_not_know_is_never_made_up(office: PartyResolver) -> None:
    assert "孟松年" in asked(office.resolve("孟松林年"))


def test_a_fragment_of_several_names_is_a_question_that_lists_them(office: PartyResolver) -> None:
    question = asked(office.resolve("苗圃"))
    assert "市苗圃站" in question
    assert "苗圃站党支部" in question


@pytest.mark.parametrize("word", ["各相关单位", "相关科室", "各有关单位", "有关部门", "局直各有关单位"])
def test_words_that_do_not_say_whom_they_mean_are_asked_about(office: PartyResolver, word: str) -> None:
    assert "请写明" in asked(office.resolve(word))


@pytest.mark.parametrize(
    ("word", "key", "person"),
    [
        ("党组书记", "post:局党组/书记", "周启明"),
        ("主要负责人", "post:局党组/书记", "周启明"),
        ("第一责任人", "post:局党组/书记", "周启明"),
        ("局长", "post:市林业局/局长", "周启明"),
        ("机关党委书记", "post:机关党委/书记", "吴望舒"),
        ("造林科科长", "post:造林科/科长", "孟松年"),
        ("造林科长", "post:造林科/科长", "孟松年"),
        ("造林科负责人", "post:造林科/负责人", "孟松年"),
        ("办公室主任", "post:办公室/主任", "何青禾"),
        ("苗圃站站长", "post:市苗圃站/站长", "石小满"),
    ],
)
def test_a_post_is_accountable_under_its_holders_name(office: PartyResolver, word: str, key: str, person: str) -> None:
    (party,) = office.resolve(word).parties
    assert (party.key, party.name, party.person) == (key, person, person)


def test_a_post_of_several_names_its_holders_in_the_key(office: PartyResolver) -> None:
    keys = [party.key for party in office.resolve("副局长").parties]
    assert keys == ["post:市林业局/副局长#吴望舒", "post:市林业局/副局长#郑临川"]


def test_a_post_that_nobody_holds_is_a_question(office: PartyResolver) -> None:
    assert "何青禾" in asked(office.resolve("办公室科长"))


@pytest.mark.parametrize("word", ["局党组", "党组", "党组班子", "局领导班子", "市林业局党组"])
def test_the_leading_team_is_the_party_group(office: PartyResolver, word: str) -> None:
    assert office.resolve(word).parties == (Party("unit:局党组", "局党组", "局党组", None, "周启明"),)


@pytest.mark.parametrize("word", ["吴望舒", "吴望舒同志", "吴望舒副局长", "副局长吴望舒", "吴望舒（副局长）", "党组成员、副局长吴望舒"])
def test_a_person_may_be_named_with_a_title(office: PartyResolver, word: str) -> None:
    assert office.resolve(word).parties == (Party("person:吴望舒", "吴望舒", None, None, "吴望舒"),)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("党组成员", "副局长", "吴望舒"), ("吴望舒",)),
        (("党组成员", "副局长吴望舒", "造林科"), ("副局长吴望舒", "造林科")),
        (("党组书记", "吴望舒"), ("党组书记", "吴望舒")),  # not the post of that person
        (("班子成员", "吴望舒"), ("班子成员", "吴望舒")),  # a team is no title
        (("党组书记", "局长"), ("党组书记", "局长")),
    ],
)
def test_titles_before_the_name_of_their_holder_are_no_parties(
    office: PartyResolver, names: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert office.without_titles(names) == expected


def test_two_people_of_one_name_are_told_apart_or_asked_about() -> None:
    roster = Roster(units=(UnitRow("市林业局", "局"),), people=(PersonRow("何青禾（办公室）"), PersonRow("何青禾（造林科）")), posts=())
    assert "何青禾（造林科）" in asked(resolve("何青禾", roster, TODAY))
    assert names(resolve("何青禾(造林科)", roster, TODAY)) == ["何青禾（造林科）"]


def test_the_leader_in_charge_is_the_lead_units(office: PartyResolver) -> None:
    assert names(office.resolve("分管领导", lead_units=("造林科",))) == ["吴望舒"]
    assert names(office.resolve("分管局领导", lead_units=("办公室", "造林科"))) == ["郑临川", "吴望舒"]
    assert "牵头单位" in asked(office.resolve("分管领导"))


def test_the_contact_leader_is_the_lead_branchs(office: PartyResolver) -> None:
    assert names(office.resolve("联系领导", lead_units=("机关第二党支部",))) == ["吴望舒"]


def test_a_unit_without_a_head_is_a_party_that_nobody_carries(office: PartyResolver) -> None:
    assert office.resolve("信息科").parties == (Party("unit:信息科", "信息科", "信息科", None, None),)


def test_names_joined_by_and_are_each_resolved(office: PartyResolver) -> None:
    assert names(office.resolve("局机关各科室及局属各单位")) == [*SECTIONS, "市苗圃站"]


@pytest.mark.parametrize(("word", "parties"), [("支部书记", 4), ("党支部", 4), ("科室负责人", 2), ("全体干部职工", 4)])
def test_a_word_that_is_read_generously_is_read_and_asked_about(office: PartyResolver, word: str, parties: int) -> None:
    resolution = office.resolve(word)
    assert len(resolution.parties) == parties
    assert resolution.question is not None


def test_one_person_in_two_posts_owes_one_duty_once(office: PartyResolver) -> None:
    both = office.resolve("党组书记、局长").parties
    assert [party.key for party in both] == ["post:局党组/书记", "post:市林业局/局长"]
    assert distinct(both) == both[:1]


def test_the_key_of_a_post_stays_when_the_successor_takes_over() -> None:
    units = (UnitRow("市林业局", "局"), UnitRow("造林科", "科室", "市林业局"))
    people = (PersonRow("孟松年"), PersonRow("秦月明"))
    posts = (
        PostRow("孟松年", "造林科", "科长", None, date(2026, 6, 30)),
        PostRow("秦月明", "造林科", "科长", date(2026, 7, 1)),
    )
    roster = Roster(units, people, posts)
    before, after = (resolve("造林科科长", roster, day).parties[0] for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert (before.person, after.person) == ("孟松年", "秦月明")
    assert before.key == after.key


@pytest.mark.parametrize(
    ("unit", "leader_names", "leader"),
    [
        ("造林科", (), "吴望舒"),  # the leader in charge
        ("机关第一党支部", (), "周启明"),  # the contact leader
        ("望山支部", (), "郑临川"),  # nobody covers it: the leader in charge of the unit above
        ("造林科", ("党组书记",), "周启明"),
        ("造林科", ("分管领导",), "吴望舒"),
        ("造林科", ("班子成员",), "吴望舒"),  # of the team, the one in charge
        ("机关第二党支部", ("班子其他成员",), "吴望舒"),  # of the team, the contact leader
        ("清河县林业局", ("班子其他成员",), None),
        ("信息科", (), None),
    ],
)
def test_the_leader_of_an_assignment(office: PartyResolver, unit: str, leader_names: tuple[str, ...], leader: str | None) -> None:
    assert office.leader_for(office.unit_party(unit), leader_names, (unit,)) == leader


def test_nobody_leads_himself(office: PartyResolver) -> None:
    (party,) = office.resolve("党组书记").parties
    assert office.leader_for(party, ("党组书记",)) is None


def test_what_lies_below_a_county_bureau_is_the_countys() -> None:
    units = (*roster_value().units, UnitRow("清河县林业局机关支部", "党支部", "清河县林业局"))
    roster = Roster(units, (), (), (ContactPointRow("周启明", "望山支部"),))
    assert [party.name for party in resolve("各党支部", roster, TODAY).parties] == BRANCHES


@pytest.mark.skipif(not GOLD.exists(), reason="the office's own lists are not here")
def test_the_words_of_the_bureaus_lists_expand_as_the_office_means_them() -> None:
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    roster = Roster(
        units=tuple(UnitRow(unit["name"], unit["kind"], unit["parent"]) for unit in gold["units"]),
        people=tuple(PersonRow(person["name"], person["email"]) for person in gold["people"]),
        posts=tuple(PostRow(person["name"], post["unit"], post["post"]) for person in gold["people"] for post in person["posts"]),
    )
    for word, expected in gold["groups"].items():
        assert names(resolve(word, roster, TODAY)) == expected, word


@pytest.fixture(scope="module")
def schools() -> PartyResolver:
    """A bureau whose roster has kinds and titles of its own."""
    return resolver(
        Roster(
            units=(
                UnitRow("市教育局", "局"),
                UnitRow("派驻纪检组", "派驻机构", "市教育局"),
                UnitRow("湖滨中学", "局属学校", "市教育局"),
                UnitRow("城南小学", "局属学校", "市教育局"),
                UnitRow("东山县教育局", "县区局", "市教育局"),
                UnitRow("东山一中", "局属学校", "东山县教育局"),
            ),
            people=(PersonRow("柯正平"), PersonRow("卢湖生")),
            posts=(PostRow("柯正平", "派驻纪检组", "纪检组组长"), PostRow("卢湖生", "湖滨中学", "校长")),
        ),
        TODAY,
    )


@pytest.mark.parametrize("word", ["局属各学校", "各局属学校", "市局各局属学校", "局属学校各单位"])
def test_the_rosters_own_kinds_are_words_for_their_units(schools: PartyResolver, word: str) -> None:
    assert names(schools.resolve(word)) == ["湖滨中学", "城南小学"]


@pytest.mark.parametrize("word", ["纪检组组长", "派驻纪检组组长", "驻局纪检组组长"])
def test_a_title_may_repeat_the_end_of_its_units_name(schools: PartyResolver, word: str) -> None:
    assert [(party.name, party.post) for party in schools.resolve(word).parties] == [("柯正平", "组长")]
