"""Every route of the portal, opened by who has no business there: nothing of another person's is shown, and nothing is changed."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import select

from engine.access import CALENDAR_DAYS, calendar_address, evidence_addresses, unsubscribe_links
from engine.drafts import Written, hand_in, save_draft
from engine.extending import ask_extension
from engine.substitutes import stand_in
from evidence.receiving import NewFile
from models import Assignment, Evidence
from portal.limiting import Limiter
from portal.visiting import COOKIE
from tests import factories
from tests.evidence import files
from tests.portal.conftest import ADDRESS, SENDER, Browser, Office, assignment
from zeren.database import transaction

SECRET = "机密"  # stands in every text and name of 林一's
UNIT = "第一党支部"
OPEN_TO_ALL = {"/link", "/language", "/leave", "/portal.css", "/favicon.ico", "/health"}
FORM = {  # what any form of the portal asks; it names no day of leave, which everybody may enter for themselves
    "text": "办完了",
    "action": "report",
    "version": "1",
    "verdict": "approve",
    "number": "1",
    "comment": "好",
    "grant": "grant",
    "granted_on": "2026-02-01",
    "wanted_on": "2026-02-01",
    "reason": "没有时间",
    "progress": "一半",
    "note": "方案已定",
    "to": "吴名",
    "substitute": "吴名",
    "stay": "1",
    "informed": "1",
    "List-Unsubscribe": "One-Click",
}


class Unlimited(Limiter):
    """Whoever walks everywhere asks too often, and would be stopped for that alone."""

    def may_look(self, key: str) -> bool:
        return True

    def may_act(self, key: str) -> bool:
        return True

    def stranger_may(self, address: str) -> bool:
        return True

    def may_ask_for_a_link(self, address: str) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Secrets:
    """An office in which 林一 has something of everything, and the ids of it."""

    office: Office
    duties: tuple[int, ...]  # one reported, one with a draft, one with a request for more time
    evidence: int
    substitution: int
    tokens: dict[str, str]  # of 林一's links, by the route that they open

    def filled(self, path: str, *, real_tokens: bool) -> Iterator[tuple[str, int]]:
        """A route's address with each of 林一's ids in it, and the duty that is meant."""
        tokens = [token for route, token in self.tokens.items() if real_tokens == path.startswith(route)]
        tokens += [] if real_tokens else [token[:-1] for token in self.tokens.values()]
        for duty, token in product(self.duties, tokens if "{token}" in path else [""]):
            values: dict[str, object] = {"{assignment_id}": duty, "{evidence_id}": self.evidence, "{substitution_id}": self.substitution}
            values |= {"{position}": 1, "{number}": 1, "{key}": "party-day", "{token}": token, "{first:path}": f"duties/{duty}"}
            address = path
            for name, value in values.items():
                address = address.replace(name, str(value))
            yield address, duty


@pytest.fixture
def secrets(office: Office) -> Secrets:
    office.app.state.desk = replace(office.app.state.desk, limiter=Unlimited())
    receiver = office.app.state.desk.receiver
    soon, counted = office.ids["soon"], office.ids["counted"]
    with transaction(office.url) as session:
        own = session.get_one(Assignment, soon)
        step = factories.step(session, item_id=factories.item(session, content="开展主题党日活动").id, text=f"{SECRET}学习")
        party = assignment(session, step_id=step.id, due_on=date(2026, 12, 30), period="12月", unit_id=own.unit_id, person_id=own.person_id)
        for number, (id_, content) in enumerate(((soon, files.PNG), (counted, files.PDF))):
            kind = ("png", "pdf")[number]
            with (office.folder / f"{SECRET}.{kind}").open("wb+") as file:
                file.write(content)
                file.seek(0)
                added: NewFile = receiver.receive(f"{SECRET}照片.{kind}", file)
            written = Written(text=f"{SECRET}办理情况")
            save_draft(session, id_, by="林一", seen=0, written=written, added=[added], now=office.now)
        hand_in(session, soon, by="林一", sender=SENDER, now=office.now)
        words = {"reason": f"{SECRET}原因", "progress": f"{SECRET}进展"}
        ask_extension(session, party, wanted_on=date(2027, 1, 20), **words, by="林一", sender=SENDER, now=office.now)
        leave = {"starts_on": date(2026, 1, 5), "ends_on": date(2026, 1, 9)}
        substitution = stand_in(
            session, person="林一", substitute="周望", **leave, reason=f"{SECRET}事由", by="林一", sender=SENDER, now=office.now
        )
        evidence, reported_at = session.scalars(select(Evidence.id)).one(), office.now
        links = {
            "/calendar/": calendar_address(session, "林一", sender=SENDER, now=office.now).removesuffix(".ics"),
            "/evidence/": evidence_addresses(session, [(evidence, reported_at)], sender=SENDER, now=office.now)[evidence],
        }
        links["/unsubscribe/"] = unsubscribe_links(session, ["林一"], sender=SENDER, now=office.now)["林一"]
    links["/l/"] = office.link("林一")
    tokens = {route: link.removeprefix(ADDRESS).removeprefix(route) for route, link in links.items()}
    return Secrets(office, (soon, counted, party), evidence, substitution, tokens)


def paths(app: FastAPI, method: str = "") -> list[str]:
    """The paths of all routes, or of those that answer to a method."""
    contexts = list(iter_route_contexts(app.routes))
    found = {context.path for context in contexts if context.path and (not method or method in (context.methods or ()))}
    assert len(contexts) > 20  # else the routes are kept elsewhere by now, and this walks nowhere
    return sorted(found)


def stored(office: Office) -> set[str]:
    """Everything that the portal keeps: each row, and the name of each file."""
    with closing(sqlite3.connect(office.url.removeprefix("sqlite:///"))) as connection:
        rows = set(connection.iterdump())
    return rows | {path.name for path in (office.folder / "evidence").rglob("*")}


def walk(
    secrets: Secrets, visitor: Browser, *, real_tokens: bool = False, passing_over: Collection[str] = ()
) -> Iterator[tuple[str, str, int]]:
    """Open everything as this visitor, ask and act; method, route and status of each answer, which shows nothing of 林一's."""
    cookies, mark = dict(visitor.client.cookies), visitor.mark
    for path in paths(secrets.office.app):
        if path in passing_over:
            continue
        for address, duty in secrets.filled(path, real_tokens=real_tokens):
            for method in ("GET", "POST"):
                visitor.client.cookies.clear()  # some routes end the visit
                visitor.client.cookies.update(cookies)
                form = {**FORM, "mark": mark, "id": str(duty)} if method == "POST" else None
                attached = {"files": ("图.png", files.PNG)} if method == "POST" else None
                answer = visitor.client.request(method, address, data=form, files=attached)
                where = f"{method} {address}"
                assert SECRET not in answer.text, where
                assert UNIT not in answer.text, where
                assert answer.content not in (files.PNG, files.PDF), where
                assert answer.status_code < 500, where
                yield method, path, answer.status_code


def test_the_walk_leads_to_something(secrets: Secrets) -> None:
    """Else nobody's finding nothing would prove nothing."""
    own, found = secrets.office.browser("林一"), set()
    for path in paths(secrets.office.app):
        for address, _ in secrets.filled(path, real_tokens=True):
            answer = own.get(address)
            if answer.status_code == 200 and (SECRET in answer.text or answer.content in (files.PNG, files.PDF)):
                found.add(path)
    assert found >= {path for path in paths(secrets.office.app) if path.endswith(("/{assignment_id}", "/{evidence_id}", "/{position}"))}
    assert found >= {"/", "/year", "/absence", "/calendar/{token}.ics", "/evidence/{token}"}


def test_another_person_gets_and_changes_nothing_of_ones_own_on_any_route(secrets: Secrets) -> None:
    foreigner = secrets.office.browser("吴名")
    foreigner.get("/absence")
    assert foreigner.mark
    before = stored(secrets.office)
    for method, path, status in walk(secrets, foreigner, passing_over=("/revoke",)):  # which ends what one's own links are good for
        if any(name in path for name in ("_id}", "{token}", "{key}")):
            assert status in (403, 404, 405), (method, path)
    assert stored(secrets.office) ^ before == set()


@pytest.mark.parametrize("without", ["link", "key"])
def test_without_a_good_link_no_route_shows_or_changes_anything(secrets: Secrets, without: str) -> None:
    before = stored(secrets.office)
    stranger = secrets.office.browser()
    if without == "key":  # a link that nobody has signed
        stranger.client.cookies.set(COOKIE, secrets.tokens["/l/"][:-1])
    expected = {401, 405} if without == "link" else {403, 405}
    for method, path, status in walk(secrets, stranger):
        if path not in OPEN_TO_ALL:
            assert status in expected | ({403} if "{token}" in path else set()), (method, path)
    assert stored(secrets.office) ^ before == set()


def test_an_expired_link_opens_no_route(secrets: Secrets) -> None:
    before = stored(secrets.office)
    own = secrets.office.browser("林一")
    secrets.office.later(days=CALENDAR_DAYS + 1)
    for method, path, status in walk(secrets, own, real_tokens=True):
        if path not in OPEN_TO_ALL:
            assert status in (410, 405), (method, path)
    assert stored(secrets.office) ^ before == set()
