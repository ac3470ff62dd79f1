"""What was sent with a form."""

from collections.abc import AsyncIterator
from datetime import date

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

MOST_FIELDS, MOST_FILES = 1000, 40
LONGEST_FIELD = 200_000  # bytes


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The form, whose files are closed afterwards. What is none, or has too many parts, is answered with 400."""
    async with request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES, max_part_size=LONGEST_FIELD) as form:
        yield form


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
