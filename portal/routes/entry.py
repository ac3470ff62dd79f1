"""Coming in: from the link in a mail, with a new link, out again; and the language."""

import re

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.access import Scope
from engine.new_links import renew_link, send_links
from portal.forms import Form, written
from portal.visiting import COOKIE, FLOOD, LANGUAGE_COOKIE, LOG, Stop, acting, address_of, desk_of, enter, go_to, page

router = APIRouter()
_PAGES = re.compile(r"(duties/\d{1,9}|reviews|led|year)?")  # what a link of ours opens; no address of others
_BACK = re.compile(r"/|(/[a-z0-9-]+)+")


@router.get("/l/{token}")
@router.get("/l/{token}/{first:path}")
def open_link(request: Request, token: str, first: str = "") -> Response:
    """Keep the token in a cookie and show the page without it in its address. Nothing is changed: scanners open links too."""
    desk = desk_of(request)
    with desk.reading() as session:
        enter(request, session, token, Scope.ANSWER)
    answer = go_to("/" + (first if _PAGES.fullmatch(first) else ""))
    _keep(request, answer, token)
    return answer


def _keep(request: Request, answer: Response, token: str) -> None:
    desk = desk_of(request)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=desk.sender.link_days * 86400,
        secure=desk.sender.portal_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )


@router.get("/link")
def ask_for_link(request: Request) -> HTMLResponse:
    return page(request, "link.html", asked=False)


@router.post("/link")
def send_link(request: Request, form: Form, background: BackgroundTasks) -> HTMLResponse:
    """Send a new link to a mail address. The answer, and how long it takes, are the same whether or not anybody has that address."""
    if not desk_of(request).limiter.may_ask_for_a_link(address_of(request)):
        raise Stop(429, FLOOD)
    background.add_task(_send_links, request, written(form, "address")[:254])
    return page(request, "link.html", asked=True)


def _send_links(request: Request, address: str) -> None:
    desk = desk_of(request)
    try:
        with desk.transaction() as session:
            queued = send_links(session, address, sender=desk.sender, now=desk.clock())
        if queued:
            desk.changed()
    except Exception:
        LOG.exception("a new link could not be sent")  # the answer has gone out, and must not tell anyway


@router.post("/revoke")
def revoke_links(request: Request, form: Form) -> RedirectResponse:
    """Make every link of the visitor void, of mails and calendars alike, and go on with a new one on this device."""
    with acting(request, form) as here:
        link = renew_link(here.session, here.visitor.holder, sender=here.desk.sender, now=here.now)
    answer = go_to("/", "revoked")
    _keep(request, answer, link.rpartition("/")[2])
    return answer


@router.post("/leave")
def leave(request: Request) -> RedirectResponse:
    """Forget the link on this device."""
    answer = go_to("/link")
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/language")
def choose_language(form: Form) -> RedirectResponse:
    back, to = written(form, "back"), written(form, "to")
    answer = go_to(back if _BACK.fullmatch(back) else "/")
    if to in ("zh", "en"):
        answer.set_cookie(LANGUAGE_COOKIE, to, max_age=365 * 86400, httponly=True, samesite="lax")
    return answer
