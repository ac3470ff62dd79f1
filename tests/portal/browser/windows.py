"""What one person does and sees in a browser window: they tap on what they read, and every page must fit and complain of nothing."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Download, Locator, Page, expect

from tests.chromium import PATIENCE_SECONDS
from tests.portal.browser.answering_office import FIRST, THIRD, AnsweringOffice, Branch


@dataclass(frozen=True, slots=True)
class Device:
    """What the portal is opened with; `branch` is whose people do so, so that devices do not meet on one duty."""

    name: str
    branch: Branch
    options: dict[str, Any]  # of the browser's context


PHONE = Device(
    "phone",
    FIRST,
    {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
)
DESKTOP = Device("desktop-without-scripts", THIRD, {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False})


@dataclass
class Window:
    """A window of somebody's own device, without a memory of the others."""

    page: Page
    office: AnsweringOffice
    person: str
    touches: bool
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open_mail(self, saying: str) -> None:
        """Tap on the button of the newest mail with these words."""
        self.open(self.office.link_to(self.person, saying))

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.office.url}{path}")

    def ask_for_link(self) -> None:
        """Come in with a new link that was asked for."""
        self.open("/link")
        self.fill(您的邮箱地址=self.office.addresses[self.person])
        self.press("发送新链接")
        self.sees("如果名册里有这个邮箱")
        self.open_mail("您的新链接")

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_text(each).first).to_be_visible()
        self.fits()

    def sees_no(self, words: str) -> None:
        expect(self.page.get_by_text(words)).to_have_count(0)

    def fits(self) -> None:
        wide = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth, window.visualViewport.scale]")
        assert wide[0] <= wide[1], f"{self.page.url} is {wide[0]} px wide on {wide[1]}"
        assert wide[2] == 1

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the button or the link that is called so, or begins so."""
        place: Locator | Page = within or self.page
        called = re.compile(rf"^\s*{re.escape(name)}")
        self.touch(place.get_by_role("button", name=called).or_(place.get_by_role("link", name=called)).first)

    def unfold(self, name: str) -> Locator:
        """Open the fold of this heading; what is in it."""
        fold = self.page.locator("details", has_text=name)
        self.touch(fold.locator("summary"))
        return fold

    def touch(self, found: Locator) -> None:
        if self.touches:
            found.tap()
        else:
            found.click()

    def row(self, *words: str) -> Locator:
        """The row of a list of duties that holds all of these words."""
        rows = self.page.locator("a.duty")
        for each in words:
            rows = rows.filter(has_text=each)
        return rows

    def fill(self, *, within: Locator | None = None, **values: str) -> None:
        """By the words of the labels."""
        place: Locator | Page = within or self.page
        for label, value in values.items():
            place.get_by_label(label).first.fill(value)

    def attach(self, path: Path) -> None:
        self.page.get_by_label("佐证材料").set_input_files(path)

    def download(self, name: str) -> Download:
        with self.page.expect_download() as coming:
            self.press(name)
        return coming.value


def open_window(browser: Browser, office: AnsweringOffice, person: str, **options: Any) -> Window:
    context = browser.new_context(**({"locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | options))
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    window = Window(page, office, person, touches=bool(options.get("has_touch")))
    page.on("console", lambda said: _note(window, said))
    page.on("pageerror", lambda error: window.complaints.append(f"{page.url}: {error}"))
    context.on("request", lambda request: window.asked.append(request.url))
    return window


def _note(window: Window, said: ConsoleMessage) -> None:
    """Errors and warnings; not that the page itself answers with a status which says that something was refused."""
    if said.type in ("error", "warning") and said.location.get("url") != window.page.url:
        window.complaints.append(f"{window.page.url}: {said.text}")
