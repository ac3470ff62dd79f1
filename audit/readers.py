"""Whom one notice of the ledger reached, against whom it had to (docs/follow-up.md, "Whom it reaches"). Pure.

In: a row that should be there, its duty, the mails that say it, the roster. Out: what is wrong with it, or None.

Strict where histories tell (who carried the duty, who led it, who stood in for whom), lenient where only the roster of today does.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from audit.expected import Duty
from audit.facts import Entry, Mailed
from audit.faults import FaultKind
from audit.roster import Roster
from audit.schedule import LEVEL, REVIEW
from models import NoticeOutcome
from office.policy import LEVEL_WORDS, Level

NAMES_LENGTH = 200  # of the column: a longer list of names is cut off in it
ABOVE = tuple(level for level in Level if level > Level.ASSIGNEE)


class Misdirected(NamedTuple):
    """`zh` and `en` go on after the name of the notice."""

    kind: FaultKind
    zh: str
    en: str


def names_told(entry: Entry) -> list[str]:
    """The names in a row, but for one that is cut off."""
    names = entry.told.split("、")
    return names[:-1] if len(entry.told) >= NAMES_LENGTH else names


@dataclass(frozen=True)
class Readers:
    """One notice that somebody was told of."""

    roster: Roster
    duty: Duty
    entry: Entry
    day: date
    mails: Sequence[Mailed]

    @property
    def is_review(self) -> bool:
        return self.entry.key.clock == REVIEW

    @property
    def wanted(self) -> Level:
        """The level that the notice is for."""
        kind, _, which = self.entry.key.stage.partition(" ")
        return Level[which.upper()] if kind == LEVEL and which.upper() in Level.__members__ else Level.ASSIGNEE

    def wrong(self) -> Misdirected | None:
        """The first thing that is wrong."""
        if self.entry.outcome is NoticeOutcome.OFFICER:
            return self._officer_wrong() or self._copy_wrong(set())
        told = {self.roster.ids.get(name) for name in names_told(self.entry)}
        known = {each for each in told if each is not None}
        if len(known) < len(told):
            return _wrong(f"记为告知了{self.entry.told}，名册里没有", f"is said to be told to {self.entry.told}, who is not in the roster")
        return self._told_wrong(known) or self._copy_wrong(known)

    def _told_wrong(self, told: set[int]) -> Misdirected | None:
        roster, at, day = self.roster, self.entry.decided_at, self.day
        carriers = roster.carriers(self.duty, at)
        if self.is_review:
            if told & carriers:
                return _wrong(f"告知了责任人自己：{self._names(told & carriers)}", "was told to who carries the duty")
            return self._stranger(told, self._could_be([Level.CONTACT_LEADER]))
        if self.wanted is Level.ASSIGNEE:
            own = roster.assignees(self.duty, at, day)
            if told <= own:
                return None
            must = roster.assignees_to_tell(self.duty, at, day) if len(own) == 1 else set()
        else:
            if told & carriers:
                return _wrong(f"只告知了责任人自己：{self._names(told & carriers)}", "was told to nobody above who carries the duty")
            must = roster.leader_to_tell(self.duty, at, day) if self.wanted is Level.CONTACT_LEADER else set()
        if must and told != must:
            return _wrong(
                f"告知了{self._names(told)}，应告知{self._names(must)}", f"was told to {self._names(told)}, not to {self._names(must)}"
            )
        if fault := self._stranger(told, self._could_be([level for level in Level if level >= max(self.wanted, Level.CONTACT_LEADER)])):
            return fault
        if len(told) > 1 and not told <= self._could_be([Level.PARTY_GROUP]):
            return _wrong(f"告知了{self._names(told)}，只应告知其中一人", f"was told to {self._names(told)}, of whom one is told")
        if not told <= self._could_be([self.wanted]) and not self.entry.skipped:
            words, names = LEVEL_WORDS[self.wanted], self._names(told)
            return _wrong(f"越过{words.zh}告知了{names}，没有写明原因", f"was told to {names} above the {words.en}, and nothing says why")
        return None

    def _stranger(self, told: set[int], circle: Collection[int]) -> Misdirected | None:
        strange = self._names(told.difference(circle))
        return _wrong(f"告知了{strange}，不在上报的路上", f"was told to {strange}, who is not on its way up") if strange else None

    def _officer_wrong(self) -> Misdirected | None:
        """Nobody else was left, and the officer had a mail of it."""
        roster, at = self.roster, self.entry.decided_at
        own = roster.assignees(self.duty, at, self.day)
        if self.is_review:
            reported = {roster.ids.get(event.from_value or "") for event in self.duty.events}  # who carried it before
            could = roster.leader_to_tell(self.duty, at, self.day) - own - reported
        else:
            could = roster.certainly_up(self.wanted, self.duty, at, self.day)
            if self.wanted is Level.ASSIGNEE:
                could |= roster.assignees_to_tell(self.duty, at, self.day)
        if could:
            names = self._names(could)
            return _wrong(f"记为无人可告知，只告知计划员，但可以告知{names}", f"was left to the officer, though {names} could be told")
        if all(mail.person_id is not None for mail in self.mails):
            return Misdirected(FaultKind.MISSING, "记为告知计划员，但没有给计划员的邮件", "was left to the officer, who had no mail of it")
        return None

    def _copy_wrong(self, told: set[int]) -> Misdirected | None:
        """Of what goes up the assignee has a copy; nobody else has any."""
        roster, at = self.roster, self.entry.decided_at
        own = roster.assignees(self.duty, at, self.day) if self.wanted > Level.ASSIGNEE else set()
        to_officer = self.entry.outcome is NoticeOutcome.OFFICER
        allowed = {*told, *own, *([None] if to_officer else [])}
        if len(self.entry.told) >= NAMES_LENGTH:
            allowed |= self._could_be([Level.PARTY_GROUP])
        if strange := "、".join(sorted(mail.reader for mail in self.mails if mail.person_id not in allowed)):
            return Misdirected(FaultKind.EXTRA, f"也在{strange}的邮件里，不应有", f"is in a mail of {strange}, too, for no reason")
        had = {mail.person_id for mail in self.mails}
        must = roster.assignees_to_tell(self.duty, at, self.day) if own else set()
        if must and not must & had:
            names = self._names(must)
            return Misdirected(FaultKind.MISSING, f"没有抄送责任人{names}", f"went up without a copy to {names}, who carries it")
        return None

    def _could_be(self, levels: Iterable[Level]) -> set[int]:
        found: set[int] = set()
        for level in levels:
            found |= self.roster.could_be(level, self.duty, self.entry.decided_at, self.day)
        return found

    def _names(self, ids: Iterable[int | None]) -> str:
        return "、".join(sorted(self.roster.people[each].name for each in ids if each is not None and each in self.roster.people))


def _wrong(zh: str, en: str) -> Misdirected:
    return Misdirected(FaultKind.WRONG, zh, en)
