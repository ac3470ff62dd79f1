"""Pages and saved filters on a real server: only what changed is sent, nothing is doubled, what was deleted comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from board.installing import DESCRIPTION, ENTRYPOINT, install
from board.page_parts import person_key, unit_key
from board.pages import page_ids, update_pages
from board.server import Server, connect
from board.year_pages import branches_key, leaders_key, overdue_key, questions_key, year_key
from models import Assignment, AssignmentState, Board, BoardPage, BoardRun
from tests import factories
from tests.board.conftest import OfficeBoard
from tests.board.test_year_pages import rows
from zeren.prefect_server import PrefectServer

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = 2031  # of no other test: the server is everybody's
LATER = YEAR + 2
NOW = datetime(YEAR, 7, 9, 1, 0, tzinfo=UTC)


@dataclass
class Pages:
    """An office with two branches, and what the server shows of it."""

    board: OfficeBoard
    server: Server
    branches: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)  # the two duties of the first branch
    keys: list[str] = field(default_factory=list)  # of the own pages: both branches, who carries their duties, who covers the first
    now: datetime = NOW

    def update(self, *, all_of_it: bool = False) -> int:
        return update_pages(self.server, self.board.transaction, zone=ZONE, now=self.now, all_of_it=all_of_it)

    def artifacts(self) -> dict[str, dict[str, Any]]:
        rows = self._artifacts_of(YEAR)
        found = {row["key"]: row for row in rows}
        assert len(found) == len(rows), "each page is there once"
        return found

    def _artifacts_of(self, year: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.server.call(
            "POST", "/artifacts/filter", {"artifacts": {"key": {"like_": f"year-{year}%"}}, "limit": 200}
        )
        return found

    def saved(self) -> dict[str, list[dict[str, Any]]]:
        return {row["name"]: row["filters"] for row in self.server.call("POST", "/saved_searches/filter", {"limit": 200})}

    def clear(self) -> None:
        for row in self.server.call("POST", "/saved_searches/filter", {"limit": 200}):
            self.server.call("DELETE", f"/saved_searches/{row['id']}")
        for row in (*self._artifacts_of(YEAR), *self._artifacts_of(LATER)):
            self.server.call("DELETE", f"/artifacts/{row['id']}")


@pytest.fixture
def shown(prefect_server: PrefectServer, database_url: str) -> Iterator[Pages]:
    with connect() as server:
        office = Pages(OfficeBoard(database_url), server)
        office.clear()
        with office.board.transaction() as session:
            branches = [factories.unit(session, kind="党支部") for _ in range(2)]
            carriers = [factories.person(session) for _ in range(2)]
            leader = factories.person(session)
            factories.contact_point(session, year=YEAR, branch_id=branches[0].id, leader_id=leader.id)
            listed = factories.responsibility_list(session, year=YEAR, issued_at=datetime(YEAR, 1, 6, tzinfo=UTC))
            step = factories.step(session, item_id=factories.item(session, list_id=listed.id).id)
            due = ((0, date(YEAR, 6, 30)), (0, date(YEAR, 12, 31)), (1, date(YEAR, 12, 31)))
            made = [
                factories.assignment(session, step_id=step.id, unit_id=branches[of].id, person_id=carriers[of].id, due_on=on)
                for of, on in due
            ]
            office.ids = [row.id for row in made[:2]]
            office.branches = [branch.name for branch in branches]
            office.keys = [unit_key(YEAR, branch.id) for branch in branches]
            office.keys += [person_key(YEAR, person.id) for person in (*carriers, leader)]
            session.add(Board(api_url=server.api_url, deployment_id=install(server)))
        yield office
        office.clear()


def test_all_pages_and_filters_are_there_and_lead_to_each_other(shown: Pages) -> None:
    assert shown.update() == 5 + 5 + 7 + 1
    pages = shown.artifacts()
    of_the_year = {branches_key(YEAR), leaders_key(YEAR), overdue_key(YEAR), questions_key(YEAR)}
    assert set(pages) == {year_key(YEAR), *of_the_year, *shown.keys}
    for page in pages.values():
        assert page["type"] == "markdown"
        assert page["description"].startswith(f"{YEAR}年")
    led_to = {key: set(re.findall(r"\]\(\.\./artifact/(.*?)\)", page["data"])) for key, page in pages.items()}
    ids = {key: page["id"] for key, page in pages.items()}
    assert led_to[year_key(YEAR)] == {ids[key] for key in of_the_year}
    assert led_to[branches_key(YEAR)] == {ids[key] for key in (year_key(YEAR), *shown.keys[:2])}
    assert led_to[leaders_key(YEAR)] == {ids[key] for key in (year_key(YEAR), *shown.keys[2:])}
    assert all(ids[year_key(YEAR)] in led_to[key] for key in shown.keys)
    ours = {f"［支部］{name}" for name in shown.branches}
    assert {"逾期", "待审核", "本月到期", "全年"} | ours < set(shown.saved())


def test_a_branchs_page_has_the_figures_of_the_year(shown: Pages) -> None:
    shown.update()
    pages = shown.artifacts()
    of_the_year = {row[0]: row[1:] for row in rows(pages[branches_key(YEAR)]["data"])}
    own = [rows(pages[key]["data"])[0][1:] for key in shown.keys[:2]]
    assert own == [of_the_year[name] for name in shown.branches]
    assert [row[0] for row in own] == ["2", "1"]


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
    branch, _, carrier, _, leader = shown.keys
    assert shown.update() == 4 + 3
    after = shown.artifacts()
    changed = {key for key in after if after[key]["data"] != before[key]["data"]}
    assert changed == {*(key(YEAR) for key in (year_key, branches_key, leaders_key, overdue_key)), branch, carrier, leader}
    assert {key: page["id"] for key, page in after.items()} == {key: page["id"] for key, page in before.items()}
    assert after[overdue_key(YEAR)]["description"] == f"{YEAR}年逾期任务：0 项"


def test_a_new_day_turns_the_pages_and_a_new_month_the_filter(shown: Pages) -> None:
    shown.update()
    shown.now = NOW + timedelta(days=1)
    assert shown.update() == 5 + 5
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
    pages = shown.artifacts()
    assert "超期" in pages[overdue_key(YEAR)]["data"]
    assert pages[overdue_key(YEAR)]["id"] in pages[year_key(YEAR)]["data"]
    assert shown.update(all_of_it=True) == 0


def test_what_was_sent_and_not_noted_is_written_over_and_not_doubled(shown: Pages) -> None:
    shown.update()
    before = shown.artifacts()
    with shown.board.transaction() as session:
        session.execute(delete(BoardPage))
    assert shown.update() == 18
    assert {key: page["id"] for key, page in shown.artifacts().items()} == {key: page["id"] for key, page in before.items()}


def withdraw(shown: Pages) -> None:
    """All duties of the first branch."""
    with shown.board.transaction() as session:
        for id_ in shown.ids:
            session.get_one(Assignment, id_).state = AssignmentState.WITHDRAWN


def test_the_filter_and_the_pages_of_a_branch_without_duties_are_taken_away(shown: Pages) -> None:
    shown.update()
    first, second, its_carrier, carrier, leader = shown.keys
    ids = {key: page["id"] for key, page in shown.artifacts().items()}
    withdraw(shown)
    shown.update()
    assert set(shown.saved()) == {"逾期", "待审核", "本月到期", "全年", f"［支部］{shown.branches[1]}"}
    pages = shown.artifacts()
    assert set(ids) - set(pages) == {first, its_carrier, leader}
    assert {second, carrier} < set(pages)
    assert not any(ids[gone] in page["data"] for gone in (first, its_carrier, leader) for page in pages.values())
    with shown.board.reading() as session:
        assert page_ids(session) == {key: page["id"] for key, page in pages.items()} | {"deployment": install(shown.server)}
    assert shown.update(all_of_it=True) == 0


def test_a_page_that_is_gone_already_is_no_obstacle_to_taking_it_away(shown: Pages) -> None:
    shown.update()
    shown.server.call("DELETE", f"/artifacts/{shown.artifacts()[shown.keys[0]]['id']}")
    withdraw(shown)
    shown.update()
    with shown.board.reading() as session:
        assert shown.keys[0] not in page_ids(session)


def test_a_branch_with_duties_again_has_its_page_again(shown: Pages) -> None:
    shown.update()
    withdraw(shown)
    shown.update()
    with shown.board.transaction() as session:
        session.get_one(Assignment, shown.ids[0]).state = AssignmentState.SENT
    shown.update()
    page = shown.artifacts()[shown.keys[0]]
    assert rows(page["data"])[0][:2] == ["全年", "1"]
    assert page["id"] in shown.artifacts()[branches_key(YEAR)]["data"]


def test_the_pages_of_a_year_that_is_no_longer_shown_stay(shown: Pages) -> None:
    shown.update()
    with shown.board.transaction() as session:
        factories.responsibility_list(session, year=LATER)
    shown.now = datetime(LATER, 1, 5, tzinfo=UTC)
    before = shown.artifacts()
    shown.update(all_of_it=True)
    assert shown.artifacts() == before


def test_an_overdue_duty_leads_to_its_run(shown: Pages) -> None:
    with shown.board.transaction() as session:
        session.add(BoardRun(assignment_id=shown.ids[0], run_id="the-run", version=1, digest="", logged=0, logging=0))
    shown.update()
    branch, _, carrier, _, leader = shown.keys
    led_there = {key for key, page in shown.artifacts().items() if "](../../runs/flow-run/the-run)" in page["data"]}
    assert led_there == {overdue_key(YEAR), branch, carrier, leader}


def test_the_boards_deployment_leads_to_the_year(shown: Pages) -> None:
    shown.update()
    deployment = shown.server.call("GET", f"/deployments/{install(shown.server)}")
    assert deployment["description"].startswith(f"**[{YEAR}年一览](../../artifacts/artifact/{shown.artifacts()[year_key(YEAR)]['id']})**")
    assert deployment["description"].endswith(DESCRIPTION)


def test_the_boards_deployment_has_an_entrypoint_also_where_it_was_made_without(shown: Pages) -> None:
    """Else the new UI calls it deprecated, in place of the description that leads to the pages."""
    deployment = f"/deployments/{install(shown.server)}"
    assert shown.server.call("GET", deployment)["entrypoint"] == ENTRYPOINT
    shown.server.call("PATCH", deployment, {"entrypoint": ""})
    shown.update()
    assert shown.server.call("GET", deployment)["entrypoint"] == ENTRYPOINT


def test_an_office_without_a_list_has_no_pages(office_board: OfficeBoard) -> None:
    with connect() as server:
        assert update_pages(server, office_board.transaction, zone=ZONE, now=NOW, all_of_it=True) == 0
        assert server.requests == 0
