"""What a message holds beside its words reads back as it was put in."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notifications.mime import Attachment, message_bytes
from notifications.sender import Sender
from office.text import Refused

SENDER = Sender("责任清单 <zeren@office.example>", "党办 林一 <lin@office.example>")
NOTICE = Attachment("红色督办单-林一-4月7日.docx", "application/msword", bytes(range(256)) * 40)
ONE_CLICK = "https://zeren.office.example/informed/stop?key=eyJhbGciOiJIUzI1NiJ9.abcdefghijklmnopqrstuvwxyz0123456789_-&a=b"


def content(attachment: Attachment | None = None, *, calendar: bytes = b"", unsubscribe: str = "") -> bytes:
    return message_bytes(
        name="林一",
        address="lin@office.example",
        subject="逾期2项",
        text="文字",
        html="<p>文字</p>",
        calendar=calendar,
        attachment=attachment,
        unsubscribe=unsubscribe,
        sender=SENDER,
        identity="<0123456789abcdef0123456789abcdef@office.example>",
        now=datetime(2026, 4, 7, 0, 30, tzinfo=UTC),
    )


def parsed(written: bytes) -> EmailMessage:
    message = message_from_bytes(written, policy=policy.default)
    for part in message.walk():
        assert part.defects == []
        assert [header.defects for header in part.values() if header.defects] == []
    return message


def test_an_attachment_reads_back_with_its_name_and_every_byte() -> None:
    (read,) = parsed(content(NOTICE)).iter_attachments()
    assert (read.get_content_type(), read.get_filename(), read.get_content()) == (NOTICE.media_type, NOTICE.name, NOTICE.content)


@pytest.mark.parametrize(
    "name", ["notice.docx", "督.docx", "红" * 90 + ".docx", "𠮷野家😀" * 9, 'a"b\\c;d.docx', "100%'*.docx", "x" * 200, "=?utf-8?b?5Lu7?="]
)
def test_any_file_name_reads_back(name: str) -> None:
    written = content(replace(NOTICE, name=name))
    (read,) = parsed(written).iter_attachments()
    assert read.get_filename() == name
    assert max(map(len, written.split(b"\r\n"))) <= 76


def test_a_line_break_never_gets_into_a_file_name() -> None:
    with pytest.raises(Refused):
        content(replace(NOTICE, name="a\r\nBcc: x@y.cn"))


def test_a_calendar_and_a_file_stand_beside_each_other() -> None:
    message = parsed(content(NOTICE, calendar=b"BEGIN:VCALENDAR"))
    assert [part.get_filename() for part in message.iter_attachments()] == ["duties.ics", NOTICE.name]
    words = message.get_body(("plain",))
    assert words is not None
    assert words.get_content() == "文字"


def test_what_may_be_ended_says_where_and_that_one_click_does() -> None:
    message = parsed(content(unsubscribe=ONE_CLICK))
    assert message["List-Unsubscribe"].strip() == f"<{ONE_CLICK}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_https_nothing_ends_at_one_click() -> None:
    message = parsed(content(unsubscribe="http://zeren.office.example/stop"))
    assert message["List-Unsubscribe"].strip() == "<http://zeren.office.example/stop>"
    assert message["List-Unsubscribe-Post"] is None


def test_what_has_to_be_read_cannot_be_ended() -> None:
    assert [name for name in parsed(content(NOTICE)) if name.startswith("List-Unsubscribe")] == []


def test_no_address_breaks_its_header() -> None:
    written = content(unsubscribe="https://责任/停?a=<b>\r\nBcc: x@y.cn")
    assert written.isascii()
    assert parsed(written)["Bcc"] is None
