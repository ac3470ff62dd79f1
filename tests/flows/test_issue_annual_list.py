"""The officer's story: a preview, the issue, the same file again; and what she is told when it cannot be done."""

import json
from pathlib import Path
from typing import Any

import pytest
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import State

import examples
from engine.status import Status, status
from flows.deliver_notices import deliver_notices
from flows.issue_annual_list import issue_annual_list
from office.text import Refused
from zeren.catcher import MailCatcher
from zeren.clock import now_or
from zeren.database import prepare, transaction
from zeren.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest


LIST = "序号,责任事项,完成时限,责任单位\n1,讲授专题党课,6月底,各党支部\n2,报送工作总结,12月20日前,各科室\n"


def issue(*, confirmed: bool, list_file: str = "list.csv") -> State[Any]:
    """Issue a small list, whose board is built in a moment."""
    Path("list.csv").write_text(LIST, "utf-8")
    state: State[Any] = issue_annual_list(list_file, examples.YEAR, str(examples.ROSTER), confirmed=confirmed, return_state=True)
    return state


def counts() -> Status:
    with transaction(settings().database_url) as session:
        return status(session, zone=settings().zone, now=now_or("2026-01-05T09:00", settings().zone))


def table(key: str) -> list[dict[str, Any]]:
    artifact: Any = Artifact.get(key)
    rows: list[dict[str, Any]] = json.loads(artifact.data)
    return rows


def test_a_preview_stores_and_sends_nothing(office: MailCatcher) -> None:
    prepare(settings().database_url)
    state = issue(confirmed=False)
    assert state.is_completed()
    assert (state.message or "").startswith("预览（尚未下发）：2项责任事项")
    assert counts() == Status(0, 0, 0, {}, {}, {}, 0)
    assert office.mails == ()
    assert sum(row["任务"] for row in table("preview-months")) > 10


def test_an_issued_list_reaches_everybody_once(office: MailCatcher) -> None:
    first = issue(confirmed=True)
    assert first.is_completed()
    issued = counts()
    assert issued.lists == 1
    assert issued.mails == {"sent": len(office.mails)}
    assert len({mail.recipients for mail in office.mails}) == len(office.mails) > 10
    assert sum(row["任务"] for row in table("list-months")) == sum(issued.assignments.values())
    assert table("mail-states") == [{"状态": "已发出", "封数": len(office.mails)}]

    again = issue(confirmed=True)
    assert (again.message or "").endswith("此前已下发，没有变化")
    assert counts() == issued
    assert issued.mails == {"sent": len(office.mails)}


def test_a_file_that_is_no_list_fails_with_the_one_sentence(office: MailCatcher, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"no workbook")
    state = issue(confirmed=True, list_file=str(file))
    assert state.is_failed()
    refusal = state.result(raise_on_failure=False)
    assert isinstance(refusal, Refused)
    assert state.message == refusal.in_("zh")
    assert refusal.in_("zh") in caplog.text
    assert "Traceback" not in caplog.text


def test_a_mail_server_that_is_down_leaves_the_list_issued_and_the_mail_queued(
    office: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEREN_SMTP_PORT", "1")  # nobody listens there
    settings.cache_clear()
    state = issue(confirmed=True)
    assert state.is_completed()
    issued = counts()
    assert issued.lists == 1
    assert set(issued.mails) <= {"queued", "deferred"}

    monkeypatch.setenv("ZEREN_SMTP_PORT", str(office.smtp_port))
    monkeypatch.setenv("ZEREN_NOW", "2026-01-05T10:00")
    settings.cache_clear()
    later: State[Any] = deliver_notices(return_state=True)
    assert later.message == f"送出{len(office.mails)}封"
    assert counts().mails == {"sent": sum(issued.mails.values())}
