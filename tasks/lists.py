"""Lists and rosters on the way in: read the file, then one transaction with one call of the engine.

Files are named as the officer names them in the form, relative to the folder in which `zeren up` runs. The results are plain
and small; the plan itself never leaves its task.
"""

from dataclasses import dataclass
from pathlib import Path

from prefect import task

from engine import issuing, planning
from engine.overview import Overview, Question, list_overview, list_questions, plan_overview
from engine.roster import load_roster, roster_questions, store_roster
from intake.reading import read_list
from intake.roster import read_roster
from intake.values import Note, Roster
from tasks.environment import clock, open_transaction, prepare_database, sender
from tasks.refusals import PAUSES, may_pass


@dataclass(frozen=True, slots=True)
class LoadedRoster:
    """How many people and units the roster of the year has now, and what the officer is asked about it."""

    people: int
    units: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class PreviewedList:
    """What issuing the list would do. With problems it cannot be issued."""

    title: str
    items: int
    assignments: int
    overview: Overview
    questions: tuple[Question, ...]
    problems: tuple[Question, ...]
    without_address: tuple[str, ...]  # people with duties who cannot be told by mail


@dataclass(frozen=True, slots=True)
class IssuedList:
    """What issuing did. A list that was issued before and has nothing new added no assignments and no messages."""

    title: str
    items: int
    assignments: int  # added now
    messages: int  # queued now
    overview: Overview  # of the whole list
    questions: tuple[Question, ...]
    without_address: tuple[str, ...]


@task(task_run_name="载入名册 {file} · {year}年", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def load_roster_file(file: str, year: int) -> LoadedRoster:
    """Store the roster for the year. Refuses a file that is no roster."""
    reading = read_roster(Path(file))
    now = clock()()
    prepare_database()
    with open_transaction() as session:
        store_roster(session, reading.roster, year=year, now=now)
    asked = (*reading.problems, *reading.questions, *roster_questions(reading.roster, now.astimezone(sender().zone).date()))
    return LoadedRoster(len(reading.roster.people), len(reading.roster.units), _said(asked))


@task(task_run_name="预览清单 {file} · {year}年", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def preview_list(file: str, year: int, title: str, roster_file: str | None) -> PreviewedList:
    """Plan the list and store nothing, with the roster of the file or else with the one stored for the year."""
    reading = read_list(Path(file), year)
    today = clock()().astimezone(sender().zone).date()
    roster, asked = _roster_for_preview(roster_file, year)
    title = issuing.title_of(reading, Path(file).name, title)
    plan = planning.plan(reading.items, roster, year=year, title=title, issued_on=today)
    told = {assignment.party.person for assignment in plan.assignments}
    return PreviewedList(
        title=title,
        items=len(reading.items),
        assignments=len(plan.assignments),
        overview=plan_overview(plan),
        questions=_said((*issuing.list_questions(reading, plan), *asked, *roster_questions(roster, today))),
        problems=_said(reading.problems),
        without_address=tuple(person.name for person in roster.people if person.name in told and not person.email),
    )


@task(task_run_name="下发清单 {file} · {year}年", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def issue_list(file: str, year: int, title: str) -> IssuedList:
    """Issue the list: assignments and messages are stored together or not at all."""
    reading = read_list(Path(file), year)
    prepare_database()
    with open_transaction() as session:
        issued = issuing.issue(session, reading, year=year, title=title, file_name=Path(file).name, sender=sender(), now=clock()())
        return IssuedList(
            title=issued.title,
            items=issued.items,
            assignments=issued.assignments,
            messages=issued.messages,
            overview=list_overview(session, issued.list_id),
            questions=list_questions(session, issued.list_id),
            without_address=issued.without_address,
        )


def _roster_for_preview(file: str | None, year: int) -> tuple[Roster, tuple[Note, ...]]:
    if file:
        reading = read_roster(Path(file))
        return reading.roster, (*reading.problems, *reading.questions)
    with open_transaction() as session:
        return load_roster(session, year), ()


def _said(notes: tuple[Note, ...]) -> tuple[Question, ...]:
    return tuple(Question(note.address, note.text.zh, note.text.en) for note in notes)
