"""延期 in the portal: asked for before the due date, decided once, by who may."""

from datetime import date

import pytest

from models import Message
from tests import factories
from tests.portal.conftest import Office
from zeren.database import transaction

ASKED = {"wanted_on": "2026-01-20", "reason": "场地未定", "progress": "方案已定"}


def ask(office: Office, who: str = "林一", name: str = "soon", **fields: str) -> tuple[int, str]:
    browser = office.browser(who)
    browser.get(f"/duties/{office.ids[name]}")
    answer = browser.post(f"/duties/{office.ids[name]}/extension", {**ASKED, **fields})
    return answer.status_code, answer.text


def decide(office: Office, who: str, **fields: str) -> tuple[int, str]:
    browser = office.browser(who)
    browser.get(f"/duties/{office.ids['soon']}")
    answer = browser.post(f"/duties/{office.ids['soon']}/extension/1", fields)
    return answer.status_code, answer.text


def mails(office: Office) -> list[tuple[str, str]]:
    with transaction(office.url) as session:
        return [(mail.kind, mail.address) for mail in session.query(Message).order_by(Message.id)]


def test_the_contact_leader_grants_it_and_the_due_date_moves(office: Office) -> None:
    status, page = ask(office)
    assert (status, "延期申请已提交" in page, "场地未定" in page) == (200, True, True)
    assert f"/duties/{office.ids['soon']}#extension" in office.browser("周望").get("/reviews").text
    assert "申请延期</summary>" not in office.browser("林一").get(f"/duties/{office.ids['soon']}").text
    status, page = decide(office, "周望", grant="grant", granted_on="2026-01-16")
    assert (status, "已准予延期" in page, "原定" in page) == (200, True, True)
    assert (office.one("soon").due_on, office.one("soon").original_due_on) == (date(2026, 1, 16), date(2026, 1, 9))
    assert mails(office) == [("asked", "2@office.example"), ("decided", "1@office.example")]


def test_a_denied_one_keeps_its_date_and_needs_a_reason(office: Office) -> None:
    ask(office)
    assert decide(office, "周望", grant="deny")[0] == 422
    assert decide(office, "周望", grant="deny", comment="按原计划办")[0] == 200
    assert (office.one("soon").due_on, office.one("soon").original_due_on) == (date(2026, 1, 9), None)


def test_the_first_decision_counts(office: Office) -> None:
    ask(office)
    late = office.browser("周望")
    late.get(f"/duties/{office.ids['soon']}")
    assert decide(office, "周望", grant="grant", granted_on="2026-01-16")[0] == 200
    answer = late.post(f"/duties/{office.ids['soon']}/extension/1", {"grant": "deny", "comment": "不行"})
    assert (answer.status_code, "没有计入" in answer.text) == (409, True)
    assert office.one("soon").due_on == date(2026, 1, 16)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"wanted_on": ""}, "请写明新的期限"),
        ({"wanted_on": "明天"}, "请写明新的期限"),
        ({"wanted_on": "2026-01-09"}, "新"),
        ({"reason": " "}, "要写明原因"),
        ({"progress": ""}, "目前进展"),
    ],
)
def test_an_unfit_request_says_why_and_keeps_what_was_typed(office: Office, fields: dict[str, str], said: str) -> None:
    status, page = ask(office, **fields)
    assert (status, said in page) == (422, True)
    assert ("场地未定" in page) is ("reason" not in fields)
    assert mails(office) == []


def test_on_the_due_date_it_is_too_late(office: Office) -> None:
    office.later(days=4)
    status, page = ask(office)
    assert (status, "到期日之前申请" in page) == (422, True)
    assert "申请延期</summary>" not in office.browser("林一").get(f"/duties/{office.ids['soon']}").text


def test_strangers_neither_ask_nor_decide(office: Office) -> None:
    assert ask(office, "周望")[0] == 403
    assert ask(office, "吴名")[0] == 404
    ask(office)
    assert decide(office, "吴名", grant="grant", granted_on="2026-01-16")[0] == 404
    assert decide(office, "林一", grant="grant", granted_on="2026-01-16")[0] == 422
    assert decide(office, "周望", grant="maybe")[0] == 400
    assert office.one("soon").due_on == date(2026, 1, 9)


def test_who_decided_sees_what_came_of_it_though_they_neither_carry_nor_lead_it(office: Office) -> None:
    with transaction(office.url) as session:
        group = factories.unit(session, name="局党组", kind="党组")
        head = factories.person(session, name="班长", email="9@office.example")
        factories.post(session, person_id=head.id, unit_id=group.id, title="党组书记")
    ask(office)
    decide(office, "周望", grant="grant", granted_on="2026-01-16")
    ask(office, wanted_on="2026-02-10")
    principal = office.browser("班长")
    assert f"/duties/{office.ids['soon']}" in principal.get("/reviews").text
    assert 'href="/reviews"' in principal.get("/").text
    principal.get(f"/duties/{office.ids['soon']}")
    form = {"grant": "grant", "granted_on": "2026-02-06"}
    answer = principal.post(f"/duties/{office.ids['soon']}/extension/2", form)
    assert (answer.status_code, "已准予延期" in answer.text) == (200, True)
    assert office.browser("班长").get(f"/duties/{office.ids['soon']}").status_code == 200


def test_nothing_is_granted_into_the_past(office: Office) -> None:
    ask(office)
    office.later(days=15)
    status, page = decide(office, "周望", grant="grant", granted_on="2026-01-15")
    assert (status, "新的期限要晚于" in page) == (422, True)
