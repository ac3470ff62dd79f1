"""The roster in the database: stored from a reading, loaded for a year, and what it leaves open.

Names are the natural keys. Nothing that an assignment may name is deleted: units and people that the file no longer has are
kept with the day they left, posts get the day before as their last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.directory import Directory, UnitClass
from engine.moves import OFFICER, is_officer
from intake.values import ContactPointRow, Note, PersonRow, PostRow, Roster, UnitRow
from models import ContactPoint, Person, Post, Unit
from notifications import ledger
from notifications.sender import SHANGHAI
from office.text import Refused, Text


@dataclass(frozen=True, slots=True)
class Changed:
    """Names of what one sheet changed, in the order of the roster."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What storing a roster changed; false where it was stored already."""

    units: Changed = Changed()
    people: Changed = Changed()
    posts: Changed = Changed()
    contact_points: Changed = Changed()

    def __bool__(self) -> bool:
        return any((self.units, self.people, self.posts, self.contact_points))


@dataclass(slots=True)
class _Changes:
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def done(self) -> Changed:
        return Changed(tuple(self.added), tuple(self.changed), tuple(self.removed))


def store_roster(session: Session, roster: Roster, *, year: int, now: datetime, zone: ZoneInfo = SHANGHAI) -> RosterChange:
    """Make the roster of `year` what the file says; the same file again changes nothing.

    Contact points are the year's, and are replaced. A post that the file no longer has ends on the day before `now`.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(text("LOCK TABLE units IN SHARE ROW EXCLUSIVE MODE"))  # of two who load at once one waits for the other
    if any(is_officer(person.name) for person in roster.people):
        raise Refused(
            Text(
                f"“{OFFICER}”是本系统里计划员的名字，名册里请写姓名", f"{OFFICER} is what the planning officer is called here: write a name"
            )
        )
    today = now.astimezone(zone).date()
    units, unit_changes = _store_units(session, roster.units, today)
    people, people_changes = _store_people(session, roster.people, today)
    post_changes = _store_posts(session, roster.posts, people, units, today)
    contact_changes = _store_contact_points(session, roster.contact_points, people, units, year)
    return RosterChange(unit_changes, people_changes, post_changes, contact_changes)


def load_roster(session: Session, year: int) -> Roster:
    """The roster of `year`; empty where none was stored. Posts of the past are in it, with their terms."""
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.left_on.is_(None)).order_by(Unit.position))}
    people = {person.id: person for person in session.scalars(select(Person).where(Person.left_on.is_(None)).order_by(Person.position))}
    posts = session.scalars(select(Post).order_by(Post.position, Post.id))
    points = session.scalars(select(ContactPoint).where(ContactPoint.year == year).order_by(ContactPoint.position))
    return Roster(
        units=tuple(UnitRow(u.name, u.kind, units[u.parent_id].name if u.parent_id in units else None) for u in units.values()),
        people=tuple(PersonRow(person.name, person.email) for person in people.values()),
        posts=tuple(
            PostRow(people[p.person_id].name, units[p.unit_id].name, p.title, p.starts_on, p.ends_on)
            for p in posts
            if p.person_id in people and p.unit_id in units
        ),
        contact_points=tuple(
            ContactPointRow(people[p.leader_id].name, units[p.branch_id].name)
            for p in points
            if p.leader_id in people and p.branch_id in units
        ),
    )


def uncovered_branches(roster: Roster, on: date) -> tuple[str, ...]:
    """Branches of the bureau that no leader covers as contact point, in the roster's order."""
    directory = Directory(roster, on)
    return tuple(branch for branch in directory.of_class(UnitClass.BRANCH) if not directory.contacts_of(branch))


def roster_questions(roster: Roster, on: date) -> tuple[Note, ...]:
    """What the officer should look at before a list is issued: gaps that leave a duty without a reader or a leader."""
    directory = Directory(roster, on)
    notes = []
    for unit in roster.units:
        if directory.classes[unit.name] is UnitClass.BRANCH and not directory.contacts_of(unit.name):
            notes.append(Note(unit.address, Text(f"党支部“{unit.name}”没有联系领导", f"No leader covers the branch {unit.name}")))
        if directory.head_of(unit.name) is None:
            notes.append(Note(unit.address, Text(f"“{unit.name}”目前没有负责人", f"{unit.name} has no head at present")))
        if len(heads := directory.heads_of(unit.name)) > 1:
            names = "、".join(heads)
            text = Text(
                f"“{unit.name}”同时有{len(heads)}位负责人：{names}，按第一位下发",
                f"{unit.name} has {len(heads)} heads: {names}; the first is taken",
            )
            notes.append(Note(unit.address, text))
    for person in roster.people:
        if person.email is None:
            notes.append(Note(person.address, Text(f"“{person.name}”没有邮箱，无法送达", f"{person.name} has no mail address")))
    return tuple(notes)


def _store_units(session: Session, rows: Sequence[UnitRow], today: date) -> tuple[dict[str, int], Changed]:
    stored = {unit.name: unit for unit in session.scalars(select(Unit))}
    parents = {unit.id: unit.name for unit in stored.values()}
    changes = _Changes()
    for position, row in enumerate(rows, start=1):
        unit = stored.get(row.name)
        if unit is None:
            unit = stored[row.name] = Unit(name=row.name, kind=row.kind, position=position)
            session.add(unit)
            changes.added.append(row.name)
            continue
        if unit.left_on is not None:
            changes.added.append(row.name)
        elif (unit.kind, parents.get(unit.parent_id or 0)) != (row.kind, row.parent):
            changes.changed.append(row.name)
        unit.kind, unit.position, unit.left_on = row.kind, position, None
    session.flush()  # a unit may stand above its parent in the file
    for row in rows:
        stored[row.name].parent_id = stored[row.parent].id if row.parent else None
    changes.removed += _leave(stored.values(), {row.name for row in rows}, today)
    session.flush()
    return {name: unit.id for name, unit in stored.items()}, changes.done()


def _store_people(session: Session, rows: Sequence[PersonRow], today: date) -> tuple[dict[str, int], Changed]:
    stored = {person.name: person for person in session.scalars(select(Person))}
    changes = _Changes()
    for position, row in enumerate(rows, start=1):
        person = stored.get(row.name)
        if person is None:
            person = stored[row.name] = Person(name=row.name, email=row.email, position=position)
            session.add(person)
            changes.added.append(row.name)
            continue
        if person.left_on is not None:
            changes.added.append(row.name)
        elif person.email != row.email:
            changes.changed.append(row.name)
            if row.email:
                ledger.readdress(session, person.id, row.email)
        person.email, person.position, person.left_on = row.email, position, None
    changes.removed += _leave(stored.values(), {row.name for row in rows}, today)
    session.flush()
    return {name: person.id for name, person in stored.items()}, changes.done()


def _leave(stored: Iterable[Unit | Person], listed: set[str], today: date) -> list[str]:
    leaving = [row for row in stored if row.name not in listed and row.left_on is None]
    for row in leaving:
        row.left_on = today
    return [row.name for row in leaving]


def _store_posts(session: Session, rows: Sequence[PostRow], people: dict[str, int], units: dict[str, int], today: date) -> Changed:
    stored = {(post.person_id, post.unit_id, post.title, post.starts_on): post for post in session.scalars(select(Post))}
    people_by_id = {number: name for name, number in people.items()}
    units_by_id = {number: name for name, number in units.items()}
    changes = _Changes()
    listed = set()
    for position, row in enumerate(rows, start=1):
        key = (people[row.person], units[row.unit], row.title, row.starts_on)
        listed.add(key)
        shown = f"{row.person} {row.unit} {row.title}"
        post = stored.get(key)
        if post is None:
            session.add(Post(person_id=key[0], unit_id=key[1], title=key[2], starts_on=key[3], ends_on=row.ends_on, position=position))
            changes.added.append(shown)
            continue
        if post.ends_on != row.ends_on:
            changes.changed.append(shown)
        post.ends_on, post.position = row.ends_on, position
    for key, post in stored.items():
        if key in listed or (post.ends_on is not None and post.ends_on < today):
            continue
        changes.removed.append(f"{people_by_id[post.person_id]} {units_by_id[post.unit_id]} {post.title}")
        if post.starts_on is not None and post.starts_on >= today:
            session.delete(post)  # it never began
        else:
            post.ends_on = today - timedelta(days=1)
    session.flush()
    return changes.done()


def _store_contact_points(
    session: Session, rows: Sequence[ContactPointRow], people: dict[str, int], units: dict[str, int], year: int
) -> Changed:
    stored = {(point.leader_id, point.branch_id): point for point in session.scalars(select(ContactPoint).where(ContactPoint.year == year))}
    people_by_id = {number: name for name, number in people.items()}
    units_by_id = {number: name for name, number in units.items()}
    changes = _Changes()
    listed = set()
    for position, row in enumerate(rows, start=1):
        key = (people[row.leader], units[row.branch])
        listed.add(key)
        if key in stored:
            stored[key].position = position
        else:
            session.add(ContactPoint(year=year, leader_id=key[0], branch_id=key[1], position=position))
            changes.added.append(f"{row.leader} {row.branch}")
    for key, point in stored.items():
        if key not in listed:
            session.delete(point)
            changes.removed.append(f"{people_by_id[point.leader_id]} {units_by_id[point.branch_id]}")
    session.flush()
    return changes.done()
