"""办理情况: a report is written, with its files, kept as a draft, and handed in."""

from collections.abc import Sequence
from contextlib import suppress

from fastapi import APIRouter, BackgroundTasks, Request, Response
from starlette.datastructures import FormData

from engine.activities import ACTIVITIES
from engine.drafts import DraftOvertaken, Written, hand_in, save_draft
from engine.listing import past_reports
from engine.moves import STATE_WORDS, Action, held_one, states_before
from evidence.receiving import NewFile
from evidence.unfit import Fault, Unfit
from models import AssignmentState
from office.text import Refused, Text, Unavailable, plain
from portal.desk import Desk
from portal.forms import Form, Id, all_written, files_of, written
from portal.routes.duty import duty_page, part_of
from portal.visiting import Here, Stop, acting, desk_of, go_to, sentence

router = APIRouter()
STATUS = {Fault.KIND: 415, Fault.SIZE: 413, Fault.EMPTY: 422, Fault.NAME: 422, Fault.VIRUS: 422}
ENTRIES = sorted({field.key for activity in ACTIVITIES for field in activity.fields})
OVERTAKEN = Text(
    "这份草稿刚在另一个窗口保存过，表中是它的内容，您刚才填写的另列在下面，请核对后重新保存",
    "The draft was saved in another window just now: the form shows that one, and what you wrote stands below; look, and save again",
)


@router.post("/duties/{assignment_id}/report")
def write(request: Request, assignment_id: Id, form: Form, background: BackgroundTasks) -> Response:
    """Keep what was typed and its files as a draft; `action` report hands it in."""
    with acting(request, form) as here:  # before any file is taken: a stranger fills no disk
        stopped = _not_reportable(here, assignment_id, form)
    if stopped is not None:
        return stopped
    added, unfit = _received(desk_of(request), form)
    with acting(request, form) as here:  # files take their time: who may, and what is owed, may have changed
        stopped = _not_reportable(here, assignment_id, form) or _saved(here, assignment_id, form, added)
        if stopped is not None:
            return stopped
        if unfit is not None:
            return duty_page(here, assignment_id, _status(unfit), problem=sentence(unfit))
        if written(form, "action") != "report":
            return go_to(f"/duties/{assignment_id}", "saved")
        try:
            with here.session.begin_nested():  # what is refused leaves the draft as it was saved
                hand_in(here.session, assignment_id, by=here.visitor.holder, sender=here.desk.sender, now=here.now)
        except Refused as refusal:
            return duty_page(here, assignment_id, 422, problem=sentence(refusal))
        background.add_task(here.desk.changed)
    return go_to(f"/duties/{assignment_id}", "reported")


def _saved(here: Here, assignment_id: int, form: FormData, added: Sequence[NewFile]) -> Response | None:
    """Keep the draft; or the page that says why not, with what was typed. Files are kept beside the draft of another tab, too."""
    by, mine = here.visitor.holder, typed_report(form)
    removed = [_number_in(word) for word in all_written(form, "remove")]
    try:
        with here.session.begin_nested():
            seen = _number(form, "version")
            save_draft(here.session, assignment_id, by=by, seen=seen, written=mine, added=added, removed=removed, now=here.now)
    except DraftOvertaken as overtaken:
        other = overtaken.draft
        with suppress(Refused), here.session.begin_nested():  # as many as a report may have
            save_draft(here.session, assignment_id, by=by, seen=other.version, written=other.written, added=added, now=here.now)
        return duty_page(here, assignment_id, 409, problem=OVERTAKEN, mine=mine)
    except Refused as refusal:
        return duty_page(here, assignment_id, 422, problem=sentence(refusal), mine=mine)
    return None


def _not_reportable(here: Here, assignment_id: int, form: FormData) -> Response | None:
    """The page that says that no report is taken: it waits for its review, has ended, or was withdrawn meanwhile."""
    if not part_of(here, assignment_id).carries:
        raise Stop(403, Text("这项任务不在您名下，不能报送", "The duty is not yours to report on"))
    state = held_one(here.session, assignment_id)
    if state in states_before(Action.REPORT):
        return None
    if state is AssignmentState.REPORTED and _is_in_already(here, assignment_id, form):
        return go_to(f"/duties/{assignment_id}", "reported")
    stands = STATE_WORDS[state]
    said = Text(f"任务{stands.zh}，这次填写没有报送，内容留在下面", f"The duty is {stands.en}; this was not handed in and is kept below")
    return duty_page(here, assignment_id, 409, problem=said, mine=typed_report(form))


def _is_in_already(here: Here, assignment_id: int, form: FormData) -> bool:
    """Whether it is the second press of one button: what waits for its review says just this, by the same person."""
    last = past_reports(here.session, assignment_id)[-1]
    return (last.reported_by, last.text) == (here.visitor.holder, plain(typed_report(form).text))


def _received(desk: Desk, form: FormData) -> tuple[list[NewFile], Refused | None]:
    """The files that are kept, and why the first of the others is not."""
    added: list[NewFile] = []
    unfit: Refused | None = None
    for file in files_of(form, "files"):
        try:
            added.append(desk.receiver.receive(file.filename or "", file.file))
        except Refused as refusal:
            unfit = unfit or refusal
    return added, unfit


def _status(refusal: Refused) -> int:
    if isinstance(refusal, Unfit):
        return STATUS[refusal.fault]
    return 503 if isinstance(refusal, Unavailable) else 422


def typed_report(form: FormData) -> Written:
    """What the form holds, as typed."""
    entries = {key: written(form, f"entry-{key}") for key in ENTRIES if form.get(f"entry-{key}") is not None}
    return Written(written(form, "text"), written(form, "amount"), written(form, "held_on"), entries)


def _number(form: FormData, name: str) -> int:
    return _number_in(written(form, name))


def _number_in(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 9 else 0
