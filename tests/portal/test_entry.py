"""Coming in: links, cookies, new links, and what a stranger gets."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.access import revoke
from engine.moves import OFFICER
from models import AssignmentState, Message
from tests.portal.conftest import ADDRESS, Browser, Office
from zeren.database import transaction


def messages(office: Office) -> list[tuple[str, str]]:
    with transaction(office.url) as session:
        return [(row.kind, row.address) for row in session.execute(select(Message.kind, Message.address).order_by(Message.id))]


def test_the_link_of_a_mail_opens_the_duties_and_leaves_the_address_without_the_key(office: Office) -> None:
    browser = Browser(office.app)
    answer = browser.get(office.link("林一").removeprefix(ADDRESS))
    assert answer.status_code == 200
    assert (answer.url.path, "我的任务" in answer.text) == ("/", True)
    assert browser.get("/").status_code == 200


def test_a_link_to_one_duty_opens_it_and_one_to_another_place_opens_the_duties(office: Office) -> None:
    link = office.link("林一").removeprefix(ADDRESS)
    assert Browser(office.app).get(f"{link}/duties/{office.ids['soon']}").url.path == f"/duties/{office.ids['soon']}"
    for elsewhere in ("//evil.example", "/evil", "https://evil.example", "duties/1/../.."):
        assert Browser(office.app).get(f"{link}/{elsewhere}").url.path in ("/", f"{link}/{elsewhere}")


def test_opening_a_link_changes_nothing(office: Office) -> None:
    for _ in range(3):
        Browser(office.app, office.link("林一")).get(f"/duties/{office.ids['soon']}")
    assert (office.one("soon").state, office.one("soon").version, office.changes) == (AssignmentState.SENT, 1, 0)


@pytest.mark.parametrize("path", ["/", "/year", "/done", "/reviews", "/duties/1"])
def test_without_a_link_there_is_a_page_that_says_so(office: Office, path: str) -> None:
    answer = office.browser().get(path)
    assert answer.status_code == 401
    assert "索取新链接" in answer.text


def test_forged_expired_and_revoked_links_say_what_they_are(office: Office) -> None:
    link = office.link("林一").removeprefix(ADDRESS)
    assert office.browser().get(link + "x").status_code == 403
    with transaction(office.url) as session:
        revoke(session, "林一", now=office.now)
    revoked = office.browser().get(link)
    assert (revoked.status_code, "链接已作废" in revoked.text) == (410, True)
    browser = office.browser("林一")
    office.later(days=181)
    expired = browser.get("/")
    assert (expired.status_code, "链接已过期" in expired.text) == (410, True)


def test_the_answer_to_who_asks_for_a_link_never_tells_whether_the_address_is_known(office: Office) -> None:
    known = office.browser().post("/link", {"address": "1@Office.example "})
    unknown = office.browser().post("/link", {"address": "nobody@office.example"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert messages(office) == [("link", "1@office.example")]
    assert office.changes == 1  # its delivery


def test_a_new_link_comes_once_in_five_minutes_and_the_officer_has_one_too(office: Office) -> None:
    for _ in range(3):
        office.browser().post("/link", {"address": "1@office.example"})
    office.later(minutes=6)
    office.browser().post("/link", {"address": "plan@office.example"})
    assert messages(office) == [("link", "1@office.example"), ("link", "plan@office.example")]


def test_floods_are_stopped_by_link_and_by_address(office: Office) -> None:
    browser = office.browser("林一")
    assert [browser.get("/done").status_code for _ in range(260)].count(429) >= 20
    assert office.browser("周望").get("/done").status_code == 200  # another link from the same address
    strangers = [office.browser().get("/") for _ in range(40)]
    assert [answer.status_code for answer in strangers].count(429) >= 10
    assert strangers[-1].headers["retry-after"] == "60"
    assert [office.browser().post("/link", {"address": "x@y.example"}).status_code for _ in range(7)].count(429) == 2


def test_every_answer_carries_the_headers_that_keep_it_to_itself(office: Office) -> None:
    browser = office.browser("林一")
    for path in ("/", "/missing", "/link", "/portal.css", f"/duties/{office.ids['foreign']}"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == ("public, max-age=3600" if path == "/portal.css" else "no-store")
        assert "strict-transport-security" not in headers


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(office: Office) -> None:
    answer = office.browser().client.get(office.link("林一"), follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_the_log_tells_visitors_apart_and_holds_no_key(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    link = office.link("林一")
    with caplog.at_level(logging.INFO, logger="zeren.portal"):
        browser = Browser(office.app, link)
        browser.get("/")
        browser.post("/link", {"address": "1@office.example"})
        office.browser().get(link.removeprefix(ADDRESS)[:-3])
    token = link.rpartition("/")[2]
    lines = [record.getMessage() for record in caplog.records if record.name == "zeren.portal"]
    assert any(line.startswith("GET / 200") for line in lines)
    assert any(line.startswith("GET /l/{token} 403") for line in lines)
    assert [line for line in lines if token[:20] in line or "office.example" in line] == []


def test_a_page_can_be_read_in_english_and_the_visitor_stays_where_they_were(office: Office) -> None:
    browser = office.browser("林一")
    answer = browser.post("/language", {"to": "en", "back": "/done"})
    assert (answer.url.path, "Nothing is done yet" in answer.text) == ("/done", True)
    assert browser.post("/language", {"to": "zh", "back": "//evil.example"}).url.path == "/"
    for elsewhere in ("//2130706433/", "/a//b", "//2130706433"):
        answer = browser.client.post("/language", data={"to": "zh", "back": elsewhere}, follow_redirects=False)
        assert answer.headers["location"] == "/"


def test_leaving_forgets_the_link_on_the_device(office: Office) -> None:
    browser = office.browser("林一")
    browser.post("/leave")
    assert browser.get("/").status_code == 401


def test_the_officer_comes_to_what_waits_for_a_decision(office: Office) -> None:
    assert office.officer.get("/").url.path == "/reviews"
    link = office.link(OFFICER)
    office.now += timedelta(days=1)
    assert Browser(office.app, link).get("/reviews").status_code == 200


@pytest.mark.parametrize("path", ["/duties/0", "/duties/99999999999999999999", "/files/99999999999999999999", "/duties/1/draft/9999999999"])
def test_what_no_database_can_have_is_no_page(office: Office, path: str) -> None:
    assert office.browser("林一").get(path).status_code == 404


def test_where_the_program_fails_there_is_a_page_with_the_headers(office: Office) -> None:
    browser = office.browser("林一")
    office.app.state.desk = replace(office.app.state.desk, clock=lambda: 1 // 0)
    answer = browser.get("/")
    assert (answer.status_code, "系统出错" in answer.text) == (500, True)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_database_that_cannot_be_used_is_no_business_of_visitors(office: Office) -> None:
    browser = office.browser("林一")
    office.app.state.desk = replace(office.app.state.desk, database_url="sqlite:////does/not/exist.db")
    answer = browser.get("/")
    assert (answer.status_code, "exist.db" in answer.text) == (503, False)


def test_what_is_large_is_not_read_without_a_link(office: Office) -> None:
    large = {"files": ("x.bin", bytes(150_000))}
    assert office.browser().post("/link", {"address": "1@office.example"}, files=large).status_code == 401
    assert office.browser().post(f"/duties/{office.ids['soon']}/report", {"text": "x"}, files=large).status_code == 401
    assert messages(office) == []


def test_links_are_counted_wherever_they_open(office: Office) -> None:
    link = office.link("林一").removeprefix(ADDRESS)
    client = office.browser().client
    assert [client.get(link, follow_redirects=False).status_code for _ in range(260)].count(429) == 20


def test_a_visitor_makes_the_links_from_before_void_and_goes_on(office: Office) -> None:
    old = office.link("林一").removeprefix(ADDRESS)
    browser = office.browser("林一")
    browser.get("/year")
    answer = browser.post("/revoke")
    assert (answer.status_code, "已全部作废" in answer.text) == (200, True)
    assert browser.get("/done").status_code == 200
    assert office.browser().get(old).status_code == 410
