"""The roster on its way in: read the file, then one transaction, in which open duties follow their posts; or what that would do."""

from dataclasses import dataclass
from pathlib import Path

from prefect import task
from sqlalchemy.orm import Session

from engine.loading import sound
from engine.overview import Question
from engine.roster import RosterChange, roster_questions, store_roster
from engine.succession import HandedOver, hand_over_open
from intake.roster import read_roster
from intake.values import Roster, RosterReading
from tasks.environment import now, open_rehearsal, open_transaction, prepare_database, sender
from tasks.refusals import PAUSES, may_pass


@dataclass(frozen=True, slots=True)
class LoadedRoster:
    """What loading a roster did, or would do."""

    year: int
    units: int
    people: int
    posts: int
    contact_points: int
    change: RosterChange
    handed_over: tuple[HandedOver, ...]
    questions: tuple[Question, ...]
    without_address: tuple[str, ...]


@task(task_run_name="预览名册 {year}年", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def preview_roster(file: str, year: int) -> LoadedRoster:
    """What loading the roster would change; nothing is kept. Without a database everything in it is new."""
    reading = sound(read_roster(Path(file)))
    with open_rehearsal() as session:
        return _loaded(reading, year, *((RosterChange(), ()) if session is None else _store(session, reading.roster, year)))


@task(task_run_name="载入名册 {year}年", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def load_roster(file: str, year: int) -> LoadedRoster:
    """Store the roster and hand over what its changes hand over, together or not at all."""
    reading = sound(read_roster(Path(file)))
    prepare_database()
    with open_transaction() as session:
        return _loaded(reading, year, *_store(session, reading.roster, year))


def _store(session: Session, roster: Roster, year: int) -> tuple[RosterChange, tuple[HandedOver, ...]]:
    at = now()
    change = store_roster(session, roster, year=year, now=at, zone=sender().zone)
    return change, hand_over_open(session, sender=sender(), now=at)


def _loaded(reading: RosterReading, year: int, change: RosterChange, handed_over: tuple[HandedOver, ...]) -> LoadedRoster:
    roster, today = reading.roster, now().astimezone(sender().zone).date()
    asked = (*reading.questions, *roster_questions(roster, today))
    return LoadedRoster(
        year=year,
        units=len(roster.units),
        people=len(roster.people),
        posts=len(roster.posts),
        contact_points=len(roster.contact_points),
        change=change,
        handed_over=handed_over,
        questions=tuple(Question(note.address, note.text.zh, note.text.en) for note in asked),
        without_address=tuple(person.name for person in roster.people if person.email is None),
    )
