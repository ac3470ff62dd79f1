"""What was done so far, in a few words."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.duties import duties_of, owed_rows
from engine.history import ROSTER, Change, record
from engine.past import past_of
from notifications.sender import SHANGHAI
from tests import factories

AT = datetime(2026, 3, 1, 17, tzinfo=UTC)  # the second of March in Shanghai


def done(session: Session, assignment: int, *changes: tuple[str, str | None, str], by: str = "何青禾", at: datetime = AT) -> None:
    record(session, [Change(assignment, action, None, to, reason) for action, to, reason in changes], at=at, by=by)


def past(session: Session, *ids: int) -> dict[int, tuple[str, ...]]:
    return past_of(session, ids, year=2026, zone=SHANGHAI, language="zh")


def test_only_what_people_did_is_told_each_with_its_day(session: Session) -> None:
    assignment, untouched = factories.assignment(session).id, factories.assignment(session).id
    done(session, assignment, ("acknowledge", None, ""), ("report", None, "很长的办理情况"))
    done(session, assignment, ("return", None, "缺签到表\n请补"), by="计划员", at=datetime(2025, 12, 31, 1, tzinfo=UTC))
    done(session, assignment, ("hand over", "石小满", "望山支部负责人由石小满接任"), by=ROSTER)
    done(session, assignment, ("lead", "吴望舒", "责任领导变更"), ("not counted", "sent", "迟到"))
    assert past(session, assignment, untouched) == {assignment: ("3月2日签收", "3月2日报送", "2025年12月31日退回：缺签到表 请补")}


def test_the_last_five_are_told(session: Session) -> None:
    assignment = factories.assignment(session).id
    done(session, assignment, *[("acknowledge", None, "")] * 3, *[("return", None, "长" * 50)] * 3, ("reopen", None, ""))
    assert past(session, assignment)[assignment] == (
        "3月2日签收",
        *[f"3月2日退回：{'长' * 29}…"] * 3,
        "3月2日重新办理",
    )


def test_extensions_say_until_when_and_hands_over_to_whom(session: Session) -> None:
    assignment = factories.assignment(session).id
    done(
        session,
        assignment,
        ("ask extension", "2026-07-15", "场地；目前进展：一半"),
        ("extend", "2026-07-10", ""),
        ("deny extension", None, "上级限期"),
        ("hand over", "石小满", "转办给石小满：驻村"),
    )
    assert past(session, assignment)[assignment] == (
        "3月2日申请延期至7月15日",
        "3月2日准予延期至7月10日",
        "3月2日不予延期：上级限期",
        "3月2日转办给石小满：驻村",
    )
    english = past_of(session, [assignment], year=2026, zone=SHANGHAI, language="en")[assignment]
    assert english[:3] == ("2 Mar asked for more time until 15 Jul", "2 Mar extended until 10 Jul", "2 Mar more time denied: 上级限期")


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        (1, ("3月2日签收；3月2日报送",)),
        (5, ("3月：3月2日签收；3月2日报送", "4月：3月2日签收；3月2日报送", "5月：3月2日签收；3月2日报送")),
    ],
)
def test_a_duty_of_many_dates_tells_of_the_last_ones(session: Session, periods: int, told: tuple[str, ...]) -> None:
    step, unit = factories.step(session).id, factories.unit(session).id
    ids = [
        factories.assignment(session, step_id=step, unit_id=unit, period=f"{month}月", due_on=AT.date().replace(month=month)).id
        for month in range(1, periods + 1)
    ]
    for id_ in ids:
        done(session, id_, ("acknowledge", None, ""), ("report", None, "办了"))
    (duty,) = duties_of(session, owed_rows(session, ids), language="zh", past=past(session, *ids))
    assert duty.past == told


def test_one_query_tells_of_all(sqlite_session: Session) -> None:
    ids = [factories.assignment(sqlite_session).id for _ in range(20)]
    asked: list[str] = []
    event.listen(sqlite_session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    past(sqlite_session, *ids)
    assert len(asked) == 1
