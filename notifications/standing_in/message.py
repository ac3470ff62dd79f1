"""`StandingInNotice` → `Mail`."""

from datetime import datetime

from notifications.calendar import calendar
from notifications.composing import BLUE, compose, section
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.standing_in.context import StandingInNotice
from notifications.wording import day_in
from office.text import Text

_TITLE = Text("期间要代办的", "Mine to do in that time")


def compose_standing_in(
    notice: StandingInNotice, sender: Sender, *, key: str, person_id: int | None, now: datetime, link: str = ""
) -> Mail:
    """The message about one substitution. `key` is the ledger's. Refuses a name or address with line breaks."""
    language, year = sender.language, notice.on.year
    due = section(_TITLE.in_(language), BLUE, notice.duties, year=year, on=notice.on, sender=sender)
    title = Text(f"代{notice.on_leave}办理的事项", f"Duties of {notice.on_leave}").in_(language)
    return compose(
        "standing_in",
        {
            "on_leave": notice.on_leave,
            "days": _days(notice).in_(language),
            "stands_in": _stands_in(notice).in_(language),
            "reason": notice.reason,
            "sections": [due] if notice.duties else [],
            "first": due.duties[0] if notice.duties else None,
        },
        person=notice.person,
        address=notice.address,
        calendar=calendar(title, year, [("", True, notice.duties)], now=now, sender=sender),
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
    )


def _days(notice: StandingInNotice) -> Text:
    year = notice.on.year
    first, last = ((day_in(day, year, "zh"), day_in(day, year, "en")) for day in (notice.starts_on, notice.ends_on))
    return Text(f"{first[0]}至{last[0]}", f"{first[1]} to {last[1]}") if first != last else Text(*first)


def _stands_in(notice: StandingInNotice) -> Text:
    days, count, whose = _days(notice), len(notice.duties), notice.on_leave
    fall = "falls" if count == 1 else "fall"
    due = Text(f"期间要办的有下面 {count} 项", f"{count} of them {fall} due by then, see below")
    if not count:
        due = Text("目前没有期间要办的", "none of them falls due by then")
    return Text(
        f"{days.zh}，{whose}同志的责任事项请您代办，{due.zh}。事项仍由{whose}同志负责。",
        f"Please see to the duties of {whose}, {days.en}: {due.en}. They stay the duties of {whose}.",
    )
