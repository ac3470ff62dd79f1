"""How a list differs from the one that was issued under the same title."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storing import roles
from intake.values import Item
from models import Item as ItemRow
from models import Step, StepParty
from models.lists import PartyRole

_Step = tuple[str, str | None, tuple[tuple[PartyRole, str], ...]]  # text, phrase, parties
_Said = tuple[str, str, str, float | None, tuple[_Step, ...]]  # content, standard, remarks, points, steps


@dataclass(frozen=True, slots=True)
class Difference:
    """Counts of items: with a content that was not there, whose content is gone, and with the same content otherwise changed."""

    added: int
    removed: int
    changed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(session: Session, list_id: int, items: Iterable[Item]) -> Difference:
    """What `items` add to, remove from and change in an issued list."""
    then = Counter(_stored(session, list_id))
    now = Counter(_said(item) for item in items)
    contents_then = Counter(content for content, *_ in then.elements())
    contents_now = Counter(content for content, *_ in now.elements())
    added = (contents_now - contents_then).total()
    return Difference(added, (contents_then - contents_now).total(), (now - then).total() - added)


def not_in(session: Session, list_ids: Iterable[int], items: Iterable[Item]) -> tuple[Item, ...]:
    """Those of the items that none of these issued lists has, in the same words, with the same parties and deadline."""
    known = {said for list_id in list_ids for said in _stored(session, list_id)}
    return tuple(item for item in items if _said(item) not in known)


def _said(item: Item) -> _Said:
    steps = tuple(
        (
            step.text,
            step.deadline.phrase,
            tuple(sorted((role, name[:200]) for role, names in roles(step.parties or item.parties) for name in names)),
        )
        for step in item.steps
    )
    return item.content, item.standard, item.remarks, item.points, steps


def _stored(session: Session, list_id: int) -> list[_Said]:
    names: dict[int, list[tuple[PartyRole, str]]] = {}
    for step_id, role, name in session.execute(
        select(StepParty.step_id, StepParty.role, StepParty.name)
        .join(Step, Step.id == StepParty.step_id)
        .join(ItemRow, ItemRow.id == Step.item_id)
        .where(ItemRow.list_id == list_id)
    ):
        names.setdefault(step_id, []).append((role, name))
    steps: dict[int, list[_Step]] = {}
    for step in session.scalars(
        select(Step).join(ItemRow, ItemRow.id == Step.item_id).where(ItemRow.list_id == list_id).order_by(Step.item_id, Step.position)
    ):
        steps.setdefault(step.item_id, []).append((step.text, step.phrase, tuple(sorted(names.get(step.id, ())))))
    items = session.scalars(select(ItemRow).where(ItemRow.list_id == list_id))
    return [(item.content, item.standard, item.remarks, item.points, tuple(steps.get(item.id, ()))) for item in items]
