"""What the officer looks at in the morning: the year's page with its charts, its links and the saved filters, in both UIs."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from board.links import Addresses, artifact_page, runs_page, state_tag
from board.pages import page_ids
from board.values import DEPLOYMENT, FLOW
from board.year_pages import overdue_key, year_key
from engine.completion import Completion
from examples import YEAR
from tests.browser.uis import NewUi, PresentUi, Ui
from tests.browser.working_office import WorkingOffice
from zeren.database import reading

COUNTED = re.compile(r"^(\d+) (?:flow )?runs?$", re.IGNORECASE)


@pytest.fixture(scope="module", autouse=True)
def board_of_the_day(office: WorkingOffice) -> None:
    """It is April by now, and most of the first quarter is overdue."""
    office.update_board()


def address_of(ui: Ui, addresses: Addresses) -> str:
    return addresses.new if isinstance(ui, NewUi) else addresses.present


def open_page(ui: Ui, office: WorkingOffice, key: str) -> None:
    with reading(office.database_url) as session:
        artifact_id = page_ids(session)[key]
    ui.page.goto(address_of(ui, artifact_page(office.ui_url, artifact_id)))


def counted(page: Page) -> Locator:
    """How many runs the filter found, as the UI says it."""
    return page.get_by_text(COUNTED).first


def test_the_years_page_shows_its_charts_and_figures(ui: Ui, office: WorkingOffice, picture: Callable[[str], None]) -> None:
    open_page(ui, office, year_key(YEAR))
    expect(ui.page.get_by_role("heading", name=f"{YEAR}年责任清单一览")).to_be_visible()
    charts = ui.page.locator("img[src^='data:image/svg+xml']")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
    assert re.search(r"在办 \d+，.*逾期 \d+", charts.first.get_attribute("alt") or "")
    expect(ui.page.get_by_role("link", name="12月", exact=True)).to_be_visible()
    picture("year")


def test_a_figure_leads_to_as_many_runs_in_the_same_ui(ui: Ui, office: WorkingOffice) -> None:
    open_page(ui, office, year_key(YEAR))
    link = ui.page.get_by_role("link", name="逾期", exact=True)
    said = link.locator("xpath=ancestor::*[contains(., '待审核') and contains(., '全年')][1]").inner_text()
    found = re.search(r"逾期\s*(\d+)", said)
    assert found is not None
    ui.page.goto(link.evaluate("link => link.href"))  # as a click does, which the present UI opens in a new window
    assert ui.page.url.startswith(ui.path("/runs"))
    expect(counted(ui.page)).to_have_text(re.compile(rf"^{found[1]} "))
    expect(ui.page.get_by_text("状态:2026年逾期").first).to_be_visible()


def test_the_boards_deployment_leads_to_the_year(ui: Ui, office: WorkingOffice) -> None:
    deployment = office.ask(f"/deployments/name/{quote(FLOW)}/{quote(DEPLOYMENT)}")
    ui.open(f"/deployments/deployment/{deployment['id']}")
    expect(ui.page.get_by_role("link", name=f"{YEAR}年一览")).to_be_visible()
    expect(ui.page.get_by_text("This deployment is deprecated")).to_have_count(0)


def test_the_overdue_list_leads_to_its_runs(ui: Ui, office: WorkingOffice) -> None:
    open_page(ui, office, overdue_key(YEAR))
    link = ui.page.locator("a[href*='/runs/flow-run/']").first
    words = link.inner_text().split("（")[0].rstrip("…")
    ui.page.goto(link.evaluate("link => link.href"))
    expect(ui.badge()).to_have_text("逾期")
    assert words[:6] in ui.page.inner_text("body")


def test_a_saved_filter_shows_what_is_overdue(page: Page, office: WorkingOffice) -> None:
    ui = PresentUi(page, office.ui_url)
    ui.open("/runs")
    ui.choose_filter("逾期")
    expect(page).to_have_url(re.compile("tag="))
    expect(ui.runs().first).to_be_visible()
    badges = page.locator(".flow-run-list-item .state-badge")
    expect(badges.first).to_have_text("逾期")
    assert set(badges.all_inner_texts()) == {"逾期"}


def test_the_links_of_the_morning_mail_open_their_filter(ui: Ui, office: WorkingOffice) -> None:
    ui.page.goto(address_of(ui, runs_page(office.ui_url, state_tag(Completion.OVERDUE, YEAR), YEAR)))
    expect(ui.runs().first).to_be_visible()
    in_list = ui.page.get_by_text("逾期", exact=True)
    expect(in_list.first).to_be_visible()
    for other in ("待签收", "办理中", "按期办结"):
        expect(ui.page.get_by_text(other, exact=True)).to_have_count(0)
