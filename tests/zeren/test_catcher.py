"""The local mail server and its page."""

import smtplib
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from office.text import Refused
from zeren.catcher import MailCatcher


def letter(subject: str = "年度清单", html: str = "<p>您好</p>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "党办 <office@example.com>"
    message["To"] = "王小明 <wang@example.com>"
    message["Subject"] = subject
    message.set_content("纯文本 <b>正文</b>")
    message.add_alternative(html, subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="日程.ics")
    return message


def send(catcher: MailCatcher, *messages: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port) as server:
        for message in messages:
            server.send_message(message)


def fetch(url: str) -> tuple[str, dict[str, str]]:
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode(), dict(answer.headers)


@pytest.fixture(scope="module")
def catcher() -> Iterator[MailCatcher]:
    with MailCatcher() as catcher:
        send(catcher, letter(), letter("<script>alert(1)</script>", "<script>alert(2)</script>"))
        yield catcher


def test_it_keeps_what_it_receives(catcher: MailCatcher) -> None:
    assert [str(mail.message["Subject"]) for mail in catcher.mails] == ["年度清单", "<script>alert(1)</script>"]
    first = catcher.mails[0]
    assert (first.number, first.sender, first.recipients) == (1, "office@example.com", ("wang@example.com",))


def test_the_list_shows_the_newest_first_with_decoded_headers(catcher: MailCatcher) -> None:
    page, _ = fetch(catcher.web_url)
    assert page.index("alert(1)") < page.index("年度清单")
    assert "王小明 &lt;wang@example.com&gt;" in page


def test_a_mail_shows_its_text_escaped_its_headers_and_its_attachments(catcher: MailCatcher) -> None:
    page, _ = fetch(f"{catcher.web_url}mails/1")
    assert "纯文本 &lt;b&gt;正文&lt;/b&gt;" in page
    assert "党办 &lt;office@example.com&gt;" in page
    assert "日程.ics" in page
    body, headers = fetch(f"{catcher.web_url}mails/1/attachments/0")
    assert body == "BEGIN:VCALENDAR"
    assert headers["Content-Disposition"].startswith("attachment")


def test_what_came_by_mail_can_run_nothing_and_load_nothing(catcher: MailCatcher) -> None:
    page, headers = fetch(f"{catcher.web_url}mails/2")
    assert "<script" not in page
    assert 'sandbox title="' in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    html, headers = fetch(f"{catcher.web_url}mails/2/html")
    assert "<script>alert(2)</script>" in html
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.mark.parametrize("path", ["mails/0", "mails/3", "mails/1/attachments/1", "mails/x", "../etc/passwd", "mails/1/html/"])
def test_what_is_not_there_is_not_found(catcher: MailCatcher, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        fetch(f"{catcher.web_url}{path}")
    assert missing.value.code == 404
    missing.value.close()


def test_it_listens_on_this_machine_only(catcher: MailCatcher) -> None:
    assert catcher.web_url.startswith("http://127.0.0.1:")


def test_it_speaks_english_too() -> None:
    with MailCatcher(language="en") as catcher:
        page, _ = fetch(catcher.web_url)
    assert "Caught mail · 0" in page


@pytest.mark.parametrize("taken", ["smtp_port", "web_port"])
def test_a_port_that_is_taken_is_refused_and_the_other_is_free_again(taken: str) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        ports = {taken: holder.getsockname()[1]}
        with pytest.raises(Refused), MailCatcher(**ports):
            pass
