"""The morning's audit: a report in any case, a mail only where something is wrong."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import State

from flows.audit_follow_up import audit_follow_up
from notifications.sender import SHANGHAI
from tasks.artifacts import AUDIT_KEY
from tasks.environment import open_transaction, prepare_database
from tests import factories
from zeren.catcher import MailCatcher
from zeren.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest

MONDAY, TUESDAY, WEDNESDAY, SATURDAY, NEXT_MONDAY = (date(2026, 1, day) for day in (5, 6, 7, 10, 12))
AuditOf = Callable[[date], State[Any]]


@pytest.fixture
def audit_of(office: MailCatcher, monkeypatch: pytest.MonkeyPatch) -> AuditOf:
    """The flow at ten past nine of a day, in an office that issued a duty, due in spring, on Monday at nine."""
    monkeypatch.setenv("ZEREN_MAIL_REPLY_TO", "党办 林一 <lin@example.com>")
    settings.cache_clear()
    prepare_database()
    with open_transaction() as session:
        row = factories.assignment(session, due_on=date(2026, 4, 30), party="造林科")
        factories.assignment_event(session, assignment_id=row.id)

    def run(day: date, since: str = "") -> State[Any]:
        monkeypatch.setenv("ZEREN_NOW", f"{day}T09:10")
        settings.cache_clear()
        state: State[Any] = audit_follow_up(since=since, return_state=True)
        return state

    return run


def looked(*days: date) -> None:
    with open_transaction() as session:
        for day in days:
            factories.follow_up_run(session, at=datetime(day.year, day.month, day.day, 8, 30, tzinfo=SHANGHAI), on_day=day)


def subjects(office: MailCatcher) -> list[str]:
    return [str(mail.message["Subject"]) for mail in office.mails]


def report() -> str:
    artifact: Any = Artifact.get(AUDIT_KEY)
    return str(artifact.data)


def test_nothing_is_mailed_where_all_is_right(audit_of: AuditOf, office: MailCatcher) -> None:
    looked(TUESDAY)
    assert audit_of(TUESDAY).message == "核对了1项任务、0条通知：应发的都已发，没有多发"
    assert "核对了1项任务、0条通知：应发的都已发，没有多发。" in report()
    assert subjects(office) == []


def test_the_officer_is_told_once_a_week_what_is_wrong_and_at_once_what_is_new(audit_of: AuditOf, office: MailCatcher) -> None:
    first, second = "1月7日督办核对：漏运行 1 处", "1月9日督办核对：漏运行 1 处，遗漏 1 处"
    looked(TUESDAY)
    assert audit_of(WEDNESDAY).message == "核对了1项任务、0条通知：漏运行 1 处"
    assert "- 1个工作日没有运行督办：2026-01-07" in report()
    audit_of(WEDNESDAY)
    assert subjects(office) == [first]

    looked(*(date(2026, 1, day) for day in (8, 9, 12)))  # and on the eighth 造林科 was not reminded to acknowledge
    assert audit_of(date(2026, 1, 9)).message == "核对了1项任务、0条通知：漏运行 1 处，遗漏 1 处"
    assert audit_of(SATURDAY).is_completed()
    assert subjects(office) == [first, second]
    audit_of(NEXT_MONDAY)
    assert subjects(office) == [first, second, "1月12日督办核对：漏运行 1 处，遗漏 2 处"]
    assert {mail.recipients for mail in office.mails} == {("lin@example.com",)}


def test_an_officer_may_leave_out_what_is_settled(audit_of: Callable[..., State[Any]], office: MailCatcher) -> None:
    looked(TUESDAY, date(2026, 1, 9))
    assert audit_of(date(2026, 1, 9), since="2026-01-09").message == "核对了1项任务、0条通知，只看2026-01-09及以后：应发的都已发，没有多发"
    assert "，只看2026-01-09及以后：应发的都已发，没有多发。" in report()
    assert audit_of(date(2026, 1, 8), since="2026-01-09").message == "起始日期2026-01-09还没有到，今天是2026-01-08"
    assert audit_of(date(2026, 1, 8), since="九号").message == "日期应像 2026-07-01 这样写：九号"
    assert subjects(office) == []
