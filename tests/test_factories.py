import pytest
from sqlalchemy.orm import Session

from engine.directory import Directory, UnitClass
from tests import factories


@pytest.mark.parametrize(
    "make",
    [
        *("unit", "person", "post", "contact_point", "responsibility_list", "item", "step", "assignment", "report", "evidence", "message"),
        *("progress_note", "extension", "assignment_event", "notice", "follow_up_run", "policy_term"),
    ],
)
def test_rows_need_no_arguments(sqlite_session: Session, make: str) -> None:
    first, second = getattr(factories, make)(sqlite_session), getattr(factories, make)(sqlite_session)
    assert first.id != second.id


def test_the_bureau_of_the_factories_has_the_gaps_that_it_promises() -> None:
    roster = factories.roster_value()
    directory = Directory(roster, factories.TODAY)
    assert directory.head_of("信息科") is None
    assert [b for b in directory.of_class(UnitClass.BRANCH) if not directory.contacts_of(b)] == ["望山支部"]
    assert [p.name for p in roster.people if p.email is None] == ["罗一鸣"]
