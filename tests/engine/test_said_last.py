"""What was said last about a duty, in a report, a progress note or a request for more time."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import said_last as module
from engine.said_last import SaidLast, said_last
from tests import factories


def test_of_a_report_a_note_and_a_request_the_last_one_counts(sqlite_session: Session) -> None:
    ids = [factories.assignment(sqlite_session).id for _ in range(3)]
    for place, assignment_id in enumerate(ids):
        at = [factories.NOW + timedelta(hours=(place + after) % 3) for after in range(3)]
        factories.report(sqlite_session, assignment_id=assignment_id, text="报告", reported_at=at[0])
        factories.progress_note(sqlite_session, assignment_id=assignment_id, text="进展", at=at[1])
        factories.extension(sqlite_session, assignment_id=assignment_id, progress="延期", asked_at=at[2])
    last = said_last(sqlite_session, ids)
    assert [last[assignment_id].text for assignment_id in ids] == ["延期", "进展", "报告"]


def test_of_several_notes_the_latest_counts_with_who_wrote_it(sqlite_session: Session) -> None:
    assignment_id = factories.assignment(sqlite_session).id
    factories.progress_note(sqlite_session, assignment_id=assignment_id, text="开了个头")
    later = factories.NOW + timedelta(days=1)
    factories.progress_note(sqlite_session, assignment_id=assignment_id, text="过半", at=later, by="计划员")
    assert said_last(sqlite_session, [assignment_id]) == {assignment_id: SaidLast("过半", later, "计划员")}


def test_a_report_without_words_leaves_what_was_said_before_it(sqlite_session: Session) -> None:
    assignment_id = factories.assignment(sqlite_session).id
    factories.progress_note(sqlite_session, assignment_id=assignment_id, text="过半")
    factories.report(sqlite_session, assignment_id=assignment_id, text="", reported_at=factories.NOW + timedelta(days=1))
    assert said_last(sqlite_session, [assignment_id])[assignment_id].text == "过半"


def test_a_request_that_says_no_progress_counts_by_its_reason(sqlite_session: Session) -> None:
    assignment_id = factories.extension(sqlite_session, progress="", reason="等待批复").assignment_id
    assert said_last(sqlite_session, [assignment_id])[assignment_id].text == "等待批复"


def test_a_duty_about_which_nothing_was_said_is_missing(sqlite_session: Session) -> None:
    said = factories.progress_note(sqlite_session).assignment_id
    silent = factories.assignment(sqlite_session).id
    assert set(said_last(sqlite_session, [said, silent])) == {said}
    assert said_last(sqlite_session, []) == {}


def test_more_duties_than_one_query_takes_are_all_found(sqlite_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDS_A_QUERY", 2)
    ids = [factories.progress_note(sqlite_session, text=f"第{n}句").assignment_id for n in range(5)]
    assert [one.text for _, one in sorted(said_last(sqlite_session, ids).items())] == [f"第{n}句" for n in range(5)]
    assert ids == sorted(ids)
