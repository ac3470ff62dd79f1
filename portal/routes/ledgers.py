"""台账: what was reported about each kind of activity in a year, to look at and to take along as a workbook.

The planning officer sees all units, a person those whose duties they carry, lead or cover.
"""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from engine.activities import ACTIVITIES
from engine.activity_ledger import ledger, ledgers
from engine.answering import units_seen
from office.text import Text
from portal.visiting import Here, Stop, looking
from reports.activity_workbook import MEDIA_TYPE, ledger_workbook, title

router = APIRouter()
BY_KEY = {activity.key: activity for activity in ACTIVITIES}


@router.get("/ledgers")
def all_ledgers(request: Request, year: int | None = None) -> HTMLResponse:
    with looking(request) as here:
        shown = _shown(here, year)
        return here.page("ledgers.html", year=shown, ledgers=ledgers(here.session, shown, units=_units(here, shown)))


@router.get("/ledgers/{key}.xlsx")
def workbook(request: Request, key: str, year: int | None = None) -> Response:
    """One ledger; 404 where there is no such activity, and where none is owed that the visitor may see."""
    with looking(request) as here:
        shown = _shown(here, year)
        found = ledger(here.session, BY_KEY[key], shown, units=_units(here, shown)) if key in BY_KEY else None
    if found is None or not found.due:
        raise Stop(404, Text("没有这本台账", "There is no such ledger"))
    content = ledger_workbook(found, language=here.language, made_on=here.today)
    name = quote(f"{title(found).in_(here.language)}.xlsx", safe="")
    return Response(content, media_type=MEDIA_TYPE, headers={"content-disposition": f"attachment; filename*=utf-8''{name}"})


def _shown(here: Here, year: int | None) -> int:
    return min(max(year or here.today.year, 2000), 2100)


def _units(here: Here, year: int) -> frozenset[int] | None:
    """The units that the visitor sees; None: all."""
    person_id = here.visitor.person_id
    return None if person_id is None else units_seen(here.session, person_id, year=year, zone=here.zone, now=here.now)
