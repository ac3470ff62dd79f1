"""The morning's flow: what is owed goes out once, and the run says what it did."""

from datetime import date
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from engine.follow_up import FollowedUp
from flows.follow_up import follow_up, summary
from models import AssignmentState
from tasks.environment import open_transaction, prepare_database
from tests import factories
from zeren.catcher import MailCatcher

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest

TODAY = date(2026, 1, 5)


def run() -> State[Any]:
    state: State[Any] = follow_up(return_state=True)
    return state


@pytest.mark.usefixtures("prefect_server")
def test_what_is_owed_goes_out_once(office: MailCatcher) -> None:
    prepare_database()
    with open_transaction() as session:
        branch = factories.unit(session, kind="党支部")
        carrier = factories.person(session, name="何青禾", email="he@example.com")
        factories.post(session, person_id=carrier.id, unit_id=branch.id, title="书记")
        listed = factories.responsibility_list(session, issued_at=factories.NOW.replace(year=2025, month=12, day=1))
        step = factories.step(session, item_id=factories.item(session, list_id=listed.id).id)
        factories.assignment(
            session,
            step_id=step.id,
            unit_id=branch.id,
            person_id=carrier.id,
            due_on=date(2025, 12, 31),
            state=AssignmentState.ACKNOWLEDGED,
        )
    assert run().message == "写好1条提醒，共1封邮件；4条已由后面的提醒代替"
    (mail,) = office.mails
    assert mail.recipients == ("he@example.com",)
    assert mail.message["Subject"] == "督办：1项逾期"
    assert run().message == "没有要提醒的"
    assert len(office.mails) == 1


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (FollowedUp(TODAY, day_off=True), "今天不是工作日，不发督办；到期的下一个工作日发"),
        (FollowedUp(TODAY, out_of_hours=True), "现在不是督办的时间（规则里的上报时刻至20时），到时再办；没有遗漏"),
        (FollowedUp(TODAY), "没有要提醒的"),
        (FollowedUp(TODAY, told=3, mails=2, missed=4), "补发此前4个工作日未运行期间应发的；写好3条提醒，共2封邮件"),
        (FollowedUp(TODAY, told=1, mails=1, to_officer=1), "写好1条提醒，共1封邮件；1条无人可通知，已告知计划员"),
        (FollowedUp(TODAY, waiting=2), "没有要提醒的；2项任务的责任人今天已收过督办邮件，下一个工作日再发"),
    ],
)
def test_the_run_says_what_it_did(done: FollowedUp, said: str) -> None:
    assert summary(done) == said
