"""审核: what waits for the visitor's decision, and the decision. Of two who decide at once one counts, and the other is told."""

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import HTMLResponse

from engine.answering import OwedDuty, all_duties, led_duties
from engine.completion import light_of
from engine.extending import extensions_to_decide
from engine.reviewing import review, reviewers_of
from models import AssignmentState, Verdict
from office.text import Refused, Text
from portal.forms import Form, Id, written
from portal.routes.duty import duty_page, part_of, refused_page
from portal.routes.own import next_dates
from portal.visiting import Here, Stop, acting, go_to, looking

router = APIRouter()
VERDICTS = {"approve": (Verdict.APPROVED, "approved"), "return": (Verdict.RETURNED, "returned")}


@router.get("/reviews")
def to_decide(request: Request) -> HTMLResponse:
    """Reports that the visitor may review, the one that is due first at the top."""
    with looking(request) as here:
        asked = extensions_to_decide(here.session, here.visitor.holder, on=here.today)
        return here.page("reviews.html", reported=_reported(here), asked=asked)


def _reported(here: Here) -> list[OwedDuty]:
    if here.visitor.person_id is None:
        return all_duties(here.session, AssignmentState.REPORTED, zone=here.zone, now=here.now)
    led = led_duties(here.session, here.visitor.person_id, open_only=True, zone=here.zone, now=here.now)
    waiting = [duty for duty in led if duty.state is AssignmentState.REPORTED]
    allowed = reviewers_of(here.session, [duty.id for duty in waiting], on=here.today)
    return [duty for duty in waiting if here.visitor.holder in allowed.get(duty.id, ())]


@router.get("/led")
def i_lead(request: Request) -> HTMLResponse:
    """What the visitor leads or covers, by party."""
    with looking(request) as here:
        led = led_duties(here.session, here.person_id, open_only=True, zone=here.zone, now=here.now)
        by_party: dict[str, list[OwedDuty]] = {}
        for duty in led:
            by_party.setdefault(duty.party, []).append(duty)
        lights = {party: light_of(duty.completion for duty in duties) for party, duties in by_party.items()}
        return here.page(
            "led.html", parties={party: (lights[party], len(duties), next_dates(duties)) for party, duties in by_party.items()}
        )


@router.post("/duties/{assignment_id}/review")
def decide(request: Request, assignment_id: Id, form: Form, background: BackgroundTasks) -> Response:
    """Approve the report that was on view, or return it with a reason."""
    chosen, number = written(form, "verdict"), written(form, "number")
    with acting(request, form) as here:
        if not part_of(here, assignment_id).reviews:
            raise Stop(403, Text("您不能审核这项任务", "You may not review this duty"))
        if chosen not in VERDICTS or not number.isdecimal() or len(number) > 6:
            raise Stop(400, Text("请选择通过或退回", "Choose to approve or to return"))
        verdict, said = VERDICTS[chosen]
        try:
            decision = review(
                here.session,
                assignment_id,
                number=int(number),
                verdict=verdict,
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
