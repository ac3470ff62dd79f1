"""Who was who on a day, as far as the roster of today and the histories still tell: who led, who stood in, who had an address.

In: a session. Out: `Roster`. What it keeps without dates (contact points, addresses, the tree of units) may have been otherwise on that
day: so there are names that could have been told, which is a wide circle, and names that certainly could, which is a narrow one.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.expected import AT_ONCE, HAND_OVER, Duty
from models import Assignment, AssignmentEvent, ContactPoint, Message, Person, Post, Substitution, Unit
from office.policy import Level

LEAD = "lead"  # of a history: another 责任领导
A_DAY = timedelta(days=1)  # a post ends on the day before the roster without it was loaded: that morning its holder held it still

_IN_CHARGE = re.compile(r"分管|主管")
_HEAD = re.compile(r"(长|主任|书记|经理|负责人|召集人)$|主持")
_NO_HEAD = re.compile(r"副|成员|委员|助理|联系|包联|分管|主管|员$")
_PARTY_GROUP = re.compile(r"党组$|党委$|领导班子")
_INNER_PARTY = re.compile(r"机关|支部|总支")
_OFFICE = re.compile(r"局$|县|区|旗|局属|直属|局直|所属|下属|事业单位|二级单位")

V = TypeVar("V")


class Held(NamedTuple):
    """A post with its term."""

    person_id: int
    title: str
    starts_on: date | None
    ends_on: date | None

    def on(self, day: date, slack: timedelta = timedelta(0)) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day - slack <= self.ends_on)

    @property
    def is_head(self) -> bool:
        titles = re.split(r"[、，,;；/]|兼任?", self.title)
        return any(_HEAD.search(title) and ("主持" in title or not _NO_HEAD.search(title)) for title in titles)


class StandsIn(NamedTuple):
    substitute_id: int
    starts_on: date
    ends_on: date
    entered_at: datetime
    ended_at: datetime | None

    def perhaps(self, day: date, at: datetime) -> bool:
        """Whether it may have been known of, and hold, at a moment of a day."""
        known = self.entered_at <= at + AT_ONCE and (self.ended_at is None or self.ended_at >= at - AT_ONCE)
        return known and self.starts_on <= day <= self.ends_on

    def certainly(self, day: date, at: datetime) -> bool:
        known = self.entered_at <= at - AT_ONCE and (self.ended_at is None or self.ended_at >= at + AT_ONCE)
        return known and self.starts_on <= day <= self.ends_on


class UnitRow(NamedTuple):
    name: str
    kind: str
    parent_id: int | None

    @property
    def is_party_group(self) -> bool:
        return any(_PARTY_GROUP.search(words) and not _INNER_PARTY.search(words) for words in (self.kind, self.name))

    @property
    def is_office(self) -> bool:
        """A county bureau or an affiliated unit, whose head comes before the bureau's leaders."""
        return self.parent_id is not None and any(_OFFICE.search(words) for words in (self.kind, self.name))


class PersonRow(NamedTuple):
    name: str
    email: str | None
    left_on: date | None


class Whose(NamedTuple):
    """Where a duty belongs today, and the 责任领导 whom it had one after the other: each with the moment until which."""

    unit_id: int | None
    leader_id: int | None
    led_until: tuple[tuple[datetime, str | None], ...]


NOWHERE = Whose(None, None, ())


@dataclass(frozen=True)
class Roster:
    people: Mapping[int, PersonRow]
    ids: Mapping[str, int]  # by name
    units: Mapping[int, UnitRow]
    posts: Mapping[int, tuple[Held, ...]]  # by unit
    contacts: Mapping[int, tuple[tuple[int, int], ...]]  # year and leader, by branch
    stand_in: Mapping[int, tuple[StandsIn, ...]]  # by the person on leave
    whose: Mapping[int, Whose]  # by assignment
    mailed_first: Mapping[int, datetime]  # by person

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Those of everybody in it today."""
        return frozenset(person.email for person in self.people.values() if person.email and person.left_on is None)

    # One person

    def had_address(self, person_id: int, at: datetime) -> bool:
        """Certainly: has one today, and something was mailed by then."""
        row, first = self.people.get(person_id), self.mailed_first.get(person_id)
        return row is not None and bool(row.email) and row.left_on is None and first is not None and first <= at

    def there(self, person_id: int, day: date) -> bool:
        left_on = self.people[person_id].left_on if person_id in self.people else None
        return left_on is None or left_on >= day

    def perhaps_away(self, person_id: int, day: date, at: datetime) -> bool:
        return any(each.perhaps(day, at) for each in self.stand_in.get(person_id, ()))

    # Who carries a duty

    def carriers(self, duty: Duty, at: datetime) -> set[int | None]:
        """Who carried it at a moment; two where it was handed over just then, None for nobody."""
        until = [(event.at, event.from_value) for event in duty.events if event.action == HAND_OVER]
        return self._at(until, duty.person_id, at)

    def assignees(self, duty: Duty, at: datetime, day: date) -> set[int]:
        """Who may be told as the assignee: who carries it, or who stands in for them."""
        found: set[int] = set()
        for carrier in self.carriers(duty, at):
            if carrier is None or not self.there(carrier, day):
                continue
            standing = [each for each in self.stand_in.get(carrier, ()) if self.there(each.substitute_id, day)]
            found |= {each.substitute_id for each in standing if each.perhaps(day, at)}
            if not any(each.certainly(day, at) and self.people[each.substitute_id].left_on is None for each in standing):
                found.add(carrier)
        return found

    def assignees_to_tell(self, duty: Duty, at: datetime, day: date) -> set[int]:
        """The same, where nothing stood in the way of telling any of them; empty where something may have."""
        unit_id, carriers = self.whose.get(duty.id, NOWHERE).unit_id, self.carriers(duty, at)
        posts = [post for post in self.posts.get(unit_id or 0, ()) if post.person_id in carriers]
        has_left_post = any(
            not any(post.on(day) for post in posts if post.person_id == each) for each in {post.person_id for post in posts}
        )
        own = self.assignees(duty, at, day)
        certain = None not in carriers and not has_left_post and all(self.had_address(each, at) for each in own)
        return own if certain else set()

    # The way up

    def leaders(self, duty: Duty, at: datetime) -> set[int | None]:
        """The duty's 责任领导 at a moment; two where another took over just then."""
        whose = self.whose.get(duty.id, NOWHERE)
        return self._at(whose.led_until, whose.leader_id, at)

    def _at(self, until: Sequence[tuple[datetime, str | None]], last: int | None, at: datetime) -> set[int | None]:
        """Of people who follow one another, each until a moment and the last until today, those of a moment."""
        found: set[int | None] = set()
        began_at: datetime | None = None
        for ended_at, name in until:
            if at - AT_ONCE <= ended_at and (began_at is None or began_at <= at + AT_ONCE):
                found.add(self.ids.get(name or ""))
            began_at = ended_at
        if began_at is None or began_at <= at + AT_ONCE:
            found.add(last)
        return found

    def could_be(self, level: Level, duty: Duty, at: datetime, day: date) -> set[int]:
        """Everybody who may have been this level for the duty on that day."""
        unit_id = self.whose.get(duty.id, NOWHERE).unit_id
        own_and_above = [*self._above(unit_id)]
        if level is Level.ASSIGNEE:
            return self.assignees(duty, at, day)
        if level is Level.CONTACT_LEADER:
            below = [id_ for id_, unit in self.units.items() if unit_id is not None and unit.parent_id == unit_id]
            contacts = {leader for id_ in (unit_id, *below) for _, leader in self.contacts.get(id_ or 0, ())}
            in_charge = {post.person_id for post in self._held(own_and_above, day) if _IN_CHARGE.search(post.title)}
            left_since = {id_ for id_, person in self.people.items() if person.left_on is not None and person.left_on >= day}
            offices = [id_ for id_ in own_and_above if self.units[id_].is_office]
            heads = {post.person_id for post in self._held(offices, day) if post.is_head}
            return {each for each in self.leaders(duty, at) if each is not None} | contacts | heads | in_charge | left_since
        if level is Level.PRINCIPAL:
            top = [id_ for id_, unit in self.units.items() if unit.parent_id is None or unit.is_party_group]
            return {post.person_id for post in self._held(top, day) if post.is_head}
        groups = [id_ for id_, unit in self.units.items() if unit.is_party_group]
        return {post.person_id for post in self._held(groups, day)}

    def certainly_up(self, level: Level, duty: Duty, at: datetime, day: date) -> set[int]:
        """Some who had to be told on the way up from a level before the officer is: all with an address, nobody on leave."""
        found: set[int] = set()
        if level <= Level.CONTACT_LEADER:
            found |= self.leader_to_tell(duty, at, day)
            for unit_id in self._above(self.whose.get(duty.id, NOWHERE).unit_id):
                if in_charge := {post.person_id for post in self._held([unit_id], day) if re.match(_IN_CHARGE, post.title)}:
                    found |= in_charge
                    break
        groups = [id_ for id_, unit in self.units.items() if unit.is_party_group]
        if len(groups) == 1:
            found |= {post.person_id for post in self._held(groups, day, timedelta(0))}
        return {each for each in found if self.to_be_told(each, duty, at, day)}

    def leader_to_tell(self, duty: Duty, at: datetime, day: date) -> set[int]:
        """The duty's 责任领导, who comes first on the way up, where nothing stood in the way; empty where something may have."""
        leaders = self.leaders(duty, at)
        if len(leaders) > 1:
            return set()
        return {each for each in leaders if each is not None and self.to_be_told(each, duty, at, day)}

    def to_be_told(self, person_id: int, duty: Duty, at: datetime, day: date) -> bool:
        """Whether nothing stood in the way of telling somebody above the assignee."""
        own = person_id in self.carriers(duty, at)
        return not own and self.had_address(person_id, at) and not self.perhaps_away(person_id, day, at)

    def _held(self, units: Collection[int], day: date, slack: timedelta = A_DAY) -> Iterator[Held]:
        return (post for unit_id in units for post in self.posts.get(unit_id, ()) if post.on(day, slack))

    def _above(self, unit_id: int | None) -> Iterator[int]:
        """A unit and those above it, the nearest first."""
        seen: set[int] = set()
        while unit_id is not None and unit_id in self.units and unit_id not in seen:
            yield unit_id
            seen.add(unit_id)
            unit_id = self.units[unit_id].parent_id


def load_roster(session: Session) -> Roster:
    """All of it, with what is over: it tells of days that are over."""
    people = {row[0]: PersonRow(*row[1:]) for row in session.execute(select(Person.id, Person.name, Person.email, Person.left_on))}
    units = {row[0]: UnitRow(*row[1:]) for row in session.execute(select(Unit.id, Unit.name, Unit.kind, Unit.parent_id))}
    posts = session.execute(select(Post.unit_id, Post.person_id, Post.title, Post.starts_on, Post.ends_on).order_by(Post.position))
    points = session.execute(select(ContactPoint.branch_id, ContactPoint.year, ContactPoint.leader_id))
    standing = select(
        *(Substitution.person_id, Substitution.substitute_id, Substitution.starts_on, Substitution.ends_on),
        *(Substitution.entered_at, Substitution.ended_at),
    )
    leads = select(AssignmentEvent.assignment_id, AssignmentEvent.at, AssignmentEvent.from_value).where(AssignmentEvent.action == LEAD)
    led = grouped((row[0], (row[1], row[2])) for row in session.execute(leads.order_by(AssignmentEvent.position)))
    first = select(Message.person_id, func.min(Message.queued_at)).where(Message.person_id.is_not(None)).group_by(Message.person_id)
    return Roster(
        people=people,
        ids={row.name: id_ for id_, row in people.items()},
        units=units,
        posts=grouped((row[0], Held(*row[1:])) for row in posts),
        contacts=grouped((row[0], (row[1], row[2])) for row in points),
        stand_in=grouped((row[0], StandsIn(*row[1:])) for row in session.execute(standing)),
        whose={
            id_: Whose(unit_id, leader_id, led.get(id_, ()))
            for id_, unit_id, leader_id in session.execute(select(Assignment.id, Assignment.unit_id, Assignment.leader_id))
        },
        mailed_first={person_id or 0: at for person_id, at in session.execute(first)},
    )


def grouped(pairs: Iterable[tuple[int, V]]) -> dict[int, tuple[V, ...]]:
    """The values of each key, in their order."""
    found: dict[int, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
