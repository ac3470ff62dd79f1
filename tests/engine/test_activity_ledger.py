from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.activities import ACTIVITIES
from engine.activity_ledger import ledger, ledgers
from engine.moves import Action, move
from models import AssignmentState, Verdict
from tests import factories

PARTY_DAY, MEETINGS, COMMUNITY = ACTIVITIES
NOW = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
HELD = {"theme": "学习条例", "place": "会议室", "number_due": 30, "number_present": 28}
REPORTED = AssignmentState.REPORTED


def step(session: Session, content: str = "开展主题党日", year: int = 2026) -> int:
    listed = factories.responsibility_list(session, year=year)
    item = factories.item(session, list_id=listed.id, content=content)
    return factories.step(session, item_id=item.id, text="按要求开展").id


def reported(session: Session, step_id: int, *, verdict: Verdict | None = None, **fields: Any) -> int:
    """An assignment with one report, as it stands after its review."""
    states = {None: REPORTED, Verdict.APPROVED: AssignmentState.CLOSED, Verdict.RETURNED: AssignmentState.RETURNED}
    about = {key: fields.pop(key) for key in ("entries", "held_on", "text", "reported_by") if key in fields}
    assignment = factories.assignment(session, step_id=step_id, **({"state": states[verdict]} | fields))
    factories.report(session, assignment_id=assignment.id, verdict=verdict, **({"entries": HELD} | about))
    return assignment.id


def test_a_row_tells_what_was_reported(session: Session) -> None:
    branch, lin = factories.unit(session, name="第一党支部", kind="党支部"), factories.person(session, name="林一")
    reported(
        session,
        step(session),
        verdict=Verdict.APPROVED,
        unit_id=branch.id,
        person_id=lin.id,
        period="3月",
        held_on=date(2026, 3, 7),
        text="组织学习",
        reported_by="周望",
    )
    (row,) = ledger(session, PARTY_DAY, 2026, units=None).rows
    assert (row.party, row.person, row.reported_by, row.period) == ("第一党支部", "林一", "周望", "3月")
    assert (row.held_on, row.text, row.entries, row.approved) == (date(2026, 3, 7), "组织学习", HELD, True)


def test_counts_are_added_up_over_what_is_approved_and_what_waits(session: Session) -> None:
    owed = step(session)
    reported(session, owed, verdict=Verdict.APPROVED)
    reported(session, owed, entries={"theme": "座谈", "place": "社区", "number_present": 12})
    reported(session, owed, entries={})  # handed in before there was a form
    factories.assignment(session, step_id=owed)
    found = ledger(session, PARTY_DAY, 2026, units=None)
    assert [row.approved for row in found.rows] == [True, False, False]
    assert (found.due, found.reported, found.totals) == (4, 3, {"number_due": 30, "number_present": 40})


def test_what_was_returned_does_not_count_until_it_is_reported_again(session: Session) -> None:
    assignment = reported(session, step(session), verdict=Verdict.RETURNED)
    found = ledger(session, PARTY_DAY, 2026, units=None)
    assert (found.due, found.rows) == (1, ())
    move(session, [assignment], Action.REPORT, reason="", by="林一", now=NOW)
    factories.report(session, assignment_id=assignment, entries=HELD | {"number_present": 20})
    assert ledger(session, PARTY_DAY, 2026, units=None).totals["number_present"] == 20


@pytest.mark.parametrize("action", [Action.CLOSE, Action.REOPEN])
def test_neither_what_is_closed_on_a_returned_report_nor_what_is_opened_again_is_in_it(session: Session, action: Action) -> None:
    assignment = reported(session, step(session), verdict=Verdict.RETURNED if action is Action.CLOSE else Verdict.APPROVED)
    assert move(session, [assignment], action, reason="不属实", by="计划员", now=NOW, done_on=NOW.date())
    assert ledger(session, PARTY_DAY, 2026, units=None).rows == ()


def test_what_is_withdrawn_is_neither_due_nor_reported(session: Session) -> None:
    assignment = reported(session, step(session))
    move(session, [assignment], Action.WITHDRAW, reason="", by="计划员", now=NOW)
    found = ledger(session, PARTY_DAY, 2026, units=None)
    assert (found.due, found.rows) == (0, ())


def test_rows_stand_in_the_order_of_the_roster_and_of_their_days(session: Session) -> None:
    later, sooner = (factories.unit(session, name=name, position=n) for name, n in (("第二党支部", 2), ("第一党支部", 1)))
    owed = step(session)
    for unit, held_on in ((later, None), (later, date(2026, 5, 9)), (sooner, date(2026, 9, 1)), (sooner, date(2026, 2, 1))):
        reported(session, owed, unit_id=unit.id, held_on=held_on)
    assert [(row.party, row.held_on) for row in ledger(session, PARTY_DAY, 2026, units=None).rows] == [
        ("第一党支部", date(2026, 2, 1)),
        ("第一党支部", date(2026, 9, 1)),
        ("第二党支部", date(2026, 5, 9)),
        ("第二党支部", None),  # due on 30 June
    ]


def test_only_the_units_that_one_may_see_are_in_it(session: Session) -> None:
    own, other = factories.unit(session), factories.unit(session)
    owed = step(session)
    reported(session, owed, unit_id=own.id)
    reported(session, owed, unit_id=other.id)
    reported(session, owed, unit_id=None, party="某人")
    assert [row.party for row in ledger(session, PARTY_DAY, 2026, units=[own.id]).rows] == [own.name]
    assert ledger(session, PARTY_DAY, 2026, units=[own.id]).due == 1
    assert ledger(session, PARTY_DAY, 2026, units=None).due == 3
    assert ledgers(session, 2026, units=[]) == ()


def test_a_year_has_the_ledgers_of_the_activities_that_are_owed_in_it(session: Session) -> None:
    for content, year in (("落实双报到", 2026), ("开展主题党日", 2026), ("落实三会一课", 2025), ("管好苗木", 2026)):
        factories.assignment(session, step_id=step(session, content, year))
    step(session, "落实三会一课")  # nobody owes it
    assert [(one.activity.key, one.year) for one in ledgers(session, 2026, units=None)] == [("party-day", 2026), ("community", 2026)]
    assert [one.activity for one in ledgers(session, 2025, units=None)] == [MEETINGS]
    assert ledgers(session, 2024, units=None) == ()
    assert (ledger(session, COMMUNITY, 2024, units=None).due, ledger(session, COMMUNITY, 2024, units=None).rows) == (0, ())


def test_a_larger_year_takes_no_more_queries(sqlite_session: Session) -> None:
    heard: list[str] = []
    connection = sqlite_session.connection()
    event.listen(connection, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: heard.append(statement))
    counts = []
    for size in (1, 40):
        for _ in range(size):
            for content in ("开展主题党日", "落实三会一课", "落实双报到"):
                reported(sqlite_session, step(sqlite_session, content))
        sqlite_session.expire_all()
        heard.clear()
        assert all(one.reported >= size for one in ledgers(sqlite_session, 2026, units=None))
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 7
