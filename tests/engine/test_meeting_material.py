"""例会材料: what stands in it, and that duties of one step stand together."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.completion import Light
from engine.escalation import ESCALATE
from engine.history import Change, open_histories, record
from engine.meeting_material import Material, material
from engine.meeting_parts import parts_of, title_of
from models import AssignmentState
from notifications.sender import SHANGHAI
from office.text import Language
from tests import factories

HELD_ON, LAST_ON = date(2026, 6, 30), date(2026, 5, 29)
NOW = datetime(2026, 6, 25, 1, 0, tzinfo=UTC)
SINCE = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
EARLIER = datetime(2026, 5, 29, 1, 0, tzinfo=UTC)


def gathered(session: Session) -> Material:
    return material(session, HELD_ON, LAST_ON, zone=SHANGHAI, now=NOW)


def duties(session: Session, count: int, content: str = "提醒谈话", *, standing: bool = False, **fields: Any) -> list[int]:
    """One step of so many branches, each with a head."""
    step = factories.step(session, item_id=factories.item(session, content=content).id, text=content, standing=standing)
    found = []
    for _ in range(count):
        branch, head = factories.unit(session, kind="党支部"), factories.person(session)
        given = {"state": AssignmentState.ACKNOWLEDGED, "due_on": date(2026, 12, 31), "period": "全年"} | fields
        row = factories.assignment(session, step_id=step.id, unit_id=branch.id, person_id=head.id, **given)
        open_histories(session, {row.id: row.natural_key}, action="issue", to_value="sent", reason="", at=EARLIER, by="officer")
        found.append(row.id)
    return found


def test_what_the_parties_of_one_step_said_stands_together_the_latest_first(sqlite_session: Session) -> None:
    old, new, _ = duties(sqlite_session, 3, standing=True)
    factories.progress_note(sqlite_session, assignment_id=old, text="上月的话", at=EARLIER)
    factories.progress_note(sqlite_session, assignment_id=new, text="已谈2人", at=SINCE)
    found = gathered(sqlite_session)
    (heard,) = found.standing
    assert found.dated == ()
    assert [(word.text, word.on, word.is_new) for word in heard.words] == [
        ("已谈2人", date(2026, 6, 1), True),
        ("上月的话", date(2026, 5, 29), False),
    ]
    assert (len(heard.silent), found.silent) == (2, 2)


def test_dated_duties_overdue_ones_and_those_that_wait_for_review_are_told_apart(sqlite_session: Session) -> None:
    duties(sqlite_session, 1, "修订制度", due_on=date(2026, 7, 31))
    (late,) = duties(sqlite_session, 1, "报送总结", due_on=date(2026, 6, 23))
    duties(sqlite_session, 1, "组织培训", due_on=date(2026, 6, 24), state=AssignmentState.REPORTED)
    duties(sqlite_session, 1, "年底考核", starts_on=date(2026, 10, 1))
    record(sqlite_session, [Change(late, ESCALATE, None, "联系领导周望", "")], at=SINCE, by="system")
    factories.progress_note(sqlite_session, assignment_id=late, text="差两家未报", at=SINCE)
    found = gathered(sqlite_session)
    assert [heard.title for heard in found.dated] == ["修订制度"]
    ((duty, title, _, said),) = found.overdue
    assert (title, duty.workdays_over, duty.has_reached, said and said.text) == ("报送总结", 2, "联系领导周望", "差两家未报")


def test_leaders_branches_and_units_are_counted_with_their_lights_and_a_leader_each_duty_once(sqlite_session: Session) -> None:
    leader = factories.person(sqlite_session, name="周望")
    branch, section = factories.unit(sqlite_session, name="第一党支部", kind="党支部"), factories.unit(sqlite_session, name="办公室")
    factories.contact_point(sqlite_session, leader_id=leader.id, branch_id=branch.id)
    for unit, due_on in ((branch, date(2026, 6, 1)), (branch, date(2026, 6, 29)), (section, date(2026, 12, 31))):
        factories.assignment(sqlite_session, unit_id=unit.id, due_on=due_on, leader_id=leader.id)
    factories.assignment(sqlite_session, unit_id=factories.unit(sqlite_session).id, state=AssignmentState.CLOSED, done_on=date(2026, 1, 5))
    found = gathered(sqlite_session)
    lights = {each.name: [each.lit(light) for light in Light] for each in (*found.leaders, *found.branches, *found.units)}
    assert lights == {"周望": [1, 1, 1, 0], "第一党支部": [1, 1, 0, 0], "办公室": [0, 0, 1, 0]}
    assert found.total.tally.open == 3


def test_what_was_done_since_the_last_meeting_stands_with_who_was_late(sqlite_session: Session) -> None:
    closed: dict[str, Any] = {"state": AssignmentState.CLOSED, "due_on": date(2026, 6, 10)}
    duties(sqlite_session, 1, "走访慰问", done_on=date(2026, 6, 9), ended_at=SINCE, **closed)
    duties(sqlite_session, 2, "整改问题", done_on=date(2026, 6, 11), ended_at=SINCE, **closed)
    duties(sqlite_session, 1, "旧的", done_on=date(2026, 5, 9), ended_at=EARLIER, **closed)
    found = gathered(sqlite_session)
    assert [(done.title, len(done.by), done.late) for done in found.done] == [("走访慰问", 1, 0), ("整改问题", 2, 2)]
    assert found.done_since == 3


def test_open_questions_are_those_of_lists_of_which_something_is_open(sqlite_session: Session) -> None:
    question = factories.list_question(sqlite_session)
    assert gathered(sqlite_session).questions == ()
    item = factories.item(sqlite_session, list_id=question.list_id)
    factories.assignment(sqlite_session, step_id=factories.step(sqlite_session, item_id=item.id).id)
    assert [each.text_zh for each in gathered(sqlite_session).questions] == ["由谁负责？"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_has_a_cell_a_column_in_both_languages(sqlite_session: Session, language: Language) -> None:
    duties(sqlite_session, 2, standing=True)
    duties(sqlite_session, 40, due_on=date(2026, 6, 23))
    duties(sqlite_session, 1, "走访慰问", state=AssignmentState.CLOSED, done_on=date(2026, 6, 9), ended_at=SINCE)
    factories.list_question(sqlite_session)
    parts = parts_of(gathered(sqlite_session), language)
    assert len(parts) >= 6
    assert all(len(row) == len(part.columns) for part in parts for row in part.rows)
    assert all(sum(column.width for column in part.columns) in (0, 100) for part in parts)
    if language == "en":
        heads = [*(part.title + part.said for part in parts), *(column.title for part in parts for column in part.columns)]
        assert [head for head in heads if any("一" <= letter <= "鿿" for letter in head)] == []
    assert title_of(HELD_ON, "zh") == "2026年6月30日例会材料"


def test_an_office_without_duties_has_material_that_says_so(sqlite_session: Session) -> None:
    said = {part.title: part.said for part in parts_of(gathered(sqlite_session), "zh")}
    assert said["逾期事项"] == "没有逾期事项。"
    assert said["总体情况"].startswith("未办结 0 项")


def test_many_rows_and_many_names_are_cut_with_a_word_about_the_rest(sqlite_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST_ROWS", "MOST_NAMES", "MOST_WORDS"):
        monkeypatch.setattr(f"engine.meeting_parts.{name}", 2)
    for place, assignment in enumerate(duties(sqlite_session, 4, standing=True)):
        if place:
            factories.progress_note(sqlite_session, assignment_id=assignment, at=SINCE)
    duties(sqlite_session, 3, due_on=date(2026, 6, 23))
    duties(sqlite_session, 4, "签订责任书")
    parts = {part.title: part for part in parts_of(gathered(sqlite_session), "zh")}
    assert (len(parts["逾期事项"].rows), parts["逾期事项"].said) == (2, "共 3 项，下面列出前 2 项，其余见看板。")
    assert parts["长期坚持和全年事项的进展"].rows[0][3].endswith("另有 1 个已报")
    assert parts["其他在办事项的进展"].rows[0][4].endswith("等 4 个")
