"""A small office with a portal: 林一 carries, 周望 leads and covers the branch, 吴名 is nobody to them."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access import link_of
from engine.history import open_histories
from engine.moves import OFFICER
from evidence.receiving import Receiver
from evidence.store import FileStore
from models import Assignment
from notifications.sender import Sender
from portal.app import create_app
from tests import factories
from tests.factories import NOW
from zeren.database import transaction

ADDRESS = "http://duties.example"
SENDER = Sender("责任清单 <zeren@office.example>", "党办 王计划 <plan@office.example>", portal_url=ADDRESS)
MARK = re.compile(r'name="mark" value="([^"]+)"')


class Browser:
    """One visitor's browser; it follows redirects, and fills in the mark of the form that it saw last."""

    def __init__(self, app: FastAPI, link: str = "") -> None:
        self.client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
        self.mark = ""
        if link:
            self.get(link.removeprefix(ADDRESS))

    def get(self, path: str) -> Response:
        return self._seen(self.client.get(path))

    def post(self, path: str, data: dict[str, Any] | None = None, **others: Any) -> Response:
        return self._seen(self.client.post(path, data={"mark": self.mark, **(data or {})}, **others))

    def _seen(self, answer: Response) -> Response:
        if found := MARK.search(answer.text):
            self.mark = unescape(found[1])
        return answer


@dataclass
class Office:
    """The office under test; `now` can be moved on."""

    url: str
    folder: Path
    app: FastAPI = field(init=False)
    now: datetime = NOW
    changes: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        receiver = Receiver(FileStore(self.folder / "evidence"), most_megabytes=1)
        self.app = create_app(database_url=self.url, sender=SENDER, clock=lambda: self.now, changed=self._changed, receiver=receiver)

    def _changed(self) -> None:
        self.changes += 1

    def link(self, name: str) -> str:
        with transaction(self.url) as session:
            return link_of(session, name, sender=SENDER, now=self.now)

    def browser(self, name: str = "") -> Browser:
        return Browser(self.app, self.link(name) if name else "")

    @property
    def officer(self) -> Browser:
        return self.browser(OFFICER)

    def later(self, **time: int) -> None:
        self.now += timedelta(**time)

    def one(self, name: str) -> Assignment:
        with transaction(self.url) as session:
            session.expire_on_commit = False
            return session.scalars(select(Assignment).where(Assignment.id == self.ids[name])).one()


def assignment(session: Session, **fields: Any) -> int:
    """One with the first row of its history."""
    row = factories.assignment(session, **fields)
    open_histories(session, {row.id: row.natural_key}, action="issue", to_value=row.state.value, reason="清单", at=NOW, by="officer")
    return row.id


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Office:
    built = Office(sqlite_url, tmp_path)
    with transaction(sqlite_url) as session:
        branch = factories.unit(session, name="第一党支部", kind="党支部")
        other = factories.unit(session, name="第二党支部", kind="党支部")
        lin, zhou, wu = (
            factories.person(session, name=name, email=f"{n}@office.example") for n, name in enumerate(("林一", "周望", "吴名"), 1)
        )
        factories.post(session, person_id=lin.id, unit_id=branch.id, title="书记")
        factories.contact_point(session, branch_id=branch.id, leader_id=zhou.id)
        item = factories.item(session, content="按季报送 <台账>", standard="及时、准确")
        step = factories.step(session, item_id=item.id, text="报送台账")
        counted = factories.step(session, item_id=item.id, position=2, text="走访", target_amount=4, target_unit="次", target_per="year")
        mine = {"unit_id": branch.id, "person_id": lin.id}
        built.ids = {
            "soon": assignment(session, step_id=step.id, due_on=date(2026, 1, 9), period="1月", **mine),
            "counted": assignment(session, step_id=counted.id, due_on=date(2026, 12, 31), period="全年", **mine),
            "foreign": assignment(session, step_id=step.id, due_on=date(2026, 3, 31), unit_id=other.id, person_id=wu.id),
        }
    return built
