"""Which 督办规则 holds for a list: the one that it was issued with, until another one holds for it from a day on.

In: a session and a civil day. Out: the rules of items. A list from before there were policies has the default one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.moves import OPEN
from models import Assignment, Item, PolicyTerm, ResponsibilityList, Step, StoredPolicy
from office.policy import Policy, Rules, default_policy, read_policy
from office.text import Refused, Text

STORED = "zeren database"  # names what is read back, should it ever be refused


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """The policies of all lists on one day, by the lists' ids."""

    policies: Mapping[int, Policy]
    titles: Mapping[int, str]

    def of(self, list_id: int) -> Policy:
        return self.policies.get(list_id) or default_policy()

    def rules(self, list_id: int, item: str) -> Rules:
        """What holds for an item of a list, by the item's number."""
        return self.of(list_id).rules_of(self.titles.get(list_id, ""), item)


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

    A second policy for the same list and day takes the place of the first. What is open of these lists is looked at anew.
    """
    book = policy_book(session, from_on)
    changed = sorted(list_id for list_id in set(list_ids) if list_id not in book.policies or book.policies[list_id] != policy)
    if not changed:
        return 0
    policy_id = _stored(session, policy, now)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(PolicyTerm)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["list_id", "from_on"],
            set_={"policy_id": statement.excluded.policy_id, "decided_at": statement.excluded.decided_at},
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


def lists_named(session: Session, titles: Collection[str], *, year: int) -> dict[int, str]:
    """Lists of a year by their ids; all of them where no title is given. Refuses a title that none has."""
    rows = session.execute(select(ResponsibilityList.id, ResponsibilityList.title).where(ResponsibilityList.year == year)).all()
    known = {title: list_id for list_id, title in rows}
    for title in titles:
        if title not in known:
            raise Refused(Text(f"{year}年没有《{title}》", f"{year} has no list “{title}”"))
    return {list_id: title for title, list_id in known.items() if not titles or title in titles}


def _stored(session: Session, policy: Policy, now: datetime) -> int:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(StoredPolicy)
        .values(digest=policy.digest, text=policy.text, stored_at=now)
        .on_conflict_do_nothing(index_elements=["digest"])
    )
    return session.scalars(select(StoredPolicy.id).where(StoredPolicy.digest == policy.digest)).one()
