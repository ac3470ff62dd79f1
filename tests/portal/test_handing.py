"""转办 and 请假代办 in the portal."""

import pytest

from models import AssignmentState, Message, Person, Unit
from tests import factories
from tests.portal.conftest import Office
from zeren.database import transaction

LEAVE = {"substitute": "同事", "starts_on": "2026-01-05", "ends_on": "2026-01-09", "reason": "年假"}


@pytest.fixture
def team(office: Office) -> Office:
    """林一's unit has another member."""
    with transaction(office.url) as session:
        unit = session.query(Unit).filter_by(name="第一党支部").one()
        colleague = factories.person(session, name="同事", email="4@office.example")
        factories.post(session, person_id=colleague.id, unit_id=unit.id, title="组织委员")
    return office


def give(office: Office, who: str = "林一", to: str = "同事", reason: str = "分工调整") -> tuple[int, str]:
    browser = office.browser(who)
    browser.get("/absence")
    answer = browser.post(f"/duties/{office.ids['soon']}/reassign", {"to": to, "reason": reason})
    return answer.status_code, answer.text


def carrier(office: Office) -> str:
    person_id = office.one("soon").person_id
    with transaction(office.url) as session:
        return session.query(Person).filter_by(id=person_id).one().name


def test_a_duty_goes_to_a_colleague_who_is_told(team: Office) -> None:
    status, page = give(team)
    assert (status, "已转办，对方会收到邮件" in page) == (200, True)
    assert carrier(team) == "同事"
    assert f"/duties/{team.ids['soon']}" in team.browser("同事").get("/").text
    assert team.browser("林一").get(f"/duties/{team.ids['soon']}").status_code == 404
    with transaction(team.url) as session:
        assert [(mail.kind, mail.address) for mail in session.query(Message)] == [("handover", "4@office.example")]


@pytest.mark.parametrize(
    ("who", "to", "reason", "status"),
    [("林一", "吴名", "分工", 422), ("林一", "同事", " ", 422), ("周望", "同事", "分工", 422), ("吴名", "同事", "分工", 404)],
)
def test_only_the_carrier_gives_it_and_only_within_the_unit(team: Office, who: str, to: str, reason: str, status: int) -> None:
    assert give(team, who, to, reason)[0] == status
    assert carrier(team) == "林一"


def test_a_substitute_does_the_duties_while_the_person_is_away(team: Office) -> None:
    browser = team.browser("林一")
    browser.get("/absence")
    answer = browser.post("/absence", LEAVE)
    assert (answer.status_code, "代办已登记" in answer.text) == (200, True)
    other = team.browser("同事")
    page = other.get("/").text
    assert "您正在代办：林一" in page
    assert "代林一" in page
    other.post("/acknowledge", {"id": team.ids["soon"]})
    assert (team.one("soon").state, carrier(team)) == (AssignmentState.ACKNOWLEDGED, "林一")
    team.later(days=5)
    assert team.browser("同事").get(f"/duties/{team.ids['soon']}").status_code == 404


def test_a_leave_ends_early_by_the_person_alone(team: Office) -> None:
    browser = team.browser("林一")
    browser.get("/absence")
    browser.post("/absence", LEAVE)
    stranger = team.browser("同事")
    stranger.get("/absence")
    assert stranger.post("/absence/1/end").status_code == 404
    assert "代办已结束" in browser.post("/absence/1/end").text
    assert team.browser("同事").get(f"/duties/{team.ids['soon']}").status_code == 404


@pytest.mark.parametrize(
    "fields", [{"ends_on": ""}, {"ends_on": "2026-01-01"}, {"substitute": "林一"}, {"substitute": "某某"}, {"starts_on": "x"}]
)
def test_an_unfit_leave_says_why(team: Office, fields: dict[str, str]) -> None:
    browser = team.browser("林一")
    browser.get("/absence")
    answer = browser.post("/absence", {**LEAVE, **fields})
    assert (answer.status_code, 'role="alert"' in answer.text, "年假" in answer.text) == (422, True, True)


def test_the_officer_has_no_leave_of_her_own(team: Office) -> None:
    assert team.officer.get("/absence").status_code == 404


def test_who_leads_the_unit_from_above_is_no_colleague(team: Office) -> None:
    with transaction(team.url) as session:
        unit = session.query(Unit).filter_by(name="第一党支部").one()
        above = factories.person(session, name="副局长")
        factories.post(session, person_id=above.id, unit_id=unit.id, title="分管领导")
    page = team.browser("林一").get(f"/duties/{team.ids['soon']}").text
    assert "<option>同事</option>" in page
    assert "副局长" not in page
    assert give(team, to="副局长")[0] == 422
