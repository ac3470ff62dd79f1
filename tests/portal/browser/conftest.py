"""A browser, and an office whose portal it opens; skipped where the machine has no Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import chromium, program
from tests.portal.browser.answering_office import AnsweringOffice, answering_office
from tests.portal.browser.windows import DESKTOP, PHONE, Device, Window, open_window

IMAGES = Path(__file__).parents[3] / "docs" / "images"
Windows = Callable[..., Window]  # (person, **options of the browser's context)


@pytest.fixture(scope="package")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnsweringOffice]:
    """Tests share it: each takes duties of its own."""
    program()
    with answering_office(tmp_path_factory.mktemp("answering")) as office:
        yield office


@pytest.fixture(scope="package")
def browser(answering: AnsweringOffice) -> Iterator[Browser]:
    """After the office, which needs an event loop of its own."""
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[PHONE, DESKTOP], ids=lambda device: device.name)
def device(request: pytest.FixtureRequest) -> Device:
    found: Device = request.param
    return found


@pytest.fixture
def windows(browser: Browser, answering: AnsweringOffice) -> Iterator[Windows]:
    """Opens a window for a person. At the end no page must have complained, or asked for anything that is not the portal's."""
    opened: list[Window] = []

    def open_one(person: str, **options: Any) -> Window:
        opened.append(open_window(browser, answering, person, **options))
        return opened[-1]

    yield open_one
    for window in opened:
        window.page.context.close()
    assert [line for window in opened for line in window.complaints] == []
    assert [url for window in opened for url in window.asked if not url.startswith(f"{answering.url}/")] == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Window, str], None]:
    """Call it with a name where the README shows what is to be seen then; it writes with `--screenshots` only."""
    wanted: bool = request.config.getoption("--screenshots")

    def take(window: Window, name: str) -> None:
        if wanted:
            IMAGES.mkdir(exist_ok=True)
            window.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")

    return take
