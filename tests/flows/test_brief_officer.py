"""The morning of an officer: one mail with what waits for her, its links the ones of the board."""

from datetime import date
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote

import pytest
from prefect.client.schemas.objects import State

from board.links import artifact_page
from board.pages import page_ids
from board.year_pages import year_key
from flows.brief_officer import brief_officer
from flows.update_board import update_board
from models import AssignmentState
from tasks.environment import open_reading, open_transaction, prepare_database
from tests import factories
from zeren.catcher import MailCatcher
from zeren.prefect_server import PrefectServer
from zeren.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest


def brief() -> State[Any]:
    state: State[Any] = brief_officer(return_state=True)
    return state


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return unquote(str(part.get_content()))


def test_the_officer_gets_one_mail_with_links_to_the_board(
    office: MailCatcher, prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEREN_MAIL_REPLY_TO", "党办 林一 <lin@example.com>")
    settings.cache_clear()
    prepare_database()
    assert brief().message == "今天没有要处理的，不发提要"
    with open_transaction() as session:
        listed = factories.responsibility_list(session, title="年度清单")
        step = factories.step(session, item_id=factories.item(session, list_id=listed.id).id)
        for state, due_on in ((AssignmentState.REPORTED, date(2026, 1, 30)), (AssignmentState.SENT, date(2025, 12, 31))):
            factories.assignment(session, step_id=step.id, state=state, due_on=due_on)
    update_board(full=False)

    assert brief().message == "已提醒计划员：待审核 1，逾期 1，本月到期 1"
    (mail,) = office.mails
    assert mail.recipients == ("lin@example.com",)
    assert mail.message["Subject"] == "1月5日提要：待审核 1 项，逾期 1 项"
    with open_reading() as session:
        year = artifact_page(prefect_server.ui_url, page_ids(session)[year_key(2026)])
    said = text(mail.message)
    for address in (
        f"{prefect_server.ui_url}/runs?tag=状态:2026年待审核&",
        f"{prefect_server.ui_url}/v2/runs?tags=状态:2026年逾期\n",
        f"{prefect_server.ui_url}/v2/runs?tags=到期:2026-01\n",
        year.present,
        year.new,
    ):
        assert address in said

    assert brief().message == "今天的提要已经发过"
    assert len(office.mails) == 1


def test_links_lead_to_where_the_office_finds_its_ui(office: MailCatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_UI_URL", "https://board.example.com/")
    settings.cache_clear()
    prepare_database()
    with open_transaction() as session:
        factories.assignment(session, due_on=date(2025, 12, 31))
    brief()
    said = text(office.mails[0].message)
    assert "https://board.example.com/v2/runs?tags=状态:2026年逾期" in said
    assert "https://board.example.com/artifacts/key/year-2026\n" in said  # the board was not sent yet
