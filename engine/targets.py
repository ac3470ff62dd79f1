"""目标: what several duties have reached together of a target that is the whole year's.

In: a session and ids of assignments. Out: amounts, in the unit of the step's target.
"""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from models import Assignment, AssignmentState, Report, Step, Verdict


def reached_in_year(session: Session, ids: Sequence[int]) -> dict[int, float]:
    """全年累计 of these assignments, by their ids: of the same step and party, the latest report of each that was not returned.

    Only of those whose target of the year is spread over several assignments; others are missing, as are withdrawn ones in the sum.
    At most `IDS_A_QUERY` ids, in one query.
    """
    mine, each, later = aliased(Assignment), aliased(Assignment), aliased(Report)
    stands = or_(Report.verdict.is_(None), Report.verdict != Verdict.RETURNED)
    superseded = (
        select(later.id)
        .where(
            later.assignment_id == each.id,
            later.number > Report.number,
            or_(later.verdict.is_(None), later.verdict != Verdict.RETURNED),
        )
        .exists()
    )
    rows = session.execute(
        select(mine.id, func.sum(Report.amount))
        .join(Step, Step.id == mine.step_id)
        .join(each, (each.step_id == mine.step_id) & (each.party == mine.party) & (each.state != AssignmentState.WITHDRAWN))
        .outerjoin(Report, (Report.assignment_id == each.id) & stands & ~superseded)
        .where(mine.id.in_(ids), Step.target_per == "year", Step.target_amount.is_not(None))
        .group_by(mine.id)
        .having(func.count(each.id) > 1)
    )
    return {assignment_id: reached or 0.0 for assignment_id, reached in rows}
