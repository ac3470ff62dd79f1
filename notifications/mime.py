"""Text, HTML, a calendar and a file → one message as it goes over the wire (RFC 5322, CRLF, 7 bit).

The standard library's `EmailMessage` takes 3 ms to build and write such a message, which is most of what a year's mail
would cost. All parts here are base64 and all headers encoded words, so that the bytes can be put down directly.
"""

from binascii import b2a_base64
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from hashlib import sha256
from re import compile as pattern
from struct import Struct
from urllib.parse import quote

from notifications.sender import Sender
from office.text import Refused, Text

WORD_FILE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"  # media type
_ENCODED_WORD_BYTES = 39  # so that its line, with the name of the header, stays within the 76 characters of RFC 2047
_BASE64_LINE = 76
_FILE_NAME_BYTES = 18  # of a file's name on one line: three letters a byte, beside `filename*12*=utf-8''`
_BREAKS_A_HEADER = pattern("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAME, _ADDRESS, _SUBJECT = Text("姓名", "The name"), Text("邮箱地址", "The mail address"), Text("邮件标题", "The subject")
_FILE_NAME = Text("附件名", "The name of the file")
_PLAIN_PHRASE = pattern(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]+")
_PLAIN_FILE_NAME = pattern(r"[A-Za-z0-9 ._-]{1,50}")
_OF_AN_ADDRESS = "%/:?#[]@!$&'()*+,;=~"  # what may stand in a web address as it is


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside what the mail says. Its name may be in any script."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One composed message to one person, ready for the ledger. The same `key` always has the same `message_id`."""

    key: str
    kind: str
    person_id: int | None
    address: str
    subject: str
    message_id: str
    content: bytes


def single_line(value: str, what: Text) -> str:
    """`value` if it may stand in a mail header; refuses line breaks and other control characters."""
    if _BREAKS_A_HEADER.search(value):
        shown = " ".join(value.split())
        raise Refused(
            Text(
                f"{what.zh}含有换行或控制字符，不能写入邮件标题：{shown}",
                f"{what.en} holds a line break or control character, which cannot go into a mail header: {shown}",
            )
        )
    return value


def encoded_words(text: str) -> str:
    """`text` for an unstructured header: as it is if plain ASCII, else RFC 2047 words that never split a character."""
    if text.isascii() and "=?" not in text and len(text) <= _BASE64_LINE:
        return text
    words = pieces(text.encode(), _ENCODED_WORD_BYTES)
    return "\r\n ".join(f"=?utf-8?b?{b2a_base64(word, newline=False).decode()}?=" for word in words)


def pieces(utf8: bytes, first: int, others: int | None = None) -> list[bytes]:
    """Cut into at most `first` bytes and then `others` (default the same), never within a character."""
    cut, start, size = [], 0, first
    while len(utf8) - start > size:
        end = start + size
        while utf8[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        cut.append(utf8[start:end])
        start, size = end, others or first
    cut.append(utf8[start:])
    return cut


def wire_address(address: str) -> str:
    """The address as SMTP wants it: the domain in its ASCII form (IDNA), the local part as it is."""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return f"{local}@{domain}"


def mailbox(name: str, address: str) -> str:
    """`name <address>` for a header; the name encoded where it is not plain ASCII."""
    single_line(name, _NAME)
    single_line(address, _ADDRESS)
    if not name:
        return wire_address(address)
    if name.isascii():
        return f"{name if _PLAIN_PHRASE.fullmatch(name) else _quoted(name)} <{wire_address(address)}>"
    return f"{encoded_words(name)}\r\n <{wire_address(address)}>"


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def message_id(key: str, sender: Sender) -> str:
    """The Message-ID of a ledger key: always the same, so that a doubled message can be told by any mail client."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{_domain(sender)}>"


@lru_cache(maxsize=64)
def _domain(sender: Sender) -> str:
    return wire_address(sender.envelope_address).rpartition("@")[2]


@lru_cache(maxsize=64)
def _sender_headers(sender: Sender) -> str:
    list_id = f"{encoded_words('责任清单')}\r\n <zeren.{_domain(sender)}>"
    return (
        f"From: {mailbox(*parseaddr(sender.mail_from))}\r\n"
        f"Reply-To: {mailbox(*parseaddr(sender.reply_to or sender.mail_from))}\r\n"
        f"List-Id: {list_id}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
    )


@lru_cache(maxsize=64)
def _date(now: datetime) -> str:
    return format_datetime(now)


@lru_cache(maxsize=4096)
def _lines(count: int) -> Struct:
    """Cuts off so many lines in one go, in a third of the time that slices take."""
    return Struct(f"{_BASE64_LINE}s" * count)


def _base64(body: bytes) -> bytes:
    encoded = b2a_base64(body, newline=False)
    whole = (len(encoded) - 1) // _BASE64_LINE
    return b"\r\n".join((*_lines(whole).unpack_from(encoded), encoded[whole * _BASE64_LINE :]))


def file_name(name: str) -> str:
    """`filename` as a parameter of Content-Disposition: as it is if plain ASCII, else RFC 2231, never cut within a character."""
    single_line(name, _FILE_NAME)
    if _PLAIN_FILE_NAME.fullmatch(name):
        return f'\r\n filename="{name}"'
    first, *others = (quote(part, safe="") for part in pieces(name.encode(), _FILE_NAME_BYTES))
    if not others:
        return f"\r\n filename*=utf-8''{first}"
    cut = (f"\r\n filename*{place}*={part}" for place, part in enumerate(others, 1))
    return ";".join((f"\r\n filename*0*=utf-8''{first}", *cut))


def _unsubscribing(address: str) -> str:
    """RFC 2369, and at one click where the address is fit for it (RFC 8058)."""
    one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if address.startswith("https://") else ""
    return f"List-Unsubscribe:\r\n <{quote(address, safe=_OF_AN_ADDRESS)}>\r\n{one_click}"


def message_bytes(
    *,
    name: str,
    address: str,
    subject: str,
    text: str,
    html: str,
    calendar: bytes,
    attachment: Attachment | None = None,
    unsubscribe: str = "",
    sender: Sender,
    identity: str,
    now: datetime,
) -> bytes:
    """The whole message. Text and HTML are alternatives, the calendar (left out if empty) and the attachment stand beside them.

    `unsubscribe` is where the reader ends messages of this kind; empty for what has to be read. Refuses names, addresses and
    subjects with line breaks.
    """
    single_line(subject, _SUBJECT)
    boundary = f"=_{identity[1:33]}"  # "_" is no base64 letter, so no body can hold it
    header = (
        f"Date: {_date(now.astimezone(sender.zone))}\r\n"
        f"To: {mailbox(name, address)}\r\n"
        f"Subject: {encoded_words(subject)}\r\n"
        f"Message-ID: {identity}\r\n"
        f"{_sender_headers(sender)}"
        f"{_unsubscribing(unsubscribe) if unsubscribe else ''}"
        f'Content-Type: multipart/mixed;\r\n boundary="{boundary}m"\r\n'
        "\r\n"
        f"--{boundary}m\r\n"
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}a"\r\n'
        "\r\n"
    ).encode()
    a, m = f"--{boundary}a".encode(), f"--{boundary}m".encode()
    parts = [header, a, _TEXT_PART, _base64(text.encode()), b"\r\n", a, _HTML_PART, _base64(html.encode()), b"\r\n", a, b"--\r\n", m]
    if calendar:
        parts += [_CALENDAR_PART, _base64(calendar), b"\r\n", m]
    if attachment is not None:
        parts += [_attachment_part(attachment), _base64(attachment.content), b"\r\n", m]
    parts.append(b"--\r\n")
    return b"".join(parts)


def _attachment_part(attachment: Attachment) -> bytes:
    return (
        f"\r\nContent-Type: {attachment.media_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;{file_name(attachment.name)}\r\n\r\n"
    ).encode()


_TEXT_PART = b"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
_HTML_PART = b"\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
_CALENDAR_PART = (
    b"\r\nContent-Type: text/calendar; charset=utf-8; method=PUBLISH\r\n"
    b"Content-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: attachment; filename="duties.ics"\r\n\r\n'
)
