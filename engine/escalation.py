"""逐级上报: whom a notice about a duty reaches, level by level (FIELD.md section 5). Pure.

In: a level, whose duty it is, the roster of the day, who is on leave and who has a mail address. Out: people, and a line for everybody
who was passed over on the way up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.directory import Directory, UnitClass
from office.policy import LEVEL_WORDS, Level, Levels
from office.text import Text

ESCALATE = "escalate"  # the action of a history row; its `to_value` says whom it went up to


class Superior(NamedTuple):
    """A level and who it is in this office; an empty name where the roster knows nobody."""

    level: Level
    name: str


class Whose(NamedTuple):
    """Whose duty it is, by names; empty where there is none."""

    person: str
    leader: str  # 责任领导
    unit: str


class Reached(NamedTuple):
    """Whom a notice reaches: `people` of `level`, which is above the one that was wanted where nobody was left there.

    Nobody at all is left where `people` is empty: then the planning officer is told.
    """

    level: Level
    people: tuple[str, ...]
    skipped: tuple[Text, ...]


def level_after(workdays: int, levels: Levels) -> Level:
    """The highest level that hears of a duty which is so many working days over; the assignee before any does."""
    return max((level for level in Level if workdays >= levels.at(level)), default=Level.ASSIGNEE)


@dataclass(frozen=True, slots=True)
class Chain:
    """The way up on one day. `substitutes` are those who stand in for whom is on leave, `addresses` the mail addresses, both by name."""

    directory: Directory
    substitutes: Mapping[str, str]
    addresses: Mapping[str, str | None]

    def superior(self, level: Level, whose: Whose) -> Superior:
        """Who a level is for a duty by the roster, on leave or not."""
        if level is Level.PARTY_GROUP:
            return Superior(level, self.directory.party_group or "")
        return Superior(level, next(iter(self._of(level, whose)), ""))

    def reach(self, level: Level, whose: Whose) -> Reached:
        """Whom a notice for `level` reaches: the first who can be told, there or above. Of the party group all of its members."""
        skipped: list[Text] = []
        for at in (each for each in Level if each >= level):
            people = list(dict.fromkeys(self._of(at, whose)))
            if not people:
                skipped.append(_line(at, "", Text("空缺", "vacant")))
            told = []
            for name in people:
                if at > Level.ASSIGNEE and name == whose.person:
                    skipped.append(_line(at, name, Text("就是责任人本人", "carries the duty")))
                    continue
                reader = self.substitutes.get(name, name) if at is Level.ASSIGNEE else name
                why = self._why_not(reader, away=at > Level.ASSIGNEE and name in self.substitutes)
                if why is not None:
                    skipped.append(_line(at, reader, why))
                    continue
                told.append(reader)
                if at is not Level.PARTY_GROUP:
                    break
            if told:
                return Reached(at, tuple(told), tuple(skipped))
        return Reached(Level.PARTY_GROUP, (), tuple(skipped))

    def _why_not(self, name: str, *, away: bool) -> Text | None:
        if away:
            return Text("不在岗", "is on leave")
        return None if self.addresses.get(name) else Text("没有邮箱", "has no mail address")

    def _of(self, level: Level, whose: Whose) -> Iterator[str]:
        directory = self.directory
        if level is Level.ASSIGNEE:
            yield from () if not whose.person or directory.has_left(whose.person, whose.unit) else (whose.person,)
        elif level is Level.CONTACT_LEADER:
            yield from filter(None, [whose.leader])
            yield from directory.contacts_of(whose.unit)
            yield from (head for head in map(directory.head_of, self._offices_above(whose.unit)) if head and head != whose.person)
            yield from directory.in_charge_of(whose.unit)
        elif level is Level.PRINCIPAL:
            yield from filter(None, [principal(directory)])
        elif directory.party_group:
            yield from (post.person for post in directory.posts_of(directory.party_group))

    def _offices_above(self, unit: str) -> Iterable[str]:
        """The county bureau or affiliated unit that a unit is or belongs to, the nearest first: their heads come before the bureau's."""
        above = (unit, *self.directory.above(unit)) if unit else ()
        return (each for each in above if self.directory.classes.get(each) in (UnitClass.COUNTY_BUREAU, UnitClass.AFFILIATED))


def _line(level: Level, name: str, why: Text) -> Text:
    words = LEVEL_WORDS[level]
    if not name:
        return Text(f"{words.zh}{why.zh}", f"{words.en}: {why.en}")
    return Text(f"{words.zh}{name}{why.zh}", f"{words.en} {name} {why.en}")


def principal(directory: Directory) -> str | None:
    """主要负责人: the head of the party group, else of the bureau."""
    heads = (directory.head_of(unit) for unit in (directory.party_group, directory.bureau) if unit)
    return next(filter(None, heads), None)
