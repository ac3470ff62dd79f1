"""The two UIs of Prefect as the officer uses them: what she clicks and what she reads, by the same names for both.

In: a page of a browser and the address of the server. Nothing here waits for a time, only for what is to appear.
"""

import re
from abc import ABC, abstractmethod
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from engine.completion import COMPLETION_WORDS

AGES = ("2025-01-01T00:00:00.000Z", "2125-01-01T00:00:00.000Z")


STATE_NAME = re.compile(f"^({'|'.join(words.zh for words in COMPLETION_WORDS.values())}|Resuming)$")


class Ui(ABC):
    """One of the UIs in one page of a browser."""

    def __init__(self, page: Page, ui_url: str) -> None:
        self.page = page
        self.ui_url = ui_url

    @abstractmethod
    def open_dashboard(self) -> None:
        """What is and was due at any time, at a glance."""

    @abstractmethod
    def filter_by_tag(self, tag: str) -> None:
        """On the Runs page, choose a tag by hand, and see runs of any time."""

    @abstractmethod
    def badge(self) -> Locator:
        """The state of the run that is open."""

    @abstractmethod
    def fill_in_review(self, conclusion: str, comment: str) -> Locator:
        """Press *Resume* and fill in the form; the dialog with it, not yet submitted."""

    @abstractmethod
    def submit(self) -> None:
        """Submit the form that is open."""

    @abstractmethod
    def change_state(self, to: str, reason: str) -> None:
        """*Change state* from the menu of a run that has ended."""

    @abstractmethod
    def cancel(self) -> None:
        """*Cancel* a run that has not ended, and confirm it."""

    @abstractmethod
    def retry(self) -> None:
        """*Retry* a run that has ended, and confirm it."""

    @abstractmethod
    def path(self, path: str) -> str:
        """The address of a page of this UI, which both have under the same path."""

    def open(self, path: str) -> None:
        self.page.goto(self.path(path))

    def open_run(self, run_id: str) -> None:
        self.open(f"/runs/flow-run/{run_id}")
        expect(self.badge()).to_be_visible()

    def runs(self) -> Locator:
        """The names in the list of runs; each is a link."""
        return self.page.locator("a[href*='/runs/flow-run/']:visible").filter(has_text=re.compile(r"\S"))

    def expect_runs(self, count: int) -> None:
        """Wait until the list says that it has so many runs."""
        expect(self.page.get_by_text(re.compile(rf"^\s*{count} (Flow )?runs?$")).first).to_be_visible()

    def search(self, name: str) -> None:
        """Only the runs whose names have these words."""
        self.page.get_by_placeholder("Search by flow run name").locator("visible=true").first.fill(name)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).or_(self.page.locator(".p-tab", has_text=name)).first.click()


class PresentUi(Ui):
    """The UI that Prefect shows first."""

    def path(self, path: str) -> str:
        return f"{self.ui_url}{path}"

    def open_dashboard(self) -> None:
        self.open(f"/dashboard?{urlencode({'type': 'range', 'startDate': AGES[0], 'endDate': AGES[1]})}")
        not_now = self.page.get_by_role("button", name="Not now")  # Prefect advertises its new UI, once a browser
        expect(self.page.get_by_text("Flow Runs").first).to_be_visible()
        if not_now.is_visible():
            not_now.click()

    def filter_by_tag(self, tag: str) -> None:
        self.open(f"/runs?{urlencode({'type': 'range', 'startDate': AGES[0], 'endDate': AGES[1]})}")
        self._choose(self.page.locator(".flow-run-tags-input:visible .p-select-button__control").first, tag, among_many=True)
        self.page.get_by_text("Date Range", exact=True).click()
        expect(self.page.locator(".p-select-option")).to_have_count(0)  # the list of tags covers the runs until it is left

    def choose_filter(self, name: str) -> None:
        """A saved filter, from the box at the top of the Runs page."""
        self._choose(self.page.locator(".p-select-button__control").first, name)

    def badge(self) -> Locator:
        return self.page.locator(".page-heading-flow-run .state-badge")

    def fill_in_review(self, conclusion: str, comment: str) -> Locator:
        self.page.get_by_role("button", name="Resume").click()
        form = self.page.locator(".p-modal")
        self._choose(form.locator(".p-select-button__control").first, conclusion)
        form.locator("textarea").fill(comment)
        return form

    def submit(self) -> None:
        self.page.get_by_role("button", name="Submit").click()

    def change_state(self, to: str, reason: str) -> None:
        self.page.locator("button.flow-run-menu, .flow-run-menu button").first.click()
        self.page.get_by_text("Change state", exact=True).click()
        form = self.page.locator(".p-modal")
        self._choose(form.locator(".p-select-button__control").first, to)
        form.locator("input.p-text-input__control").fill(reason)
        form.get_by_role("button", name="Change", exact=True).click()

    def cancel(self) -> None:
        self.page.get_by_role("button", name="Cancel").click()
        self.page.locator(".p-modal").get_by_role("button", name="Confirm").click()

    def retry(self) -> None:
        self.page.get_by_role("button", name="Retry").click()
        self.page.locator(".p-modal").get_by_role("button", name="Retry").click()

    def _choose(self, box: Locator, option: str, *, among_many: bool = False) -> None:
        expect(box).to_be_visible()
        box.focus()
        self.page.keyboard.press("ArrowDown")  # a click opens and closes it at once
        if among_many:
            self.page.get_by_placeholder("Search or enter").fill(option)
        self.page.locator(".p-select-option").get_by_text(option, exact=True).click()


class NewUi(Ui):
    """The UI that the switch at the bottom of the side bar offers."""

    def path(self, path: str) -> str:
        return f"{self.ui_url}/v2{path}"

    def open_dashboard(self) -> None:
        self.open(f"/dashboard?{urlencode({'rangeType': 'range', 'start': AGES[0], 'end': AGES[1]})}")
        expect(self.page.get_by_text("Flow Runs").first).to_be_visible()

    def filter_by_tag(self, tag: str) -> None:
        self.open("/runs")
        tags = self.page.get_by_placeholder("All tags")
        tags.fill(tag)
        tags.press("Enter")
        self.page.get_by_role("button", name="Clear date range").click()

    def badge(self) -> Locator:
        return (
            self.page.locator("[data-slot=badge], span")
            .filter(has_text=re.compile("^(待签收|办理中|临期|待审核|退回重办|逾期|按期办结|逾期办结|已撤销|Resuming)$"))
            .first
        )

    def fill_in_review(self, conclusion: str, comment: str) -> Locator:
        self._menu("Resume")
        form = self.page.get_by_role("dialog").filter(has_text="Resume Flow Run")
        form.locator("button", has_text="Select").first.click()
        self.page.get_by_role("option", name=conclusion).click()
        form.locator("textarea").fill(comment)
        return form

    def submit(self) -> None:
        self.page.get_by_role("dialog").get_by_role("button", name="Resume").click()

    def change_state(self, to: str, reason: str) -> None:
        self._menu("Change state")
        form = self.page.get_by_role("dialog")
        form.get_by_role("combobox").click()
        self.page.get_by_role("option", name=to).click()
        form.locator("input, textarea").last.fill(reason)
        form.get_by_role("button", name="Change", exact=True).click()

    def cancel(self) -> None:
        self._menu("Cancel")
        self.page.get_by_role("alertdialog").get_by_role("button", name="Cancel Flow Run").click()

    def retry(self) -> None:
        self._menu("Retry")
        self.page.locator("[role=dialog], [role=alertdialog]").get_by_role("button", name="Retry").click()

    def _menu(self, entry: str) -> None:
        self.page.get_by_role("button", name="Open menu").click()
        self.page.get_by_role("menuitem", name=entry).click()
