"""延期: more time is asked for, and granted or denied."""

from datetime import date

from fastapi import APIRouter, BackgroundTasks, Request, Response
from starlette.datastructures import FormData

from engine.extending import ask_extension, decide_extension
from models import Grant
from office.text import Refused, Text
from portal.forms import Form, Id, day_written, written
from portal.routes.duty import duty_page, part_of, refused_page
from portal.visiting import Stop, acting, go_to

router = APIRouter()
GRANTS = {"grant": (Grant.GRANTED, "granted"), "deny": (Grant.DENIED, "denied")}


@router.post("/duties/{assignment_id}/extension")
def ask(request: Request, assignment_id: Id, form: Form, background: BackgroundTasks) -> Response:
    with acting(request, form) as here:
        if not part_of(here, assignment_id).carries:
            raise Stop(403, Text("这项任务不在您名下", "The duty is not yours"))
        try:
            ask_extension(
                here.session,
                assignment_id,
                wanted_on=_day(form, "wanted_on"),
                reason=written(form, "reason"),
                progress=written(form, "progress"),
                by=here.visitor.holder,
                sender=here.desk.sender,
                now=here.now,
            )
        except Refused as refusal:
            return refused_page(here, assignment_id, refusal, form)
        background.add_task(here.desk.changed)
    return go_to(f"/duties/{assignment_id}", "asked")


@router.post("/duties/{assignment_id}/extension/{number}")
def decide(request: Request, assignment_id: Id, number: Id, form: Form, background: BackgroundTasks) -> Response:
    """Grant more time until a day, or deny it with a reason; the first decision counts."""
    chosen = written(form, "grant")
    with acting(request, form) as here:
        part_of(here, assignment_id)
        if chosen not in GRANTS:
            raise Stop(400, Text("请选择准予或不予延期", "Choose to grant or to deny"))
        grant, said = GRANTS[chosen]
        try:
            decision = decide_extension(
                here.session,
                assignment_id,
                number,
                grant=grant,
                granted_on=_day(form, "granted_on") if grant is Grant.GRANTED else None,
                comment=written(form, "comment"),
                by=here.by,
                sender=here.desk.sender,
                now=here.now,
            )
        except Refused as refusal:
            return refused_page(here, assignment_id, refusal, form)
        if not decision.counted:
            return duty_page(here, assignment_id, 409, problem=decision.said)
        background.add_task(here.desk.changed)
    return go_to(f"/duties/{assignment_id}", said)


def _day(form: FormData, name: str) -> date:
    day = day_written(form, name)
    if day is None:
        raise Refused(Text("请写明新的期限，例：2026-07-31", "Give the new date, like 2026-07-31"))
    return day
