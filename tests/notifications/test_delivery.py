"""Delivery against real SMTP servers, on SQLite and on PostgreSQL where two senders meet."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import Message, MessageState
from notifications import ledger
from notifications.delivery import Delivered, deliver
from notifications.mime import Mail
from notifications.smtp import SmtpServer
from tests.notifications.servers import Behaviour, Server, certificate, smtp_server
from zeren.database import transaction

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def mail(number: int, address: str | None = None) -> Mail:
    identity = f"<{number}@office.example>"
    content = f"From: zeren@office.example\r\nMessage-ID: {identity}\r\nSubject: {number}\r\n\r\n.begins with a period\r\nbody {number}\r\n"
    return Mail(f"k{number}", "issued", None, address or f"p{number}@office.example", str(number), identity, content.encode())


def queue(url: str, *mails: Mail) -> None:
    with transaction(url) as session:
        ledger.queue(session, mails, now=NOW)


def run(url: str, server: Server | int, *, now: datetime = NOW, **options: Any) -> Delivered:
    account = {name: options.pop(name) for name in ("tls", "username", "password") if name in options}
    port = server if isinstance(server, int) else server.port
    target = SmtpServer("127.0.0.1", port, "zeren@office.example", **account)
    return asyncio.run(deliver(partial(transaction, url), target, lambda: now, **options))


def stored(url: str) -> dict[str, Message]:
    with transaction(url) as session:
        messages = list(session.scalars(select(Message)))
        session.expunge_all()
    return {message.key: message for message in messages}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def only(address: str, answer: str) -> Callable[[str], str | None]:
    return lambda to: answer if to == address else None


def test_every_message_arrives_once_and_a_second_delivery_sends_nothing(sqlite_url: str) -> None:
    queue(sqlite_url, *(mail(number) for number in range(30)))
    with smtp_server() as server:
        assert run(sqlite_url, server) == Delivered(sent=30)
        assert run(sqlite_url, server) == Delivered()
    assert server.addresses() == sorted(f"p{number}@office.example" for number in range(30))
    assert server.connections <= 4 + 4  # reused; none is opened that has nothing to do
    message = stored(sqlite_url)["k7"]
    assert (message.state, message.sent_at, message.attempts, message.perhaps_twice) == (MessageState.SENT, NOW, 1, False)


def test_what_goes_over_the_wire_is_what_the_ledger_holds(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1))
    with smtp_server() as server:
        run(sqlite_url, server)
    assert (server.received[0].sender, server.received[0].content) == ("zeren@office.example", mail(1).content)


def test_4xx_is_tried_again_after_growing_pauses_until_it_goes_through(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1), mail(2))
    busy = Behaviour(at_recipient=only("p1@office.example", "450 4.2.1 mailbox busy"))
    now = NOW
    with smtp_server(busy) as server:
        assert run(sqlite_url, server) == Delivered(sent=1, deferred=1)
        for minutes in (1, 5, 15, 60, 240, 240):
            waiting, due_at = stored(sqlite_url)["k1"], now + timedelta(minutes=minutes)
            assert (waiting.state, waiting.due_at, waiting.server_words) == (MessageState.DEFERRED, due_at, "450 4.2.1 mailbox busy")
            assert run(sqlite_url, server, now=due_at - timedelta(seconds=1)) == Delivered()
            assert run(sqlite_url, server, now=due_at) == Delivered(deferred=1)
            now = due_at
        busy.at_recipient = lambda _: None
        assert run(sqlite_url, server, now=now + timedelta(minutes=240)) == Delivered(sent=1)
    assert server.addresses() == ["p1@office.example", "p2@office.example"]


def test_5xx_is_refused_with_the_servers_words_and_never_holds_the_others(sqlite_url: str) -> None:
    queue(sqlite_url, *(mail(number) for number in range(8)))
    with smtp_server(Behaviour(at_recipient=only("p0@office.example", "550 5.1.1 no such user here"))) as server:
        assert run(sqlite_url, server) == Delivered(sent=7, refused=1)
        assert run(sqlite_url, server, now=NOW + timedelta(days=9)) == Delivered()
    refused = stored(sqlite_url)["k0"]
    assert (refused.state, refused.server_words) == (MessageState.REFUSED, "550 5.1.1 no such user here")


def test_a_server_that_takes_the_envelope_in_one_piece_gets_each_message_once(sqlite_url: str) -> None:
    queue(sqlite_url, *(mail(number) for number in range(20)))
    answers = {"p0@office.example": "550 5.1.1 no such user here", "p5@office.example": "450 4.2.1 mailbox busy"}
    with smtp_server(Behaviour(pipelining=True, at_recipient=answers.get, drop_after=6)) as server:
        assert run(sqlite_url, server, connections=2) == Delivered(sent=18, refused=1, deferred=1)
    assert len(set(server.addresses())) == len(server.received) == 18
    messages = stored(sqlite_url)
    assert [messages[key].server_words for key in ("k0", "k5")] == list(answers.values())


def test_a_sender_refused_in_one_piece_with_the_rest_still_costs_no_message(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1))
    with smtp_server(Behaviour(pipelining=True, at_sender="550 5.7.1 sender not allowed")) as server:
        assert run(sqlite_url, server) == Delivered(deferred=1, words="550 5.7.1 sender not allowed")


def test_a_message_refused_for_its_content_is_refused(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1), mail(2))
    with smtp_server(Behaviour(at_content=only("p1@office.example", "554 5.7.1 looks like spam"))) as server:
        assert run(sqlite_url, server, connections=1) == Delivered(sent=1, refused=1)


def test_a_connection_lost_while_the_content_goes_out_leaves_it_unknown_and_it_is_sent_again_as_the_same(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1), mail(2))
    with smtp_server(Behaviour(drop_during_content=1)) as server:
        assert run(sqlite_url, server, connections=1) == Delivered(sent=1, unknown=1)
        (lost,) = (message for message in stored(sqlite_url).values() if message.state is MessageState.UNKNOWN)
        assert run(sqlite_url, server, now=NOW + timedelta(minutes=1)) == Delivered(sent=1)
    again = stored(sqlite_url)[lost.key]
    assert (again.state, again.perhaps_twice, again.attempts) == (MessageState.SENT, True, 2)
    assert [received.message_id for received in server.received if received.to == again.address] == [again.message_id]


def test_a_server_that_ends_each_connection_after_some_messages_gets_all_of_them(sqlite_url: str) -> None:
    queue(sqlite_url, *(mail(number) for number in range(20)))
    with smtp_server(Behaviour(drop_after=3)) as server:
        delivered = run(sqlite_url, server, connections=2)
    assert (delivered.sent, delivered.words) == (20, "")
    assert len(server.received) == 20


def test_a_server_that_takes_fewer_connections_than_offered_gets_all_mail_over_those(sqlite_url: str) -> None:
    queue(sqlite_url, *(mail(number) for number in range(12)))
    with smtp_server(Behaviour(most_connections=2)) as server:
        assert run(sqlite_url, server) == Delivered(sent=12)


def test_a_server_that_is_down_only_defers_and_says_so(sqlite_url: str) -> None:
    queue(sqlite_url, *(mail(number) for number in range(9)))
    port = free_port()
    delivered = run(sqlite_url, port)
    assert (delivered.sent, delivered.refused, delivered.unknown) == (0, 0, 0)
    assert str(port) in delivered.words
    assert {message.state for message in stored(sqlite_url).values()} <= {MessageState.QUEUED, MessageState.DEFERRED}
    with smtp_server(port=port) as server:
        assert run(sqlite_url, server, at_once=True).sent == 9  # the officer mended it and does not wait


def test_a_refused_sender_is_the_officers_to_mend_and_costs_no_message(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1), mail(2))
    with smtp_server(Behaviour(at_sender="550 5.7.1 sender not allowed")) as server:
        delivered = run(sqlite_url, server)
    assert (delivered.refused, delivered.words) == (0, "550 5.7.1 sender not allowed")


@pytest.mark.parametrize(("tls", "implicit"), [("starttls", False), ("tls", True)])
def test_mail_goes_over_tls(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str, implicit: bool) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    queue(sqlite_url, mail(1))
    with smtp_server(Behaviour(tls=context, implicit_tls=implicit)) as server:
        assert run(sqlite_url, server, tls=tls) == Delivered(sent=1)


def test_a_certificate_that_is_not_trusted_stops_delivery(sqlite_url: str, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    queue(sqlite_url, mail(1))
    with smtp_server(Behaviour(tls=context, implicit_tls=True)) as server:
        assert "certificate" in run(sqlite_url, server, tls="tls").words.lower()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # what some offices' servers do
def test_login(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1))
    with smtp_server(Behaviour(login=("zeren", "s3cret!"))) as server:
        assert run(sqlite_url, server, username="zeren", password="s3cret!") == Delivered(sent=1)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # what some offices' servers do
def test_a_refused_login_costs_no_message_and_shows_no_password(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    queue(sqlite_url, mail(1))
    with smtp_server(Behaviour(login=("zeren", "s3cret!"))) as server:
        delivered = run(sqlite_url, server, username="zeren", password="wr0ng-one")
    assert server.offered_login
    assert delivered.words.startswith("535")
    message = stored(sqlite_url)["k1"]
    assert message.state is MessageState.DEFERRED
    assert "wr0ng-one" not in f"{delivered}{message.server_words}{caplog.text}"
    assert "wr0ng-one" not in repr(SmtpServer("h", 25, "a@b", password="wr0ng-one"))


def test_a_recipient_in_chinese_letters_is_refused_by_a_server_that_cannot_and_sent_by_one_that_can(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1, "张三@office.example"), mail(2, "li@例子.cn"))
    with smtp_server() as server:
        assert run(sqlite_url, server) == Delivered(sent=1, refused=1)
    assert server.addresses() == ["li@xn--fsqu00a.cn"]
    queue(sqlite_url, mail(3, "张三@office.example"))
    with smtp_server(Behaviour(utf8=True)) as server:
        assert run(sqlite_url, server) == Delivered(sent=1)


def test_an_address_that_is_none_is_refused_alone(sqlite_url: str) -> None:
    queue(sqlite_url, mail(1, "a@b.cn>\r\nRCPT TO:<c@d.cn"), mail(2))
    with smtp_server() as server:
        assert run(sqlite_url, server) == Delivered(sent=1, refused=1)
    assert server.addresses() == ["p2@office.example"]


def test_two_senders_at_once_deliver_each_message_once(database_url: str) -> None:
    queue(database_url, *(mail(number) for number in range(120)))
    with smtp_server(Behaviour(pause=0.005)) as server:
        target = SmtpServer("127.0.0.1", server.port, "zeren@office.example")

        async def both() -> list[Delivered]:
            return list(await asyncio.gather(*(deliver(partial(transaction, database_url), target, lambda: NOW) for _ in range(2))))

        first, second = asyncio.run(both())
    assert first.sent + second.sent == 120
    assert min(first.sent, second.sent) > 0
    assert server.addresses() == sorted(f"p{number}@office.example" for number in range(120))


def test_a_delivery_that_is_stopped_keeps_what_it_knows(sqlite_url: str) -> None:
    queue(sqlite_url, *(mail(number) for number in range(40)))
    with smtp_server(Behaviour(pause=0.05)) as server:
        target = SmtpServer("127.0.0.1", server.port, "zeren@office.example")

        async def stopped() -> None:
            async with asyncio.timeout(0.4):
                await deliver(partial(transaction, sqlite_url), target, lambda: NOW)

        with pytest.raises(TimeoutError):
            asyncio.run(stopped())
        states = [message.state for message in stored(sqlite_url).values()]
        assert states.count(MessageState.SENDING) <= 4
        assert states.count(MessageState.SENT) >= len(server.received) - 4
