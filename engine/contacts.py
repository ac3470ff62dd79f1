"""联系领导: who covers each branch in a year.

In: a session and a year. Out: leaders by branch. A year whose contact points are not loaded yet has those of the last year before
it: in January last year's hold.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ContactPoint, Person


def year_of_contact_points(session: Session, year: int) -> int:
    """The year whose contact points hold in `year`; `year` itself where none were ever loaded."""
    return session.scalar(select(func.max(ContactPoint.year)).where(ContactPoint.year <= year)) or year


def covering_leaders(session: Session, year: int) -> dict[int, dict[int, str]]:
    """Who covers which branch in `year`: by the branch's id, the names of its leaders by their ids, the first one first.

    Whoever has left the roster covers nothing.
    """
    rows = session.execute(
        select(ContactPoint.branch_id, Person.id, Person.name)
        .join(Person, Person.id == ContactPoint.leader_id)
        .where(ContactPoint.year == year_of_contact_points(session, year), Person.left_on.is_(None))
        .order_by(ContactPoint.position)
    )
    leaders: dict[int, dict[int, str]] = {}
    for branch_id, person_id, name in rows:
        leaders.setdefault(branch_id, {})[person_id] = name
    return leaders
