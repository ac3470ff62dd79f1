"""Whatever is sent with any form of the portal ends in a page, and never half done."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.auditing import altered
from engine.extending import ask_extension
from engine.moves import OFFICER
from engine.reporting import report
from engine.substitutes import stand_in
from models import Assignment
from tests import factories
from tests.evidence import files
from tests.portal.conftest import SENDER, Browser, Office, assignment
from tests.portal.test_walk import FORM, Unlimited, paths
from zeren.database import reading, transaction

FITTING = (
    *FORM.values(),
    "save",
    "return",
    "deny",
    "林一",
    "周望",
    "郑同",
    "2026-01-04",
    "2026-01-09",
    "2026-01-12",
    "2027-02-10",
    "0",
    "3",
    "",
)
ODD = (
    '=HYPERLINK("http://evil.example")',
    "<script>alert(1)</script>{{ 7 * 7 }}%s%(a)d",
    "'; DROP TABLE people; --",
    "\0\x01\x1b\x7f\x85\u2028\u202e\ufeff\uffff",
    "é\u0301ﷺ𠮷👨‍👩‍👧١٢٣²⑨",
    "9" * 400,
    "-1",
    "1e400",
    "NaN",
    "0000-00-00",
    "9999-12-31",
    "2026-W01-1",
    "２０２６-０１-０９",
    "長" * 20_001,
    "\r\n\r\nBcc: x@evil.example",
)
NAMES = (*FORM, "id", "all", "held_on", "amount", "remove", "starts_on", "ends_on", "address", "back", "files")
NAMES += ("entry-theme", "entry-place", "entry-number_present", "entry-number_due", "nonsense", "")
value = st.one_of(st.sampled_from(FITTING), st.sampled_from(FITTING), st.sampled_from(ODD), st.text(max_size=40), st.binary(max_size=20))
fields = st.lists(st.tuples(st.sampled_from(NAMES), value), max_size=5)
attached = st.lists(
    st.tuples(
        st.sampled_from(("files", "files", "text", "id", "comment")),
        st.tuples(
            st.one_of(st.sampled_from(("图.png", "../../x.pdf", "a" * 300 + ".png", "\"';.zip", "CON.png")), st.text(max_size=20)),
            st.one_of(st.sampled_from((files.PNG, files.PDF, b"")), st.binary(max_size=30)),
        ),
    ),
    max_size=3,
)


@pytest.fixture
def busy(office: Office) -> Office:
    """Each of these three may do something about most of the duties."""
    office.app.state.desk = replace(office.app.state.desk, limiter=Unlimited())
    with transaction(office.url) as session:
        own = session.get_one(Assignment, office.ids["soon"])
        factories.post(session, person_id=factories.person(session, name="郑同").id, unit_id=own.unit_id, title="副书记")
        step = factories.step(session, item_id=factories.item(session, content="开展主题党日活动").id, text="集中组织学习")
        for month in range(2, 8):
            due = {"due_on": date(2026, month, 20), "period": f"{month}月"}
            id_ = assignment(session, step_id=step.id, unit_id=own.unit_id, person_id=own.person_id, **due)
            office.ids[f"party {month}"] = id_
            if month < 5:
                report(session, id_, text="办完了", by="林一", now=office.now)
            elif month < 7:
                wanted, now = date(2026, 9, 1), office.now
                ask_extension(session, id_, wanted_on=wanted, reason="换届", progress="一半", by="林一", sender=SENDER, now=now)
        for day in range(1, 13):
            due = {"due_on": date(2026, 8, day), "period": f"8月{day}日"}
            office.ids[f"day {day}"] = assignment(session, step_id=own.step_id, unit_id=own.unit_id, person_id=own.person_id, **due)
        starts_on, ends_on = date(2026, 1, 5), date(2026, 1, 6)
        stand_in(
            session,
            person="周望",
            substitute="郑同",
            starts_on=starts_on,
            ends_on=ends_on,
            reason="",
            by="周望",
            sender=SENDER,
            now=office.now,
        )
    return office


def test_no_form_breaks_a_page_or_leaves_anything_half_done(busy: Office) -> None:
    browsers = {name: busy.browser(name) for name in ("林一", "周望", "郑同", OFFICER)}
    browsers[OFFICER].get(f"/duties/{busy.ids['soon']}")  # any page with a form: all forms of a link carry the same mark
    assert all(browser.get("/absence") and browser.mark for browser in browsers.values())
    posts = [path for path in paths(busy.app, "POST") if path not in ("/leave", "/revoke")]  # which would end the visit
    ids, answered = sorted(busy.ids.values()), set[tuple[str, int]]()

    @settings(max_examples=200)
    @given(
        browser=st.sampled_from(list(browsers.values())),
        path=st.sampled_from(posts),
        duty=st.sampled_from(ids),
        number=st.sampled_from(("1", "1", "2", "0", "9" * 30, "-1", "x")),
        base=st.sampled_from((True, True, False)),
        sent=fields,
        parts=attached,
        encoded=st.booleans(),
    )
    def send(**drawn: Any) -> None:
        status, page = _send(**drawn)
        answered.add((drawn["path"], status))
        assert status < 500, page

    for path in posts:  # none is left out by chance
        send = example(browser=browsers["林一"], path=path, duty=ids[0], number="1", base=True, sent=[], parts=[], encoded=True)(send)
    send()
    assert {path for path, _ in answered} == set(posts)
    assert 200 in {status for _, status in answered}  # what fits is taken: the rest was refused for what it is
    with reading(busy.url) as session:
        assert altered(session, zone=SENDER.zone) == ()
    for name, browser in browsers.items():
        for path in (
            "/",
            "/year",
            "/done",
            "/ledgers",
            "/ledgers/party-day.xlsx",
            "/absence",
            "/reviews",
            "/led",
            *(f"/duties/{id_}" for id_ in ids),
        ):
            assert browser.get(path).status_code in (200, 404), (name, path)


def _send(
    *,
    browser: Browser,
    path: str,
    duty: int,
    number: str,
    base: bool,
    sent: list[tuple[str, str | bytes]],
    parts: list[tuple[str, tuple[str, bytes]]],
    encoded: bool,
) -> tuple[int, str]:
    """One form of somebody who may open the page, with their own mark; `base`: over fields that fit."""
    address = path.replace("{assignment_id}", str(duty)).replace("{first:path}", "")
    for name in ("{number}", "{position}", "{substitution_id}", "{evidence_id}", "{key}"):
        address = address.replace(name, number)
    form: list[tuple[str, str | bytes]] = [("mark", browser.mark), *(list((FORM | {"id": str(duty)}).items()) if base else ())]
    overwritten = {name for name, _ in sent}
    form = [*((name, value) for name, value in form if name not in overwritten), *sent]
    if encoded:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = browser.client.post(address, content=urlencode(form).encode(), headers=kind)
    else:
        values: dict[str, list[str | bytes]] = {}
        for name, one in form:
            values.setdefault(name, []).append(one)
        answer = browser.client.post(address, data=values, files=parts or [("files", ("", b""))])
    return answer.status_code, answer.text
