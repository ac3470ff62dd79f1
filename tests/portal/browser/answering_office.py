"""An office whose people answer: the example list issued in March, its mail caught, its portal a process of its own, no Prefect server.

It is half past nine on a working day, so mail goes out at once: the list's from here, the portal's own from the portal.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

import examples
from engine.loading import load
from intake.reading import read_list
from intake.roster import read_roster
from intake.values import PersonRow, PostRow, Roster
from models import Assignment, Item, Step, Unit
from notifications.delivery import deliver
from notifications.sender import Sender
from tests.browser.working_office import until, words_of
from tests.chromium import PATIENCE_SECONDS
from zeren.catcher import CaughtMail, MailCatcher
from zeren.clock import clock_from, now_or
from zeren.database import engine_for, prepare, reading, transaction
from zeren.mailing import sender_of, smtp_server_of
from zeren.portal import PortalServer
from zeren.ports import free_port
from zeren.settings import settings

NOW = "2026-03-10T09:30"  # a Tuesday
ISSUED = "主体责任清单"  # in the subject of the list's mail
OFFICER = "officer@example.com"


@dataclass(frozen=True, slots=True)
class Branch:
    """One party branch of the example: who carries its duties, who else is of it, and which leader covers it."""

    name: str
    secretary: str
    colleague: str
    leader: str


FIRST = Branch("机关第一党支部", secretary="方启文", colleague="林知夏", leader="沈怀瑾")
THIRD = Branch("机关第三党支部", secretary="蒋立群", colleague="周牧野", leader="陆明远")
FOURTH = Branch("机关第四党支部", secretary="魏长河", colleague="宋安宁", leader="韩松年")


@dataclass(frozen=True, slots=True)
class AnsweringOffice:
    """Where its pages are, and what came by mail."""

    url: str
    database_url: str
    catcher: MailCatcher
    addresses: dict[str, str]  # of its people, by their names

    @property
    def sender(self) -> Sender:
        return sender_of(settings())

    @property
    def now(self) -> datetime:
        return now_or(NOW, settings().zone)

    def mail_to(self, person: str, saying: str) -> CaughtMail:
        """The newest message to somebody with these words in its subject or text, once it has come."""
        address = self.addresses[person]

        def found() -> list[CaughtMail]:
            return [mail for mail in self.catcher.mails if address in mail.recipients and saying in words_of(mail)]

        return until(found, within=PATIENCE_SECONDS)[-1]

    def link_to(self, person: str, saying: str) -> str:
        """The address behind the button of that message."""
        html = self.mail_to(person, saying).message.get_body(("html",))
        assert html is not None
        (link,) = re.findall(rf'href="({re.escape(self.url)}/l/[^"]+)"', html.get_content())
        return unescape(link)

    def duty(self, branch: Branch, content: str, text: str, period: str) -> int:
        """The id of one assignment of a branch, by words of its item and of its step."""
        wanted = (
            select(Assignment.id)
            .join(Unit, Unit.id == Assignment.unit_id)
            .join(Step, Step.id == Assignment.step_id)
            .join(Item, Item.id == Step.item_id)
            .where(Unit.name == branch.name, Item.content.contains(content), Step.text.contains(text), Assignment.period == period)
        )
        with reading(self.database_url) as session:
            return session.scalars(wanted).one()


def roster_with_colleagues() -> Roster:
    """The example's roster, in which these branches have a deputy too."""
    roster = read_roster(examples.ROSTER).roster
    branches = (FIRST, THIRD, FOURTH)
    people = tuple(PersonRow(one.colleague, f"colleague{n}@example.com", "") for n, one in enumerate(branches))
    posts = tuple(PostRow(one.colleague, one.name, "副书记", address="") for one in branches)
    return replace(roster, people=(*roster.people, *people), posts=(*roster.posts, *posts))


@contextmanager
def answering_office(folder: Path) -> Iterator[AnsweringOffice]:
    port, roster = free_port(0), roster_with_colleagues()
    url, database_url = f"http://127.0.0.1:{port}", f"sqlite:///{folder}/zeren.db"
    with MailCatcher() as catcher, pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith(("PREFECT_", "ZEREN_"))]:
            environment.delenv(name)
        for name, value in {
            "DATABASE_URL": database_url,
            "EVIDENCE_FOLDER": str(folder / "evidence"),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(catcher.smtp_port),
            "MAIL_FROM": "责任清单 <zeren@example.com>",
            "MAIL_REPLY_TO": f"机关党委 王计划 <{OFFICER}>",
            "PORTAL_URL": url,
            "NOW": NOW,
        }.items():
            environment.setenv(f"ZEREN_{name}", value)
        settings.cache_clear()
        addresses = {person.name: person.email for person in roster.people if person.email} | {"计划员": OFFICER}
        office = AnsweringOffice(url, database_url, catcher, addresses)
        _issue(office, roster)
        with PortalServer(folder, port) as server:
            server.wait()
            yield office
    settings.cache_clear()
    engine_for(database_url).dispose()


def _issue(office: AnsweringOffice, roster: Roster) -> None:
    year, file = examples.YEAR, examples.LIST_WORKBOOK
    prepare(office.database_url)
    with transaction(office.database_url) as session:
        load(session, read_list(file, year), roster, year=year, title="", file_name=file.name, sender=office.sender, now=office.now)
    clock = clock_from(NOW, settings().zone)
    asyncio.run(deliver(partial(transaction, office.database_url), smtp_server_of(settings()), clock))
