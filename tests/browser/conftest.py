"""A browser, and an office at work in the server that it opens; skipped where the machine has no Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.uis import NewUi, PresentUi, Ui
from tests.browser.working_office import NOW, WorkingOffice, working_office
from tests.chromium import PATIENCE_SECONDS, chromium

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SHOWN = {"present-runs", "present-review", "present-history", "present-year", "new-runs"}  # what README.md shows


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkingOffice]:
    """An office whose list was issued in January, in April. Tests share it: each takes a duty of its own."""
    with working_office(tmp_path_factory.mktemp("office")) as office:
        office.on(NOW)
        office.update_board()
        yield office


@pytest.fixture
def page(browser: Browser, office: WorkingOffice) -> Iterator[Page]:
    """A new window of an officer in Shanghai. At its end, everything that it asked for must have been asked of our server."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    assert [url for url in asked if not url.startswith((f"{office.ui_url}/", "data:", "blob:"))] == []


@pytest.fixture(params=[PresentUi, NewUi], ids=["present", "new"])
def ui(request: pytest.FixtureRequest, page: Page, office: WorkingOffice) -> Ui:
    kind: type[Ui] = request.param
    return kind(page, office.ui_url)


@pytest.fixture
def picture(request: pytest.FixtureRequest, ui: Ui) -> Callable[[str], None]:
    """Call it with a name where the README shows what is to be seen then; it writes with `--screenshots` only."""
    wanted: bool = request.config.getoption("--screenshots")

    def take(name: str) -> None:
        name = f"{'new' if isinstance(ui, NewUi) else 'present'}-{name}"
        if wanted and name in SHOWN:
            IMAGES.mkdir(exist_ok=True)
            ui.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")

    return take
