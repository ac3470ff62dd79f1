"""通知设置: what a person does without, and the one click of a mail that ends their weekly digests."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from engine.access import Scope
from engine.preferences import may_skip, prefer, preference_of, stop_informing
from office.text import Refused, Text
from portal.forms import Form, all_written, written
from portal.visiting import FLOOD, Here, Stop, acting, desk_of, enter, go_to, looking, page, sentence

router = APIRouter()
TIMES = {"morning": False, "afternoon": True}
ONE_CLICK = "One-Click"  # RFC 8058, which a mail program posts by itself; the button of the page posts the same


@router.get("/preferences")
def preferences(request: Request) -> HTMLResponse:
    with looking(request) as here:
        return _page(here)


@router.post("/preferences")
def keep(request: Request, form: Form) -> Response:
    with acting(request, form) as here:
        try:
            _keep(here, form)
        except Refused as refusal:
            return _page(here, 422, problem=sentence(refusal))
    return go_to("/preferences", "preferred")


def _keep(here: Here, form: FormData) -> None:
    at, skipped = written(form, "at"), all_written(form, "skip")
    if at not in TIMES or not all(days.isdecimal() and len(days) < 4 for days in skipped):
        raise Refused(Text("请选择提醒的时间", "Choose when the mail is to come"))
    prefer(
        here.session,
        here.person_id,
        skipped_warnings=map(int, skipped),
        in_the_afternoon=TIMES[at],
        informed=bool(written(form, "informed")),
        allowed=may_skip(here.desk.policy()),
        now=here.now,
    )


def _page(here: Here, status: int = 200, *, problem: Text | None = None) -> HTMLResponse:
    policy = here.desk.policy()
    allowed = may_skip(policy)
    return here.page(
        "preferences.html",
        status,
        problem=problem,
        chosen=preference_of(here.session, here.person_id),
        allowed=allowed,
        always=[days for days in policy.rules.warning.before if days not in allowed],
    )


@router.get("/unsubscribe/{token}")
def ask(request: Request, token: str) -> HTMLResponse:
    """A page with one button, or what was done by it. Nothing is changed: scanners open links too."""
    with desk_of(request).reading() as session:
        found = enter(request, session, token, Scope.UNSUBSCRIBE)
        ended = found.person_id is not None and not preference_of(session, found.person_id).informed
    return page(request, "unsubscribe.html", holder=found.holder, done=ended)


@router.post("/unsubscribe/{token}")
def unsubscribe(request: Request, token: str, form: Form) -> HTMLResponse:
    """End the weekly digests of whom the address was made for. No cookie and no mark: the signature allows just this one thing."""
    desk = desk_of(request)
    with desk.transaction() as session:
        found = enter(request, session, token, Scope.UNSUBSCRIBE)
        if not desk.limiter.may_act(found.key):
            raise Stop(429, FLOOD)
        if written(form, "List-Unsubscribe") != ONE_CLICK or found.person_id is None:
            raise Stop(400, Text("请在网页上点“不再接收”", "Please press the button of the page"))
        stop_informing(session, found.person_id, now=desk.clock())
    return page(request, "unsubscribe.html", holder=found.holder, done=True)
