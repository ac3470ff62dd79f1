"""进展 in the portal: said by who carries the duty, or entered by the officer."""

import pytest
from sqlalchemy import select

from models import AssignmentState, ProgressNote
from tests.portal.conftest import Office
from zeren.database import transaction


def note(office: Office, who: str = "林一", text: str = "方案已定", name: str = "soon") -> tuple[int, str]:
    browser = office.officer if who == "计划员" else office.browser(who)
    browser.get(f"/duties/{office.ids[name]}")
    answer = browser.post(f"/duties/{office.ids[name]}/progress", {"note": text})
    return answer.status_code, answer.text


def notes(office: Office) -> list[tuple[str, str]]:
    with transaction(office.url) as session:
        return [(row.text, row.by) for row in session.scalars(select(ProgressNote).order_by(ProgressNote.id))]


def test_who_carries_it_says_how_far_it_is_and_the_history_shows_it(office: Office) -> None:
    status, page = note(office, text="方案 <已定>")
    assert (status, "进展已记下" in page, "报告进展</b>" in page, "方案 &lt;已定&gt;" in page) == (200, True, True, True)
    assert notes(office) == [("方案 <已定>", "林一")]
    assert office.one("soon").state is AssignmentState.SENT
    assert office.changes == 1


def test_the_officer_enters_it_for_them(office: Office) -> None:
    assert note(office, "计划员")[0] == 200
    assert notes(office) == [("方案已定", "计划员（门户）")]


@pytest.mark.parametrize(("who", "status"), [("周望", 403), ("吴名", 404)])
def test_who_leads_it_or_is_a_stranger_does_not(office: Office, who: str, status: int) -> None:
    assert note(office, who)[0] == status
    assert notes(office) == []


def test_an_empty_note_says_why_and_the_form_stays_open(office: Office) -> None:
    status, page = note(office, text="  ")
    assert (status, "进展没有写内容" in page, '<details class="card" open><summary>报告进展' in page) == (422, True, True)


def test_what_is_too_long_is_shown_again(office: Office) -> None:
    status, page = note(office, text="长" * 2001)
    assert (status, "长" * 2001 in page) == (422, True)


def test_what_waits_for_its_review_has_no_form_for_progress(office: Office) -> None:
    browser = office.browser("林一")
    page = browser.get(f"/duties/{office.ids['soon']}")
    assert "报告进展</summary>" in page.text
    browser.post(f"/duties/{office.ids['soon']}/report", {"action": "report", "text": "做完了", "version": "0"})
    assert "报告进展</summary>" not in browser.get(f"/duties/{office.ids['soon']}").text
    answer = browser.post(f"/duties/{office.ids['soon']}/progress", {"note": "还有"})
    assert (answer.status_code, "任务待审核，不用再报进展" in answer.text) == (422, True)
