"""我的任务: what is due, the whole year as a calendar, what is done, and the receipt of one duty or of all."""

import calendar as months
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import HTMLResponse

from engine.access import Scope, calendar_address
from engine.answering import OwedDuty, assisted_duties, own_duties
from engine.completion import Completion, Light, light_of
from engine.duties import duties_of, owed_rows
from engine.moves import ENDED
from engine.reporting import acknowledge
from engine.substitutes import stands_in_for
from models import AssignmentState
from notifications.calendar import calendar
from office.text import Text
from portal.forms import Form, all_written, written
from portal.visiting import Here, Stop, acting, desk_of, enter, go_to, looking

router = APIRouter()
SECTIONS = (
    ("red", Text("已逾期，请尽快办理", "Overdue: please act soon")),
    ("yellow", Text("快到期，或退回重办", "Due soon, or returned")),
    ("green", Text("还有时间", "Not due yet")),
    ("waiting", Text("已报送，等待审核", "Reported, waiting for review")),
)


@router.get("/")
def my_duties(request: Request) -> Response:
    with looking(request) as here:
        if here.visitor.is_officer:
            return go_to("/reviews")
        others = stands_in_for(here.session, here.person_id, here.today)
        duties = own_duties(here.session, [here.person_id, *others], open_only=True, zone=here.zone, now=here.now)
        by_section: dict[str, list[OwedDuty]] = defaultdict(list)
        for duty in duties:
            by_section["waiting" if duty.completion is Completion.REPORTED else duty.light.value].append(duty)
        return here.page(
            "own.html",
            sections=[
                (colour, title, len(by_section[colour]), _shown(colour, by_section[colour]))
                for colour, title in SECTIONS
                if by_section[colour]
            ],
            others=others,
            light=light_of(duty.completion for duty in duties if duty.person_id == here.person_id),
            assisted=assisted_duties(here.session, [here.person_id], zone=here.zone, now=here.now),
            unacknowledged=sum(duty.state is AssignmentState.SENT for duty in duties),
        )


def _shown(colour: str, duties: list[OwedDuty]) -> list[tuple[OwedDuty, int]]:
    """The duties of a section, each with how many more of its dates follow."""
    return next_dates(duties) if colour == "green" else [(duty, 0) for duty in duties]


def next_dates(duties: Iterable[OwedDuty]) -> list[tuple[OwedDuty, int]]:
    """What is not due yet is shown by its next date only, with how many follow; everything else date by date."""
    by_step: dict[tuple[object, ...], list[OwedDuty]] = {}
    for duty in duties:
        waits = duty.light is Light.GREEN and duty.completion is not Completion.REPORTED
        by_step.setdefault((duty.step_id, duty.party) if waits else (duty.id,), []).append(duty)
    return [(same[0], len(same) - 1) for same in by_step.values()]


@router.get("/done")
def done(request: Request) -> HTMLResponse:
    with looking(request) as here:
        duties = own_duties(here.session, people_of(here), zone=here.zone, now=here.now)
        ended = [duty for duty in duties if duty.state in ENDED]
        return here.page("done.html", duties=sorted(ended, key=lambda duty: duty.done_on or date.min, reverse=True))


@router.get("/year")
def whole_year(request: Request, year: int | None = None) -> HTMLResponse:
    with looking(request) as here:
        shown = min(max(year or here.today.year, 2000), 2100)
        duties = own_duties(here.session, people_of(here), year=shown, zone=here.zone, now=here.now)
        by_month = {month: list(some) for month, some in groupby(duties, key=lambda duty: duty.due_on.month)}
        return here.page(
            "year.html",
            year=shown,
            months=[(month, _weeks(shown, month, by_month.get(month, [])), by_month.get(month, [])) for month in range(1, 13)],
            feed=calendar_address(here.session, here.visitor.holder, sender=here.desk.sender, now=here.now),
        )


def _weeks(year: int, month: int, duties: list[OwedDuty]) -> list[list[tuple[int, int, str]]]:
    """The weeks of a month, each day as (number, how many are due, the most urgent light); 0 for a day of another month."""
    on: dict[int, list[OwedDuty]] = defaultdict(list)
    for duty in duties:
        on[duty.due_on.day].append(duty)
    return [
        [(day, len(on[day]), light_of(duty.completion for duty in on[day]).value) for day in week]
        for week in months.monthcalendar(year, month)
    ]


@router.post("/acknowledge")
def receive(request: Request, form: Form, background: BackgroundTasks) -> Response:
    """Mark one of the visitor's duties as received, or all of them; what was received before stays as it is."""
    with acting(request, form) as here:
        sent = [duty.id for duty in own_duties(here.session, people_of(here), open_only=True, zone=here.zone, now=here.now)]
        chosen = [int(word) for word in all_written(form, "id") if word.isdecimal() and len(word) < 10]
        if not set(chosen) <= set(sent):
            raise Stop(404, Text("这项任务不在您名下", "The duty is not yours"))
        acknowledge(here.session, chosen or (sent if written(form, "all") else ()), by=here.visitor.holder, now=here.now)
        background.add_task(here.desk.changed)
    return go_to(f"/duties/{chosen[0]}" if len(chosen) == 1 and written(form, "stay") else "/", "acknowledged")


@router.get("/calendar/{token}.ics")
def feed(request: Request, token: str) -> Response:
    """The dates of one person, for a calendar that subscribes to them."""
    desk = desk_of(request)
    with desk.reading() as session:
        found = enter(request, session, token, Scope.CALENDAR)
        now = desk.clock()
        people = [found.person_id] if found.person_id is not None else []
        ids = [duty.id for duty in own_duties(session, people, zone=desk.zone, now=now)]
        duties = duties_of(session, owed_rows(session, ids), language=desk.sender.language)
    title = Text("我的责任事项", "My duties").in_(desk.sender.language)
    content = calendar(title, now.astimezone(desk.zone).year, [("", True, duties)], now=now, sender=desk.sender)
    return Response(content or EMPTY_CALENDAR, media_type="text/calendar; charset=utf-8")


EMPTY_CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Zeren//Zeren//ZH\r\nEND:VCALENDAR\r\n"


def people_of(here: Here) -> list[int]:
    """Whose duties the visitor answers for today."""
    return [here.person_id, *stands_in_for(here.session, here.person_id, here.today)]
