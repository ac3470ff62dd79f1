"""Every page can be read aloud, used with the keys alone, and hit with a thumb; in both languages, by day and by night."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from engine.extending import ask_extension
from engine.reporting import report
from engine.reviewing import review
from models import Verdict
from tests.portal.browser.answering_office import FOURTH, ISSUED, AnsweringOffice
from tests.portal.browser.conftest import Windows
from tests.portal.browser.windows import PHONE, Window
from zeren.database import transaction

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}, "resultTypes": ["violations"]}
TALL_ENOUGH = 40  # px, of what a thumb is to hit
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
LOW = """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
    .map(found => found.matches('[type=checkbox]') ? found.closest('label') : found)
    .filter(found => !found.matches('.skip') && found.getBoundingClientRect().height < least)
    .map(found => `${found.outerHTML.slice(0, 90)}: ${found.getBoundingClientRect().height}`)"""
NAMELESS = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(found => !found.labels.length).map(found => found.outerHTML)"""
FOCUSED = "() => document.activeElement.innerText.trim()"

Pages = dict[str, list[str]]  # who opens which addresses; "" is a stranger


@pytest.fixture(scope="module")
def pages(answering: AnsweringOffice) -> Pages:
    """All of them, with every form that they can show."""
    duties = {name: answering.duty(FOURTH, "主题党日", "结合民政业务", name) for name in ("6月", "7月", "8月", "9月")}
    by = {"by": FOURTH.secretary, "now": answering.now}
    with transaction(answering.database_url) as session:
        for month in ("7月", "8月"):
            report(session, duties[month], text="已按要求完成", evidence=[("照片", "https://example.com/1.jpg")], **by)
        returned = {"verdict": Verdict.RETURNED, "comment": "缺签到表", "by": FOURTH.leader, "sender": answering.sender}
        review(session, duties["8月"], number=1, now=answering.now, **returned)
        more = {"wanted_on": date(2026, 10, 20), "reason": "换届", "progress": "已拟方案", "sender": answering.sender}
        ask_extension(session, duties["9月"], **more, **by)
    own, reported, returned_one, asked = (f"/duties/{id_}" for id_ in duties.values())
    return {
        FOURTH.secretary: ["/", "/year", "/done", "/ledgers", "/absence", own, reported, returned_one, "/missing"],
        FOURTH.leader: ["/reviews", "/led", reported, asked],
        "": ["/link", "/"],
    }


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def opened(windows: Windows, pages: Pages, **options: object) -> Iterator[Window]:
    """Each of the pages in turn, with its folds open."""
    for person, paths in pages.items():
        window = windows(person, **options)
        if person:
            window.open_mail(ISSUED)
        for path in paths:
            window.open(path)
            window.page.evaluate(UNFOLD)
            yield window


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {each['id']} {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_breaks_the_rules_for_accessible_pages(
    answering: AnsweringOffice, windows: Windows, pages: Pages, scheme: str, language: str
) -> None:
    """WCAG 2.1, levels A and AA, as far as axe can tell."""
    # The check is a script, which the policy of the pages would keep out.
    options = {**PHONE.options, "bypass_csp": True, "color_scheme": scheme}
    found: list[str] = []
    for window in opened(windows, pages, **options):
        if language == "en":
            window.page.context.add_cookies([{"name": "zeren_language", "value": "en", "url": answering.url}])
            window.page.reload()
            window.page.evaluate(UNFOLD)
        window.fits()
        found += violations(window.page)
    assert found == []


def test_every_field_has_a_label_and_whatever_is_tapped_is_large_enough(windows: Windows, pages: Pages) -> None:
    low: list[str] = []
    for window in opened(windows, pages, **PHONE.options):
        assert window.page.evaluate(NAMELESS) == []
        low += [f"{window.page.url}: {each}" for each in window.page.evaluate(LOW, TALL_ENOUGH)]
    assert low == []


@pytest.mark.parametrize(("path", "button"), [("/", "全部签收"), ("/duties/{}", "报送")])
def test_the_keys_alone_reach_the_main_button_and_show_where_they_are(
    answering: AnsweringOffice, windows: Windows, path: str, button: str
) -> None:
    window = windows(FOURTH.secretary)
    window.open_mail(ISSUED)
    window.open(path.format(answering.duty(FOURTH, "主题党日", "结合民政业务", "10月")))
    passed = []
    while not (passed and passed[-1].startswith(button)):
        window.page.keyboard.press("Tab")
        passed.append(window.page.evaluate(FOCUSED))
        assert len(passed) < 40, passed
    assert passed[0] == "跳到正文"
    assert window.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
