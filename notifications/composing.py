"""Templates, calendar and headers → one `Mail`. What the messages in the folders beside have in common."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from notifications.duty import Duty
from notifications.mime import Attachment, Mail, message_bytes, message_id
from notifications.rendering import template
from notifications.sender import Sender
from notifications.wording import DutyView, duty_view

BLUE, GREEN, PURPLE = "#1b5a9c", "#2f6b57", "#6b4a8f"  # red is for what is overdue


class Section(NamedTuple):
    """Duties of one kind, by urgency. `title` names them for the reader, `colour` is that of their dates in HTML."""

    title: str
    colour: str
    duties: tuple[DutyView, ...]


def section(title: str, colour: str, duties: Iterable[Duty], *, year: int, on: date, sender: Sender) -> Section:
    """The section with its duties in the order in which they fall due; equal ones in the order of the list."""
    views = [duty_view(duty, year=year, on=on, language=sender.language) for duty in duties]
    return Section(title, colour, tuple(sorted(views, key=lambda view: view.sort_on)))


def compose(
    message: str,
    values: Mapping[str, object],
    *,
    person: str,
    address: str,
    calendar: bytes,
    link: str,
    sender: Sender,
    key: str,
    person_id: int | None,
    now: datetime,
    attachment: Attachment | None = None,
    unsubscribe: str = "",
) -> Mail:
    """Render the message in the folder `message` with `values` and put it together; refuses line breaks in a header.

    `link` is the reader's own into the portal; empty where there is none. `unsubscribe` is the address that ends messages of this
    kind; empty for those that a duty calls for.
    """
    context = {**values, "person": person, "officer": sender.officer, "has_calendar": bool(calendar), "link": link}
    subject = template(message, "subject.txt", sender.language).render(context).strip()
    identity = message_id(key, sender)
    content = message_bytes(
        name=person,
        address=address,
        subject=subject,
        text=template(message, "text.txt", sender.language).render(context),
        html=template(message, "body.html", sender.language).render({**context, "subject": subject}),
        calendar=calendar,
        attachment=attachment,
        unsubscribe=unsubscribe,
        sender=sender,
        identity=identity,
        now=now,
    )
    return Mail(key, message, person_id, address, subject, identity, content)
