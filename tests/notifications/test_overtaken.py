"""What who came too late with a decision reads."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.mime import Mail
from notifications.overtaken import OvertakenNotice, compose_overtaken
from notifications.sender import Sender
from office.text import Text
from tests.notifications.test_messages import ENGLISH, NOW, SENDER, body, duty

SAID = Text("周望已于2026-02-03 09:00审核通过，这次决定没有计入", "Zhou approved it at 2026-02-03 09:00; this decision does not count")
NOTICE = OvertakenNotice("林一", "lin@office.example", duty(), SAID, 2026, date(2026, 2, 3))


def overtaken(notice: OvertakenNotice = NOTICE, sender: Sender = SENDER) -> Mail:
    return compose_overtaken(notice, sender, key="overtaken:1", person_id=None, now=NOW)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_it_names_the_duty_and_what_somebody_else_decided_before(kind: str) -> None:
    mail = overtaken()
    assert (mail.kind, mail.subject) == ("overtaken", "您的决定没有计入：组织主题党日")
    assert f"{SAID.zh}。" in body(mail, kind)
    assert "第三党支部" in body(mail, kind)


def test_it_is_said_in_english_too() -> None:
    plain = duty("A", text="a", standard="s", party="p", leader="l", assisting=("q", "r"), phrase="x")
    mail = overtaken(replace(NOTICE, person="L", duty=plain), replace(ENGLISH, reply_to="Lin <lin@office.example>"))
    assert SAID.en in body(mail)
    assert [letter for letter in mail.subject + body(mail) if "一" <= letter <= "鿿"] == []


def test_a_long_duty_does_not_fill_the_subject() -> None:
    assert len(overtaken(replace(NOTICE, duty=duty("长" * 500))).subject) < 100
