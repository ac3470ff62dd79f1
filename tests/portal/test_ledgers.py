"""台账 in the portal: who sees which units, and the workbook."""

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from sqlalchemy import update

from models import Assignment, AssignmentState, Item, Report, Step
from tests import factories
from tests.portal.conftest import Office, assignment
from zeren.database import transaction

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EVIL = '=HYPERLINK("http://evil.example") <script>alert(1)</script>'
HELD: dict[str, str | int] = {"theme": "学习 <条例>", "place": "会议室", "number_due": 1300, "number_present": 1287}


@pytest.fixture
def reported(office: Office) -> Office:
    """林一 and 吴名 have each reported a party day; 林一 owes a second one."""
    with transaction(office.url) as session:
        session.execute(update(Item).values(content="开展主题党日"))
        session.execute(update(Step).where(Step.text == "报送台账").values(text="按月开展"))
        session.execute(update(Step).where(Step.text.in_(("走访", "集中组织学习"))).values(text="参加走访"))
        for name, by, text in (("soon", "林一", EVIL), ("foreign", "吴名", "外单位的事")):
            row = session.get_one(Assignment, office.ids[name])
            row.state = AssignmentState.REPORTED
            factories.report(session, assignment_id=row.id, text=text, reported_by=by, held_on=date(2026, 1, 4), entries=HELD)
        own = session.get_one(Assignment, office.ids["soon"])
        office.ids["second"] = assignment(session, step_id=own.step_id, unit_id=own.unit_id, person_id=own.person_id, period="2月")
    return office


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


@pytest.mark.parametrize("name", ["林一", "周望"])
def test_who_carries_or_covers_sees_the_unit_and_no_foreign_one(reported: Office, name: str) -> None:
    browser = reported.browser(name)
    page = browser.get("/ledgers").text
    assert "应报 2 项，已报 1 项" in page
    assert ("第一党支部" in page, "第二党支部" in page, "吴名" in page, "外单位的事" in page) == (True, False, False, False)
    assert '<td class="number">1,287</td>' in page
    rows = rows_of(browser.get("/ledgers/party-day.xlsx").content)
    assert [row[1] for row in rows[3:-1]] == ["第一党支部"]
    assert rows[-1][8:10] == (1300, 1287)


def test_who_leads_a_duty_sees_its_unit(reported: Office) -> None:
    with transaction(reported.url) as session:
        leader = factories.person(session, name="郑领导")
        session.get_one(Assignment, reported.ids["soon"]).leader_id = leader.id
    page = reported.browser("郑领导").get("/ledgers").text
    assert ("第一党支部" in page, "第二党支部" in page) == (True, False)


def test_the_officer_sees_all_units(reported: Office) -> None:
    page = reported.officer.get("/ledgers").text
    assert "应报 3 项，已报 2 项" in page
    assert ("第一党支部" in page, "第二党支部" in page) == (True, True)
    assert '<td class="number">2,574</td>' in page
    assert rows_of(reported.officer.get("/ledgers/party-day.xlsx").content)[-1][8:10] == (2600, 2574)


def test_who_has_no_part_in_any_unit_sees_none(reported: Office) -> None:
    with transaction(reported.url) as session:
        factories.person(session, name="路过")
    browser = reported.browser("路过")
    assert "这一年没有要记台账的任务" in browser.get("/ledgers").text
    assert browser.get("/ledgers/party-day.xlsx").status_code == 404


def test_nobody_looks_without_a_link(reported: Office) -> None:
    assert reported.browser().get("/ledgers").status_code == 401
    assert reported.browser().get("/ledgers/party-day.xlsx").status_code == 401


def test_a_table_can_be_read_out_and_scrolled(reported: Office) -> None:
    page = reported.browser("林一").get("/ledgers").text
    assert '<caption id="party-day-table"' in page
    assert page.count('<th scope="col"') == 4 + 4 + 2
    assert page.count('<th scope="row"') == 1 + 1  # the party and the totals
    assert '<div class="wide" role="region" aria-labelledby="party-day-table" tabindex="0">' in page
    assert 'href="/ledgers/party-day.xlsx?year=2026"' in page


def test_the_totals_stand_above_the_table_and_another_reporter_beside_who_carries(reported: Office) -> None:
    with transaction(reported.url) as session:
        session.execute(update(Report).where(Report.reported_by == "林一").values(reported_by="赵代办"))
    page = reported.browser("林一").get("/ledgers").text
    assert "应到人数 <b>1,300</b>，实到人数 <b>1,287</b></p>" in page
    assert '<td>林一 <span class="soft">（赵代办报送）</span></td>' in page


def test_the_workbook_is_a_file_with_a_safe_name(reported: Office) -> None:
    answer = reported.browser("林一").get("/ledgers/party-day.xlsx?year=2026")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    disposition = answer.headers["content-disposition"]
    assert disposition.isascii()
    assert unquote(disposition) == "attachment; filename*=utf-8''2026年主题党日台账.xlsx"
    assert rows_of(answer.content)[0][0] == "2026年主题党日台账"


def test_what_people_wrote_is_shown_and_not_run(reported: Office) -> None:
    browser = reported.browser("林一")
    page = browser.get("/ledgers").text
    assert ("<script" in page, "&lt;script&gt;" in page, "学习 &lt;条例&gt;" in page) == (False, True, True)
    book = openpyxl.load_workbook(BytesIO(browser.get("/ledgers/party-day.xlsx").content))
    told = book.worksheets[0]["K4"]
    assert (told.value, told.data_type, told.quotePrefix) == (EVIL, "s", True)


def test_in_english_the_page_and_the_workbook_are_english(reported: Office) -> None:
    browser = reported.browser("林一")
    browser.client.cookies.set("zeren_language", "en")
    assert "2 due, 1 reported" in browser.get("/ledgers").text
    answer = browser.get("/ledgers/party-day.xlsx")
    assert unquote(answer.headers["content-disposition"]).endswith("Themed party days 2026.xlsx")
    assert rows_of(answer.content)[0][0] == "Themed party days 2026"


@pytest.mark.parametrize("path", ["no-such", "..%2Fparty-day", "meetings", "PARTY-DAY"])
def test_a_ledger_that_is_none_is_not_found(reported: Office, path: str) -> None:
    assert reported.officer.get(f"/ledgers/{path}.xlsx").status_code == 404


@pytest.mark.parametrize("year", ["abc", "2026.5", "二〇二六", ""])
def test_a_year_that_is_none_is_not_found(reported: Office, year: str) -> None:
    for path in ("/ledgers", "/ledgers/party-day.xlsx"):
        assert reported.officer.get(f"{path}?year={year}").status_code == 404


@pytest.mark.parametrize("year", ["2025", "0", "-1", "9" * 30])
def test_a_year_without_duties_has_no_ledgers(reported: Office, year: str) -> None:
    reported.later(days=366)
    assert "这一年没有要记台账的任务" in reported.officer.get(f"/ledgers?year={year}").text
    assert reported.officer.get(f"/ledgers/party-day.xlsx?year={year}").status_code == 404


def test_what_is_owed_and_not_reported_yet_is_counted(office: Office) -> None:
    with transaction(office.url) as session:
        session.execute(update(Item).values(content="落实双报到"))
    page = office.browser("林一").get("/ledgers").text
    assert ("应报 2 项，已报 0 项" in page, "还没有报送" in page) == (True, True)
