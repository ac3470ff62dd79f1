"""Which 督办规则 holds for a list: the one that it was issued with, until another one holds for it from a day on.

In: a session and a civil day. Out: the rules of items. A list from before there were policies has the default one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.moves import OPEN
from models import Assignment, Item, PolicyTerm, ResponsibilityList, Step, StoredPolicy
from office.policy import Policy, Rules, default_policy, item_meant, read_policy, title_meant
from office.text import Refused, Text

STORED = "zeren database"  # names what is read back, should it ever be refused
SHOWN = 8  # places of items in one sentence; characters of an item beside its place


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """The policies of all lists on one day, by the lists' ids."""

    policies: Mapping[int, Policy]
    titles: Mapping[int, str]

    def of(self, list_id: int) -> Policy:
        return self.policies.get(list_id) or default_policy()

    def rules(self, list_id: int, number: str, address: str) -> Rules:
        """What holds for an item of a list, by the item's number and address."""
        return self.of(list_id).rules_of(self.titles.get(list_id, ""), number, address)


class Term(NamedTuple):
    """A policy that holds for a list from a civil day on."""

    from_on: date
    policy: Policy
    decided_at: datetime
    decided_by: str


def policy_book(session: Session, on: date) -> PolicyBook:
    """Which policy holds for which list on a civil day."""
    rows = session.execute(
        select(PolicyTerm.list_id, StoredPolicy.text)
        .join(StoredPolicy, StoredPolicy.id == PolicyTerm.policy_id)
        .where(PolicyTerm.from_on <= on)
        .order_by(PolicyTerm.from_on)
    )
    policies = {list_id: read_policy(text, place=STORED) for list_id, text in rows}
    titles = dict(session.execute(select(ResponsibilityList.id, ResponsibilityList.title)).all())
    return PolicyBook(policies, titles)


def adopt(session: Session, list_ids: Collection[int], policy: Policy, *, from_on: date, by: str, now: datetime) -> int:
    """Let a policy hold for these lists from a civil day on; for how many it did not hold on that day yet.

    A second policy for the same list and day takes the place of the first, until that day has come: then what was said by the first
    stays what it was said by, and another one is refused. What is open of these lists is looked at anew.
    """
    book = policy_book(session, from_on)
    changed = sorted(list_id for list_id in set(list_ids) if list_id not in book.policies or book.policies[list_id] != policy)
    if not changed:
        return 0
    if from_on <= now.date():
        _refuse_another_one(session, changed, from_on)
    policy_id = _stored(session, policy, now)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(PolicyTerm)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["list_id", "from_on"],
            set_={name: statement.excluded[name] for name in ("policy_id", "decided_at", "decided_by")},
        ),
        [{"list_id": list_id, "policy_id": policy_id, "from_on": from_on, "decided_at": now, "decided_by": by} for list_id in changed],
    )
    steps = select(Step.id).join(Item, Item.id == Step.item_id).where(Item.list_id.in_(changed))
    session.execute(
        update(Assignment)
        .where(Assignment.step_id.in_(steps), Assignment.state.in_(OPEN))
        .values(follow_up_on=now.date())
        .execution_options(synchronize_session=False)
    )
    return len(changed)


def _refuse_another_one(session: Session, list_ids: Collection[int], from_on: date) -> None:
    query = select(ResponsibilityList.title).join(PolicyTerm, PolicyTerm.list_id == ResponsibilityList.id)
    title = session.scalar(query.where(PolicyTerm.list_id.in_(list_ids), PolicyTerm.from_on == from_on).limit(1))
    if title is not None:
        raise Refused(
            Text(
                f"《{title}》{from_on}起已用一份规则，当天不能再换，最早从第二天起用",
                f"A policy holds for “{title}” from {from_on} on; another one can hold from the next day on",
            )
        )


def lists_named(session: Session, titles: Collection[str], *, year: int) -> dict[int, str]:
    """Lists of a year by their ids; all of them where no title is given. Refuses a title that none has, and a year without lists."""
    rows = session.execute(
        select(ResponsibilityList.id, ResponsibilityList.title).where(ResponsibilityList.year == year).order_by(ResponsibilityList.id)
    )
    known = {title: list_id for list_id, title in rows}
    if not known:
        raise Refused(Text(f"{year}年度还没有下发清单", f"No list of {year} has been issued"))
    wanted = {title_meant(title) for title in titles}
    for title in wanted - known.keys():
        there = "、".join(f"《{each}》" for each in known)
        raise Refused(Text(f"{year}年度没有《{title}》；有：{there}", f"{year} has no list “{title}”; it has: {there}"))
    return {list_id: title for title, list_id in known.items() if not wanted or title in wanted}


def terms_of(session: Session, list_id: int) -> tuple[Term, ...]:
    """The policies that held and will hold for a list, in their order. Empty for a list from before there were policies."""
    rows = session.execute(
        select(PolicyTerm.from_on, StoredPolicy.text, PolicyTerm.decided_at, PolicyTerm.decided_by)
        .join(StoredPolicy, StoredPolicy.id == PolicyTerm.policy_id)
        .where(PolicyTerm.list_id == list_id)
        .order_by(PolicyTerm.from_on)
    )
    return tuple(Term(from_on, read_policy(text, place=STORED), at, by) for from_on, text, at, by in rows)


def astray(session: Session, policy: Policy) -> tuple[Text, ...]:
    """A sentence for each exception whose list or item is not there, or whose number several items of a list bear."""
    said = []
    for each in policy.exceptions:
        title, where = each.list_title, each.where
        items = session.execute(
            select(Item.list_id, Item.number, Item.address, Item.content)
            .join(ResponsibilityList, ResponsibilityList.id == Item.list_id)
            .where(ResponsibilityList.title == title)
            .order_by(Item.list_id, Item.position)
        ).all()
        if not items:
            said.append(Text(f"没有下发过《{title}》，例外不起作用", f"No list “{title}” was issued: its exception has no effect"))
        if not items or not each.item:
            continue
        found = [item for item in items if each.item in (item_meant(item.address), item_meant(item.number))]
        others = {other.item for other in policy.exceptions if other.list_title == title} - {each.item}
        meant: dict[int, list[str]] = defaultdict(list)  # by list: those of several years may bear one title
        for item in found:
            if item_meant(item.address) not in others:
                meant[item.list_id].append(f"{item.address}（{item.content[:SHOWN]}）")
        several = max(meant.values(), key=len, default=[])
        if not found:
            said.append(Text(f"《{title}》没有{where.zh}，例外不起作用", f"“{title}” has no {where.en}: its exception has no effect"))
        elif not several:
            said.append(
                Text(
                    f"《{title}》{where.zh}另有写明位置的例外，这一条不起作用",
                    f"“{title}” has exceptions by address wherever there is {where.en}: the one by number has no effect",
                )
            )
        elif len(several) > 1:
            said.append(_several(title, each.item, several))
    return tuple(said)


def _several(title: str, item: str, places: Sequence[str]) -> Text:
    more = ("等", " …") if len(places) > SHOWN else ("", "")
    shown = "、".join(places[:SHOWN])
    return Text(
        f"《{title}》有{len(places)}项的序号是{item}，例外对它们都起作用；只用于一项时，item 改写它的位置：{shown}{more[0]}",
        f"“{title}” has {len(places)} items {item}: the exception is for all; for one of them write its address as item: {shown}{more[1]}",
    )


def _stored(session: Session, policy: Policy, now: datetime) -> int:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(StoredPolicy)
        .values(digest=policy.digest, text=policy.text, stored_at=now)
        .on_conflict_do_nothing(index_elements=["digest"])
    )
    return session.scalars(select(StoredPolicy.id).where(StoredPolicy.digest == policy.digest)).one()
