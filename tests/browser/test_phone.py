"""On a phone, a duty and the year can be read: nothing that matters lies beyond the edge."""

from playwright.sync_api import Locator, expect

from board.pages import page_ids
from board.year_pages import year_key
from examples import YEAR
from tests.browser.uis import Ui
from tests.browser.working_office import WorkingOffice
from zeren.database import reading

WIDTH, HEIGHT = 390, 844


def within_the_screen(found: Locator) -> bool:
    box = found.bounding_box()
    assert box is not None
    return box["x"] >= 0 and box["x"] + box["width"] <= WIDTH


def test_the_history_of_a_duty_is_read_on_a_phone(ui: Ui, office: WorkingOffice) -> None:
    duty = office.duty("机关第四党支部")
    ui.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    ui.open_run(duty.run_id)
    event = ui.page.get_by_text("下发 · 计划员").first
    expect(event).to_be_visible()
    assert within_the_screen(ui.badge())
    assert within_the_screen(event)


def test_the_charts_of_the_year_fit_a_phone(ui: Ui, office: WorkingOffice) -> None:
    with reading(office.database_url) as session:
        artifact_id = page_ids(session)[year_key(YEAR)]
    ui.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    ui.open(f"/artifacts/artifact/{artifact_id}")
    chart = ui.page.locator("img[src^='data:image/svg+xml']").first
    expect(chart).to_be_visible()
    assert within_the_screen(chart)
