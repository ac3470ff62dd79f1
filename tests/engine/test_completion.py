from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.completion import (
    COMPLETION_WORDS,
    LIGHT_MEANINGS,
    LIGHT_SIGNS,
    LIGHT_WORDS,
    LIGHTS,
    Completion,
    Light,
    clock_due_on,
    completion,
    light_of,
    turns_on,
)
from models import AssignmentState

SENT, ACKNOWLEDGED, REPORTED = AssignmentState.SENT, AssignmentState.ACKNOWLEDGED, AssignmentState.REPORTED
RETURNED, CLOSED, WITHDRAWN = AssignmentState.RETURNED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN
DUE = date(2026, 6, 30)  # a Tuesday; the seventh working day before it is Thursday the 18th: the 19th to 21st are 端午
WARNS = date(2026, 6, 18)


@pytest.mark.parametrize(
    ("state", "today", "stands"),
    [
        (SENT, date(2026, 6, 17), Completion.SENT),
        (SENT, WARNS, Completion.DUE_SOON),
        (SENT, DUE, Completion.DUE_SOON),
        (SENT, date(2026, 7, 1), Completion.OVERDUE),
        (ACKNOWLEDGED, date(2026, 6, 17), Completion.ACKNOWLEDGED),
        (ACKNOWLEDGED, WARNS, Completion.DUE_SOON),
        (ACKNOWLEDGED, date(2026, 7, 1), Completion.OVERDUE),
        (RETURNED, WARNS, Completion.RETURNED),
        (RETURNED, date(2026, 7, 1), Completion.OVERDUE),
        (REPORTED, date(2026, 7, 1), Completion.REPORTED),
        (WITHDRAWN, date(2026, 7, 1), Completion.WITHDRAWN),
    ],
)
def test_the_day_decides_how_an_open_assignment_stands(state: AssignmentState, today: date, stands: Completion) -> None:
    assert completion(state, clock_due_on=DUE, done_on=None, today=today, warning_days=7) is stands


@pytest.mark.parametrize(("done_on", "stands"), [(DUE, Completion.DONE_IN_TIME), (date(2026, 7, 1), Completion.DONE_LATE)])
def test_what_is_closed_is_in_time_by_the_day_it_was_done_and_not_by_today(done_on: date, stands: Completion) -> None:
    assert completion(CLOSED, clock_due_on=DUE, done_on=done_on, today=date(2027, 1, 1), warning_days=7) is stands


def test_an_office_may_warn_on_fewer_days() -> None:
    assert completion(SENT, clock_due_on=DUE, done_on=None, today=date(2026, 6, 26), warning_days=1) is Completion.SENT
    assert completion(SENT, clock_due_on=DUE, done_on=None, today=date(2026, 6, 29), warning_days=1) is Completion.DUE_SOON


def test_where_nothing_warns_nothing_is_due_soon() -> None:
    assert completion(SENT, clock_due_on=DUE, done_on=None, today=DUE, warning_days=0) is Completion.SENT


def test_a_duty_to_be_made_up_has_until_the_day_of_issue() -> None:
    issued_on = date(2026, 3, 2)
    assert clock_due_on(date(2026, 1, 31), make_up=True, issued_on=issued_on) == issued_on
    assert clock_due_on(date(2026, 1, 31), make_up=False, issued_on=issued_on) == date(2026, 1, 31)


@given(
    st.sampled_from(AssignmentState),
    st.dates(date(2026, 1, 1), date(2027, 1, 31)),
    st.integers(-40, 40),
    st.integers(0, 10),
)
def test_it_turns_on_the_first_day_on_which_it_looks_different(state: AssignmentState, clock: date, ahead: int, warning_days: int) -> None:
    def on(day: date) -> Completion:
        return completion(state, clock_due_on=clock, done_on=clock, today=day, warning_days=warning_days)

    today = clock + timedelta(days=ahead)
    turns = turns_on(state, clock_due_on=clock, today=today, warning_days=warning_days)
    days = (today + timedelta(days=n) for n in range(1, 100))
    assert turns == next((day for day in days if on(day) is not on(today)), None)


@pytest.mark.parametrize(
    ("stands", "light"),
    [
        ([], Light.OFF),
        ([Completion.DONE_LATE, Completion.WITHDRAWN], Light.OFF),
        ([Completion.DONE_IN_TIME, Completion.REPORTED], Light.GREEN),
        ([Completion.SENT, Completion.RETURNED, Completion.DONE_LATE], Light.YELLOW),
        ([Completion.DUE_SOON, Completion.OVERDUE, Completion.SENT], Light.RED),
    ],
)
def test_many_have_the_light_of_the_most_urgent(stands: list[Completion], light: Light) -> None:
    assert light_of(stands) is light


def test_every_light_has_a_sign_and_words() -> None:
    assert set(LIGHTS) == set(Completion)
    assert set(LIGHT_SIGNS) == set(LIGHT_WORDS) == set(LIGHT_MEANINGS) == set(Light)


def test_every_completion_has_its_words_in_both_languages() -> None:
    assert set(COMPLETION_WORDS) == set(Completion)
    for read in ("zh", "en"):
        assert len({getattr(words, read) for words in COMPLETION_WORDS.values()}) == len(Completion)
