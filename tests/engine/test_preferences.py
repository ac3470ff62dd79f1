"""What people do without, within what the policy allows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine.preferences import Preferred, may_skip, prefer, preference_of, preferences_of, stop_informing
from models import Preference
from office.policy import Policy, default_policy, read_policy
from office.text import Refused
from tests import factories
from tests.factories import NOW


def choose(session: Session, person_id: int, *skipped: int, afternoon: bool = False, informed: bool = True) -> Preferred:
    return prefer(
        session,
        person_id,
        skipped_warnings=skipped,
        in_the_afternoon=afternoon,
        informed=informed,
        allowed=may_skip(default_policy()),
        now=NOW,
    )


def policy(text: str) -> Policy:
    return read_policy(text, place="policy.toml")


def test_who_chose_nothing_gets_everything_in_the_morning(session: Session) -> None:
    person = factories.person(session).id
    assert preference_of(session, person) == Preferred(skipped_warnings=(), in_the_afternoon=False, informed=True)
    assert preferences_of(session, []) == {}


def test_what_was_chosen_last_holds(session: Session) -> None:
    one, other = factories.person(session).id, factories.person(session).id
    choose(session, one, 3, 7, 3, afternoon=True)
    choose(session, other, informed=False)
    choose(session, one, 7)
    assert preferences_of(session, [one, other]) == {one: Preferred((7,)), other: Preferred(informed=False)}


def test_the_last_warning_cannot_be_switched_off(session: Session) -> None:
    person = factories.person(session).id
    choose(session, person, 7)
    with pytest.raises(Refused, match="到期前1个工作日的提醒不能关"):
        choose(session, person, 7, 3, 1)
    assert preference_of(session, person) == Preferred((7,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (7, 3)),
        ("[mail]\nmay_skip_warnings = []", ()),
        ("[warning]\nbefore = [10, 3]\n[mail]\nmay_skip_warnings = [10, 7, 3]", (10,)),
        ("[warning]\nbefore = []", ()),
    ],
)
def test_a_policy_lets_people_skip_the_warnings_that_it_has_but_never_the_last(text: str, expected: tuple[int, ...]) -> None:
    assert may_skip(policy(text)) == expected


def test_a_choice_counts_only_while_the_policy_allows_it() -> None:
    preferred, usual, stricter = Preferred((7,)), default_policy(), policy("[mail]\nmay_skip_warnings = [3]")
    assert preferred.skips(7, usual, usual.rules)
    assert not preferred.skips(3, usual, usual.rules)
    assert not preferred.skips(7, stricter, stricter.rules)


def test_where_an_item_has_one_warning_only_nobody_does_without_it() -> None:
    differing = policy('[[exceptions]]\nlist = "主体责任清单"\nwarning = { before = [7] }')
    assert not Preferred((7,)).skips(7, differing, differing.rules_of("主体责任清单", "3"))
    assert Preferred((7,)).skips(7, differing, differing.rules_of("其他清单", "3"))


def test_ending_the_weekly_digests_leaves_the_rest_as_it_was(session: Session) -> None:
    chose, did_not = factories.person(session).id, factories.person(session).id
    before = choose(session, chose, 7, afternoon=True)
    later = NOW + timedelta(days=1)
    for _twice in range(2):
        stop_informing(session, chose, now=later)
        stop_informing(session, did_not, now=later)
    assert preference_of(session, chose) == replace(before, informed=False)
    assert preference_of(session, did_not) == Preferred(informed=False)
    session.expire_all()
    assert session.get_one(Preference, chose).changed_at == later
