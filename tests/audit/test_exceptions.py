"""An exception of the policy is for the item that it names."""

from sqlalchemy.orm import Session

from audit.faults import FaultKind
from models import Item, Step
from tests import factories
from tests.audit.office import office


def test_of_items_with_one_number_an_exception_is_for_the_one_at_its_address(sqlite_session: Session) -> None:
    found = office(sqlite_session)
    items = {name: sqlite_session.get_one(Item, sqlite_session.get_one(Step, row.step_id).item_id) for name, row in found.duties.items()}
    for item in items.values():
        found.change(item, number="1")
    text = f'[[exceptions]]\nlist = "年度清单"\nitem = "{items["陈二"].address}"\nreview = {{ after = [1] }}'
    factories.policy_term(sqlite_session, list_id=found.list_id, from_on=factories.NOW.date(), text=text)
    (fault,) = found.audited().faults
    assert (fault.kind, fault.assignment_id) == (FaultKind.EXTRA, found.duties["陈二"].id)
