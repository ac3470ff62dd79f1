from dataclasses import replace
from datetime import date

from engine.terms import Terms
from intake.values import Roster
from tests.factories import TODAY, roster_value


def roster() -> Roster:
    whole = roster_value()
    posts = (replace(post, ends_on=date(2026, 6, 30)) if post.title == "科长" else post for post in whole.posts)
    return replace(whole, posts=tuple(posts))


def test_the_way_up_is_made_once_between_two_changes() -> None:
    terms = Terms(roster(), from_on=TODAY)
    assert terms.changes == (date(2026, 7, 1),)
    assert terms.chain(TODAY) is terms.chain(date(2026, 6, 30))
    assert terms.chain(date(2026, 6, 30)) is not terms.chain(date(2026, 7, 1))


def test_who_holds_a_post_is_who_holds_it_on_the_day() -> None:
    terms = Terms(roster(), from_on=TODAY)
    assert terms.chain(date(2026, 6, 30)).directory.head_of("造林科") == "孟松年"
    assert terms.chain(date(2026, 12, 1)).directory.head_of("造林科") is None


def test_terms_that_changed_before_the_first_day_are_no_changes() -> None:
    assert Terms(roster(), from_on=date(2026, 7, 1)).changes == ()
