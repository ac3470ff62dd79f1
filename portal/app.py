"""The portal as an ASGI application.

In: settings, and what is to follow a change. Out: the application for uvicorn. Whatever goes wrong ends in a page with one clear
sentence, the right status, and a line of the log without secrets.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from evidence.receiving import Receiver
from notifications.sender import Sender
from office.policy import Policy, default_policy
from office.text import Refused, Text
from portal.desk import Desk
from portal.guarding import Bounded, Guard, TooLarge
from portal.limiting import Limiter
from portal.routes import duty, entry, files, handing, ledgers, more_time, own, preferences, progress, reporting, reviewing
from portal.visiting import LOG, Stop, page

MOST_A_REQUEST = 210_000_000  # bytes: one file of the largest size that can be set, or several of usual ones
STATIC = Path(__file__).parent / "static"


def create_app(
    *,
    database_url: str,
    sender: Sender,
    clock: Callable[[], datetime],
    changed: Callable[[], None],
    receiver: Receiver,
    policy: Callable[[], Policy] = default_policy,
) -> FastAPI:
    """The application. `changed` is called after each stored change, when the answer has gone out; `policy` gives the one in force."""
    app = FastAPI(title="Zeren", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(database_url, sender, clock, changed, Limiter(), receiver, policy)
    for routes in (entry, own, duty, reporting, files, progress, reviewing, more_time, handing, preferences, ledgers):
        app.include_router(routes.router)
    app.add_api_route("/portal.css", _style, methods=["GET"])
    app.add_api_route("/favicon.ico", _no_icon, methods=["GET"])
    app.add_api_route("/health", _health, methods=["GET"])
    app.add_exception_handler(Stop, _stopped)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(TooLarge, _too_large)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(HTTPException, _other)
    app.add_middleware(Bounded, most=MOST_A_REQUEST)
    app.add_middleware(Guard, https=sender.portal_url.startswith("https://"), broken=broken)
    return app


def _style() -> Response:
    return Response((STATIC / "portal.css").read_bytes(), media_type="text/css", headers={"cache-control": "public, max-age=3600"})


def _no_icon() -> Response:
    return Response(status_code=204)


def _health() -> Response:
    return PlainTextResponse("ok")


def problem(request: Request, status: int, said: Text, *, needs_link: bool = False) -> Response:
    """The page that says what cannot be done."""
    typed = getattr(request.state, "typed", []) if hasattr(request.state, "who") else []  # a stranger's words are nobody's here
    return page(request, "problem.html", status, problem=said, needs_link=needs_link, typed=typed)


async def _stopped(request: Request, stop: Exception) -> Response:
    assert isinstance(stop, Stop)
    answer = problem(request, stop.status, stop.said, needs_link=stop.needs_link)
    if stop.status == 429:
        answer.headers["retry-after"] = "60"
    return answer


async def _refused(request: Request, refusal: Exception) -> Response:
    """What no route expects: the database is locked, missing, or of another version. Its address is nobody's business here."""
    LOG.warning("refused: %s", refusal)
    return problem(request, 503, Text("系统暂时不可用，请稍后再试", "This cannot be done at the moment: please try again later"))


async def _too_large(request: Request, _error: Exception) -> Response:
    return problem(request, 413, Text("一次提交的文件太大，请分几次上传", "Too much at once: please upload the files in several goes"))


async def _not_found(request: Request, _error: Exception) -> Response:
    return problem(request, 404, NOTHING_HERE)


async def _other(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400 and "Too many files" in str(error.detail):
        return problem(request, 400, Text("一次选的文件太多，请分几次上传", "Too many files at once: please upload them in several goes"))
    if error.status_code in (404, 405):
        return problem(request, error.status_code, NOTHING_HERE)
    return problem(
        request, error.status_code, Text("提交的内容读不出来，请返回再试", "The request cannot be read: please go back and try again")
    )


def broken(request: Request) -> Response:
    """The page where the program failed."""
    return problem(request, 500, Text("系统出错，请稍后再试；填写的内容请先自行保存", "Something broke: keep what you wrote and try again"))


NOTHING_HERE = Text("没有这个页面，或者不是您的任务", "There is no such page, or the duty is not yours")
