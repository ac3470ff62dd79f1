"""The page that shows caught mail: the list, and each mail with its HTML, text, headers and attachments.

The HTML of a mail is shown in a frame that may run nothing and load nothing; nothing on the pages comes from elsewhere.
"""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from office.text import Language, Text
from zeren.catcher.caught import CaughtMail

_ONLY_OURS = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
_NOTHING = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # for what came by mail
_ROUTE = re.compile(r"/(?:mails/(\d{1,9})(?:/(html|attachments/(\d{1,3})))?)?")


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    media_type: str = "text/html; charset=utf-8"
    policy: str = _ONLY_OURS
    file_name: str = ""
    status: HTTPStatus = HTTPStatus.OK


class Pages:
    """The web server in a thread of its own. `mails` is asked at every request."""

    def __init__(self, host: str, port: int, mails: Callable[[], Sequence[CaughtMail]], language: Language) -> None:
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = pages._answer(self.path)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.media_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.send_header("Content-Security-Policy", answer.policy)
                self.send_header("X-Content-Type-Options", "nosniff")
                self.send_header("Cache-Control", "no-store")
                if answer.file_name:
                    self.send_header("Content-Disposition", f"attachment; filename*=utf-8''{quote(answer.file_name)}")
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                """Keeps the console for what the officer reads."""

        self._mails = mails
        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="mail-catcher-pages", daemon=True)
        self._templates = _templates(language)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}/"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, path: str) -> _Answer:
        mails = self._mails()
        route = _ROUTE.fullmatch(path.partition("?")[0])
        if route and not route[1]:
            return self._page("index.html", mails=mails[::-1])
        if route and 0 < int(route[1]) <= len(mails):
            mail = mails[int(route[1]) - 1]
            if route[3]:
                return self._attachment(mail.message, int(route[3]))
            if route[2]:
                return _Answer(_body(mail.message, "html").encode(), policy=_NOTHING)
            return self._page(
                "mail.html",
                mail=mail,
                newer=mail.number + 1 if mail.number < len(mails) else None,
                headers=[(name, str(value)) for name, value in mail.message.items()],
                html=bool(_body(mail.message, "html")),
                text=_body(mail.message, "plain"),
                attachments=[(part.get_filename() or "?", len(_bytes(part))) for part in mail.message.iter_attachments()],
            )
        return self._missing()

    def _attachment(self, message: EmailMessage, position: int) -> _Answer:
        attachments = list(message.iter_attachments())
        if position >= len(attachments):
            return self._missing()
        part = attachments[position]
        return _Answer(_bytes(part), "application/octet-stream", _NOTHING, part.get_filename() or "attachment")

    def _page(self, template: str, **values: object) -> _Answer:
        return _Answer(self._templates.get_template(template).render(values).encode())

    def _missing(self) -> _Answer:
        page = self._page("missing.html")
        return _Answer(page.body, status=HTTPStatus.NOT_FOUND)


def _templates(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = ZoneInfo("Asia/Shanghai")
    environment.filters["say"] = lambda pair: Text(*pair).in_(language)
    environment.filters["clock"] = lambda at: at.astimezone(zone).strftime("%H:%M:%S")
    return environment


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()
