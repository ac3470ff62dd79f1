"""转办 and 请假代办: a duty given to a colleague, and somebody who stands in for a time."""

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from starlette.datastructures import FormData

from engine.answering import part_in
from engine.reassigning import reassign
from engine.substitutes import end_substitution, stand_in, stands_in_for, substitutions_of
from models import Person
from office.text import Refused, Text
from portal.forms import Form, Id, day_written, written
from portal.routes.duty import part_of, refused_page
from portal.visiting import Here, Stop, acting, go_to, looking, sentence

router = APIRouter()


@router.post("/duties/{assignment_id}/reassign")
def give(request: Request, assignment_id: Id, form: Form, background: BackgroundTasks) -> Response:
    with acting(request, form) as here:
        part_of(here, assignment_id)
        try:
            reassign(
                here.session,
                assignment_id,
                to=written(form, "to"),
                reason=written(form, "reason"),
                by=here.by,
                sender=here.desk.sender,
                now=here.now,
            )
        except Refused as refusal:
            return refused_page(here, assignment_id, refusal, form)
        background.add_task(here.desk.changed)
        still_seen = part_in(here.session, assignment_id, here.visitor, sender=here.desk.sender, now=here.now)
    return go_to(f"/duties/{assignment_id}" if still_seen else "/", "reassigned")


@router.get("/absence")
def absence(request: Request) -> HTMLResponse:
    with looking(request) as here:
        return _absence_page(here)


@router.post("/absence")
def enter_substitute(request: Request, form: Form, background: BackgroundTasks) -> Response:
    with acting(request, form) as here:
        starts_on, ends_on = day_written(form, "starts_on"), day_written(form, "ends_on")
        try:
            if here.visitor.person_id is None or starts_on is None or ends_on is None:
                raise Refused(Text("请写明请假的起止日期，例：2026-07-01", "Give the first and the last day, like 2026-07-01"))
            stand_in(
                here.session,
                person=here.visitor.holder,
                substitute=written(form, "substitute"),
                starts_on=starts_on,
                ends_on=ends_on,
                reason=written(form, "reason"),
                by=here.visitor.holder,
                sender=here.desk.sender,
                now=here.now,
            )
        except Refused as refusal:
            return _absence_page(here, 422, problem=sentence(refusal), form=form)
        background.add_task(here.desk.changed)
    return go_to("/absence", "standing-in")


@router.post("/absence/{substitution_id}/end")
def end(request: Request, substitution_id: Id, form: Form) -> Response:
    with acting(request, form) as here:
        mine = [one.id for one in substitutions_of(here.session, here.person_id, here.today)]
        if substitution_id not in mine:
            raise Stop(404, Text("没有这次代办", "There is no such substitution"))
        end_substitution(here.session, substitution_id, by=here.visitor.holder, now=here.now)
    return go_to("/absence", "ended")


def _absence_page(here: Here, status: int = 200, *, problem: Text | None = None, form: FormData | None = None) -> HTMLResponse:
    people = here.session.scalars(
        select(Person.name).where(Person.left_on.is_(None), Person.id != here.person_id).order_by(Person.position)
    )
    typed = {name: written(form, name) if form else "" for name in ("substitute", "starts_on", "ends_on", "reason")}
    return here.page(
        "absence.html",
        status,
        problem=problem,
        typed=typed,
        people=list(people),
        mine=substitutions_of(here.session, here.person_id, here.today),
        others=stands_in_for(here.session, here.person_id, here.today),
    )
