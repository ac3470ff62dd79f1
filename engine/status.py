"""What there is: lists, items, people, assignments and mails by their state, and open questions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Assignment, Base, Item, ListQuestion, Message, Person, ResponsibilityList


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of rows; `assignments` and `mails` by the value of their state, states that occur only."""

    lists: int
    items: int
    people: int
    assignments: dict[str, int]
    mails: dict[str, int]
    questions: int

    def as_json(self) -> dict[str, Any]:
        return {
            "lists": self.lists,
            "items": self.items,
            "people": self.people,
            "assignments": self.assignments,
            "mails": self.mails,
            "questions": self.questions,
        }


def status(session: Session) -> Status:
    """Count everything, of all years."""

    def count(table: type[Base]) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    assignments = session.execute(select(Assignment.state, func.count()).group_by(Assignment.state))
    mails = session.execute(select(Message.state, func.count()).group_by(Message.state))
    return Status(
        lists=count(ResponsibilityList),
        items=count(Item),
        people=count(Person),
        assignments={state.value: number for state, number in assignments},
        mails={state.value: number for state, number in mails},
        questions=count(ListQuestion),
    )
