"""What issuing a list would mean, with nothing stored: its plan, added up, and everything the officer should look at first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.issuing import list_questions, title_of
from engine.notices import assisting_keys, notices, waiting_keys
from engine.overview import Overview, plan_overview
from engine.planning import Plan, plan
from engine.roster import roster_questions, uncovered_branches
from intake.values import ListReading, Note, Roster


@dataclass(frozen=True, slots=True)
class Preview:
    title: str
    year: int
    items: int
    plan: Plan
    overview: Overview
    told: int  # people who get a message
    questions: tuple[Note, ...]  # of the list's reading and of its planning
    roster_questions: tuple[Note, ...]
    problems: tuple[Note, ...]  # with any of them the list cannot be issued
    without_address: tuple[str, ...]  # people with duties who have no mail address
    uncovered_branches: tuple[str, ...]  # branches that no leader covers as contact point


def preview(
    reading: ListReading,
    roster: Roster,
    *,
    asked: Iterable[Note] = (),
    year: int,
    title: str = "",
    file_name: str,
    issued_on: date,
) -> Preview:
    """Plan the list as if it were issued on that civil date; `asked` are the questions of the roster's own reading."""
    title = title_of(reading, file_name, title)
    planned = plan(reading.items, roster, year=year, title=title, issued_on=issued_on)
    told, without_address = notices(
        planned,
        planned.assignments,
        waiting_keys(planned),
        assisting_keys(planned),
        list_title=title,
        year=year,
        addresses={person.name: person.email for person in roster.people},
        contacts={},
        language="zh",
    )
    return Preview(
        title=title,
        year=year,
        items=len(reading.items),
        plan=planned,
        overview=plan_overview(planned),
        told=len(told),
        questions=list_questions(reading, planned),
        roster_questions=tuple(dict.fromkeys((*asked, *roster_questions(roster, issued_on)))),
        problems=reading.problems,
        without_address=without_address,
        uncovered_branches=uncovered_branches(roster, issued_on),
    )
