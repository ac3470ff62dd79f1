from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.targets import reached_in_year
from models import AssignmentState, Step, Verdict
from tests import factories


def quarters(session: Session, **fields: Any) -> list[int]:
    """Four assignments of one party with a target of the year."""
    step = factories.step(session, **({"target_amount": 4.0, "target_unit": "次", "target_per": "year"} | fields))
    return of_party(session, step, "造林科", 4)


def of_party(session: Session, step: Step, party: str, count: int) -> list[int]:
    return [factories.assignment(session, step_id=step.id, party=party).id for _ in range(count)]


def test_what_each_period_reports_adds_up_over_the_year(session: Session) -> None:
    first, second, third, _ = quarters(session)
    factories.report(session, assignment_id=first, amount=1.0, verdict=Verdict.APPROVED)
    factories.report(session, assignment_id=second, amount=2.5)
    factories.report(session, assignment_id=third)  # says no amount
    assert reached_in_year(session, [first, third]) == {first: 3.5, third: 3.5}


def test_of_several_reports_the_latest_one_that_was_not_returned_counts(session: Session) -> None:
    first, second, *_ = quarters(session)
    for amount, verdict in ((9.0, Verdict.APPROVED), (1.0, Verdict.APPROVED), (7.0, Verdict.RETURNED)):
        factories.report(session, assignment_id=first, amount=amount, verdict=verdict)
    factories.report(session, assignment_id=second, amount=8.0, verdict=Verdict.RETURNED)
    assert reached_in_year(session, [second]) == {second: 1.0}


def test_other_parties_other_steps_and_withdrawn_duties_do_not_count(session: Session) -> None:
    step = factories.step(session, target_amount=4.0, target_unit="次", target_per="year")
    mine, also_mine = of_party(session, step, "造林科", 2)
    (others,) = of_party(session, step, "办公室", 1)
    withdrawn = factories.assignment(session, step_id=step.id, party="造林科", state=AssignmentState.WITHDRAWN).id
    for assignment_id in (mine, also_mine, others, withdrawn, *quarters(session)[:1]):
        factories.report(session, assignment_id=assignment_id, amount=1.0)
    assert reached_in_year(session, [mine, others]) == {mine: 2.0}  # who has one assignment has nothing to add up


@pytest.mark.parametrize("fields", [{"target_per": "period"}, {"target_amount": None, "target_per": None}])
def test_what_has_no_target_of_the_year_adds_up_to_nothing(session: Session, fields: dict[str, Any]) -> None:
    first, *_ = quarters(session, **fields)
    factories.report(session, assignment_id=first, amount=1.0)
    assert reached_in_year(session, [first]) == {}


def test_any_number_of_assignments_takes_one_query(sqlite_session: Session) -> None:
    ids = [id for _ in range(5) for id in quarters(sqlite_session)]
    sent: list[str] = []
    event.listen(sqlite_session.get_bind(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    assert len(reached_in_year(sqlite_session, ids)) == len(ids)
    assert len(sent) == 1
