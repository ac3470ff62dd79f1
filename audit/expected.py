"""The history of a duty → which notices should be in the ledger by now, and what should have become of each. Pure.

In: what happened to a duty, which policy held when, the moments at which the follow-up looked or should have. Out: for each notice the
look at which it was owed first, and the first one that took place while it was.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from audit.schedule import Key, Owed, Standing, are_told, called_for
from models import AssignmentState
from office.policy import Policy, Rules, default_policy
from office.workdays import is_workday

LOOKS_AT = time(8, 30)  # on working days, in the office's time zone
AT_ONCE = timedelta(minutes=5)  # what happens so close to a look may have been seen by it, or not

ISSUE, HAND_OVER, EXTEND = "issue", "hand over", "extend"
STOPS, RETURNS = ("report", "close", "withdraw"), ("return", "reopen")  # of the clock of completion
CLOCKS_DEPEND_ON = (ISSUE, "acknowledge", "report", "approve", "return", "close", "reopen", "withdraw", HAND_OVER, EXTEND)
_STATES = {state.value: state for state in AssignmentState}


class Event(NamedTuple):
    """A row of the history: one of `CLOCKS_DEPEND_ON`."""

    action: str
    from_value: str | None
    to_value: str | None
    at: datetime


class Term(NamedTuple):
    """From a day on a policy holds for a list; nobody knew of it before it was decided."""

    from_on: date
    decided_at: datetime
    policy: Policy


@dataclass(frozen=True, slots=True)
class Duty:
    """One assignment with its history."""

    id: int
    list_id: int
    list_title: str
    item: str  # its number
    address: str  # where the item stands in its file
    words: str  # whose it is, and what
    person_id: int | None
    state: AssignmentState  # today, as the due date
    due_on: date
    make_up: bool
    issued_at: datetime  # of its list
    events: tuple[Event, ...]


class Span(NamedTuple):
    """A time in which a duty stood in one way under the same rules. `ends_at` is None for the present."""

    begins_at: datetime
    ends_at: datetime | None
    standing: Standing
    rules: Rules
    calls: tuple[Owed, ...]  # in the order in which they come

    def reached(self, day: date) -> tuple[Owed, ...]:
        """What has come by a day."""
        return tuple([owed for owed in self.calls if owed.owed_on <= day])


class Look(NamedTuple):
    at: datetime
    on: date
    held: bool  # False: nobody looked that day


@dataclass(frozen=True)
class Looks:
    """The first look of each working day, in their order. A later one of the day finds that people had their digest already."""

    looks: tuple[Look, ...]

    @cached_property
    def _moments(self) -> list[datetime]:
        return [look.at for look in self.looks]

    @cached_property
    def _days(self) -> list[date]:
        return [look.on for look in self.looks]

    def during(self, span: Span, owed_on: date) -> Sequence[Look]:
        """Those which certainly found the duty in that span, from a day on."""
        first = max(bisect_left(self._moments, span.begins_at + AT_ONCE), bisect_left(self._days, owed_on))
        end = len(self.looks) if span.ends_at is None else bisect_left(self._moments, span.ends_at - AT_ONCE)
        return self.looks[first:end]

    @property
    def missed(self) -> tuple[date, ...]:
        """The working days on which nobody looked."""
        return tuple(look.on for look in self.looks if not look.held)


@dataclass(frozen=True, slots=True)
class Expected:
    """One notice that should be in the ledger."""

    owed: Owed
    look: Look  # the first at which it was owed
    held: Look | None  # the first one that took place while it was
    told: bool  # by the first one, were it held
    still: bool  # whether it is owed today


def looks(runs: Sequence[datetime], *, begins_at: datetime, zone: ZoneInfo, now: datetime) -> Looks:
    """One look a working day from a moment until now: when the follow-up ran first that day, else when it should have."""
    first: dict[date, datetime] = {}
    for at in sorted(runs):
        first.setdefault(at.astimezone(zone).date(), at)
    began_on, today = (moment.astimezone(zone).date() for moment in (begins_at, now))
    found = []
    for day in (began_on + timedelta(days=ahead) for ahead in range((today - began_on).days + 1)):
        if is_workday(day):
            at = first.get(day) or datetime.combine(day, LOOKS_AT, zone)
            if begins_at <= at <= (now if day in first else now - AT_ONCE):
                found.append(Look(at, day, day in first))
    return Looks(tuple(found))


def spans(duty: Duty, terms: Sequence[Term], *, zone: ZoneInfo) -> tuple[Span, ...]:
    """How the duty stood from its issue until today, and by which rules."""
    policies = _policies(terms, zone)
    found = []
    for begins_at, ends_at, standing in _stretches(duty, zone):
        cuts = [at for at, _ in policies if at > begins_at and (ends_at is None or at < ends_at)]
        for begin, end in zip([begins_at, *cuts], [*cuts, ends_at], strict=True):
            policy = next((policy for at, policy in reversed(policies) if at <= begin), default_policy())
            rules = policy.rules_of(duty.list_title, duty.item, duty.address)
            found.append(Span(begin, end, standing, rules, called_for(standing, rules)))
    return tuple(found)


def expected(spans: Sequence[Span], looks: Looks) -> dict[Key, Expected]:
    """The notices that the spans of one duty call for."""
    found: dict[Key, Expected] = {}
    for span in spans:
        for owed in span.calls:
            found_by = looks.during(span, owed.owed_on)
            if not found_by:
                continue
            held = next((look for look in found_by if look.held), None)
            before = found.get(owed.key)
            if before is None:
                told = owed.key in are_told(span.reached(found_by[0].on))
                found[owed.key] = Expected(owed, found_by[0], held, told, span.ends_at is None)
            else:
                still = before.still or span.ends_at is None
                found[owed.key] = Expected(before.owed, before.look, before.held or held, before.told, still)
    return found


def _policies(terms: Sequence[Term], zone: ZoneInfo) -> list[tuple[datetime, Policy]]:
    """From when on which policy was known to hold. Of those that hold on a day the one with the latest first day counts."""
    known = [(max(datetime.combine(term.from_on, time.min, zone), term.decided_at), term) for term in terms]
    moments = sorted({at for at, _ in known})
    return [(at, max((term for since, term in known if since <= at), key=lambda term: term.from_on).policy) for at in moments]


def _stretches(duty: Duty, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime | None, Standing]]:
    """The history, replayed. What it lacks (`zeren database check` says so) is taken from how the duty stands today."""
    issued_on = duty.issued_at.astimezone(zone).date()
    state = next((_STATES.get(event.from_value or "") for event in duty.events if event.action not in (HAND_OVER, EXTEND)), duty.state)
    due_on = _day(next((event.from_value for event in duty.events if event.action == EXTEND), None), duty.due_on)
    standing = Standing(state or AssignmentState.SENT, due_on, sent_on=issued_on, issued_on=issued_on)
    begins_at = None if duty.events and duty.events[0].action == ISSUE else duty.issued_at
    for event in duty.events:
        if begins_at is not None and event.at > begins_at:
            yield begins_at, event.at, _clocked(standing, duty, issued_on)
        begins_at = event.at
        standing = _after(standing, event, event.at.astimezone(zone).date())
    if begins_at is not None:
        yield begins_at, None, _clocked(standing, duty, issued_on)


def _after(standing: Standing, event: Event, day: date) -> Standing:
    """How a duty stands after something happened on a day."""
    if event.action == EXTEND:
        return standing._replace(due_on=_day(event.to_value, standing.due_on))
    if event.action == HAND_OVER:
        return standing._replace(sent_on=day)
    if event.action in STOPS and standing.stopped_on is None:
        standing = standing._replace(stopped_on=day)
    elif event.action in RETURNS and standing.stopped_on is not None:
        standing = standing._replace(stopped_on=None, pauses=(*standing.pauses, (standing.stopped_on, day)))
    state = _STATES.get(event.to_value or "", standing.state)
    return standing._replace(
        state=state,
        sent_on=day if event.action == ISSUE else standing.sent_on,
        issued_on=day if event.action == ISSUE else standing.issued_on,
        returned_on=day if state is AssignmentState.RETURNED else None,
        reported_on=day if state is AssignmentState.REPORTED else None,
    )


def _clocked(standing: Standing, duty: Duty, issued_on: date) -> Standing:
    """补办 has until the day of issue."""
    return standing._replace(due_on=max(standing.due_on, issued_on)) if duty.make_up else standing


def _day(written: str | None, otherwise: date) -> date:
    """A day as the history writes it; what was edited there is for `zeren database check` to say."""
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return otherwise
