"""What was sent with a form."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from portal.visiting import refuse_large_of_strangers

MOST_FIELDS, MOST_FILES = 1000, 40
LONGEST_FIELD = 200_000  # bytes
TYPED = ("text", "comment", "reason", "progress", "note")  # what takes a person long to write: shown again wherever a request ends


Id = Annotated[int, Path(ge=1, le=2**31 - 1)]  # what a database has; anything else is no page


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The form, whose files are closed afterwards. What is none, or has too many parts, is answered with 400; a large one of somebody
    without a link is not read at all.
    """
    await run_in_threadpool(refuse_large_of_strangers, request)
    async with request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES, max_part_size=LONGEST_FIELD) as form:
        request.state.typed = [value for name in TYPED if (value := written(form, name))]
        yield form


Form = Annotated[FormData, Depends(read_form)]


def written(form: FormData, name: str) -> str:
    """What was typed into one field; empty where there is none."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def day_written(form: FormData, name: str) -> date | None:
    """The date that was chosen in one field; None where it is none."""
    try:
        return date.fromisoformat(written(form, name))
    except ValueError:
        return None


def all_written(form: FormData, name: str) -> list[str]:
    """What was chosen in all fields of this name."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def files_of(form: FormData, name: str) -> list[UploadFile]:
    """The files that were chosen; a field without one sends an empty part, which is none."""
    return [value for value in form.getlist(name) if isinstance(value, UploadFile) and (value.filename or value.size)]
