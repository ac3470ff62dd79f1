"""The officer reviews in the UI: she finds a report, reads its history, decides, and everybody knows."""

from collections.abc import Callable

from playwright.sync_api import expect

from models import AssignmentState
from tests.browser.uis import Ui
from tests.browser.working_office import WorkingOffice, until, words_of

BRANCH = "机关第一党支部"
REPORT = "本月工作已按要求完成，到会21人。"
EVIDENCE = ("签到表_0328.jpg", "https://files.example.com/a_(1)_b)**c**.pdf")
EVIDENCE_SENT = "https://files.example.com/a_%281%29_b%29%2A%2Ac%2A%2A.pdf"


def test_a_returned_report_is_open_again_and_its_author_is_told_why(ui: Ui, office: WorkingOffice, picture: Callable[[str], None]) -> None:
    duty = office.duty(BRANCH)
    office.reported(duty, REPORT, evidence=[EVIDENCE])
    office.update_board()
    name = office.ask(f"/flow_runs/{duty.run_id}")["name"]

    ui.open_dashboard()
    expect(ui.page.get_by_text("责任任务").first).to_be_visible()
    ui.filter_by_tag(f"支部:{BRANCH}")
    ui.expect_runs(office.count_runs(f"支部:{BRANCH}"))
    picture("runs")
    ui.search(name)
    ui.expect_runs(1)
    ui.runs().click()

    expect(ui.badge()).to_have_text("待审核")
    expect(ui.page.get_by_text("下发 · 计划员")).to_be_visible()
    expect(ui.page.get_by_text(f" · {duty.person}：{REPORT}")).to_be_visible()

    form = ui.fill_in_review("退回", "请补充照片。\n签到表缺页。")
    expect(form).to_contain_text(REPORT)
    expect(form.get_by_role("link", name=EVIDENCE[0], exact=True)).to_have_attribute("href", EVIDENCE_SENT)
    picture("review")
    before = office.mails_to(duty.email, "请补充照片。")
    ui.submit()
    expect(ui.page.get_by_text("Flow run resumed").first).to_be_visible()

    until(lambda: office.shown(duty.run_id) == "退回重办")
    assert office.stands(duty.id) is AssignmentState.RETURNED
    (mail,) = until(lambda: office.mails_to(duty.email, "请补充照片。")[len(before) :])
    assert "签到表缺页。" in words_of(mail)
    ui.open_run(duty.run_id)
    expect(ui.badge()).to_have_text("退回重办")
    expect(ui.page.get_by_text("退回 · 计划员（Prefect 界面）：请补充照片。")).to_be_visible()
    picture("history")
