"""One duty: what is asked, how it stands, what was done about it, and everything the visitor may do about it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from engine.activities import activity_of
from engine.answering import Part, part_in
from engine.completion import LIGHTS
from engine.drafts import DraftSeen, Written, draft_of, first_words
from engine.duties import duties_of, owed_rows
from engine.extending import extensions_of
from engine.listing import PastReport, listed_assignments, past_events, past_reports
from engine.moves import OPEN, Action, states_before
from engine.progress import TAKES_NO_NOTE
from engine.reassigning import colleagues
from engine.targets import reached_in_year
from evidence.kinds import ENDINGS
from models import AssignmentState
from office.text import Refused, Text
from portal.forms import Id
from portal.visiting import Here, Stop, looking, sentence

router = APIRouter()
NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})


@router.get("/duties/{assignment_id}")
def one_duty(request: Request, assignment_id: Id) -> HTMLResponse:
    with looking(request) as here:
        return duty_page(here, assignment_id)


def part_of(here: Here, assignment_id: int) -> Part:
    """What the visitor may do about a duty; stops where it is none of their business, whether or not there is one."""
    part = part_in(here.session, assignment_id, here.visitor, sender=here.desk.sender, now=here.now)
    if not part:
        raise Stop(404, Text("没有这项任务，或者不是您的任务", "There is no such duty, or it is not yours"))
    return part


def _draft(here: Here, assignment_id: int) -> DraftSeen:
    draft = draft_of(here.session, assignment_id, here.visitor.holder)
    return draft if draft.version else DraftSeen(written=first_words(here.session, assignment_id))


def _missing(here: Here, assignment_id: int, reports: Sequence[PastReport], target: float | None) -> float:
    """How much of its target the last report leaves to be done; 0 where nothing, or there is no target."""
    if target is None or not reports:
        return 0
    reached = reached_in_year(here.session, [assignment_id]).get(assignment_id, reports[-1].amount or 0)
    return max(target - reached, 0)


def refused_page(here: Here, assignment_id: int, refusal: Refused, form: FormData) -> HTMLResponse:
    """The page again, with why it was not done and what was typed: nothing of it is lost."""
    typed = {name: value for name, value in form.items() if isinstance(value, str) and name != "mark"}
    return duty_page(here, assignment_id, 422, problem=sentence(refusal), typed=typed)


def duty_page(
    here: Here,
    assignment_id: int,
    status: int = 200,
    *,
    problem: Text | None = None,
    typed: Mapping[str, str] = NOTHING_TYPED,
    mine: Written | None = None,
) -> HTMLResponse:
    """The page of one duty. `problem` says why what was just sent could not be done; `mine` is the report as it was typed then."""
    part = part_of(here, assignment_id)
    (row,) = owed_rows(here.session, [assignment_id])
    (duty,) = duties_of(here.session, [row], language=here.language)
    (listed,) = listed_assignments(here.session, zone=here.zone, now=here.now, ids=[assignment_id])
    reports = past_reports(here.session, assignment_id)
    asked = extensions_of(here.session, assignment_id)
    may_give = here.visitor.is_officer or (part.carries and not part.on_behalf_of)
    return here.page(
        "duty.html",
        status,
        id=assignment_id,
        problem=problem,
        part=part,
        duty=duty,
        listed=listed,
        colour=LIGHTS[listed.completion].value,
        original_due_on=listed.original_due_on,
        reports=reports,
        events=past_events(here.session, assignment_id),
        may_acknowledge=part.carries and row.state is AssignmentState.SENT,
        may_report=part.carries and row.state in states_before(Action.REPORT),
        may_note=(part.carries or here.visitor.is_officer) and row.state not in TAKES_NO_NOTE,
        may_review=part.reviews and row.state is AssignmentState.REPORTED,
        asked=asked,
        may_ask=part.carries and row.state in OPEN and here.today < listed.clock_due_on and not any(one.grant is None for one in asked),
        may_decide=part.decides and row.state in OPEN,
        colleagues=colleagues(here.session, assignment_id, on=here.today) if may_give and row.state in OPEN else (),
        typed=typed,
        mine=mine,
        draft=_draft(here, assignment_id) if part.carries else DraftSeen(),
        late_report=bool(reports) and reports[-1].reported_at.astimezone(here.zone).date() > listed.clock_due_on,
        missing=_missing(here, assignment_id, reports, row.target_amount),
        activity=activity_of(listed.content, listed.text),
        target_unit=row.target_unit or "",
        endings=ENDINGS,
    )
