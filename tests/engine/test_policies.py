"""Which policy holds for which list on which day, and which exceptions name what is not there."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.policies import adopt, astray, lists_named, policy_book, terms_of
from models import Assignment, AssignmentState, ResponsibilityList, StoredPolicy
from office.policy import Policy, default_policy, read_policy
from office.text import Refused
from tests import factories
from tests.factories import NOW

FIRST, MAY, JUNE = date(2026, 1, 5), date(2026, 5, 6), date(2026, 6, 1)


def policy(text: str) -> Policy:
    return read_policy(text, place="policy.toml")


STRICT = policy("[overdue]\nprincipal = 4")
STRICTER = policy("[overdue]\nprincipal = 3")


def adopted(session: Session, issued: ResponsibilityList, given: Policy, from_on: date, by: str = "计划员") -> int:
    return adopt(session, [issued.id], given, from_on=from_on, by=by, now=NOW)


def test_a_list_keeps_its_policy_until_another_one_holds_for_it(session: Session) -> None:
    issued, other = factories.responsibility_list(session), factories.responsibility_list(session)
    assert adopted(session, issued, default_policy(), FIRST) == 1
    assert adopted(session, issued, STRICT, MAY) == 1
    before, after = (policy_book(session, day) for day in (MAY - timedelta(days=1), MAY))
    assert (before.of(issued.id), after.of(issued.id)) == (default_policy(), STRICT)
    assert after.of(other.id) == default_policy()
    assert after.rules(issued.id, "1", "Sheet1!B2").overdue.principal == 4


def test_the_same_policy_again_changes_nothing(session: Session) -> None:
    issued = factories.responsibility_list(session)
    adopted(session, issued, STRICT, FIRST)
    assert adopted(session, issued, policy(f"# 写法不同\n{STRICT.written}"), MAY) == 0
    assert len(terms_of(session, issued.id)) == 1


def test_a_second_policy_for_a_day_takes_the_place_of_the_first_with_who_decided(session: Session) -> None:
    issued = factories.responsibility_list(session)
    adopted(session, issued, STRICT, MAY, by="甲")
    assert adopted(session, issued, STRICTER, MAY, by="乙") == 1
    ((from_on, held, at, by),) = terms_of(session, issued.id)
    assert (from_on, held, at, by) == (MAY, STRICTER, NOW, "乙")


def test_lists_share_one_stored_policy_in_full(session: Session) -> None:
    ids = [factories.responsibility_list(session).id for _ in range(3)]
    assert adopt(session, ids, STRICT, from_on=FIRST, by="计划员", now=NOW) == 3
    assert session.scalar(select(func.count()).select_from(StoredPolicy)) == 1
    assert session.scalars(select(StoredPolicy.text)).one() == STRICT.text != STRICT.written


def test_what_is_open_of_the_lists_is_looked_at_anew(sqlite_session: Session) -> None:
    item = factories.item(sqlite_session)
    step = factories.step(sqlite_session, item_id=item.id)
    states = (AssignmentState.SENT, AssignmentState.CLOSED)
    rows = [factories.assignment(sqlite_session, step_id=step.id, state=state, follow_up_on=JUNE) for state in states]
    elsewhere = factories.assignment(sqlite_session, follow_up_on=JUNE)
    adopt(sqlite_session, [item.list_id], STRICT, from_on=MAY, by="计划员", now=NOW)
    sqlite_session.expire_all()
    looked_at = [sqlite_session.get_one(Assignment, row.id).follow_up_on for row in (*rows, elsewhere)]
    assert looked_at == [NOW.date(), JUNE, JUNE]


def test_lists_are_named_by_their_titles_or_all_of_a_year(sqlite_session: Session) -> None:
    first, second = (factories.responsibility_list(sqlite_session, title=title) for title in ("甲清单", "乙清单"))
    factories.responsibility_list(sqlite_session, title="丙清单", year=2025)
    assert lists_named(sqlite_session, [], year=2026) == {first.id: "甲清单", second.id: "乙清单"}
    assert lists_named(sqlite_session, [" 《乙清单》"], year=2026) == {second.id: "乙清单"}
    with pytest.raises(Refused, match=r"^2026年度没有《丙清单》；有：《甲清单》、《乙清单》$"):
        lists_named(sqlite_session, ["甲清单", "丙清单"], year=2026)
    with pytest.raises(Refused, match=r"^2024年度还没有下发清单$"):
        lists_named(sqlite_session, [], year=2024)


def urgent(*exceptions: tuple[str, str]) -> Policy:
    """These lists and items are urgent."""
    return policy("\n".join(f'[[exceptions]]\nlist = "{title}"\nitem = "{item}"\nurgent = true' for title, item in exceptions))


def test_an_exception_that_names_what_is_not_there_is_pointed_at(sqlite_session: Session) -> None:
    issued = factories.responsibility_list(sqlite_session, title="甲清单")
    for row, number in enumerate(("1", "（2）", "2."), start=3):
        factories.item(sqlite_session, list_id=issued.id, number=number, address=f"班子!B{row}", content="开展主题党日")
    items = ("", "1", "2", "3", "班子!B3", "班子!B9")
    given = urgent(*(("甲清单", item) for item in items), ("乙清单", "1"))
    assert [text.zh for text in astray(sqlite_session, given)] == [
        "《甲清单》第1项另有写明位置的例外，这一条不起作用",
        "《甲清单》有2项的序号是2，例外对它们都起作用；只用于一项时，item 改写它的位置：班子!B4（开展主题党日）、班子!B5（开展主题党日）",
        "《甲清单》没有第3项，例外不起作用",
        "《甲清单》没有班子!B9处的事项，例外不起作用",
        "没有下发过《乙清单》，例外不起作用",
    ]


def test_an_exception_by_address_leaves_nothing_to_ask(sqlite_session: Session) -> None:
    issued = factories.responsibility_list(sqlite_session, title="甲清单")
    for row in (3, 4):
        factories.item(sqlite_session, list_id=issued.id, number="2", address=f"班子!B{row}")
    assert astray(sqlite_session, urgent(("甲清单", "班子！B4"))) == ()
    assert astray(sqlite_session, urgent(("甲清单", "2"), ("甲清单", "班子!B4"))) == ()  # the other one alone is left to the number


def test_lists_of_two_years_with_one_title_are_not_one_list(sqlite_session: Session) -> None:
    for year in (2025, 2026):
        issued = factories.responsibility_list(sqlite_session, title="甲清单", year=year)
        factories.item(sqlite_session, list_id=issued.id, number="2")
    assert astray(sqlite_session, urgent(("甲清单", "2"))) == ()


def test_a_policy_that_has_begun_is_not_replaced_on_its_day(session: Session) -> None:
    listed = factories.responsibility_list(session, title="年度清单")
    other = read_policy("[overdue]\nprincipal = 9\n", place="policy.toml")
    adopt(session, [listed.id], default_policy(), from_on=FIRST, by="officer", now=NOW)
    with pytest.raises(Refused, match="《年度清单》2026-01-05起已用一份规则，当天不能再换，最早从第二天起用"):
        adopt(session, [listed.id], other, from_on=FIRST, by="officer", now=NOW)
    assert adopt(session, [listed.id], other, from_on=date(2026, 1, 6), by="officer", now=NOW) == 1
    assert adopt(session, [listed.id], default_policy(), from_on=date(2026, 1, 6), by="officer", now=NOW) == 1
