"""What who decides about more time reads."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.asked import AskedNotice, compose_asked
from notifications.mime import Mail
from notifications.sender import Sender
from tests.notifications.test_messages import ENGLISH, NOW, SENDER, body, duty, parsed

NOTICE = AskedNotice(
    person="周望",
    address="zhou@office.example",
    duty=duty(),
    by="王小明",
    carrier="",
    due_on=date(2026, 3, 31),
    wanted_on=date(2026, 4, 15),
    reason="场地检修",
    progress="方案已定",
    granted_before=0,
    may_decide=True,
    deciders=("周望",),
    year=2026,
    on=date(2026, 2, 3),
)


def asked(notice: AskedNotice = NOTICE, sender: Sender = SENDER, link: str = "") -> Mail:
    return compose_asked(notice, sender, key="asked:1", person_id=3, link=link, now=NOW)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_it_says_who_asks_how_much_and_why(kind: str) -> None:
    mail = asked(link="https://duties.example/l/x/duties/1")
    assert (mail.kind, mail.subject) == ("asked", "请您决定：延期 组织主题党日")
    for said in (
        "王小明申请把下面这项任务延期：原定3月31日，申请延至4月15日。",
        "场地检修",
        "方案已定",
        "此前没有延期过。",
        "请点下面的链接作出决定：准予的要写明新的期限",
        "https://duties.example/l/x/duties/1",
    ):
        assert said in body(mail, kind)


def test_it_says_how_often_and_for_whom() -> None:
    text = body(asked(replace(NOTICE, carrier="赵新", granted_before=2, wanted_on=date(2027, 1, 5))))
    assert "王小明代赵新申请" in text
    assert "申请延至2027年1月5日" in text
    assert "此前已延期 2 次。" in text
    assert "请回复本邮件告知决定" in text


def test_the_officer_who_may_not_decide_is_told_who_may() -> None:
    text = body(asked(replace(NOTICE, person="计划员", may_decide=False)))
    assert "应由周望决定，但没有邮箱，未能通知；请当面请示后代为登记。" in text


def test_a_reason_is_no_markup_and_there_is_no_calendar() -> None:
    mail = asked(replace(NOTICE, reason="<b>粗</b>", progress="<i>"))
    assert "<b>粗" not in body(mail, "html")
    assert "<i>" not in body(mail, "html")
    assert list(parsed(mail).iter_attachments()) == []


@pytest.mark.parametrize("may_decide", [True, False])
@pytest.mark.parametrize("granted", [0, 1, 2])
@pytest.mark.parametrize("link", ["", "https://duties.example/l/x"])
def test_it_is_said_in_english_too(may_decide: bool, granted: int, link: str) -> None:
    plain = duty("A", text="a", standard="s", party="p", leader="l", assisting=("q",), phrase="x", past=("2 Mar acknowledged",))
    notice = replace(NOTICE, person="Z", duty=plain, by="W", carrier="V", reason="r", progress="h", deciders=("Z", "Y"))
    mail = asked(
        replace(notice, may_decide=may_decide, granted_before=granted), replace(ENGLISH, reply_to="Lin <lin@office.example>"), link
    )
    assert mail.subject == "Please decide: more time for A"
    assert "until 15 Apr instead of 31 Mar" in body(mail)
    assert [letter for letter in mail.subject + body(mail) if "\u4e00" <= letter <= "\u9fff"] == []
