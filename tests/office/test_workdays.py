from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from office.workdays import (
    double_ninth,
    festival_ends,
    festivals,
    has_notice,
    is_workday,
    last_workday_before,
    mail_time,
    workdays_after,
    workdays_before,
    workdays_between,
)


def test_a_saturday_that_is_worked_for_a_holiday_is_a_workday() -> None:
    assert is_workday(date(2026, 2, 14))
    assert not is_workday(date(2026, 2, 21))


def test_a_weekday_of_a_holiday_is_no_workday() -> None:
    assert not is_workday(date(2026, 10, 6))
    assert is_workday(date(2026, 10, 8))


def test_the_last_workday_before_new_year_lies_in_the_old_year() -> None:
    assert last_workday_before(date(2026, 1, 1)) == date(2025, 12, 31)


def test_working_days_skip_the_holiday_and_count_the_worked_weekend() -> None:
    assert workdays_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert workdays_after(date(2026, 10, 8), 2) == date(2026, 10, 10)  # a Saturday that is worked


def test_no_working_days_later_is_the_day_itself() -> None:
    assert workdays_after(date(2026, 10, 3), 0) == date(2026, 10, 3)


@pytest.mark.parametrize(("n", "day"), [(0, date(2026, 10, 9)), (1, date(2026, 10, 8)), (2, date(2026, 9, 30)), (9, date(2026, 9, 20))])
def test_working_days_before_a_date_skip_the_holiday_and_count_the_worked_sunday(n: int, day: date) -> None:
    assert workdays_before(date(2026, 10, 9), n) == day


def test_a_festival_starts_with_its_first_day_off() -> None:
    assert festivals(2026) == {
        "元旦": date(2026, 1, 1),
        "春节": date(2026, 2, 15),
        "清明": date(2026, 4, 4),
        "五一": date(2026, 5, 1),
        "端午": date(2026, 6, 19),
        "中秋": date(2026, 9, 25),
        "国庆": date(2026, 10, 1),
    }
    assert festivals(2018)["元旦"] == date(2017, 12, 30)


def test_a_festival_ends_with_its_last_day_off() -> None:
    assert festival_ends(2026)["春节"] == date(2026, 2, 23)
    assert festival_ends(2026)["国庆"] == date(2026, 10, 7)


def test_a_year_without_a_notice_still_has_its_statutory_days() -> None:
    assert not is_workday(date(2099, 10, 1))
    assert "春节" in festivals(2099)


def test_a_year_has_its_notice_where_weekend_days_of_it_are_worked() -> None:
    assert all(has_notice(year) for year in range(2007, 2027))
    assert not has_notice(2099)


def test_the_double_ninth_is_no_day_off_but_is_known() -> None:
    assert double_ninth(2026) == date(2026, 10, 18)
    assert double_ninth(2025) == date(2025, 10, 29)


@pytest.mark.parametrize(
    ("ready", "goes_out"),
    [
        ("2026-01-05T08:00", "2026-01-05T08:00"),
        ("2026-01-05T19:59", "2026-01-05T19:59"),
        ("2026-01-05T07:59", "2026-01-05T08:00"),
        ("2026-01-05T20:00", "2026-01-06T08:00"),
        ("2026-01-10T10:00", "2026-01-12T08:00"),  # a Saturday
        ("2026-02-14T10:00", "2026-02-14T10:00"),  # a Saturday that is worked
        ("2026-02-14T21:00", "2026-02-24T08:00"),  # the evening before the Spring Festival
    ],
)
def test_mail_goes_out_in_working_hours(ready: str, goes_out: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    moments = [datetime.fromisoformat(moment).replace(tzinfo=zone) for moment in (ready, goes_out)]
    assert mail_time(moments[0], zone) == moments[1]


FRIDAY = date(2026, 4, 3)  # 清明 is on Sunday the 5th, Monday the 6th is off


@pytest.mark.parametrize(
    ("today", "workdays"),
    [
        (FRIDAY, 0),  # the due date itself
        (date(2026, 4, 6), 0),  # overdue, but nobody has worked since
        (date(2026, 4, 7), 1),
        (date(2026, 4, 10), 4),
        (date(2026, 4, 2), 0),
    ],
)
def test_only_working_days_after_a_day_count(today: date, workdays: int) -> None:
    assert workdays_between(FRIDAY, today) == workdays
