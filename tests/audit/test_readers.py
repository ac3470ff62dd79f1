"""Whom notices reached: each plant is one that was told to somebody else than it had to be, and is found; nothing else is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models import NoticeOutcome, Substitution
from tests import factories
from tests.audit.office import CONTACT, LAST, MEMBER, PRINCIPAL, STRANGER, Office, at, office
from tests.audit.test_auditing import found

DAY = timedelta(days=1)
OFFICER = "计划员"


@pytest.fixture
def clean(sqlite_session: Session) -> Office:
    return office(sqlite_session)


def told(office: Office, stage: str, *names: str, whose: str = "林一", clock: str = "completion", copies: tuple[str, ...] = ()) -> None:
    """As if these had been told, and these had had a copy."""
    row = office.row(whose, stage, clock)
    office.uncopied(row)
    for name in (*names, *copies):
        office.copy(row, office.digest(name, row.decided_at))
    if names == (OFFICER,):
        office.change(row, outcome=NoticeOutcome.OFFICER, told="")
    else:
        office.change(row, told="、".join(names))


# What is planted, and what the audit makes of it.


def level_told_to_the_assignee_alone(office: Office) -> None:
    told(office, "level contact_leader", "林一")


def leaders_copy_removed(office: Office) -> None:
    office.uncopied(office.row("林一", "level contact_leader"), CONTACT)


def assignees_copy_removed(office: Office) -> None:
    office.uncopied(office.row("林一", "level contact_leader"), "林一")


def warning_told_to_a_stranger(office: Office) -> None:
    told(office, "warning 3", STRANGER)


def warning_told_to_the_leader(office: Office) -> None:
    told(office, "warning 3", CONTACT)


def warning_told_to_a_stranger_too(office: Office) -> None:
    row = office.row("林一", "warning 3")
    office.copy(row, office.digest(STRANGER, row.decided_at))


def level_told_to_a_stranger_too(office: Office) -> None:
    row = office.row("林一", "level contact_leader")
    office.copy(row, office.digest(STRANGER, row.decided_at))


def officer_told_too(office: Office) -> None:
    row = office.row("林一", "level contact_leader")
    office.copy(row, office.digest(OFFICER, row.decided_at))


def level_told_to_a_stranger(office: Office) -> None:
    told(office, "level principal", STRANGER, copies=("林一",))


def level_told_to_another_leader(office: Office) -> None:
    told(office, "level contact_leader", MEMBER, copies=("林一",))


def principal_passed_over_for_no_reason(office: Office) -> None:
    told(office, "level principal", MEMBER, copies=("林一",))


def two_told_where_one_is(office: Office) -> None:
    told(office, "level contact_leader", CONTACT, PRINCIPAL, copies=("林一",))


def outcome_officer(office: Office) -> None:
    office.change(office.row("林一", "level contact_leader"), outcome=NoticeOutcome.OFFICER)


def officer_told_instead(office: Office) -> None:
    told(office, "level principal", OFFICER, copies=("林一",))


def officer_warned_instead(office: Office) -> None:
    told(office, "warning 3", OFFICER)


def review_told_to_who_carries_it(office: Office) -> None:
    told(office, "review 1", "陈二", whose="陈二", clock="review")


def review_told_to_a_stranger(office: Office) -> None:
    told(office, "review 1", STRANGER, whose="陈二", clock="review")


def told_to_a_name_that_is_nobodys(office: Office) -> None:
    told(office, "warning 3", "无此人")


def in_a_mail_of_another_day(office: Office) -> None:
    row = office.row("林一", "warning 3")
    office.uncopied(row)
    office.copy(row, office.digest("林一", at(date(2026, 1, 29))))


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        (level_told_to_the_assignee_alone, ("wrong", "level contact_leader")),
        (leaders_copy_removed, ("wrong", "level contact_leader")),
        (assignees_copy_removed, ("missing", "level contact_leader")),
        (warning_told_to_a_stranger, ("wrong", "warning 3")),
        (warning_told_to_the_leader, ("wrong", "warning 3")),
        (warning_told_to_a_stranger_too, ("extra", "warning 3")),
        (level_told_to_a_stranger_too, ("extra", "level contact_leader")),
        (officer_told_too, ("extra", "level contact_leader")),
        (level_told_to_a_stranger, ("wrong", "level principal")),
        (level_told_to_another_leader, ("wrong", "level contact_leader")),
        (principal_passed_over_for_no_reason, ("wrong", "level principal")),
        (two_told_where_one_is, ("wrong", "level contact_leader")),
        (outcome_officer, ("wrong", "level contact_leader")),
        (officer_told_instead, ("wrong", "level principal")),
        (officer_warned_instead, ("wrong", "warning 3")),
        (review_told_to_who_carries_it, ("wrong", "review 1")),
        (review_told_to_a_stranger, ("wrong", "review 1")),
        (told_to_a_name_that_is_nobodys, ("wrong", "warning 3")),
        (in_a_mail_of_another_day, ("wrong", "warning 3")),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_who_should_not_have_been_told_is_found(clean: Office, plant: Callable[[Office], None], fault: tuple[str, str]) -> None:
    plant(clean)
    assert found(clean) == [fault]


def test_a_fault_names_who_was_told_and_who_had_to_be(clean: Office) -> None:
    level_told_to_another_leader(clean)
    (fault,) = clean.audited().faults
    assert fault.words.zh == "“逾期告知联系领导”告知了郑临川，应告知吴望舒"
    assert fault.words.en == "“overdue: contact leader” was told to 郑临川, not to 吴望舒"


# What a day's facts allow


def stands_in(office: Office, who: str, substitute: str, day: date, entered_at: datetime, **fields: object) -> None:
    ids = {"person_id": office.people[who].id, "substitute_id": office.people[substitute].id}
    defaults = {"starts_on": day, "ends_on": day, "reason": "", "entered_at": entered_at, "entered_by": who}
    office.session.add(Substitution(**(ids | defaults | fields)))
    office.session.flush()


def test_who_stands_in_is_told_and_not_who_is_on_leave(clean: Office) -> None:
    day = date(2026, 1, 27)
    told(clean, "warning 3", STRANGER)
    stands_in(clean, "林一", STRANGER, day, at(day - DAY))
    assert found(clean) == []
    told(clean, "warning 3", "林一")
    assert found(clean) == [("wrong", "warning 3")]


def test_a_leave_that_was_not_known_or_over_by_then_excuses_nothing(clean: Office) -> None:
    day = date(2026, 1, 27)
    stands_in(clean, "林一", STRANGER, day, at(day, 15))
    stands_in(clean, "林一", STRANGER, day, at(day - 2 * DAY), ended_at=at(day - DAY))
    assert found(clean) == []
    told(clean, "warning 3", STRANGER)
    assert found(clean) == [("wrong", "warning 3")]


def test_a_leader_on_leave_is_passed_over_to_the_next_level_with_a_line_that_says_so(clean: Office) -> None:
    day = date(2026, 2, 4)
    told(clean, "level contact_leader", PRINCIPAL, copies=("林一",))
    stands_in(clean, CONTACT, STRANGER, day, at(day - DAY))
    assert found(clean) == [("wrong", "level contact_leader")]
    clean.change(clean.row("林一", "level contact_leader"), skipped="联系领导吴望舒不在岗")
    assert found(clean) == []


def test_whoever_led_it_on_the_day_is_told(clean: Office) -> None:
    clean.happened("林一", "lead", at(date(2026, 2, 4), 15), before=CONTACT, after=PRINCIPAL)
    clean.change_duty("林一", leader_id=clean.people[PRINCIPAL].id)
    assert found(clean) == []
    told(clean, "level contact_leader", PRINCIPAL, copies=("林一",))
    assert found(clean) == [("wrong", "level contact_leader")]


def test_of_somebody_who_never_had_a_mail_nobody_knows_that_they_had_an_address(clean: Office) -> None:
    told(clean, "level contact_leader", PRINCIPAL, copies=("林一",))
    clean.change(clean.row("林一", "level contact_leader"), skipped="联系领导何青禾没有邮箱")
    assert found(clean) == [("wrong", "level contact_leader")]
    clean.change_duty("林一", leader_id=factories.person(clean.session, name="何青禾").id)
    assert found(clean) == []


def test_the_officer_is_told_where_nobody_is_left(clean: Office) -> None:
    told(clean, "level principal", OFFICER, copies=("林一",))
    for name in (PRINCIPAL, CONTACT, MEMBER):
        stands_in(clean, name, STRANGER, LAST, at(LAST - DAY))
    assert found(clean) == []
    clean.uncopied(clean.row("林一", "level principal"), OFFICER)
    assert found(clean) == [("missing", "level principal")]


def test_the_members_of_the_party_group_may_be_told_together(clean: Office) -> None:
    day = date(2026, 2, 27)
    for n in range(1, 15):
        factories.follow_up_run(clean.session, at=at(LAST + n * DAY), on_day=LAST + n * DAY)
    for n in range(15, 18):
        factories.follow_up_run(clean.session, at=at(LAST + n * DAY), on_day=LAST + n * DAY)
    clean.notice("林一", "completion", date(2026, 1, 30), "note party_group", day - DAY, "red", "林一")
    row = clean.notice("林一", "completion", date(2026, 1, 30), "level party_group", day, "red", PRINCIPAL)
    for name in (CONTACT, MEMBER):
        clean.copy(row, clean.digest(name, at(day)))
    clean.change(row, told=f"{PRINCIPAL}、{CONTACT}、{MEMBER}")
    assert found(clean, now=at(day, 9)) == []
