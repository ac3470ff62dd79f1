"""Pages and saved filters on a real server: only what changed is sent, nothing is doubled, what was deleted comes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from board.installing import DESCRIPTION, install
from board.pages import page_ids, update_pages
from board.server import Server, connect
from board.year_pages import overdue_key, year_key
from models import Assignment, AssignmentState, Board, BoardPage, BoardRun
from tests import factories
from tests.board.conftest import OfficeBoard

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = 2031  # of no other test: the server is everybody's
NOW = datetime(YEAR, 7, 9, 1, 0, tzinfo=UTC)


@dataclass
class Pages:
    """An office with one branch and two duties, and what the server shows of it."""

    board: OfficeBoard
    server: Server
    branch: str = ""
    ids: list[int] = field(default_factory=list)
    now: datetime = NOW

    def update(self, *, all_of_it: bool = False) -> int:
        return update_pages(self.server, self.board.transaction, zone=ZONE, now=self.now, all_of_it=all_of_it)

    def artifacts(self) -> dict[str, dict[str, Any]]:
        rows = self.server.call("POST", "/artifacts/filter", {"artifacts": {"key": {"like_": f"year-{YEAR}%"}}, "limit": 200})
        found = {row["key"]: row for row in rows}
        assert len(found) == len(rows), "each page is there once"
        return found

    def saved(self) -> dict[str, list[dict[str, Any]]]:
        return {row["name"]: row["filters"] for row in self.server.call("POST", "/saved_searches/filter", {"limit": 200})}

    def clear(self) -> None:
        for row in self.server.call("POST", "/saved_searches/filter", {"limit": 200}):
            self.server.call("DELETE", f"/saved_searches/{row['id']}")
        for row in self.artifacts().values():
            self.server.call("DELETE", f"/artifacts/{row['id']}")


@pytest.fixture
def shown(office_board: OfficeBoard) -> Iterator[Pages]:
    with connect() as server:
        office = Pages(office_board, server)
        office.clear()
        with office_board.transaction() as session:
            branch = factories.unit(session, kind="党支部")
            listed = factories.responsibility_list(session, year=YEAR, issued_at=datetime(YEAR, 1, 6, tzinfo=UTC))
            step = factories.step(session, item_id=factories.item(session, list_id=listed.id).id)
            due = (date(YEAR, 6, 30), date(YEAR, 12, 31))
            office.ids = [factories.assignment(session, step_id=step.id, unit_id=branch.id, due_on=on).id for on in due]
            office.branch = branch.name
            session.add(Board(api_url=server.api_url, deployment_id=install(server)))
        yield office
        office.clear()


def test_all_pages_and_filters_are_there_and_lead_to_each_other(shown: Pages) -> None:
    assert shown.update() == 5 + 5 + 1
    pages = shown.artifacts()
    assert sorted(pages) == [f"year-{YEAR}{part}" for part in ("", "-branches", "-leaders", "-overdue", "-questions")]
    for page in pages.values():
        assert page["type"] == "markdown"
        assert page["description"].startswith(f"{YEAR}年")
    year = pages[year_key(YEAR)]["data"]
    for key, page in pages.items():
        assert (f"](../artifact/{page['id']})" in year) == (key != year_key(YEAR))
    assert set(shown.saved()) == {"逾期", "待审核", "本月到期", "全年", f"［支部］{shown.branch}"}


def test_nothing_is_sent_again_where_nothing_changed(shown: Pages) -> None:
    shown.update()
    before = shown.server.requests
    assert shown.update() == 0
    assert shown.server.requests == before
    assert shown.update(all_of_it=True) == 0


def test_a_change_is_written_over_the_pages_that_show_it(shown: Pages) -> None:
    shown.update()
    before = shown.artifacts()
    with shown.board.transaction() as session:
        row = session.get_one(Assignment, shown.ids[0])
        row.state, row.done_on = AssignmentState.CLOSED, date(YEAR, 6, 30)
    assert shown.update() == 4
    after = shown.artifacts()
    changed = {key for key in after if after[key]["data"] != before[key]["data"]}
    assert changed == {f"year-{YEAR}{part}" for part in ("", "-branches", "-leaders", "-overdue")}
    assert {key: page["id"] for key, page in after.items()} == {key: page["id"] for key, page in before.items()}
    assert after[overdue_key(YEAR)]["description"] == f"{YEAR}年逾期任务：0 项"


def test_a_new_day_turns_the_pages_and_a_new_month_the_filter(shown: Pages) -> None:
    shown.update()
    shown.now = NOW + timedelta(days=1)
    assert shown.update() == 5
    shown.now = NOW + timedelta(days=30)
    shown.update()
    assert shown.saved()["本月到期"][0]["value"] == [f"到期:{YEAR}-08"]


def test_what_was_deleted_in_the_ui_comes_back_with_the_full_update(shown: Pages) -> None:
    shown.update()
    page, saved = shown.artifacts()[year_key(YEAR)], shown.server.call("POST", "/saved_searches/filter", {"limit": 200})
    shown.server.call("DELETE", f"/artifacts/{page['id']}")
    shown.server.call("DELETE", f"/saved_searches/{saved[0]['id']}")
    assert shown.update() == 0
    assert shown.update(all_of_it=True) >= 2
    assert set(shown.saved()) == {row["name"] for row in saved}
    with shown.board.reading() as session:
        assert page_ids(session)[year_key(YEAR)] == shown.artifacts()[year_key(YEAR)]["id"] != page["id"]


def test_a_page_that_was_deleted_is_made_anew_when_it_changes(shown: Pages) -> None:
    shown.update()
    shown.server.call("DELETE", f"/artifacts/{shown.artifacts()[overdue_key(YEAR)]['id']}")
    shown.now += timedelta(days=1)
    shown.update()
    assert "超期" in shown.artifacts()[overdue_key(YEAR)]["data"]
    assert shown.update(all_of_it=True) <= 1  # the year's page names its new address
    assert shown.artifacts()[overdue_key(YEAR)]["id"] in shown.artifacts()[year_key(YEAR)]["data"]


def test_what_was_sent_and_not_noted_is_written_over_and_not_doubled(shown: Pages) -> None:
    shown.update()
    before = shown.artifacts()
    with shown.board.transaction() as session:
        session.execute(delete(BoardPage))
    assert shown.update() == 11
    assert {key: page["id"] for key, page in shown.artifacts().items()} == {key: page["id"] for key, page in before.items()}


def test_the_filter_of_a_branch_without_duties_is_taken_away(shown: Pages) -> None:
    shown.update()
    with shown.board.transaction() as session:
        for id_ in shown.ids:
            session.get_one(Assignment, id_).state = AssignmentState.WITHDRAWN
    shown.update()
    assert set(shown.saved()) == {"逾期", "待审核", "本月到期", "全年"}
    assert shown.update(all_of_it=True) == 0


def test_an_overdue_duty_leads_to_its_run(shown: Pages) -> None:
    with shown.board.transaction() as session:
        session.add(BoardRun(assignment_id=shown.ids[0], run_id="the-run", version=1, digest="", logged=0, logging=0))
    shown.update()
    assert "](../../runs/flow-run/the-run)" in shown.artifacts()[overdue_key(YEAR)]["data"]


def test_the_boards_deployment_leads_to_the_year(shown: Pages) -> None:
    shown.update()
    deployment = shown.server.call("GET", f"/deployments/{install(shown.server)}")
    assert deployment["description"].startswith(f"**[{YEAR}年一览](../../artifacts/artifact/{shown.artifacts()[year_key(YEAR)]['id']})**")
    assert deployment["description"].endswith(DESCRIPTION)


def test_an_office_without_a_list_has_no_pages(office_board: OfficeBoard) -> None:
    with connect() as server:
        assert update_pages(server, office_board.transaction, zone=ZONE, now=NOW, all_of_it=True) == 0
        assert server.requests == 0
