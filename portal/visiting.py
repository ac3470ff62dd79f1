"""Who opens a page: a link's token, kept in a cookie, and whom it stands for.

In: a request. Out: a `Here`, with a session that reads or one that writes; or `Stop`, which becomes a page with one clear sentence.
A change is a POST whose form carries the mark of the holder that it was shown to, so nobody else can put a form together.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from engine.access import Fault, NoEntry, Scope, Visitor, form_mark, visitor
from engine.answering import leads_others
from engine.extending import extensions_to_decide
from engine.moves import OFFICER
from office.text import Language, Refused, Text
from portal.desk import Desk
from portal.rendering import render

BY_OFFICER = f"{OFFICER}（门户）"
COOKIE, LANGUAGE_COOKIE = "zeren", "zeren_language"
LOG = logging.getLogger("zeren.portal")
FLOOD = Text("操作太频繁，请稍等一分钟再试", "Too many requests: please try again in a minute")
FAULT_STATUS = {Fault.FORGED: 403, Fault.EXPIRED: 410, Fault.REVOKED: 410}


class Stop(Exception):
    """The request ends here, with a page that says why. `needs_link`: what helps is a new link."""

    def __init__(self, status: int, said: Text, *, needs_link: bool = False) -> None:
        super().__init__(said.en)
        self.status = status
        self.said = said
        self.needs_link = needs_link


@dataclass(frozen=True, slots=True)
class Here:
    """One request of one visitor, with the session that it reads or writes in."""

    request: Request
    desk: Desk
    session: Session
    visitor: Visitor
    now: datetime
    mark: str

    @property
    def zone(self) -> ZoneInfo:
        return self.desk.zone

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def by(self) -> str:
        """Who does something, as the history names them."""
        return BY_OFFICER if self.visitor.is_officer else self.visitor.holder

    @property
    def language(self) -> Language:
        return language_of(self.request)

    @property
    def person_id(self) -> int:
        """Of a visitor who is a person of the roster; the planning officer has no duties of her own."""
        if self.visitor.person_id is None:
            raise Stop(404, Text("这一页是给责任人的", "This page is for who carries duties"))
        return self.visitor.person_id

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        shown = {
            "here": self,
            "pages": _pages(self),
            "mark": self.mark,
            "zone": self.zone,
            "today": self.today,
            "said": said_of(self.request),
            **values,
        }
        return page(self.request, template, status, **shown)


_OWN = (("/", Text("我的任务", "My duties")), ("/year", Text("全年", "The year")), ("/done", Text("已办结", "Done")))
_DECIDING = (("/reviews", Text("待我处理", "To decide")),)
_LEADING = (("/led", Text("我分管联系的", "I lead")),)
_REST = (("/ledgers", Text("台账", "Ledgers")),)
_ABSENCE = (("/absence", Text("请假代办", "Leave")),)


def _pages(here: Here) -> tuple[tuple[str, Text], ...]:
    """The pages that a visitor has use for."""
    if here.visitor.person_id is None:
        return (*_DECIDING, *_REST)
    leads = leads_others(here.session, here.visitor.person_id, zone=here.zone, now=here.now)
    decides = leads or extensions_to_decide(here.session, here.visitor.holder, on=here.today)
    return (*_OWN, *(_DECIDING if decides else ()), *(_LEADING if leads else ()), *_REST, *_ABSENCE)


def sentence(refusal: Refused) -> Text:
    """What a refusal says, with its place: the name of a file."""
    return Text(refusal.in_("zh"), refusal.in_("en"))


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def language_of(request: Request) -> Language:
    """The visitor's own choice, else the office's language."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in ("zh", "en") else desk_of(request).sender.language  # type: ignore[return-value]


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page, for a visitor or for anybody."""
    context = {"here": None, "office": desk_of(request).sender.officer, **values}
    return HTMLResponse(render(template, language_of(request), context), status)


def address_of(request: Request) -> str:
    return request.client.host if request.client else "?"


@contextmanager
def looking(request: Request) -> Iterator[Here]:
    """A visitor who looks; nothing is stored."""
    desk = desk_of(request)
    with desk.reading() as session:
        yield _enter(request, desk, session)


@contextmanager
def acting(request: Request, form: FormData) -> Iterator[Here]:
    """A visitor who changes something: one transaction, stored at its end. Stops a form that was not shown to this visitor."""
    desk = desk_of(request)
    with desk.transaction() as session:
        here = _enter(request, desk, session)
        if not desk.limiter.may_act(here.visitor.key):
            raise Stop(429, FLOOD)
        if not hmac.compare_digest(str(form.get("mark", "")).encode(), here.mark.encode()):
            raise Stop(
                403, Text("这张表单是用别人的链接打开的，请重新打开再提交", "This form was opened with another's link: open it again")
            )
        yield here


def enter(request: Request, session: Session, token: str, scope: Scope) -> Visitor:
    """Whom a token stands for; stops who has none, and floods of either."""
    desk = desk_of(request)
    try:
        if not token:
            raise Stop(401, Text("请从邮件里的链接打开", "Please open the link in your mail"), needs_link=True)
        found = visitor(session, token, scope, sender=desk.sender, now=desk.clock())
    except (NoEntry, Stop) as stopped:
        if not desk.limiter.stranger_may(address_of(request)):
            raise Stop(429, FLOOD) from None
        if isinstance(stopped, NoEntry):
            raise Stop(FAULT_STATUS[stopped.fault], stopped.fault.value, needs_link=True) from None
        raise
    if not desk.limiter.may_look(found.key):
        raise Stop(429, FLOOD)
    request.state.who = hashlib.sha256(found.key.encode()).hexdigest()[:8]  # for the log: tells visitors apart, opens nothing
    return found


SMALL_REQUEST = 100_000  # bytes that anybody may send


def refuse_large_of_strangers(request: Request) -> None:
    """Stop a request that is large, or does not say how large it is, before it is read, unless its visitor has a good link."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) <= SMALL_REQUEST:
        return
    with desk_of(request).reading() as session:
        enter(request, session, request.cookies.get(COOKIE, ""), Scope.ANSWER)


def _enter(request: Request, desk: Desk, session: Session) -> Here:
    token = request.cookies.get(COOKIE, "")
    found = enter(request, session, token, Scope.ANSWER)
    now = desk.clock()
    return Here(request, desk, session, found, now, form_mark(session, found, sender=desk.sender, now=now))


# What is said on the next page after a change: only what stands here, so that no address can put words into the office's mouth.
SAID = {
    "revoked": Text("以前的链接已全部作废，日历请重新订阅。", "Every link from before is void; please subscribe to the calendar again."),
    "acknowledged": Text("已签收。", "Received."),
    "saved": Text("草稿已保存，还没有报送。", "The draft is saved and not handed in yet."),
    "reported": Text("已报送，等待审核。", "Handed in, and waiting for its review."),
    "approved": Text("已审核通过。", "Approved."),
    "returned": Text("已退回，责任人会收到邮件。", "Returned; who carries it is told by mail."),
    "noted": Text("进展已记下。", "The progress is noted."),
    "asked": Text("延期申请已提交。", "More time is asked for."),
    "granted": Text("已准予延期。", "More time is granted."),
    "denied": Text("未准予延期，责任人会收到邮件。", "More time is denied; who carries it is told by mail."),
    "reassigned": Text("已转办，对方会收到邮件。", "It is handed over; the other one is told by mail."),
    "preferred": Text("通知设置已保存。", "Saved."),
    "standing-in": Text("代办已登记，代办人会收到邮件。", "The substitute is entered and told by mail."),
    "ended": Text("代办已结束。", "The substitution has ended."),
}


def said_of(request: Request) -> Text | None:
    return SAID.get(request.query_params.get("said", ""))


def go_to(path: str, said: str = "") -> RedirectResponse:
    """After a change: the page to look at, so that going back or loading again changes nothing."""
    return RedirectResponse(f"{path}?said={said}" if said else path, 303)
