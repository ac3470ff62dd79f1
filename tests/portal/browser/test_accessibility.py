"""Every page can be read aloud, used with the keys alone, and hit with a thumb; in both languages, by day and by night."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from engine.access import unsubscribe_links
from engine.extending import ask_extension
from engine.reporting import report
from engine.reviewing import review
from models import Verdict
from tests.portal.browser.answering_office import FOURTH, ISSUED, AnsweringOffice
from tests.portal.browser.conftest import Windows
from tests.portal.browser.windows import PHONE, Window
from zeren.database import transaction

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}, "resultTypes": ["violations"]}
LEADER_OF_FEW = "贺知秋"  # axe takes seconds for hundreds of rows that are all alike
TALL_ENOUGH = 40  # px, of what a thumb is to hit
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
LOW = """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
    .map(found => found.matches('[type=checkbox], [type=radio]') ? found.closest('label') : found)
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
    sender, now = answering.sender, answering.now
    with transaction(answering.database_url) as session:
        for month in ("7月", "8月"):
            proof = [("照片", "https://example.com/1.jpg")]
            report(session, duties[month], text="已按要求完成", evidence=proof, by=FOURTH.secretary, now=now)
        returned = Verdict.RETURNED
        review(session, duties["8月"], number=1, verdict=returned, comment="缺签到表", by=FOURTH.leader, sender=sender, now=now)
        ask_extension(
            session,
            duties["9月"],
            wanted_on=date(2026, 10, 20),
            reason="支部换届",
            progress="已拟方案",
            by=FOURTH.secretary,
            sender=sender,
            now=now,
        )
        unsubscribe = unsubscribe_links(session, [FOURTH.leader], sender=sender, now=now)[FOURTH.leader]
    own, reported, returned_one, asked = (f"/duties/{id_}" for id_ in duties.values())
    return {
        FOURTH.secretary: ["/", "/done", "/ledgers", "/absence", "/preferences", own, reported, returned_one, "/missing"],
        FOURTH.leader: ["/reviews", reported, asked],
        LEADER_OF_FEW: ["/year", "/led"],
        "": ["/link", "/", unsubscribe],
    }


def opened(windows: Windows, pages: Pages, language: str = "zh", **options: object) -> Iterator[Window]:
    """Each of the pages in turn, with its folds open."""
    for person, paths in pages.items():
        window = windows(person, **options)
        window.page.context.add_cookies([{"name": "zeren_language", "value": language, "url": window.office.url}])
        if person:
            window.open_mail(ISSUED)
        for path in paths:
            window.open(path)
            window.page.evaluate(UNFOLD)
            yield window


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {each['id']} {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_no_page_breaks_the_rules_for_accessible_pages(windows: Windows, pages: Pages, scheme: str, language: str) -> None:
    """WCAG 2.1, levels A and AA, as far as axe can tell. Colours do not depend on words: each scheme is looked at in one language."""
    found: list[str] = []
    # The check is a script, which the policy of the pages would keep out.
    for window in opened(windows, pages, language, **PHONE.options, bypass_csp=True, color_scheme=scheme):
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
    passed: list[str] = []
    while not (passed and passed[-1].startswith(button)):
        window.page.keyboard.press("Tab")
        passed.append(window.page.evaluate(FOCUSED))
        assert len(passed) < 40, passed
    assert passed[0] == "跳到正文"
    assert window.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
