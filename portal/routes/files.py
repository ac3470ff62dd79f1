"""Files of reports and drafts: shown only to who may see the duty, or with a link that allows this one."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from engine.access import Scope
from engine.files import ServedFile, draft_file, evidence_file
from evidence.kinds import SHOWN
from office.text import Text
from portal.routes.duty import part_of
from portal.visiting import Stop, desk_of, enter, looking

router = APIRouter()


@router.get("/files/{evidence_id}")
def evidence(request: Request, evidence_id: int) -> FileResponse:
    """A file of a report, for who may see the duty."""
    with looking(request) as here:
        file = evidence_file(here.session, evidence_id)
        if file is not None:
            part_of(here, file.assignment_id)
    return _served(request, file)


@router.get("/duties/{assignment_id}/draft/{position}")
def of_draft(request: Request, assignment_id: int, position: int) -> FileResponse:
    """A file of the visitor's own draft."""
    with looking(request) as here:
        file = draft_file(here.session, assignment_id, here.visitor.holder, position)
    return _served(request, file)


@router.get("/evidence/{token}")
def by_link(request: Request, token: str) -> FileResponse:
    """A file of a report, by the link that stands on the board: it opens this one and nothing else."""
    with desk_of(request).reading() as session:
        found = enter(request, session, token, Scope.EVIDENCE)
        file = evidence_file(session, found.subject or 0)
    return _served(request, file)


def _served(request: Request, file: ServedFile | None) -> FileResponse:
    """The content under its name. Only pictures are shown in the browser; nothing of a file is run (see the policy of every answer)."""
    path = desk_of(request).receiver.store.path(file.sha256) if file is not None else None
    if file is None or path is None or not path.exists():
        raise Stop(404, Text("没有这份文件", "There is no such file"))
    way = "inline" if file.media_type in SHOWN else "attachment"
    headers = {"content-disposition": f"{way}; filename*=utf-8''{quote(file.name, safe='')}"}
    return FileResponse(path, media_type=file.media_type, headers=headers)
