"""What the officer sets by hand in the UI is her decision, or is put back with the reason."""

from datetime import date

import pytest
from playwright.sync_api import expect

from models import AssignmentState
from tests.browser.uis import NewUi, PresentUi, Ui
from tests.browser.working_office import WorkingOffice, until, words_of

BRANCH = "机关第二党支部"
LONG_AGO = date(2026, 1, 1)


def test_an_overdue_duty_set_to_completed_is_closed_for_the_reason_given(ui: Ui, office: WorkingOffice) -> None:
    duty = office.duty(BRANCH, due_after=LONG_AGO)
    ui.open_run(duty.run_id)
    expect(ui.badge()).to_have_text("逾期")

    ui.change_state("Completed", "已当面核实")

    until(lambda: office.shown(duty.run_id) == "逾期办结")
    assert office.stands(duty.id) is AssignmentState.CLOSED
    ui.open_run(duty.run_id)
    expect(ui.badge()).to_have_text("逾期办结")
    expect(ui.page.get_by_text("办结 · 计划员（Prefect 界面）：已当面核实")).to_be_visible()
    assert until(lambda: office.mails_to(duty.email, "已当面核实"))


def test_a_cancelled_run_withdraws_its_duty_and_there_is_a_way_back(ui: Ui, office: WorkingOffice) -> None:
    duty = office.duty(BRANCH)
    ui.open_run(duty.run_id)
    expect(ui.badge()).to_have_text("待签收")

    ui.cancel()

    until(lambda: office.shown(duty.run_id) == "已撤销")
    assert office.stands(duty.id) is AssignmentState.WITHDRAWN

    ui.open_run(duty.run_id)
    expect(ui.badge()).to_have_text("已撤销")
    ui.change_state("Failed", "刚才点错了")

    until(lambda: office.shown(duty.run_id) == "退回重办")
    assert office.stands(duty.id) is AssignmentState.RETURNED


@pytest.mark.parametrize("ui", [PresentUi], indirect=True)  # what the server does, whatever the UI
def test_what_no_rule_knows_is_put_back_and_the_log_says_why(ui: Ui, office: WorkingOffice) -> None:
    duty = office.duty(BRANCH, due_after=LONG_AGO)
    ui.open_run(duty.run_id)

    ui.retry()

    until(lambda: office.logs(duty.run_id, "AwaitingRetry"))
    until(lambda: office.shown(duty.run_id) == "逾期")
    assert office.stands(duty.id) is AssignmentState.SENT
    ui.open_run(duty.run_id)
    expect(ui.badge()).to_have_text("逾期")
    expect(ui.page.get_by_text("AwaitingRetry").first).to_be_visible()


@pytest.mark.parametrize("ui", [NewUi], indirect=True)  # what the server does, whatever the UI
def test_the_second_of_two_reviewers_is_told_that_it_is_decided(ui: Ui, office: WorkingOffice) -> None:
    duty = office.duty("机关第三党支部")
    office.reported(duty, "已完成。")
    office.update_board()
    ui.open_run(duty.run_id)
    ui.fill_in_review("退回", "补充照片")

    said = f"很好，第{duty.id}号"
    office.resume(duty.run_id, "通过", said)
    ui.submit()

    expect(ui.page.get_by_text("Cannot resume a flow run that is not paused").first).to_be_visible()
    until(lambda: office.shown(duty.run_id) == "按期办结")
    assert office.stands(duty.id) is AssignmentState.CLOSED
    (mail,) = until(lambda: office.mails_to(duty.email, said))
    assert "补充照片" not in words_of(mail)
