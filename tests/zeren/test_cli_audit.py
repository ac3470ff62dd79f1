"""`zeren audit`: the officer's own look at the ledger of notices."""

from datetime import date, datetime

from notifications.sender import SHANGHAI
from tests import factories
from tests.zeren.conftest import Zeren
from zeren.database import prepare, transaction
from zeren.settings import settings


def issued(*days: int) -> None:
    """A duty of 5 January, and the days of that month on which the follow-up ran."""
    prepare(settings().database_url)
    with transaction(settings().database_url) as session:
        row = factories.assignment(session, due_on=date(2026, 4, 30), party="造林科")
        factories.assignment_event(session, assignment_id=row.id)
        for day in days:
            factories.follow_up_run(session, at=datetime(2026, 1, day, 8, 30, tzinfo=SHANGHAI), on_day=date(2026, 1, day))


def test_all_is_right(zeren: Zeren) -> None:
    issued(6)
    ran = zeren("audit", "--now", "2026-01-06T12:00")
    assert (ran.status, ran.out.strip()) == (0, "核对了1项任务、0条通知：应发的都已发，没有多发。")


def test_what_is_wrong_is_listed_with_status_1(zeren: Zeren) -> None:
    issued(6, 7, 8)
    ran = zeren("audit", "--now", "2026-01-08T12:00")
    assert ran.status == 1
    head, line = ran.out.splitlines()
    assert head == "核对了1项任务、0条通知：遗漏 1 处。"
    assert line.startswith("遗漏\t任务1 造林科“")
    assert line.endswith("：“未签收告知责任人”应在2026-01-08写入，台账中没有")


def test_it_prints_json(zeren: Zeren) -> None:
    issued(6, 7, 8)
    ran = zeren("audit", "--json", "--now", "2026-01-08T12:00")
    (fault,) = ran.json["faults"]
    assert (ran.status, ran.json["counts"]) == (1, {"missing": 1})
    assert (fault["kind"], fault["assignment"], fault["stage"], fault["owed_on"]) == ("missing", 1, "level assignee", "2026-01-08")


def test_only_what_was_owed_since_a_day_is_told_and_the_day_with_it(zeren: Zeren) -> None:
    issued(6, 7, 8, 9)
    ran = zeren("audit", "--since", "2026-01-09", "--now", "2026-01-09T12:00")
    assert (ran.status, ran.out.strip()) == (0, "核对了1项任务、0条通知，只看2026-01-09及以后：应发的都已发，没有多发。")


def test_a_day_to_come_is_refused(zeren: Zeren) -> None:
    issued(6)
    ran = zeren("audit", "--since", "2026-01-07", "--now", "2026-01-06T12:00")
    assert (ran.status, ran.out, ran.err.strip()) == (1, "", "起始日期2026-01-07还没有到，今天是2026-01-06")


def test_a_day_that_is_none_is_refused(zeren: Zeren) -> None:
    issued()
    ran = zeren("audit", "--since", "八号")
    assert (ran.status, ran.err.strip()) == (1, "--since 不是日期：八号（例：2026-07-01）")
