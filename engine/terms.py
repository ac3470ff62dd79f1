"""Who is who as terms begin and end: the way up, the leaders and the successors on each day of a year. Pure.

In: a roster with the terms of its posts. Out: for any day its `Chain` and its `Owners`, each made once for all days between two changes.
"""

from bisect import bisect_right
from datetime import date, timedelta

from engine.directory import Directory
from engine.escalation import Chain
from engine.planning import Owners
from intake.values import Roster


class Terms:
    """A roster over the days of a year. Nobody is on leave in it."""

    def __init__(self, roster: Roster, *, from_on: date) -> None:
        begun = {post.starts_on for post in roster.posts if post.starts_on is not None}
        ended = {post.ends_on + timedelta(days=1) for post in roster.posts if post.ends_on is not None}
        self.roster = roster
        self.from_on = from_on
        self.changes = tuple(sorted(day for day in begun | ended if day > from_on))  # days on which somebody's term begins or is over
        self.addresses = {person.name: person.email for person in roster.people}
        self.covering: dict[str, tuple[str, ...]] = {}  # who covers each branch
        for point in roster.contact_points:
            self.covering[point.branch] = (*self.covering.get(point.branch, ()), point.leader)
        self._chains: dict[date, Chain] = {}
        self._owners: dict[date, Owners] = {}

    def since(self, on: date) -> date:
        """The first day from which everybody holds what they hold on this one."""
        place = bisect_right(self.changes, on)
        return self.changes[place - 1] if place else self.from_on

    def chain(self, on: date) -> Chain:
        since = self.since(on)
        if since not in self._chains:
            self._chains[since] = Chain(Directory(self.roster, since), {}, self.addresses)
        return self._chains[since]

    def owners(self, on: date) -> Owners:
        since = self.since(on)
        if since not in self._owners:
            self._owners[since] = Owners(self.roster, since)
        return self._owners[since]
