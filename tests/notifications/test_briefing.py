"""The officer's morning mail as she reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from notifications.briefing import Briefing, Figure, compose_briefing
from notifications.sender import Sender
from office.text import Language, Refused, Text

NOW = datetime(2026, 7, 8, 0, 10, tzinfo=UTC)
SENDER = Sender("责任清单 <zeren@office.example>", "党办 林一 <lin@office.example>")


def figure(zh: str, count: int, **fields: object) -> Figure:
    return Figure(Text(zh, f"en {zh}"), count, f"http://ui/runs?{zh}&a=1", f"http://ui/v2/runs?{zh}", **fields)  # type: ignore[arg-type]


BRIEFING = Briefing(
    officer="林一",
    address="lin@office.example",
    on=date(2026, 7, 8),
    figures=(
        figure("待审核", 3, note=Text("最早的已等 2 个工作日", "the oldest has waited 2 working days")),
        figure("逾期", 0, urgent=True),
        figure("本月到期", 12),
    ),
    year_page=figure("2026年一览", 1),
)


def composed(briefing: Briefing = BRIEFING, language: Language = "zh") -> EmailMessage:
    mail = compose_briefing(briefing, replace(SENDER, language=language), key="briefing:2026-07-08", now=NOW)
    return message_from_bytes(mail.content, policy=policy.default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def test_the_subject_says_what_waits() -> None:
    assert composed()["Subject"] == "7月8日提要：待审核 3 项，本月到期 12 项"
    assert composed(language="en")["Subject"] == "8 Jul: 3 en 待审核, 12 en 本月到期"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_and_html_lead_to_the_same_pages(language: Language) -> None:
    message = composed(language=language)
    addresses = [
        "http://ui/runs?待审核&a=1",
        "http://ui/v2/runs?待审核",
        "http://ui/runs?本月到期&a=1",
        "http://ui/v2/runs?本月到期",
        "http://ui/runs?2026年一览&a=1",
        "http://ui/v2/runs?2026年一览",
    ]
    assert Links(body(message, "html")).found == addresses
    text = body(message, "plain")
    assert [address for address in addresses if address not in text] == []


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_it_says_in_one_line_who_is_red(kind: str) -> None:
    assert "🔴 红灯：1个支部（望山支部）" in body(composed(replace(BRIEFING, red=Text("红灯：1个支部（望山支部）", "red: 1 branch"))), kind)
    assert "🔴" not in body(composed(), kind)


def test_what_is_0_is_not_said_and_no_part_is_left_over() -> None:
    message = composed()
    for kind in ("plain", "html"):
        said = body(message, kind)
        assert "逾期" not in said
        assert "最早的已等 2 个工作日" in said
        assert "回复本邮件" not in said  # she would answer herself
    assert list(message.iter_attachments()) == []


def test_it_is_short() -> None:
    assert len([line for line in body(composed(), "plain").splitlines() if line.strip()]) <= 16


def test_the_year_may_be_missing() -> None:
    assert "一览" not in body(composed(replace(BRIEFING, year_page=None)), "html")


@pytest.mark.parametrize("fields", [{"officer": "林\r\nBcc: x@y.cn"}, {"address": "a@b.cn\nBcc: x@y.cn"}])
def test_a_line_break_never_gets_into_a_header(fields: dict[str, str]) -> None:
    with pytest.raises(Refused):
        composed(replace(BRIEFING, **fields))  # type: ignore[arg-type]
