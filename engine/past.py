"""What people have done about assignments so far, in a few words for who takes them over.

In: ids. Out: short phrases by assignment, like 3月22日退回：缺签到表; the newest last.
"""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history import ASK_EXTENSION, DENY_EXTENSION, EXTEND, HAND_OVER, IDS_A_QUERY, PROGRESS, ROSTER
from engine.listing import EVENT_WORDS
from engine.moves import Action
from models import AssignmentEvent
from notifications.wording import day_in
from office.text import Language

SHOWN = 5  # of one assignment
REASON_SHOWN = 30  # characters
_TOLD = (*(action.value for action in Action), ASK_EXTENSION, EXTEND, DENY_EXTENSION, PROGRESS, HAND_OVER)
_WITH_REASON = (Action.RETURN, Action.REOPEN, DENY_EXTENSION, PROGRESS, HAND_OVER)  # what was reported is too long
_WITH_DATE = (ASK_EXTENSION, EXTEND)


def past_of(session: Session, ids: Collection[int], *, year: int, zone: ZoneInfo, language: Language) -> dict[int, tuple[str, ...]]:
    """The last phrases of each of these assignments; those about which nobody did anything are missing.

    `year` is the one that dates are written without. What follows from the roster, nobody did.
    """
    phrases: dict[int, list[str]] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), IDS_A_QUERY):
        event = AssignmentEvent
        rows = session.execute(
            select(event.assignment_id, event.action, event.to_value, event.at, event.reason)
            .where(event.assignment_id.in_(ordered[start : start + IDS_A_QUERY]), event.action.in_(_TOLD), event.by != ROSTER)
            .order_by(event.assignment_id, event.position)
        )
        for assignment_id, action, to_value, at, reason in rows:
            on = day_in(at.astimezone(zone).date(), year, language)
            phrases.setdefault(assignment_id, []).append(_phrase(action, to_value, on, reason, year, language))
    return {assignment_id: tuple(all_of_it[-SHOWN:]) for assignment_id, all_of_it in phrases.items()}


def _phrase(action: str, to_value: str | None, on: str, reason: str, year: int, language: Language) -> str:
    zh = language == "zh"
    done = EVENT_WORDS[action].in_(language)
    if action in _WITH_DATE and to_value:
        until = day_in(date.fromisoformat(to_value), year, language)
        done += f"至{until}" if zh else f" until {until}"
    said = f"{on}{done}" if zh else f"{on} {done}"
    words = " ".join(reason.split())
    if action not in _WITH_REASON or not words:
        return said
    short = words if len(words) <= REASON_SHOWN else f"{words[: REASON_SHOWN - 1]}…"
    if zh and action == HAND_OVER:
        return f"{on}{short}"  # 转办给…：…
    return f"{said}：{short}" if zh else f"{said}: {short}"
