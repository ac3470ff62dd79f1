"""One duty: what is asked, how it stands, what was done about it, and everything the visitor may do about it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from engine.answering import Part, part_in
from engine.completion import LIGHTS
from engine.duties import duties_of, owed_rows
from engine.listing import listed_assignments, past_events, past_reports
from engine.moves import Action, states_before
from models import AssignmentState
from office.text import Text
from portal.visiting import Here, Stop, looking

router = APIRouter()


@router.get("/duties/{assignment_id}")
def one_duty(request: Request, assignment_id: int) -> HTMLResponse:
    with looking(request) as here:
        return duty_page(here, assignment_id)


def part_of(here: Here, assignment_id: int) -> Part:
    """What the visitor may do about a duty; stops where it is none of their business, whether or not there is one."""
    part = part_in(here.session, assignment_id, here.visitor, zone=here.zone, now=here.now)
    if not part:
        raise Stop(404, Text("没有这项任务，或者不是您的任务", "There is no such duty, or it is not yours"))
    return part


def duty_page(here: Here, assignment_id: int, status: int = 200, *, problem: Text | None = None, **values: object) -> HTMLResponse:
    """The page of one duty. `problem` says why what was just sent could not be done."""
    part = part_of(here, assignment_id)
    (row,) = owed_rows(here.session, [assignment_id])
    (duty,) = duties_of(here.session, [row], language=here.language)
    (listed,) = listed_assignments(here.session, zone=here.zone, now=here.now, ids=[assignment_id])
    reports = past_reports(here.session, assignment_id)
    return here.page(
        "duty.html",
        status,
        id=assignment_id,
        problem=problem,
        part=part,
        duty=duty,
        listed=listed,
        colour=LIGHTS[listed.completion].value,
        original_due_on=None,
        reports=reports,
        events=past_events(here.session, assignment_id),
        may_acknowledge=part.carries and row.state is AssignmentState.SENT,
        may_report=part.carries and row.state in states_before(Action.REPORT),
        may_review=part.reviews and row.state is AssignmentState.REPORTED,
        **values,
    )
