"""撤销事项: items of an issued list are no longer owed; their open assignments are withdrawn and everybody concerned is told.

In: the list and the numbers of the items, as the list writes them. Out: how much was withdrawn. What is closed stays closed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.moves import Action, move
from engine.telling import informed_of, tell_decided
from models import Assignment, Item, ResponsibilityList, Step
from notifications.decided import Outcome
from notifications.sender import Sender
from office.text import Refused, Text, plain, tidy_number

SHOWN = 8  # places or titles in one sentence; characters of an item beside its place


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What one call of `withdraw_items` did: nothing but naming the items where they were withdrawn before."""

    title: str
    items: int
    assignments: int
    messages: int  # queued, one a person
    without_address: tuple[str, ...]  # people who cannot be told

    @property
    def said(self) -> Text:
        """One sentence for whoever withdrew them."""
        missed = "、".join(self.without_address)
        but = Text(f"；{missed}没有邮箱，未能通知", f"; {missed} cannot be told, having no mail address") if missed else Text("", "")
        return Text(
            f"已撤销《{self.title}》{self.items}项事项，未办结的任务{self.assignments}个不再办理，通知{self.messages}人{but.zh}。",
            f"{self.items} items of “{self.title}” are withdrawn with {self.assignments} open assignments; "
            f"{self.messages} people are told{but.en}.",
        )


def withdraw_items(
    session: Session, *, year: int, title: str, numbers: Collection[str], reason: str, by: str, sender: Sender, now: datetime
) -> Withdrawn:
    """Withdraw all open assignments of these items; one message a person, with all that they carry, assist in or lead.

    `title` may be empty where the year has one list. Where several items bear one number, their place in the file (`Sheet1!B7`)
    tells them apart. Refuses no reason, no numbers, an unknown list, unknown numbers and those that several items bear.
    """
    words = plain(reason)
    if not words:
        raise Refused(Text("撤销要写明原因", "To withdraw items takes a reason"))
    issued = _list(session, year, title)
    items = _items(session, issued.id, numbers)
    session.execute(
        update(Item)
        .where(Item.id.in_(items), Item.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    ids = session.scalars(select(Assignment.id).join(Step, Step.id == Assignment.step_id).where(Step.item_id.in_(items))).all()
    moved = move(session, ids, Action.WITHDRAW, reason=words, by=by, now=now)
    informed = informed_of(session, moved)
    told = tell_decided(session, moved, Outcome.WITHDRAWN, by=by, comment=words, informed=informed, sender=sender, now=now)
    return Withdrawn(issued.title, len(items), len(moved), told.messages, told.without_address)


def _list(session: Session, year: int, title: str) -> ResponsibilityList:
    lists = session.scalars(select(ResponsibilityList).where(ResponsibilityList.year == year).order_by(ResponsibilityList.id)).all()
    wanted = " ".join(title.split()).strip("《》")
    if not lists:
        raise Refused(Text(f"{year}年度还没有下发清单", f"No list of {year} has been issued"))
    named = [issued for issued in lists if issued.title == wanted] if wanted else list(lists)
    if len(named) == 1:
        return named[0]
    titles = "、".join(f"《{issued.title}》" for issued in lists[:SHOWN])
    if wanted:
        raise Refused(Text(f"{year}年度没有《{wanted}》；有：{titles}", f"{year} has no list “{wanted}”; it has: {titles}"))
    raise Refused(Text(f"{year}年度有多份清单，请写明是哪一份：{titles}", f"{year} has several lists; say which: {titles}"))


def _items(session: Session, list_id: int, numbers: Collection[str]) -> list[int]:
    """Ids of the items that are meant."""
    by_name: dict[str, list[tuple[int, str]]] = {}
    for item_id, number, address, content in session.execute(
        select(Item.id, Item.number, Item.address, Item.content).where(Item.list_id == list_id).order_by(Item.position)
    ):
        for name in {tidy_number(number), tidy_number(address)} - {""}:
            by_name.setdefault(name, []).append((item_id, f"{address}（{content[:SHOWN]}）"))
    found: dict[int, None] = {}
    for written in numbers:
        meant = by_name.get(tidy_number(written), [])
        if len(meant) > 1:
            places = "、".join(place for _, place in meant[:SHOWN])
            raise Refused(
                Text(
                    f"编号“{written}”有{len(meant)}项，请改写所在位置：{places}",
                    f"{len(meant)} items bear the number {written}; name the place instead: {places}",
                )
            )
        if not meant:
            raise Refused(Text(f"清单里没有编号为“{written}”的事项", f"The list has no item {written}"))
        found[meant[0][0]] = None
    if not found:
        raise Refused(Text("请写明要撤销哪几项", "Say which items to withdraw"))
    return list(found)
