"""What the officer reads where the ledger of the follow-up is not what it should be."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notifications.audit import AuditNotice, compose_audit
from notifications.sender import Sender
from office.text import Language, Text

SENDER = Sender("责任清单 <zeren@office.example>", "党办 林一 <lin@office.example>")
NOTICE = AuditNotice(
    officer="林一",
    address="lin@office.example",
    on=date(2026, 7, 8),
    counts=((Text("遗漏", "missing"), 2), (Text("多出", "extra"), 1)),
    lines=("任务1 造林科“清点<苗木>”6月：没有", "任务2：多了"),
    left_out=1,
    code="3fa9c01d",
    page="http://ui/artifacts/key/a",
    new_page="http://ui/v2/artifacts/key/a",
)


def composed(notice: AuditNotice = NOTICE, language: Language = "zh") -> EmailMessage:
    mail = compose_audit(notice, replace(SENDER, language=language), key="audit:2026-07-08", now=datetime(2026, 7, 8, 1, 10, tzinfo=UTC))
    return message_from_bytes(mail.content, policy=policy.default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_subject_says_how_much_is_wrong() -> None:
    assert composed()["Subject"] == "7月8日督办核对：遗漏 2 处，多出 1 处"
    assert composed(language="en")["Subject"] == "Audit of the follow-up, 8 Jul: 2 missing, 1 extra"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_both_parts_say_each_fault_and_where_the_rest_is(language: Language, kind: str) -> None:
    said = body(composed(language=language), kind).replace("&lt;", "<").replace("&gt;", ">")
    for words in (*NOTICE.lines, NOTICE.page, NOTICE.new_page, NOTICE.code):
        assert words in said
    assert ("另有 1 处" if language == "zh" else "1 more") in said
    assert "另有" not in body(composed(replace(NOTICE, left_out=0)), kind)
