"""The year's list on its way in: read the files, then one transaction.

Files are named as the officer names them in the form, relative to the folder in which `zeren up` runs. The results are plain
and small; neither a reading nor a plan leaves its task.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prefect import runtime, task

from engine.issuing import Issued, refuse_no_roster, refuse_unfit
from engine.loading import foresee, gets_policy, in_words, load, mail_waits, sound
from engine.overview import Overview, Question, list_overview, list_questions
from engine.preview import preview
from engine.roster import load_roster
from intake.reading import read_list
from intake.roster import read_roster
from intake.values import Note, Roster
from office.text import Refused
from tasks.environment import now, open_reading, open_rehearsal, open_transaction, policy, policy_name, prepare_database, sender
from tasks.refusals import PAUSES, may_pass


@dataclass(frozen=True, slots=True)
class PreviewedList:
    """What issuing the list would do. With problems it cannot be issued."""

    title: str
    items: int
    assignments: int
    messages: int  # one a person
    overview: Overview
    questions: tuple[Question, ...]
    problems: tuple[Question, ...]
    without_address: tuple[str, ...]  # people with duties who cannot be told by mail
    outlook: str  # what issuing would do with what is stored by now
    policy: str  # which 督办规则 the list gets


@dataclass(frozen=True, slots=True)
class IssuedList:
    """What issuing did. A list that was issued before and has nothing new added no assignments and no messages."""

    title: str
    items: int
    assignments: int  # added now
    messages: int  # queued now
    waits: str  # when the mail goes out that waits for working hours
    policy: str  # which 督办规则 the list has got
    overview: Overview  # of the whole list
    questions: tuple[Question, ...]
    without_address: tuple[str, ...]


def named(step: str) -> Callable[[], str]:
    """The name of a task run: what it does with which list."""

    def name() -> str:
        given = runtime.task_run.parameters
        return f"{step} {given['year']}年 {Path(given['file']).name}"

    return name


@task(task_run_name=named("预览清单"), retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def preview_list(file: str, year: int, title: str, roster_file: str, party: str = "") -> PreviewedList:
    """Plan the list and store nothing, with the roster of the file or else with the one stored for the year."""
    reading = read_list(Path(file), year, party=party)
    roster, asked = _roster_for_preview(roster_file, year)
    at, name = now(), Path(file).name
    shown = preview(reading, roster, asked=asked, year=year, title=title, file_name=name, issued_on=at.astimezone(sender().zone).date())
    with open_rehearsal() as session:
        given = roster if roster_file else None
        foreseen = foresee(session, reading, given, year=year, title=title, file_name=name, policy=policy(), sender=sender(), now=at)
    refused = (Note(foreseen.place, foreseen.text),) if isinstance(foreseen, Refused) else ()
    outlook = "不能下发" if refused or reading.problems else "尚未下发"
    if isinstance(foreseen, Issued):
        outlook = in_words(foreseen, rehearsed=True).zh
    return PreviewedList(
        title=shown.title,
        items=shown.items,
        assignments=len(shown.plan.assignments),
        messages=shown.told,
        overview=shown.overview,
        questions=_said((*shown.questions, *shown.roster_questions)),
        problems=_said((*shown.problems, *refused)),
        without_address=shown.without_address,
        outlook=outlook,
        policy=gets_policy(foreseen if isinstance(foreseen, Issued) else None, policy_name()).zh,
    )


@task(task_run_name=named("下发清单"), retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def issue_list(file: str, year: int, title: str, roster_file: str, party: str = "") -> IssuedList:
    """Store roster, assignments and messages together or not at all. Without a roster file the stored roster holds."""
    reading = read_list(Path(file), year, party=party)
    refuse_unfit(reading)
    roster = sound(read_roster(Path(roster_file))).roster if roster_file else None
    prepare_database()
    with open_transaction() as session:
        issued = load(
            session, reading, roster, year=year, title=title, file_name=Path(file).name, policy=policy(), sender=sender(), now=now()
        )
        return IssuedList(
            title=issued.title,
            items=issued.items,
            assignments=issued.assignments,
            messages=issued.messages,
            waits=mail_waits(issued).zh,
            policy=gets_policy(issued, policy_name()).zh,
            overview=list_overview(session, issued.list_id),
            questions=list_questions(session, issued.list_id),
            without_address=issued.without_address,
        )


def _roster_for_preview(file: str, year: int) -> tuple[Roster, tuple[Note, ...]]:
    if file:
        reading = sound(read_roster(Path(file)))
        return reading.roster, reading.questions
    with open_reading() as session:
        roster = load_roster(session, year)
    refuse_no_roster(roster)
    return roster, ()


def _said(notes: tuple[Note, ...]) -> tuple[Question, ...]:
    return tuple(Question(note.address, note.text.zh, note.text.en) for note in notes)
