"""审核 in the portal: who may, once, and the other is told."""

import pytest

from engine.reporting import report
from models import AssignmentState, Message
from office.text import Refused
from tests.portal.conftest import Office
from zeren.database import transaction


@pytest.fixture
def reported(office: Office) -> Office:
    with transaction(office.url) as session:
        report(session, office.ids["soon"], text="已办 <b>完</b>", by="林一", now=office.now)
    return office


def decide(office: Office, name: str, verdict: str, comment: str = "", number: str = "1") -> tuple[int, str]:
    browser = office.browser(name)
    browser.get(f"/duties/{office.ids['soon']}")
    answer = browser.post(f"/duties/{office.ids['soon']}/review", {"verdict": verdict, "comment": comment, "number": number})
    return answer.status_code, answer.text


def test_the_contact_leader_returns_it_with_a_reason_and_the_assignee_is_told(reported: Office) -> None:
    assert f"/duties/{reported.ids['soon']}" in reported.browser("周望").get("/reviews").text
    status, page = decide(reported, "周望", "return", "缺签到表")
    assert (status, "已退回，责任人会收到邮件" in page) == (200, True)
    assert reported.one("soon").state is AssignmentState.RETURNED
    with transaction(reported.url) as session:
        assert [(mail.kind, mail.address) for mail in session.query(Message)] == [("decided", "1@office.example")]


def test_the_officer_approves_it(reported: Office) -> None:
    assert decide(reported, "计划员", "approve")[0] == 200
    assert reported.one("soon").state is AssignmentState.CLOSED


def test_of_two_decisions_the_first_counts_and_the_second_is_told_so(reported: Office) -> None:
    first, second = reported.browser("周望"), reported.officer
    path = f"/duties/{reported.ids['soon']}"
    first.get(path)
    second.get(path)
    assert first.post(f"{path}/review", {"verdict": "approve", "number": "1"}).status_code == 200
    answer = second.post(f"{path}/review", {"verdict": "return", "comment": "不行", "number": "1"})
    assert (answer.status_code, "周望已于2026-01-05 09:00审核通过，这次决定没有计入" in answer.text) == (409, True)
    assert reported.one("soon").state is AssignmentState.CLOSED


def test_a_return_needs_a_reason(reported: Office) -> None:
    status, page = decide(reported, "周望", "return", "  ")
    assert (status, "退回要写明审核意见" in page) == (422, True)
    assert reported.one("soon").state is AssignmentState.REPORTED


@pytest.mark.parametrize(("verdict", "number"), [("maybe", "1"), ("", "1"), ("approve", "x"), ("approve", "")])
def test_what_is_no_decision_is_none(reported: Office, verdict: str, number: str) -> None:
    assert decide(reported, "周望", verdict, number=number)[0] == 400
    assert reported.one("soon").state is AssignmentState.REPORTED


def test_a_form_about_an_earlier_report_decides_nothing(reported: Office) -> None:
    decide(reported, "周望", "return", "缺签到表")
    with transaction(reported.url) as session:
        report(session, reported.ids["soon"], text="补齐了", by="林一", now=reported.now)
    assert decide(reported, "周望", "approve", number="1")[0] == 409
    assert reported.one("soon").state is AssignmentState.REPORTED


def test_nobody_reviews_their_own_duty_and_no_stranger_any(reported: Office) -> None:
    assert decide(reported, "林一", "approve")[0] == 403
    assert decide(reported, "吴名", "approve")[0] == 404
    assert "审核意见" not in reported.browser("林一").get(f"/duties/{reported.ids['soon']}").text
    with transaction(reported.url) as session, pytest.raises(Refused):
        report(session, reported.ids["soon"], text="再报", by="林一", now=reported.now)
    assert reported.one("soon").state is AssignmentState.REPORTED
