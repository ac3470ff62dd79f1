"""A year of follow-up, lived through on a virtual clock with a real database and a real SMTP server: exactly these mails, and no others."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email import policy as mail_policy
from functools import partial

import pytest
from sqlalchemy import select, update

from engine.extending import ask_extension, decide_extension
from engine.follow_up import follow_up
from engine.issuing import issue
from engine.moves import Action, move
from engine.reporting import report
from engine.reviewing import review
from engine.roster import store_roster
from intake.values import Parties
from models import Assignment, Grant, Message, MessageState, Person, Verdict
from notifications.delivery import deliver
from notifications.smtp import SmtpServer
from office.workdays import mail_time
from tests import factories
from tests.engine.followed_office import SENDER, at
from tests.factories import NOW
from tests.notifications.servers import Behaviour, Server, smtp_server
from tests.notifications.test_delivery import free_port
from zeren.database import transaction

Arrived = tuple[str, str, str]  # day, to whom, subject


class Office:
    """Its days, one after the other: a morning each, and what people do in the afternoons."""

    def __init__(self, url: str, server: Server) -> None:
        self.url, self.server = url, server
        self.today = date(2026, 1, 5)
        self.seen = 0
        self.down = False  # the mail server
        self.names: dict[str, str] = {}
        self.ids: dict[str, int] = {}

    def until(self, day: date) -> list[Arrived]:
        """Live until the evening of `day`; the mails that arrived."""
        arrived = self.delivered(16)
        while self.today < day:
            self.today += timedelta(days=1)
            with transaction(self.url) as session:
                follow_up(session, sender=SENDER, now=at(self.today))
            arrived += self.delivered(9)
        return arrived

    def delivered(self, hour: int) -> list[Arrived]:
        """What arrives at an hour of today: like the flow, on working days only."""
        now = at(self.today, hour)
        if mail_time(now, SENDER.zone) == now:
            port = free_port() if self.down else self.server.port
            asyncio.run(deliver(partial(transaction, self.url), SmtpServer("127.0.0.1", port, "office@example.com"), lambda: now))
        return [(f"{self.today:%m-%d}", self.names[to], subject) for to, subject in self.new()]

    def new(self) -> list[tuple[str, str]]:
        fresh, self.seen = self.server.received[self.seen :], len(self.server.received)
        read = ((received.to, message_from_bytes(received.content, policy=mail_policy.default)) for received in fresh)
        return sorted((to, str(message["Subject"])) for to, message in read)

    @property
    def now(self) -> datetime:
        return at(self.today, 15)

    def does(self, content: str, action: Action, by: str) -> None:
        """Something that needs no mail."""
        with transaction(self.url) as session:
            move(session, [self.ids[content]], action, reason="", by=by, now=self.now)

    def reports(self, content: str, by: str) -> None:
        with transaction(self.url) as session:
            report(session, self.ids[content], text="已开展，附照片", by=by, now=self.now)

    def reviews(self, content: str, verdict: Verdict, by: str, comment: str = "") -> None:
        with transaction(self.url) as session:
            review(session, self.ids[content], number=None, verdict=verdict, comment=comment, by=by, sender=SENDER, now=self.now)


DUTIES = {
    "植树": ("造林科", date(2026, 1, 30)),
    "党日": ("机关第二党支部", date(2026, 3, 31)),
    "清查": ("清河县林业局", date(2026, 6, 30)),
    "总结": ("办公室", date(2026, 9, 28)),
}


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    with smtp_server(Behaviour()) as server:
        lived = Office(sqlite_url, server)
        items = tuple(
            factories.item_value(
                content=content,
                steps=(factories.step_value(text="", deadline=factories.deadline_value(due_on)),),
                parties=Parties(lead=(party,)),
            )
            for content, (party, due_on) in DUTIES.items()
        )
        with transaction(sqlite_url) as session:
            store_roster(session, factories.roster_value(), year=2026, now=NOW)
            lived.names = {email: name for name, email in session.execute(select(Person.name, Person.email)) if email}
        lived.names["office@example.com"] = "计划员"
        with transaction(sqlite_url) as session:
            issue(session, factories.list_reading(items=items), year=2026, file_name="list.xlsx", sender=SENDER, now=NOW)
            lived.ids = dict(zip(DUTIES, session.scalars(select(Assignment.id).order_by(Assignment.id)), strict=True))
            session.execute(update(Message).values(state=MessageState.SENT))  # the mails of the issue are another story
        yield lived


def test_a_year_of_follow_up(office: Office) -> None:
    head, contact, deputy, clerk, owner = "周启明", "吴望舒", "郑临川", "何青禾", "孟松年"

    # Nobody acknowledges: once more after three working days, a note before it goes up, then to the contact leaders. Who can be told is
    # told in place of 罗一鸣, who carries 清查 and has no address.
    unread, up = "项未签收的任务报到您这里", "督办：1项今天报到您这里"
    assert office.until(date(2026, 1, 14)) == [
        *(
            (day, whom, subject)
            for day in ("01-08", "01-12")
            for whom, subject in ((head, f"督办：1{unread}"), (clerk, "督办：1项待签收"), (owner, "督办：2项待签收"))
        ),
        ("01-13", head, f"督办：1{unread}"),
        ("01-13", contact, f"督办：2{unread}"),
        ("01-13", deputy, f"督办：1{unread}"),
        ("01-13", clerk, "督办：1项待签收"),
        ("01-13", owner, "督办：2项待签收"),
    ]
    office.does("植树", Action.ACKNOWLEDGE, owner)
    office.does("党日", Action.ACKNOWLEDGE, owner)
    office.does("总结", Action.ACKNOWLEDGE, clerk)

    # 植树 is warned of twice and reported in time: no third warning, and the reviewer hears of it.
    assert office.until(date(2026, 1, 28)) == [("01-21", owner, "督办：1项临近到期"), ("01-27", owner, "督办：1项临近到期")]
    office.reports("植树", owner)
    assert office.until(date(2026, 1, 29)) == [("01-29", contact, "督办：1项待审核")]
    office.reviews("植树", Verdict.APPROVED, contact)
    assert office.until(date(2026, 2, 27)) == [("01-29", owner, "审核通过：植树")]

    # 党日 is extended: its warnings begin anew for the new date.
    assert office.until(date(2026, 3, 27)) == [("03-20", owner, "督办：1项临近到期"), ("03-26", owner, "督办：1项临近到期")]
    with transaction(office.url) as session:
        more = {"wanted_on": date(2026, 4, 10), "reason": "场地检修", "progress": "方案已定", "by": owner}
        ask_extension(session, office.ids["党日"], sender=SENDER, now=office.now, **more)  # type: ignore[arg-type]
        granted = {"grant": Grant.GRANTED, "granted_on": date(2026, 4, 10), "comment": "", "by": contact}
        decide_extension(session, office.ids["党日"], 1, sender=SENDER, now=office.now, **granted)  # type: ignore[arg-type]
    assert office.until(date(2026, 4, 13)) == [
        ("03-27", contact, "请您决定：延期 党日"),
        ("03-27", owner, "准予延期：党日"),
        ("03-31", owner, "督办：1项临近到期"),
        ("04-07", owner, "督办：1项临近到期"),
        ("04-09", owner, "督办：1项临近到期"),
        ("04-13", owner, "督办：1项逾期"),
    ]
    # Reported a day late, it waits for its review and comes back; the days of the review bring it no closer to the contact leader.
    office.reports("党日", owner)
    assert office.until(date(2026, 4, 20)) == [("04-14", contact, "督办：1项待审核"), ("04-17", contact, "督办：1项待审核")]
    office.reviews("党日", Verdict.RETURNED, contact, "缺签到表")
    assert office.until(date(2026, 4, 23)) == [
        ("04-20", owner, "请重办后再报：党日"),
        ("04-21", owner, "督办：1项逾期"),  # tomorrow it goes up
        ("04-22", contact, up),
        ("04-22", owner, "督办：1项逾期"),
    ]
    office.reports("党日", owner)
    office.reviews("党日", Verdict.APPROVED, contact)
    assert office.until(date(2026, 6, 17)) == [("04-23", owner, "审核通过：党日")]

    # 清查: who can be told is told in its carrier's place, level by level.
    assert office.until(date(2026, 7, 31)) == [
        *((day, head, up) for day in ("06-18", "06-25", "06-29", "07-01", "07-02", "07-03", "07-08", "07-09", "07-20")),
        *(("07-21", leader, up) for leader in (head, contact, deputy)),
    ]
    office.does("清查", Action.WITHDRAW, "计划员")

    # 总结 goes up over 国庆, while the mail server is down for three days.
    assert office.until(date(2026, 9, 29)) == [
        *((day, clerk, "督办：1项临近到期") for day in ("09-17", "09-22", "09-24")),
        ("09-29", clerk, "督办：1项逾期"),
    ]
    office.down = True
    assert office.until(date(2026, 10, 2)) == []
    office.down = False
    assert office.until(date(2026, 12, 31)) == [
        ("10-08", deputy, up),
        ("10-08", clerk, "督办：1项逾期"),  # of 30 September
        ("10-08", clerk, "督办：1项逾期"),
        ("10-12", clerk, "督办：1项逾期"),
        ("10-13", head, up),
        ("10-13", clerk, "督办：1项逾期"),
        ("10-22", clerk, "督办：1项逾期"),
        *(("10-23", leader, up) for leader in (head, contact, deputy)),
        ("10-23", clerk, "督办：1项逾期"),
    ]
