"""我的任务: what a person sees, and the receipt."""

from datetime import date

import icalendar
import pytest

from engine.escalation import ESCALATE
from engine.history import Change, record
from engine.moves import Action, move
from models import Assignment, AssignmentState, AssistingParty, Person
from tests.factories import NOW
from tests.portal.conftest import ADDRESS, Office
from zeren.database import transaction


def test_the_most_urgent_stands_first_with_its_light_in_words(office: Office) -> None:
    page = office.browser("林一").get("/").text
    assert page.index("临期") < page.index("待签收</span>")
    assert "light yellow" in page
    office.later(days=10)
    assert "已逾期，请尽快办理" in office.browser("林一").get("/").text


def test_one_light_stands_for_all_of_mine(office: Office) -> None:
    def light() -> str:
        return office.browser("林一").get("/").text.partition("</h1>")[2].partition("</p>")[0]

    assert "黄灯</span> 有临期" in light()
    office.later(days=10)
    assert "红灯</span> 有逾期" in light()
    with transaction(office.url) as session:
        for name in ("soon", "counted"):
            move(session, [office.ids[name]], Action.WITHDRAW, reason="", by="officer", now=NOW)
    assert "无灯</span> 没有未办结" in light()


def test_each_branch_that_one_leads_has_its_light(office: Office) -> None:
    page = office.browser("周望").get("/led").text
    assert '<h2><span class="light yellow">黄灯</span> 第一党支部' in page


def test_a_history_says_to_whom_a_duty_went_up(office: Office) -> None:
    with transaction(office.url) as session:
        record(session, [Change(office.ids["soon"], ESCALATE, None, "联系领导 周望", "逾期3个工作日")], at=NOW, by="follow-up")
    assert '上报 → 联系领导 周望</b> <span class="soft">督办' in office.browser("林一").get(f"/duties/{office.ids['soon']}").text


def test_only_ones_own_duties_are_shown(office: Office) -> None:
    page = office.browser("林一").get("/").text
    assert f"/duties/{office.ids['soon']}" in page
    assert f"/duties/{office.ids['foreign']}" not in page
    assert office.browser("林一").get(f"/duties/{office.ids['foreign']}").status_code == 404


def test_all_are_acknowledged_with_one_button(office: Office) -> None:
    browser = office.browser("林一")
    answer = browser.post("/acknowledge", {"all": "1"})
    assert (answer.status_code, "已签收" in answer.text) == (200, True)
    assert [office.one(name).state for name in ("soon", "counted", "foreign")] == [
        AssignmentState.ACKNOWLEDGED,
        AssignmentState.ACKNOWLEDGED,
        AssignmentState.SENT,
    ]
    assert "全部签收" not in browser.get("/").text
    assert office.changes == 1


def test_one_is_acknowledged_on_its_own_page_and_a_second_time_changes_nothing(office: Office) -> None:
    browser = office.browser("林一")
    browser.get(f"/duties/{office.ids['soon']}")
    for _ in range(2):
        answer = browser.post("/acknowledge", {"id": office.ids["soon"], "stay": "1"})
        assert answer.url.path == f"/duties/{office.ids['soon']}"
    assert (office.one("soon").state, office.one("soon").version) == (AssignmentState.ACKNOWLEDGED, 2)


@pytest.mark.parametrize("foreign", ["foreign", "unknown"])
def test_anothers_assignment_is_not_acknowledged(office: Office, foreign: str) -> None:
    office.ids["unknown"] = 999_999
    answer = office.browser("林一").post("/acknowledge", {"id": office.ids[foreign]})
    assert answer.status_code == 404
    assert office.one("foreign").state is AssignmentState.SENT


def test_a_form_without_the_mark_of_its_link_changes_nothing(office: Office) -> None:
    browser, other = office.browser("林一"), office.browser("周望")
    other.get("/link")
    for mark in ("", "x", office.browser("吴名").mark, "汉字"):
        assert browser.post("/acknowledge", {"all": "1", "mark": mark}).status_code == 403
    assert office.one("soon").state is AssignmentState.SENT


def test_the_year_shows_each_month_and_an_address_to_subscribe_to(office: Office) -> None:
    page = office.browser("林一").get("/year").text
    assert page.count('class="month"') == 12
    assert "1项" in page
    assert f"{ADDRESS}/calendar/" in page
    assert office.browser("林一").get("/year?year=2027").text.count("/duties/") == 0
    assert office.browser("林一").get("/year?year=abc").status_code == 404


def test_the_feed_holds_the_dates_and_needs_its_own_link(office: Office) -> None:
    page = office.browser("林一").get("/year").text
    path = page.partition(f'href="{ADDRESS}/calendar/')[2].partition('"')[0]
    answer = office.browser().get(f"/calendar/{path}")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert sorted(event.decoded("DTSTART") for event in events) == [date(2026, 1, 9), date(2026, 12, 31)]
    assert office.browser().get(f"/calendar/{path[:-6]}.ics").status_code == 403
    token = office.link("林一").rpartition("/")[2]
    assert office.browser().get(f"/calendar/{token}.ics").status_code == 403  # a link to answer is none to subscribe


def test_a_feed_without_dates_is_a_calendar_all_the_same(office: Office) -> None:
    page = office.browser("周望").get("/year").text
    path = page.partition(f'href="{ADDRESS}/calendar/')[2].partition('"')[0]
    assert icalendar.Calendar.from_ical(office.browser().get(f"/calendar/{path}").content).walk("VEVENT") == []


def test_what_is_done_and_what_is_withdrawn(office: Office) -> None:
    with transaction(office.url) as session:
        move(session, [office.ids["soon"]], Action.CLOSE, reason="", by="计划员", now=NOW, done_on=date(2026, 1, 5))
        move(session, [office.ids["counted"]], Action.WITHDRAW, reason="", by="计划员", now=NOW)
        assert session.get_one(Assignment, office.ids["soon"]).state is AssignmentState.CLOSED
    page = office.browser("林一").get("/done").text
    assert "按期办结" in page
    assert f"/duties/{office.ids['counted']}" not in page
    assert "目前没有要办的任务" in office.browser("林一").get("/").text


def test_a_contact_leader_sees_the_branch_and_nobody_else_does(office: Office) -> None:
    assert f"/duties/{office.ids['soon']}" in office.browser("周望").get("/led").text
    assert office.browser("周望").get(f"/duties/{office.ids['soon']}").status_code == 200
    assert office.browser("吴名").get(f"/duties/{office.ids['soon']}").status_code == 404
    assert 'href="/led"' not in office.browser("吴名").get("/").text


def test_what_people_wrote_is_shown_and_not_run(office: Office) -> None:
    page = office.browser("林一").get("/").text
    assert "按季报送 &lt;台账&gt;" in page
    assert "<台账>" not in page


def test_what_somebody_assists_in_is_shown_for_information(office: Office) -> None:
    with transaction(office.url) as session:
        step_id = session.get_one(Assignment, office.ids["foreign"]).step_id
        person = session.query(Person).filter_by(name="周望").one()
        session.add(AssistingParty(step_id=step_id, party="周望", person_id=person.id))
    page = office.browser("周望").get("/").text
    assert "我配合的，不用签收和报送" in page
    assert "报送台账" in page
    assert "我配合的" not in office.browser("林一").get("/").text
