"""Roster and list in one transaction, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from engine.issuing import Issued
from engine.loading import in_words, load, sound
from intake.values import Note, RosterReading
from models import Assignment, Message, Unit
from notifications.sender import Sender
from office.text import Refused, Text
from tests.engine.test_issuing import count
from tests.factories import NOW, list_reading, roster_value
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


def test_a_roster_with_problems_is_refused_with_the_first_of_them() -> None:
    problems = (Note("人员!B3", Text("邮箱不对", "no mail address")), Note("单位!A9", Text("重复", "twice")))
    with pytest.raises(Refused) as refused:
        sound(RosterReading(roster_value(), problems))
    assert refused.value.in_("zh") == "人员!B3：名册有2处差错，未装入。邮箱不对"
