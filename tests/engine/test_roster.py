from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.roster import Changed, load_roster, roster_questions, store_roster, uncovered_branches
from intake.values import ContactPointRow, PersonRow, PostRow, Roster, UnitRow
from models import Person, Post, Unit
from office.text import Refused
from tests.factories import NOW, TODAY, roster_value

JULY = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def without_addresses(roster: Roster) -> Roster:
    return Roster(
        tuple(replace(row, address="") for row in roster.units),
        tuple(replace(row, address="") for row in roster.people),
        tuple(replace(row, address="") for row in roster.posts),
        tuple(replace(row, address="") for row in roster.contact_points),
    )


def test_a_stored_roster_is_loaded_as_it_was(session: Session) -> None:
    change = store_roster(session, roster_value(), year=2026, now=NOW)
    assert change.units.added[:2] == ("市林业局", "局党组")
    assert load_roster(session, 2026) == without_addresses(roster_value())


def test_the_same_roster_again_changes_nothing(session: Session) -> None:
    store_roster(session, roster_value(), year=2026, now=NOW)
    assert not store_roster(session, roster_value(), year=2026, now=NOW)


def test_what_a_roster_changes_is_said_by_name(session: Session) -> None:
    roster = roster_value()
    store_roster(session, roster, year=2026, now=NOW)
    changed = Roster(
        units=(*roster.units[:-1], UnitRow("白河县林业局", "县区局", "市林业局")),
        people=(*(replace(person, email="new@example.com") if person.name == "何青禾" else person for person in roster.people),),
        posts=tuple(post for post in roster.posts if post.unit != "清河县林业局"),
        contact_points=(*roster.contact_points[1:], ContactPointRow("周启明", "望山支部")),
    )
    change = store_roster(session, changed, year=2026, now=JULY)
    assert change.units == Changed(added=("白河县林业局",), removed=("清河县林业局",))
    assert change.people == Changed(changed=("何青禾",))
    assert change.posts == Changed(removed=("罗一鸣 清河县林业局 局长",))
    assert change.contact_points == Changed(added=("周启明 望山支部",), removed=("周启明 机关第一党支部",))
    assert load_roster(session, 2026).units == without_addresses(changed).units


def test_whoever_leaves_the_roster_is_kept_for_what_names_them(session: Session) -> None:
    roster = roster_value()
    store_roster(session, roster, year=2026, now=NOW)
    store_roster(session, Roster(roster.units[:3], roster.people[:3], roster.posts[:3]), year=2026, now=JULY)
    assert [person.name for person in load_roster(session, 2026).people] == ["周启明", "吴望舒", "郑临川"]
    left = session.scalars(select(Person).where(Person.name == "何青禾")).one()
    assert left.left_on == date(2026, 7, 1)
    assert session.scalars(select(Unit).where(Unit.name == "望山支部")).one().left_on == date(2026, 7, 1)


def test_whoever_comes_back_is_the_same_as_before(session: Session) -> None:
    roster = roster_value()
    store_roster(session, roster, year=2026, now=NOW)
    before = session.scalars(select(Person.id).where(Person.name == "何青禾")).one()
    store_roster(session, Roster(roster.units[:1], roster.people[:1]), year=2026, now=JULY)
    change = store_roster(session, roster, year=2026, now=JULY)
    assert "何青禾" in change.people.added
    assert session.scalars(select(Person.id).where(Person.name == "何青禾")).one() == before


def test_a_post_that_the_file_no_longer_has_ended_the_day_before(session: Session) -> None:
    units, people = (UnitRow("造林科", "科室"),), (PersonRow("孟松年"), PersonRow("秦月明"))
    store_roster(session, Roster(units, people, (PostRow("孟松年", "造林科", "科长"),)), year=2026, now=NOW)
    store_roster(session, Roster(units, people, (PostRow("秦月明", "造林科", "科长"),)), year=2026, now=JULY)
    ended = session.scalars(select(Post.ends_on).join(Person).where(Person.name == "孟松年")).one()
    assert ended == date(2026, 6, 30)


def test_contact_points_are_the_years(session: Session) -> None:
    roster = roster_value()
    store_roster(session, roster, year=2026, now=NOW)
    store_roster(session, replace(roster, contact_points=()), year=2027, now=NOW)
    assert len(load_roster(session, 2026).contact_points) == 3
    assert load_roster(session, 2027).contact_points == ()


def test_uncovered_branches_are_named() -> None:
    assert uncovered_branches(roster_value(), TODAY) == ("望山支部",)


@pytest.mark.parametrize(
    ("address", "words"),
    [("单位!A12", "“望山支部”没有联系领导"), ("单位!A7", "“信息科”目前没有负责人"), ("人员!A8", "“罗一鸣”没有邮箱")],
)
def test_the_gaps_of_a_roster_are_questions_with_their_place(address: str, words: str) -> None:
    assert [note.text.zh for note in roster_questions(roster_value(), TODAY) if note.address == address and words in note.text.zh]


def test_two_heads_at_once_are_a_question() -> None:
    posts = (PostRow("孟松年", "造林科", "科长"), PostRow("秦月明", "造林科", "科长"))
    roster = Roster((UnitRow("造林科", "科室"),), (PersonRow("孟松年", "a@example.com"), PersonRow("秦月明", "b@example.com")), posts)
    (note,) = roster_questions(roster, TODAY)
    assert "孟松年、秦月明" in note.text.zh


def test_nobody_of_the_roster_bears_the_officer_s_name(session: Session) -> None:
    roster = roster_value()
    with pytest.raises(Refused, match="名册里请写姓名"):
        store_roster(session, replace(roster, people=(*roster.people, PersonRow("计划员", "x@example.com"))), year=2026, now=NOW)
