"""What a substitute reads, and who is given a duty by hand."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.handover import HandoverNotice, compose_handover
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.standing_in import StandingInNotice, compose_standing_in
from tests.notifications.test_messages import ENGLISH, NOW, SENDER, body, calendar_of, duty, parsed

NOTICE = StandingInNotice(
    "王小明", "wang@office.example", "赵新", date(2026, 3, 1), date(2026, 3, 31), "年休假", (duty(),), date(2026, 2, 3)
)
GIVEN = HandoverNotice(
    "王小明", "wang@office.example", "赵新", "", date(2026, 2, 3), (duty(past=("2月1日签收；2月2日报送",)),), by="赵新", reason="驻村"
)
PLAIN = duty("A", text="a", standard="s", party="p", leader="l", assisting=(), phrase="x", past=("2 Mar acknowledged",))


def standing_in(notice: StandingInNotice = NOTICE, sender: Sender = SENDER) -> Mail:
    return compose_standing_in(notice, sender, key="standing in:1", person_id=3, now=NOW)


def given(notice: HandoverNotice = GIVEN, sender: Sender = SENDER) -> Mail:
    return compose_handover(notice, sender, key="given:1", person_id=3, now=NOW)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_substitute_reads_for_whom_how_long_and_what_first(kind: str) -> None:
    mail = standing_in()
    assert (mail.kind, mail.subject) == ("standing_in", "请代赵新办理责任事项：3月1日至3月31日")
    for said in ("3月1日至3月31日，赵新同志的责任事项请您代办，期间要办的有下面 1 项。", "年休假", "最先要办的：组织主题党日"):
        assert said in body(mail, kind)
    assert len(calendar_of(mail).walk("VEVENT")) == 1


def test_one_day_is_said_once_and_nothing_due_is_said_to_be_nothing() -> None:
    mail = standing_in(replace(NOTICE, ends_on=NOTICE.starts_on, duties=(), reason=""))
    assert mail.subject == "请代赵新办理责任事项：3月1日"
    assert "目前没有期间要办的" in body(mail)
    assert "原因" not in body(mail)
    assert list(parsed(mail).iter_attachments()) == []


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_who_is_given_a_duty_reads_by_whom_why_and_what_was_done(kind: str) -> None:
    mail = given()
    assert (mail.kind, mail.subject) == ("handover", "转办给您：组织主题党日")
    for said in ("赵新把下面这项任务转交您办理，期限不变。", "驻村", "2月1日签收；2月2日报送"):
        assert said in body(mail, kind)
    assert "最先要办的" not in body(mail, kind)
    assert "把赵新同志的下面这项任务转交" in body(given(replace(GIVEN, by="计划员")), kind)
    assert "已经报送、正待审核，不用重报。" in body(given(replace(GIVEN, reported=1)), kind)


def test_reasons_and_what_was_done_are_no_markup() -> None:
    html = body(given(replace(GIVEN, reason="<b>粗</b>", duties=(duty(past=("<i>",)),))), "html")
    assert "<b>粗" not in html
    assert "<i>" not in html
    assert "<b>粗" not in body(standing_in(replace(NOTICE, reason="<b>粗</b>")), "html")


@pytest.mark.parametrize("duties", [(), (PLAIN,)])
def test_it_is_said_in_english_too(duties: tuple[()]) -> None:
    sender = replace(ENGLISH, reply_to="Lin <lin@office.example>")
    mails = [standing_in(replace(NOTICE, person="W", on_leave="Z", reason="r", duties=duties), sender)]
    english = replace(GIVEN, person="W", predecessor="Z", by="Z", reason="r", duties=(PLAIN,), reported=1)
    mails += [given(english, sender), given(replace(english, by="O"), sender), given(replace(english, predecessor="", by="O"), sender)]
    for mail in mails:
        assert [letter for letter in mail.subject + body(mail) if "\u4e00" <= letter <= "\u9fff"] == []
