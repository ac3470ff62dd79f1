"""进展: how far a duty is, said by who carries it, or entered by the planning officer for them."""

from fastapi import APIRouter, BackgroundTasks, Request, Response

from engine.progress import note_progress
from office.text import Refused, Text
from portal.forms import Form, Id, written
from portal.routes.duty import part_of, refused_page
from portal.visiting import Stop, acting, go_to

router = APIRouter()


@router.post("/duties/{assignment_id}/progress")
def note(request: Request, assignment_id: Id, form: Form, background: BackgroundTasks) -> Response:
    with acting(request, form) as here:
        if not part_of(here, assignment_id).carries and not here.visitor.is_officer:
            raise Stop(403, Text("这项任务不在您名下", "The duty is not yours"))
        try:
            note_progress(here.session, assignment_id, text=written(form, "note"), by=here.by, now=here.now, sender=here.desk.sender)
        except Refused as refusal:
            return refused_page(here, assignment_id, refusal, form)
        background.add_task(here.desk.changed)
    return go_to(f"/duties/{assignment_id}", "noted")
