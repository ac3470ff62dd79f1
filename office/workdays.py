"""Working days of the national calendar, with its 调休 Saturdays and Sundays.

In: civil dates in Asia/Shanghai. Out: whether a day is worked, the working day before or after, and where the public
holidays of a year lie. Source: the yearly notice of the State Council as the `holidays` library carries it. A year
whose notice is not out yet (or not yet in the library) has its statutory days off only: its 调休 days come with a
newer release of the library.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

_ONE_DAY = timedelta(days=1)
_MORNING, _EVENING = time(8), time(20)  # outside of them, and on days off, mail waits
_FESTIVALS = {
    "元旦": "New Year's Day",
    "春节": "Chinese New Year (Spring Festival)",
    "清明": "Tomb-Sweeping Day",
    "五一": "Labor Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-Autumn Festival",
    "国庆": "National Day",
}


@cache
def _calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The days off of one year, and the weekend days that are worked instead."""
    calendar = holidays.country_holidays("CN", years=year)
    worked = frozenset(calendar.weekend_workdays)
    return frozenset(calendar) - worked, worked


def has_notice(year: int) -> bool:
    """Whether the notice of a year is in the library: each of them has weekend days that are worked, the statutory days have none."""
    return any(day.year == year for day in _calendar(year)[1])


def is_workday(day: date) -> bool:
    """Whether offices work on that day: a weekday that is no holiday, or a weekend day that is worked for one."""
    off, worked = _calendar(day.year)
    return day in worked or (day.weekday() < 5 and day not in off)


def last_workday_before(day: date) -> date:
    """The last working day strictly before `day`."""
    return next(_workdays(day, -_ONE_DAY))


def workdays_after(day: date, n: int) -> date:
    """The `n`-th working day strictly after `day`, which itself never counts; `day` when `n` is 0."""
    for _, worked in zip(range(n), _workdays(day, _ONE_DAY), strict=False):
        day = worked
    return day


@lru_cache(maxsize=4096)
def workdays_before(day: date, n: int) -> date:
    """The `n`-th working day strictly before `day`, which itself never counts; `day` when `n` is 0."""
    for _, worked in zip(range(n), _workdays(day, -_ONE_DAY), strict=False):
        day = worked
    return day


@lru_cache(maxsize=4096)  # many duties fall due on one day
def workdays_between(day: date, later: date) -> int:
    """How many working days lie after `day`, `later` among them; 0 where `later` is no later."""
    return sum(is_workday(day + timedelta(days=ahead)) for ahead in range(1, (later - day).days + 1))


@cache
def festivals(year: int) -> dict[str, date]:
    """The public holidays of a year and the first day off of each, weekends and bridge days included.

    Keys 元旦 春节 清明 五一 端午 中秋 国庆, in the order of the year's calendar as far as it has them (three were no
    holidays before 2008). The first day off of 元旦 may lie in the year before.
    """
    first_days = {name: _first_day_off(day) for name, day in _festival_days(year).items()}
    return dict(sorted(first_days.items(), key=lambda entry: entry[1]))


def mail_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """When mail that is ready at `moment` may reach people; both are aware.

    On a working day from 8 to 20 o'clock in `zone` at once, else at 8 on the next working morning.
    """
    local = moment.astimezone(zone)
    if is_workday(local.date()) and _MORNING <= local.time() < _EVENING:
        return moment
    today_counts = is_workday(local.date()) and local.time() < _MORNING
    day = local.date() if today_counts else workdays_after(local.date(), 1)
    return datetime.combine(day, _MORNING, zone)


@cache
def festival_ends(year: int) -> dict[str, date]:
    """The last day off of each public holiday of a year; keys as in `festivals`."""
    ends = {}
    for name, day in _festival_days(year).items():
        while not is_workday(day + _ONE_DAY):
            day += _ONE_DAY
        ends[name] = day
    return ends


@cache
def double_ninth(year: int) -> date | None:
    """重阳节 (Seniors' Day), no day off on the mainland; None beyond the years that the lunar tables know."""
    hong_kong = holidays.country_holidays("HK", years=year, language="en_US")  # where it is a public holiday
    return next((day for day, names in hong_kong.items() if "Double Ninth Festival" in names.split("; ")), None)


def _festival_days(year: int) -> dict[str, date]:
    days: dict[str, date] = {}
    for day, names in sorted(holidays.country_holidays("CN", years=year, language="en_US").items()):
        for name, english in _FESTIVALS.items():
            if english in names.split("; "):
                days.setdefault(name, day)
    return days


def _first_day_off(day: date) -> date:
    while not is_workday(day - _ONE_DAY):
        day -= _ONE_DAY
    return day


def _workdays(day: date, step: timedelta) -> Iterator[date]:
    while True:
        day += step
        if is_workday(day):
            yield day
