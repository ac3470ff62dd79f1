"""Assignments as mails show them: one duty a step and party, its periods are its dates.

In: ids of stored assignments. Out: rows with what their step and item say, and `Duty` values made of them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.history import IDS_A_QUERY
from engine.notices import target_words
from intake.values import Target
from models import Assignment, AssignmentState, AssistingParty, Item, Person, ResponsibilityList, Step
from notifications.issued import Duty
from office.text import Language

PAST_SHOWN = 3  # dates of one duty whose past is told


class OwedRow(NamedTuple):
    """One assignment with its carrier, and with what its list, item and step say."""

    id: int
    natural_key: str
    version: int
    state: AssignmentState
    step_id: int
    party: str
    period: str
    due_on: date
    make_up: bool
    person_id: int | None
    person: str | None
    address: str | None
    leader: str | None
    year: int
    content: str
    standard: str
    text: str
    phrase: str | None
    standing: bool
    target_amount: float | None
    target_unit: str | None
    target_per: str | None


def owed_rows(session: Session, ids: Sequence[int]) -> list[OwedRow]:
    """The rows of these assignments, those of one step and party side by side, by their dates."""
    carrier, leader = aliased(Person), aliased(Person)
    rows = []
    for start in range(0, len(ids), IDS_A_QUERY):
        found = session.execute(
            select(
                *(Assignment.id, Assignment.natural_key, Assignment.version, Assignment.state, Assignment.step_id),
                *(
                    Assignment.party,
                    Assignment.period,
                    Assignment.due_on,
                    Assignment.make_up,
                    Assignment.person_id,
                    carrier.name,
                    carrier.email,
                    leader.name,
                ),
                *(ResponsibilityList.year, Item.content, Item.standard, Step.text, Step.phrase, Step.standing),
                *(Step.target_amount, Step.target_unit, Step.target_per),
            )
            .join(Step, Step.id == Assignment.step_id)
            .join(Item, Item.id == Step.item_id)
            .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
            .outerjoin(carrier, carrier.id == Assignment.person_id)
            .outerjoin(leader, leader.id == Assignment.leader_id)
            .where(Assignment.id.in_(ids[start : start + IDS_A_QUERY]))
        )
        rows += [OwedRow._make(row) for row in found]
    return sorted(rows, key=lambda row: (row.step_id, row.party, row.due_on))


def duties_of(
    session: Session,
    rows: Sequence[OwedRow],
    *,
    language: Language,
    contacts: Mapping[str, str] | None = None,
    overdue_before: date | None = None,
    past: Mapping[int, Sequence[str]] | None = None,
) -> tuple[Duty, ...]:
    """One duty a step and party, of rows as `owed_rows` orders them.

    `contacts` are the contact leaders by branch. What was due before `overdue_before` and is not
    reported is overdue, or to be made up where it was due before the issue.
    `past`: by assignment, what was done about it so far.
    """
    assisting = assisting_parties(session, {row.step_id for row in rows})
    duties = []
    for (step_id, party), group in groupby(rows, key=lambda row: (row.step_id, row.party)):
        same = list(group)
        first = same[0]
        target = None
        if first.target_amount is not None:
            target = Target(first.target_amount, first.target_unit or "", "year" if first.target_per == "year" else "period")
        contact = (contacts or {}).get(party, "")
        duties.append(
            Duty(
                content=first.content,
                text=first.text,
                due=tuple(("" if len(same) == 1 else row.period, row.due_on) for row in same),
                phrase=first.phrase or "",
                standing=first.standing,
                make_up=any(row.make_up and _is_owed(row) for row in same),
                overdue=overdue_before is not None
                and any(row.due_on < overdue_before and not row.make_up and _is_owed(row) for row in same),
                standard=first.standard,
                target=target_words(target, language),
                party=party,
                leader=first.leader or "",
                assisting=tuple(assisting.get(step_id, ())),
                key=first.natural_key,
                contact=contact if contact != first.leader else "",
                past=_past_lines(same, past or {}, language),
            )
        )
    return tuple(duties)


def _past_lines(rows: Sequence[OwedRow], past: Mapping[int, Sequence[str]], language: Language) -> tuple[str, ...]:
    """A line an assignment; of many only the last ones about which something was done, with their periods."""
    zh = language == "zh"
    told = [(row.period, ("；" if zh else "; ").join(past[row.id])) for row in rows if past.get(row.id)][-PAST_SHOWN:]
    if len(rows) == 1:
        return tuple(words for _, words in told)
    return tuple(f"{period}：{words}" if zh else f"{period}: {words}" for period, words in told)


def _is_owed(row: OwedRow) -> bool:
    return row.state is not AssignmentState.REPORTED


def assisting_parties(session: Session, step_ids: set[int]) -> dict[int, list[str]]:
    """The names of 配合单位 by step, in the order of the list; steps without any are missing."""
    names: dict[int, list[str]] = {}
    ids = sorted(step_ids)
    for start in range(0, len(ids), IDS_A_QUERY):
        query = select(AssistingParty.step_id, AssistingParty.party).where(AssistingParty.step_id.in_(ids[start : start + IDS_A_QUERY]))
        for step_id, party in session.execute(query.order_by(AssistingParty.id)):
            names.setdefault(step_id, []).append(party)
    return names
