"""`zeren deliver` and `zeren mail`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import notifications
from notifications.issued import IssuedNotice, compose_issued
from notifications.ledger import queue
from notifications.sender import Sender
from tests import factories
from tests.notifications.servers import Behaviour, Server, smtp_server
from tests.notifications.test_delivery import free_port, only
from tests.notifications.test_messages import duty
from tests.zeren.conftest import Zeren
from zeren.cli.mail import KINDS
from zeren.database import prepare, transaction
from zeren.settings import settings

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
AT = ("--now", "2026-01-05T09:30")


@pytest.fixture
def ledger(zeren: Zeren) -> None:
    """Two messages, to 王小明 and to 李红."""
    prepare(settings().database_url)
    sender = Sender("责任清单 <zeren@office.example>")
    with transaction(settings().database_url) as session:
        mails = []
        for name, address in (("王小明", "wang@office.example"), ("李红", "li@office.example")):
            person = factories.person(session, name=name, email=address)
            notice = IssuedNotice(name, address, "2026年度清单", 2026, accountable=(duty(),))
            mails.append(compose_issued(notice, sender, key=f"issued:1:{name}", person_id=person.id, now=NOW))
        queue(session, mails, now=NOW)


def test_every_kind_of_message_has_a_word_in_the_table() -> None:
    assert {path.parent.name for path in Path(notifications.__file__).parent.glob("*/message.py")} == set(KINDS)


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour()


@pytest.fixture
def server(behaviour: Behaviour, zeren: Zeren, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with smtp_server(behaviour) as server:
        use(server.port, monkeypatch)
        yield server


def use(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("ZEREN_SMTP_PORT", str(port))
    settings.cache_clear()


def test_deliver_sends_what_is_queued_and_says_how_many(zeren: Zeren, ledger: None, server: Server) -> None:
    assert zeren("deliver", *AT).out == "发出 2 封。\n"
    assert zeren("deliver", *AT).out == "没有待发的邮件。\n"
    assert server.addresses() == ["li@office.example", "wang@office.example"]


def test_deliver_says_in_json_what_came_of_it(zeren: Zeren, ledger: None, server: Server) -> None:
    assert zeren("deliver", "--json", *AT).json == {"sent": 2, "deferred": 0, "refused": 0, "unknown": 0, "fault": None}


def test_a_server_that_is_down_is_one_sentence_and_when_it_is_mended_all_mail_goes(
    zeren: Zeren, ledger: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    use(port, monkeypatch)
    down = zeren("deliver", *AT)
    assert down.status == 1
    assert down.err.startswith(f"邮件服务器 127.0.0.1:{port} 无法使用")
    assert "Traceback" not in down.err
    with smtp_server(port=port) as server:
        assert zeren("deliver", *AT).status == 0
    assert len(server.received) == 2


def test_a_refused_mail_is_reported_and_the_ledger_says_why(zeren: Zeren, ledger: None, server: Server, behaviour: Behaviour) -> None:
    behaviour.at_recipient = only("li@office.example", "550 5.1.1 no such user")
    ran = zeren("deliver", *AT)
    assert (ran.status, ran.out) == (1, "发出 1 封，被拒收 1 封。\n")
    assert ran.err == "1 封被服务器拒收：550 5.1.1 no such user（各封情况见 zeren mail）\n"
    table = zeren("mail").out
    assert "550 5.1.1 no such user" in table
    assert "被拒" in table
    rows = {row["person"]: row for row in zeren("mail", "--json").json}
    assert (rows["李红"]["state"], rows["李红"]["words"]) == ("refused", "550 5.1.1 no such user")
    assert (rows["王小明"]["state"], rows["王小明"]["words"]) == ("sent", "")


def test_mail_that_is_put_off_is_one_sentence_with_the_servers_words(
    zeren: Zeren, ledger: None, server: Server, behaviour: Behaviour
) -> None:
    behaviour.at_recipient = only("li@office.example", "451 4.7.1 come back later")
    ran = zeren("deliver", *AT)
    assert (ran.status, ran.out) == (1, "发出 1 封，待重发 1 封。\n")
    assert ran.err == "1 封暂未送达，留待下次：451 4.7.1 come back later（各封情况见 zeren mail）\n"


def test_mail_lists_whom_what_why_and_how_far(zeren: Zeren, ledger: None) -> None:
    table = zeren("mail").out
    for word in ("王小明 <wang@office.example>", "清单下发", "2026年度清单：您负责 1 项", "待发"):
        assert word in table


def test_mail_shows_one_in_full(zeren: Zeren, ledger: None) -> None:
    shown = zeren("mail", 2).out
    assert "To: 李红 <li@office.example>" in shown
    assert "组织主题党日" in shown
    assert zeren("mail", 2, "--json").json["text"] + "\n" == shown


def test_a_mail_that_is_not_there_is_refused(zeren: Zeren, ledger: None) -> None:
    ran = zeren("mail", 99)
    assert (ran.status, ran.err) == (1, "台账中没有编号为 99 的邮件\n")


@pytest.mark.parametrize("command", ["deliver", "mail"])
def test_without_a_database_it_says_what_to_do(zeren: Zeren, command: str, tmp_path: Path) -> None:
    ran = zeren(command)
    assert ran.status == 1
    assert "zeren load" in ran.err


def test_an_empty_ledger_says_so(zeren: Zeren) -> None:
    prepare(settings().database_url)
    assert zeren("mail").out == "邮件台账是空的。\n"
    assert zeren("mail", "--json").json == []
