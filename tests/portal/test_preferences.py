"""通知设置: what people choose, and the one click of a mail that ends their weekly digests."""

import re

import pytest
from sqlalchemy import select

from engine.access import UNSUBSCRIBE_DAYS, unsubscribe_links
from engine.preferences import Preferred, preference_of
from models import Person
from office.policy import read_policy
from portal.app import create_app
from tests.portal.conftest import ADDRESS, SENDER, Browser, Office
from zeren.database import reading, transaction


def chosen_by(office: Office, name: str) -> Preferred:
    with reading(office.url) as session:
        return preference_of(session, session.scalars(select(Person.id).where(Person.name == name)).one())


def unsubscribe_path(office: Office, name: str) -> str:
    with transaction(office.url) as session:
        return unsubscribe_links(session, [name], sender=SENDER, now=office.now)[name].removeprefix(ADDRESS)


def ticked(page: str) -> list[tuple[str, str]]:
    """The boxes of a page that are ticked: name and value."""
    return re.findall(r'name="(\w+)" value="(\w+)" checked', page)


def test_ones_own_page_leads_to_the_settings_which_say_what_always_comes(office: Office) -> None:
    browser = office.browser("林一")
    assert 'href="/preferences"' in browser.get("/").text
    page = browser.get("/preferences").text
    assert ticked(page) == [("at", "morning"), ("informed", "1")]
    offered, _, always = page.partition("不能关的")
    assert re.findall(r"到期前\d个工作日的提醒", offered) == ["到期前7个工作日的提醒", "到期前3个工作日的提醒"]
    assert "到期前1个工作日的提醒" in always
    assert "逾期的督办" in always


def test_what_is_chosen_is_kept_and_shown(office: Office) -> None:
    browser = office.browser("林一")
    browser.get("/preferences")
    answer = browser.post("/preferences", {"skip": ["7"], "at": "afternoon"})
    assert (answer.status_code, "通知设置已保存" in answer.text) == (200, True)
    assert ticked(answer.text) == [("skip", "7"), ("at", "afternoon")]
    assert chosen_by(office, "林一") == Preferred((7,), in_the_afternoon=True, informed=False)
    assert chosen_by(office, "吴名") == Preferred()
    assert ticked(browser.post("/preferences", {"at": "morning", "informed": "1"}).text) == [("at", "morning"), ("informed", "1")]


@pytest.mark.parametrize(
    "form",
    [{"skip": ["1"], "at": "morning"}, {"skip": ["7", "x"], "at": "morning"}, {"skip": ["99999"], "at": "morning"}, {"skip": ["7"]}],
    ids=["the last warning", "no number", "no warning", "no time"],
)
def test_what_may_not_be_chosen_is_refused_and_changes_nothing(office: Office, form: dict[str, object]) -> None:
    browser = office.browser("林一")
    browser.get("/preferences")
    answer = browser.post("/preferences", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert chosen_by(office, "林一") == Preferred()


def test_the_policy_in_force_says_what_may_be_skipped(office: Office) -> None:
    desk = office.app.state.desk
    strict = read_policy("[mail]\nmay_skip_warnings = []", place="policy.toml")
    app = create_app(
        database_url=office.url, sender=SENDER, clock=desk.clock, changed=desk.changed, receiver=desk.receiver, policy=lambda: strict
    )
    browser = Browser(app, office.link("林一"))
    assert 'name="skip"' not in browser.get("/preferences").text
    assert browser.post("/preferences", {"skip": ["7"], "at": "morning"}).status_code == 422


def test_a_form_of_another_person_changes_nothing(office: Office) -> None:
    browser, other = office.browser("林一"), office.browser("吴名")
    other.get("/preferences")
    assert browser.post("/preferences", {"at": "morning", "mark": other.mark}).status_code == 403
    assert chosen_by(office, "林一").informed


def test_the_officer_has_no_reminders_to_choose_from(office: Office) -> None:
    assert office.officer.get("/preferences").status_code == 404


def test_opening_the_unsubscribing_link_changes_nothing(office: Office) -> None:
    answer = office.browser().get(unsubscribe_path(office, "周望"))
    assert answer.status_code == 200
    assert answer.text.count('<button class="main"') == 1
    assert "不再接收" in answer.text
    assert chosen_by(office, "周望").informed


def test_one_click_ends_the_weekly_digests_without_a_cookie_or_a_mark(office: Office) -> None:
    path = unsubscribe_path(office, "周望")
    for _twice in range(2):
        mail_program = office.browser()
        answer = mail_program.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.history) == (200, []), "RFC 8058: no redirect"
        assert not mail_program.client.cookies
    assert chosen_by(office, "周望") == Preferred(informed=False)
    assert chosen_by(office, "林一").informed


def test_who_gets_no_weekly_digests_any_more_is_told_so_and_where_to_switch_them_on(office: Office) -> None:
    path = unsubscribe_path(office, "周望")
    office.browser().client.post(path, data={"List-Unsubscribe": "One-Click"})
    page = office.browser().get(path).text
    assert "周望不再收到每周摘要" in page
    assert 'href="/preferences"' in page
    assert '<button class="main"' not in page
    assert "每周收到一封" not in page


def test_a_mail_program_may_send_its_click_in_parts(office: Office) -> None:
    answer = office.browser().client.post(unsubscribe_path(office, "周望"), files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert not chosen_by(office, "周望").informed


def test_the_weekly_digest_can_be_switched_on_again(office: Office) -> None:
    office.browser().client.post(unsubscribe_path(office, "周望"), data={"List-Unsubscribe": "One-Click"})
    browser = office.browser("周望")
    assert ticked(browser.get("/preferences").text) == [("at", "morning")]
    browser.post("/preferences", {"at": "morning", "informed": "1"})
    assert chosen_by(office, "周望").informed


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One"}])
def test_a_post_that_says_no_such_thing_is_refused(office: Office, body: dict[str, str]) -> None:
    assert office.browser().client.post(unsubscribe_path(office, "周望"), data=body).status_code == 400
    assert chosen_by(office, "周望").informed


def test_an_unsubscribing_link_opens_nothing_else_and_no_other_link_unsubscribes(office: Office) -> None:
    token = unsubscribe_path(office, "周望").rpartition("/")[2]
    assert office.browser().get(f"/l/{token}").status_code == 403
    other = office.link("周望").rpartition("/")[2]
    click = {"List-Unsubscribe": "One-Click"}
    assert office.browser().client.post(f"/unsubscribe/{other}", data=click).status_code == 403
    office.later(days=UNSUBSCRIBE_DAYS + 1)
    assert office.browser().client.post(f"/unsubscribe/{token}", data=click).status_code == 410
    assert chosen_by(office, "周望").informed
