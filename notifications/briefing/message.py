"""`Briefing` → `Mail`."""

from datetime import datetime

from notifications.briefing.context import Briefing
from notifications.composing import compose
from notifications.mime import Mail
from notifications.sender import Sender
from notifications.wording import day
from office.text import Language, Text

SAID_FIRST = 2  # figures in the subject: a phone shows no more


def compose_briefing(briefing: Briefing, sender: Sender, *, key: str, now: datetime, link: str = "") -> Mail:
    """The morning mail. `key` is the ledger's: one a day. Refuses an officer's name or address with line breaks in it."""
    language = sender.language
    figures = [figure for figure in briefing.figures if figure.count]
    return compose(
        "briefing",
        {
            "day": day(briefing.on, language),
            "said_first": _listed([(figure.name, figure.count) for figure in figures[:SAID_FIRST]], language),
            "figures": [_shown(figure.name, figure.note, language) | {"figure": figure} for figure in figures],
            "year_page": briefing.year_page,
            "year_name": briefing.year_page.name.in_(language) if briefing.year_page else "",
            "red": briefing.red.in_(language),
            "sections": [],
        },
        person=briefing.officer,
        address=briefing.address,
        calendar=b"",
        link=link,
        sender=sender,
        key=key,
        person_id=None,
        now=now,
    )


def _shown(name: Text, note: Text, language: Language) -> dict[str, object]:
    return {"name": name.in_(language), "note": note.in_(language)}


def _listed(counted: list[tuple[Text, int]], language: Language) -> str:
    """待审核 3 项，逾期 5 项"""
    if language == "zh":
        return "，".join(f"{name.zh} {count} 项" for name, count in counted)
    return ", ".join(f"{count} {name.en}" for name, count in counted)
