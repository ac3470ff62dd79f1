"""Roster and list in one transaction, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.auditing import altered
from engine.extending import ask_extension, decide_extension, deciders
from engine.issuing import Issued
from engine.loading import in_words, load, sound
from engine.reassigning import reassign
from intake.values import Note, Parties, PostRow, RosterReading
from models import Assignment, Grant, Message, Person, Unit
from notifications.sender import Sender
from office.text import Refused, Text
from tests.engine.test_issuing import count
from tests.factories import NOW, item_value, list_reading, roster_value
from zeren.database import rehearsal, transaction

SENDER = Sender("责任清单 <zeren@example.com>")


def load_list(session: Session) -> Issued:
    return load(session, list_reading(), roster_value(), year=2026, title="", file_name="清单.xlsx", sender=SENDER, now=NOW)


def test_of_two_who_load_roster_and_list_at_once_one_wins_and_the_other_changes_nothing(database_url: str) -> None:
    together = Barrier(2)

    def load_at_once(_: int) -> Issued:
        together.wait()
        with transaction(database_url) as session:
            return load_list(session)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(load_at_once, range(2)))
    assert sorted((r.first_time, r.assignments, r.messages) for r in results) == [(False, 0, 0), (True, 1, 1)]
    with transaction(database_url) as session:
        assert (count(session, Assignment), count(session, Message)) == (1, 1)


def test_a_rehearsal_tells_what_would_be_done_and_does_nothing(database_url: str) -> None:
    with rehearsal(database_url) as session:
        assert session is not None
        rehearsed = load_list(session)
    with transaction(database_url) as session:
        assert (count(session, Unit), count(session, Assignment)) == (0, 0)
        done = load_list(session)
    assert replace(rehearsed, list_id=done.list_id) == done
    assert in_words(done, rehearsed=True).zh == "尚未下发"
    assert in_words(done, rehearsed=False).zh == "已下发，1封邮件待发送"


def test_what_goes_to_successors_on_the_way_is_said(session: Session) -> None:
    load_list(session)
    roster = roster_value()
    posts = tuple(replace(p, person="石小满") if p.unit == "造林科" and p.title == "科长" else p for p in roster.posts)
    changed = replace(roster, posts=posts)
    again = load(session, list_reading(), changed, year=2026, title="", file_name="清单.xlsx", sender=SENDER, now=NOW)
    assert in_words(again, rehearsed=False).zh == "此前已下发，没有变化，不会再发邮件；职务交接：1项未办结任务移交继任者"


def test_to_load_the_same_list_again_undoes_no_extension(session: Session) -> None:
    load_list(session)
    assignment, by = session.execute(select(Assignment.id, Person.name).join(Person, Person.id == Assignment.person_id)).one()
    until = date(2026, 7, 15)
    ask_extension(session, assignment, wanted_on=until, reason="雨季", progress="过半", by=by, sender=SENDER, now=NOW)
    (decider,) = deciders(session, assignment, on=NOW.date())
    decide_extension(session, assignment, 1, grant=Grant.GRANTED, granted_on=until, comment="", by=decider, sender=SENDER, now=NOW)
    again = load_list(session)
    assert (again.first_time, again.assignments, again.messages) == (False, 0, 0)
    stands = session.execute(select(Assignment.due_on, Assignment.original_due_on)).all()
    assert [tuple(row) for row in stands] == [(until, date(2026, 6, 30))]
    assert altered(session, zone=SENDER.zone) == ()


def test_to_load_the_same_list_again_leaves_what_was_given_by_hand(session: Session) -> None:
    roster = roster_value()
    roster = replace(roster, posts=(*roster.posts, PostRow("石小满", "造林科", "副科长")))
    load(session, list_reading(), roster, year=2026, title="", file_name="清单.xlsx", sender=SENDER, now=NOW)
    assignment = session.scalars(select(Assignment.id)).one()
    reassign(session, assignment, to="石小满", reason="驻村", by="计划员", sender=SENDER, now=NOW)
    again = load(session, list_reading(), roster, year=2026, title="", file_name="清单.xlsx", sender=SENDER, now=NOW)
    assert (again.assignments, again.handed_over) == (0, 0)
    assert session.scalars(select(Person.name).join(Assignment, Assignment.person_id == Person.id)).one() == "石小满"


def test_a_successor_is_not_asked_for_what_the_predecessor_gave_away(session: Session) -> None:
    reading = list_reading(items=(item_value(parties=Parties(responsible=("班子其他成员",))),))
    roster = roster_value()

    def load_with(posts: tuple[PostRow, ...]) -> Issued:
        return load(session, reading, replace(roster, posts=posts), year=2026, title="", file_name="清单.xlsx", sender=SENDER, now=NOW)

    assert load_with(roster.posts).assignments == 2  # one each
    owed = session.scalars(select(Assignment.id).join(Person, Person.id == Assignment.person_id).where(Person.name == "郑临川")).one()
    reassign(session, owed, to="周启明", reason="驻村", by="郑临川", sender=SENDER, now=NOW)
    instead = tuple(replace(post, person="何青禾") if post.person == "郑临川" else post for post in roster.posts)
    again = load_with(instead)
    assert (again.assignments, again.handed_over) == (0, 0)
    carriers = select(Person.name).join(Assignment, Assignment.person_id == Person.id).order_by(Person.position)
    assert session.scalars(carriers).all() == ["周启明", "吴望舒"]


def test_a_roster_with_problems_is_refused_with_the_first_of_them() -> None:
    problems = (Note("人员!B3", Text("邮箱不对", "no mail address")), Note("单位!A9", Text("重复", "twice")))
    with pytest.raises(Refused) as refused:
        sound(RosterReading(roster_value(), problems))
    assert refused.value.in_("zh") == "人员!B3：名册有2处差错，未装入。邮箱不对"
