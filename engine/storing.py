"""A plan → rows: the list as it was read, its assignments with the first row of their history, who assists, what is asked.

Everything happens in the caller's transaction. Inserts go in bulk: a list may have a hundred thousand assignments.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.history import ISSUE, open_histories
from engine.moves import ENDED
from engine.planning import Plan, PlannedAssignment
from intake.values import Item, Note, Parties
from models import (
    Assignment,
    AssignmentState,
    AssistingParty,
    ListQuestion,
    Person,
    Step,
    StepParty,
    Unit,
)
from models import Item as ItemRow
from models.bulk import insert_rows
from models.lists import PartyRole

_Ids = dict[str | None, int | None]

FirstLook = Callable[[str, str, date, bool], date]  # by number and address of the item, the due date, whether it is made up
StepIds = dict[tuple[int, int], int]  # (position of the item, position of the step) → id, positions from 1

ITEM_COLUMNS = ("list_id", "position", "address", "number", "section", "content", "standard", "points", "remarks")
STEP_COLUMNS = (
    "item_id", "position", "address", "text", "phrase", "standing", "never_closes", "relative",
    "target_amount", "target_unit", "target_per", "checkpoint_on",
)  # fmt: skip
ASSIGNMENT_COLUMNS = (
    "natural_key", "step_id", "party", "unit_id", "post_title", "person_id", "leader_id",
    "period", "starts_on", "due_on", "make_up", "state", "follow_up_on",
)  # fmt: skip


def store_items(session: Session, list_id: int, items: Sequence[Item]) -> StepIds:
    """Store the items, steps and parties of a new list, as written; ids of the steps."""
    insert_rows(
        session,
        ItemRow,
        ITEM_COLUMNS,
        (
            (list_id, n, i.address[:200], i.number[:50], i.section[:200], i.content, i.standard, i.points, i.remarks)
            for n, i in enumerate(items, start=1)
        ),
    )
    item_ids = dict(session.execute(select(ItemRow.position, ItemRow.id).where(ItemRow.list_id == list_id)).all())
    insert_rows(session, Step, STEP_COLUMNS, _step_rows(items, item_ids))
    ids = step_ids(session, list_id)
    insert_rows(session, StepParty, ("step_id", "role", "position", "name"), _party_rows(items, ids))
    return ids


def step_ids(session: Session, list_id: int) -> StepIds:
    """Ids of the steps of a stored list."""
    query = select(ItemRow.position, Step.position, Step.id).join(Step, Step.item_id == ItemRow.id).where(ItemRow.list_id == list_id)
    return {(item_position, position): step_id for item_position, position, step_id in session.execute(query)}


def _of(step_id: InstrumentedAttribute[int], ids: StepIds) -> ColumnElement[bool]:
    """Rows of the steps of one list, and perhaps some of a list stored at the same time; a span, as ids may be too many to name."""
    return step_id.between(min(ids.values(), default=0), max(ids.values(), default=0))


def _step_rows(items: Sequence[Item], item_ids: dict[int, int]) -> Iterator[Sequence[object]]:
    for n, item in enumerate(items, start=1):
        for position, step in enumerate(item.steps, start=1):
            deadline = step.deadline
            target = deadline.target
            yield (
                item_ids[n],
                position,
                step.address[:200],
                step.text,
                deadline.phrase,
                deadline.standing,
                deadline.never_closes,
                str(deadline.relative) if deadline.relative else None,
                target.amount if target else None,
                target.unit[:20] if target else None,
                target.per if target else None,
                deadline.checkpoints[0] if deadline.checkpoints else None,
            )


def _party_rows(items: Sequence[Item], ids: StepIds) -> Iterator[Sequence[object]]:
    for n, item in enumerate(items, start=1):
        for position, step in enumerate(item.steps, start=1):
            for role, names in roles(step.parties or item.parties):
                for place, name in enumerate(names, start=1):
                    yield ids[n, position], role, place, name[:200]


def roles(parties: Parties) -> tuple[tuple[PartyRole, tuple[str, ...]], ...]:
    """The names of a step by the role that the list gives them."""
    return (
        (PartyRole.LEADER, parties.leader),
        (PartyRole.LEAD, parties.lead),
        (PartyRole.RESPONSIBLE, parties.responsible),
        (PartyRole.ASSISTING, parties.assisting),
    )


def store_assignments(
    session: Session, assignments: Sequence[PlannedAssignment], ids: StepIds, look_on: FirstLook, *, by: str, reason: str, now: datetime
) -> None:
    """Store new assignments as sent, each with the first row of its history and the day on which the follow-up first looks at it."""
    if not assignments:
        return
    people, units = _ids(session)
    insert_rows(session, Assignment, ASSIGNMENT_COLUMNS, _assignment_rows(assignments, ids, people, units, look_on))
    new = {assignment.natural_key for assignment in assignments}
    # Of the connection: a session's result would carry each row through the mapping, for nothing.
    stored = session.connection().execute(
        select(Assignment.id, Assignment.natural_key).where(_of(Assignment.step_id, ids)).order_by(Assignment.id)
    )
    open_histories(
        session,
        {assignment_id: natural_key for assignment_id, natural_key in stored if natural_key in new},
        action=ISSUE,
        to_value=AssignmentState.SENT.value,
        reason=reason,
        at=now,
        by=by,
    )


def person_ids(session: Session) -> dict[str, int]:
    """Ids of people by name."""
    return dict(session.execute(select(Person.name, Person.id)).all())


def _ids(session: Session) -> tuple[_Ids, _Ids]:
    """Ids of people and units by name, and of nobody: a unit may be without a head, but every name is in the roster."""
    units: _Ids = {None: None}
    units.update(session.execute(select(Unit.name, Unit.id)).all())
    people: _Ids = {None: None}
    people.update(person_ids(session))
    return people, units


def missing(session: Session, assignments: Iterable[PlannedAssignment], ids: StepIds) -> tuple[PlannedAssignment, ...]:
    """Those of a list that are not stored yet.

    Where several hold one post its key names the holder, so a successor's assignments count as stored if the duties that
    were handed over are: the same person in the same post with the same step and period. What was given by hand counts as whoever
    would have inherited it.
    """
    rows = session.execute(
        select(
            *(Assignment.natural_key, Assignment.step_id, Assignment.post_title, Assignment.period),
            *(Assignment.given_by_hand, Person.name),
        )
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(_of(Assignment.step_id, ids))
    ).all()
    keys = {row.natural_key for row in rows}
    carried = {(row.step_id, row.post_title, row.name, row.period) for row in rows if row.post_title}
    planned = [(a, ids[a.step.item_position, a.step.position], a.period.label[:50]) for a in assignments]
    unknown = [
        (a, (step_id, a.party.post, period))
        for a, step_id, period in planned
        if a.natural_key not in keys and (step_id, a.party.post, a.party.person, period) not in carried
    ]
    if not unknown:
        return ()
    still_planned = {a.natural_key for a, _, _ in planned}
    given = Counter(
        (row.step_id, row.post_title, row.period)
        for row in rows
        if row.given_by_hand and row.post_title and row.natural_key not in still_planned
    )
    new = []
    for a, place in unknown:
        if given[place]:
            given[place] -= 1
        else:
            new.append(a)
    return tuple(new)


def still_owed(session: Session, list_id: int, planned: Plan) -> Plan:
    """The plan of a stored list without its withdrawn items and without what is closed or withdrawn: nobody is asked for that again."""
    withdrawn = set(session.scalars(select(ItemRow.position).where(ItemRow.list_id == list_id, ItemRow.withdrawn_at.is_not(None))))
    ended = set(
        session.scalars(
            select(Assignment.natural_key)
            .join(Step, Step.id == Assignment.step_id)
            .join(ItemRow, ItemRow.id == Step.item_id)
            .where(ItemRow.list_id == list_id, Assignment.state.in_(ENDED))
        )
    )
    if not withdrawn and not ended:
        return planned
    return replace(
        planned,
        steps=tuple(step for step in planned.steps if step.item_position not in withdrawn),
        assignments=tuple(a for a in planned.assignments if a.step.item_position not in withdrawn and a.natural_key not in ended),
    )


def _assignment_rows(
    assignments: Iterable[PlannedAssignment], ids: StepIds, people: _Ids, units: _Ids, look_on: FirstLook
) -> Iterator[Sequence[object]]:
    state = AssignmentState.SENT
    step = None
    step_id = 0
    for natural_key, planned, party, leader, period in assignments:
        if planned is not step:
            step, step_id = planned, ids[planned.item_position, planned.position]
        yield (
            natural_key,
            step_id,
            party.name,
            units[party.unit],
            party.post,
            people[party.person],
            people[leader],
            period.label[:50],
            period.starts_on,
            period.due_on,
            period.make_up,
            state,
            look_on(planned.item.number, planned.item.address, period.due_on, period.make_up),
        )


def store_assisting(session: Session, plan: Plan, ids: StepIds) -> tuple[tuple[int, int, str], ...]:
    """Store the assisting parties that are not stored yet; who was added, as (item position, step position, party's name)."""
    people, units = _ids(session)
    stored: set[tuple[int, str]] = set(
        session.execute(select(AssistingParty.step_id, AssistingParty.party).where(_of(AssistingParty.step_id, ids))).all()
    )
    rows = []
    added = []
    for step in plan.steps:
        step_id = ids[step.item_position, step.position]
        for party in step.assisting:
            if (step_id, party.name) not in stored:
                stored.add((step_id, party.name))
                rows.append((step_id, party.name, units[party.unit], people[party.person]))
                added.append((step.item_position, step.position, party.name))
    insert_rows(session, AssistingParty, ("step_id", "party", "unit_id", "person_id"), rows)
    return tuple(added)


def store_questions(session: Session, list_id: int, questions: Sequence[Note]) -> None:
    """Store what the officer is asked about a list, in place of what was asked before."""
    session.execute(delete(ListQuestion).where(ListQuestion.list_id == list_id))
    if questions:
        session.execute(
            insert(ListQuestion),
            [
                {"list_id": list_id, "position": n, "address": note.address[:200], "text_zh": note.text.zh, "text_en": note.text.en}
                for n, note in enumerate(questions, start=1)
            ],
        )
