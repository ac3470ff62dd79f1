"""Whose own an assignment is: nobody decides about theirs, whatever name they do it under.

In: an assignment, and who decides. Out: whether it is their own: they carry it, stand in for who does, or reported or asked about it. The
planning officer may be a person of the roster too: then one with her mail address.
"""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.moves import is_officer
from engine.substitutes import substitutes_of
from models import Assignment, Extension, Person, Report
from notifications.sender import Sender


def is_own(session: Session, assignment_id: int, by: str, *, sender: Sender, on: date) -> bool:
    """Whether `by` (a person, or the planning officer) would decide about their own duty on this day."""
    names = _names_of(session, by, sender)
    return bool(names) and not names.isdisjoint(_concerned(session, assignment_id, on))


def _names_of(session: Session, by: str, sender: Sender) -> set[str]:
    if not is_officer(by):
        return {by}
    address = sender.officer_address.lower()
    return set(session.scalars(select(Person.name).where(func.lower(Person.email) == address, Person.left_on.is_(None))))


def _concerned(session: Session, assignment_id: int, on: date) -> set[str]:
    carrier = session.execute(
        select(Person.id, Person.name).join(Assignment, Assignment.person_id == Person.id).where(Assignment.id == assignment_id)
    ).one_or_none()
    found: set[str] = set()
    if carrier is not None:
        found.add(carrier.name)
        found.update(one.substitute for one in substitutes_of(session, [carrier.id], on).values())
    reported = select(Report.reported_by).where(Report.assignment_id == assignment_id, Report.verdict.is_(None))
    asked = select(Extension.asked_by).where(Extension.assignment_id == assignment_id, Extension.grant.is_(None))
    return found.union(session.scalars(reported), session.scalars(asked))
