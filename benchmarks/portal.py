"""我的任务 of a person with 300 duties in an office of 100,000 assignments, from a portal in a process of its own.

The reference is what cannot be done without: the bare SQL for the rows of the page, and the same page of somebody who has no duties.
Then fifty people at once, each with a link of their own, for twenty seconds: what is counted is answers that are no page.
"""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

import httpx
from sqlalchemy import text

from benchmarks import Figure
from benchmarks.planning import NOW, reading, roster
from engine.access import links_of
from engine.issuing import issue
from engine.roster import store_roster
from intake.values import Deadline, Item, Parties, Period, PersonRow, PostRow, Step, UnitRow
from notifications.sender import Sender
from zeren.database import engine_for, prepare, transaction
from zeren.mailing import sender_of
from zeren.portal import PortalServer
from zeren.ports import free_port
from zeren.settings import settings

SIZE = 100_000  # assignments
DUTIES = 300
LOOKS = 60
PEOPLE, SECONDS = 50, 20
PERSON, IDLE = "林三百", "林无事"
MEDIAN_BAR, RATIO_BAR = 0.030, 2.0
ROWS = text(
    "SELECT a.id, a.state, a.party, a.period, a.due_on, a.original_due_on, a.make_up, a.done_on, i.number, i.content, s.text, l.issued_at"
    " FROM assignments a JOIN steps s ON s.id = a.step_id JOIN items i ON i.id = s.item_id JOIN responsibility_lists l ON l.id = i.list_id"
    " JOIN people p ON p.id = a.person_id WHERE p.name = :name AND a.state IN ('sent', 'acknowledged', 'reported', 'returned')"
    " ORDER BY a.due_on, i.list_id, i.position, a.id"
)


def measure(size: int = SIZE, *, seconds: float = SECONDS) -> Iterator[Figure]:
    """The median of a page (s), beside its reference; and how many of the answers to fifty people were no page."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port(0)
        os.environ |= {
            "ZEREN_DATABASE_URL": f"sqlite:///{folder}/zeren.db",
            "ZEREN_PORTAL_URL": f"http://127.0.0.1:{port}",
            "ZEREN_NOW": NOW.isoformat(),
        }
        settings.cache_clear()
        links = _office(size)
        with PortalServer(Path(folder), port) as portal:
            portal.wait()
            page, empty = _looked_at(links[PERSON], links[IDLE])
            yield Figure("my duties, the bar in seconds", page, "s", bar=MEDIAN_BAR)
            yield Figure(f"my duties, {DUTIES} of {size}", page, "s", reference=_bare_rows() + empty, bar=RATIO_BAR)
            people = [link for name, link in links.items() if name not in (PERSON, IDLE)][:PEOPLE]
            answers, faults = asyncio.run(_at_once(people, seconds))
            yield Figure(f"{PEOPLE} people at once for {seconds:g} s: faults of {answers} answers", faults, "faults", bar=0)


def _office(size: int) -> dict[str, str]:
    """Store the office; everybody's link."""
    url = settings().database_url
    prepare(url)
    sender = sender_of(settings())
    everybody = roster()
    everybody = replace(
        everybody,
        units=(*everybody.units, UnitRow("三百科", "科室", "示例局")),
        people=(*everybody.people, PersonRow(PERSON), PersonRow(IDLE)),
        posts=(*everybody.posts, PostRow(PERSON, "三百科", "科长")),
    )
    with transaction(url) as session:
        store_roster(session, everybody, year=NOW.year, now=NOW)
    with transaction(url) as session:
        issue(session, reading(size), year=NOW.year, title="大清单", file_name="large.xlsx", sender=sender, now=NOW)
    with transaction(url) as session:
        issue(session, replace(reading(0), items=_items()), year=NOW.year, title="小清单", file_name="small.xlsx", sender=sender, now=NOW)
        return links_of(
            session, [person.name for person in everybody.people], sender=Sender(sender.mail_from, portal_url=sender.portal_url), now=NOW
        )


def _items() -> tuple[Item, ...]:
    """Duties that make `DUTIES` assignments of one branch: every tenth of a month."""
    months = tuple(Period(f"{month}月", date(NOW.year, month, 1), date(NOW.year, month, 10 + month)) for month in range(1, 13))
    parties = Parties(responsible=("三百科",))
    return tuple(
        Item(
            content=f"第{n}项责任事项：按要求组织学习和活动",
            address=f"Sheet1!B{n}",
            steps=(Step(text="制定计划、组织落实、整理台账", address=f"Sheet1!C{n}", deadline=Deadline("每月", months), parties=parties),),
            parties=parties,
        )
        for n in range(1, DUTIES // 12 + 1)
    )


def _looked_at(link: str, idle: str) -> tuple[float, float]:
    """The median seconds of the page, and of the empty one of somebody else, in turn."""
    pages, empty, url = [], [], f"{link.partition('/l/')[0]}/"
    with httpx.Client(follow_redirects=True) as client, httpx.Client(follow_redirects=True) as other:
        assert "目前没有要办的任务" in other.get(idle).text
        shown = sum(map(int, re.findall(r'class="soft">(\d+) 项', client.get(link).text)))
        assert shown == DUTIES, shown
        for _ in range(LOOKS):
            pages.append(_seconds(client, url))
            empty.append(_seconds(other, url))
    return median(pages), median(empty)


def _seconds(client: httpx.Client, url: str) -> float:
    began = time.perf_counter()
    assert client.get(url).status_code == 200
    return time.perf_counter() - began


def _bare_rows() -> float:
    """The median seconds of the rows of the page, as the driver gives them."""
    taken = []
    with engine_for(settings().database_url).connect() as connection:
        for _ in range(LOOKS):
            began = time.perf_counter()
            rows = connection.execute(ROWS, {"name": PERSON}).all()
            taken.append(time.perf_counter() - began)
    assert len(rows) == DUTIES
    return median(taken)


async def _at_once(links: list[str], seconds: float) -> tuple[int, int]:
    """How many answers these people get who look at page after page, and how many are no page."""
    until = time.monotonic() + seconds
    counts = await asyncio.gather(*(_one_person(link, until) for link in links))
    return sum(answers for answers, _ in counts), sum(faults for _, faults in counts)


async def _one_person(link: str, until: float) -> tuple[int, int]:
    answers = faults = 0
    async with httpx.AsyncClient(follow_redirects=True, timeout=60) as client:
        base = link.partition("/l/")[0]
        for path in (link, *(f"{base}{path}" for path in ("/", "/year", "/done") * 10_000)):
            if time.monotonic() > until:
                break
            try:
                faults += (await client.get(path)).status_code != 200
            except httpx.HTTPError:
                faults += 1
            answers += 1
    return answers, faults
