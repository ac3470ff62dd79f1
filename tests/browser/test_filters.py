"""The Runs page shows what the officer looks for: by saved filters, and by the links of her mails and pages."""

import pytest
from playwright.sync_api import Page, expect

from board import links
from engine.completion import Completion
from tests.browser.uis import NewUi, PresentUi, Ui
from tests.browser.working_office import WorkingOffice

YEAR = 2026
OVERDUE = links.state_tag(Completion.OVERDUE, YEAR)
BRANCH = links.tag(links.BRANCH, "机关第四党支部")


@pytest.mark.parametrize(("name", "tag"), [("逾期", OVERDUE), ("全年", "年度:2026"), ("［支部］机关第四党支部", BRANCH)])
def test_a_saved_filter_shows_its_runs(page: Page, office: WorkingOffice, name: str, tag: str) -> None:
    ui = PresentUi(page, office.ui_url)
    ui.open("/runs")
    ui.choose_filter(name)
    ui.expect_runs(office.count_runs(tag))


@pytest.mark.parametrize("tag", [OVERDUE, BRANCH])
def test_a_deep_link_opens_the_right_filter(ui: Ui, office: WorkingOffice, tag: str) -> None:
    addresses = links.runs_page(office.ui_url, tag, YEAR)
    ui.page.goto(addresses.new if isinstance(ui, NewUi) else addresses.present)
    ui.expect_runs(office.count_runs(tag))


@pytest.mark.parametrize("key", ["year-2026-branches", "year-2026-leaders", "year-2026-overdue", "year-2026-questions"])
def test_the_tables_open(ui: Ui, office: WorkingOffice, key: str) -> None:
    page = office.ask("/artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})[0]
    ui.open(f"/artifacts/artifact/{page['latest_id']}")
    expect(ui.page.get_by_role("cell").or_(ui.page.locator("td")).first).to_be_visible()
