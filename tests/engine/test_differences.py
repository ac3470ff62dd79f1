from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.differences import Difference, difference
from engine.storing import store_items
from intake.values import Item, Parties
from tests import factories
from tests.factories import item_value, step_value


def differs(session: Session, then: tuple[Item, ...], now: tuple[Item, ...]) -> Difference:
    list_id = factories.responsibility_list(session).id
    store_items(session, list_id, then)
    return difference(session, list_id, now)


def test_the_same_items_in_another_order_do_not_differ(session: Session) -> None:
    one, other = item_value(content="甲"), item_value(content="乙", steps=(step_value(), step_value(text="第二步")))
    found = differs(session, (one, other), (other, one))
    assert (found, bool(found)) == (Difference(0, 0, 0), False)


def test_items_are_told_apart_by_their_content_and_one_of_two_alike_may_go(sqlite_session: Session) -> None:
    alike = item_value(content="甲")
    assert differs(sqlite_session, (alike, alike), (alike, item_value(content="乙"))) == Difference(added=1, removed=1, changed=0)


@pytest.mark.parametrize(
    "change",
    [
        {"standard": "更严"},
        {"remarks": "另注"},
        {"points": 3.0},
        {"parties": Parties(lead=("办公室",))},
        {"steps": (step_value(text="另一步"),)},
        {"steps": (step_value(), step_value())},
    ],
    ids=["standard", "remarks", "points", "parties", "text of a step", "one step more"],
)
def test_the_same_content_with_another_side_is_a_change(sqlite_session: Session, change: dict[str, Any]) -> None:
    assert differs(sqlite_session, (item_value(),), (item_value(**change),)) == Difference(added=0, removed=0, changed=1)
