from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from engine.completion import Completion
from engine.listing import EVENT_WORDS, listed_assignments, past_events, past_reports
from engine.moves import Action
from engine.reporting import report
from engine.reviewing import review
from models import AssignmentState, Verdict
from notifications.sender import SHANGHAI, Sender
from tests import factories

NOW = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)


def ids(session: Session, **wanted: object) -> list[int]:
    return [one.id for one in listed_assignments(session, zone=SHANGHAI, now=NOW, **wanted)]  # type: ignore[arg-type]


def test_assignments_stand_by_due_date_as_of_the_day(session: Session) -> None:
    later = factories.assignment(session, due_on=date(2026, 12, 31)).id
    sooner = factories.assignment(session, due_on=date(2026, 6, 30)).id
    found = listed_assignments(session, zone=SHANGHAI, now=NOW)
    assert [(one.id, one.completion) for one in found] == [(sooner, Completion.OVERDUE), (later, Completion.SENT)]


@pytest.mark.parametrize("field", ["year", "person", "party", "open_only", "ids"])
def test_each_filter_leaves_what_it_names(session: Session, field: str) -> None:
    carrier, unit = factories.person(session, name="石小满").id, factories.unit(session, name="造林科").id
    mine = factories.assignment(session, person_id=carrier, unit_id=unit, party="石小满", post_title="科长").id
    item = factories.item(session, list_id=factories.responsibility_list(session, year=2025).id)
    other = factories.assignment(session, step_id=factories.step(session, item_id=item.id).id, state=AssignmentState.CLOSED).id
    assert sorted(ids(session)) == [mine, other]
    wanted = {"year": 2026, "person": "石小满", "party": "造林科", "open_only": True, "ids": [mine]}
    assert ids(session, **{field: wanted[field]}) == [mine]


def test_one_is_shown_with_its_reports_and_its_history(session: Session) -> None:
    assignment = factories.assignment(session).id
    report(session, assignment, text="办了", evidence=[("照片", "https://files.example/1")], by="石小满", now=NOW)
    sender = Sender("a <a@example.com>")
    review(session, assignment, number=1, verdict=Verdict.RETURNED, comment="缺照片", by="计划员", sender=sender, now=NOW)
    report(session, assignment, text="补了", by="石小满", now=NOW)
    first, second = past_reports(session, assignment)
    assert (first.verdict, first.comment, first.reviewed_by) == (Verdict.RETURNED, "缺照片", "计划员")
    assert [(proof.name, proof.url, proof.size) for proof in first.evidence] == [("照片", "https://files.example/1", None)]
    assert (second.evidence, second.verdict) == ((), None)
    assert [event.action for event in past_events(session, assignment)] == ["report", "return", "report"]


def test_every_action_of_a_history_has_its_words() -> None:
    assert {action.value for action in Action} <= set(EVENT_WORDS)
