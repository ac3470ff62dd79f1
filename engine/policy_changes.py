"""更改督办规则: which notices about open duties come on another day when another policy holds for their lists.

In: a policy, lists, the civil day from which it is to hold. Out: the change of each list, counted, with examples; stored only by
`change_policy`. It is foreseen as if nothing was done about the duties meanwhile. The note of the day before goes with what goes up.
"""

import enum
import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calls import duty_rows
from engine.clocks import Clock, Kind, Owed, Running, Stage, decide, schedule
from engine.follow_up import said_before
from engine.history import IDS_A_QUERY
from engine.moves import OPEN
from engine.policies import PolicyBook, adopt, policy_book, terms_of
from engine.running import running_of
from models import Assignment, Item, Step
from office.policy import LEVEL_WORDS, Level, Policy, Rules
from office.text import Refused, Text
from office.workdays import is_workday, workdays_after

EXAMPLES = 10  # of each list
Key = tuple[str, date, str]  # of a notice in the ledger: clock, the day that tells its run from another one, stage


class Shift(enum.StrEnum):
    """How a notice differs under the other rules."""

    EARLIER = "earlier"
    LATER = "later"
    NEW = "new"
    DROPPED = "dropped"


SHIFT_WORDS: Mapping[Shift, Text] = {
    Shift.EARLIER: Text("提前", "earlier"),
    Shift.LATER: Text("推后", "later"),
    Shift.NEW: Text("新增", "new"),
    Shift.DROPPED: Text("取消", "dropped"),
}


class Moved(NamedTuple):
    """One notice on its day before and after the change; None: it does not come."""

    stage: Stage
    before_on: date | None
    after_on: date | None

    @property
    def shift(self) -> Shift:
        if self.before_on is None:
            return Shift.NEW
        if self.after_on is None:
            return Shift.DROPPED
        return Shift.EARLIER if self.after_on < self.before_on else Shift.LATER

    @property
    def goes_up_earlier(self) -> bool:
        return self.stage.goes_up and self.shift in (Shift.EARLIER, Shift.NEW)


@dataclass(frozen=True, slots=True)
class Example:
    """One moved notice, with the duty that it is about; `alike` are as many as move in the same way, this one among them."""

    assignment_id: int
    person: str
    party: str
    content: str
    period: str
    moved: Moved
    alike: int


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a policy means for one list. Counts are of open assignments; one may count in several."""

    list_id: int
    title: str
    holds_already: bool
    assignments: int  # open
    shifted: Mapping[Shift, int]
    goes_up_earlier: int
    goes_up_at_once: int  # of them, those of which somebody above hears on the first day
    examples: tuple[Example, ...]  # what goes up earlier first
    until: date | None  # the day from which yet another policy was decided before; None: there is none

    @property
    def said(self) -> Text:
        """One sentence for the officer."""
        counts = [(SHIFT_WORDS[shift], self.shifted[shift]) for shift in Shift if self.shifted.get(shift)]
        zh = f"未办结任务{self.assignments}项，其中提醒" + "、".join(f"{words.zh}的{count}项" for words, count in counts)
        en = f"of {self.assignments} open assignments, those with notices: " + ", ".join(f"{words.en} {count}" for words, count in counts)
        if self.holds_already:
            zh, en = "用的已是这份规则，没有变化", "has this policy already; nothing changes"
        elif not counts:
            zh = f"未办结任务{self.assignments}项，提醒的日期都不变"
            en = f"of {self.assignments} open assignments no notice moves"
        if self.goes_up_earlier:
            zh += f"；更早上报{self.goes_up_earlier}项，其中{self.goes_up_at_once}项第一天即上报"
            en += f"; {self.goes_up_earlier} go up earlier, {self.goes_up_at_once} of them on the first day"
        if self.until is not None:
            zh += f"；自{self.until}起另有已定的规则"
            en += f"; from {self.until} on another policy was decided on"
        return Text(f"《{self.title}》：{zh}", f"“{self.title}”: {en}")


def notice_words(stage: Stage) -> Text:
    """A notice, as the officer reads it."""
    level = LEVEL_WORDS[stage.level]
    if stage.kind is Kind.WARNING:
        return Text(f"到期前第{stage.workdays}个工作日预警", f"warning {stage.workdays} working days before")
    if stage.kind is Kind.REVIEW:
        return Text(f"报送后第{stage.workdays}个工作日催审核", f"reminder of a review after {stage.workdays} working days")
    if stage.clock is Clock.ACKNOWLEDGEMENT:
        if stage.level is Level.ASSIGNEE:
            return Text("催签收", "reminder to acknowledge")
        return Text(f"未签收，告知{level.zh}", f"not acknowledged: to the {level.en}")
    if stage.level is Level.ASSIGNEE:
        return Text("逾期提醒责任人", "overdue: to the assignee")
    return Text(f"逾期，报{level.zh}", f"overdue: up to the {level.en}")


def moved_notices(running: Running, before: Rules, after: Rules, said: Collection[Key], *, from_on: date) -> tuple[Moved, ...]:
    """The notices that come on another day when `after` holds in place of `before` from a civil day on; `said` are those in the ledger."""
    first = from_on if is_workday(from_on) else workdays_after(from_on, 1)
    said = {*said, *(owed.stage.key for owed in schedule(running, before) if owed.owed_on < first)}
    then, now = (_ahead(running, rules, said, first) for rules in (before, after))
    moved = []
    for key in {**then, **now}:
        was, will = then.get(key), now.get(key)
        stage = will.stage if will else then[key].stage
        moved.append(Moved(stage, was and was.owed_on, will and will.owed_on))
    return tuple(each for each in moved if each.before_on != each.after_on)


def _ahead(running: Running, rules: Rules, said: Collection[Key], first: date) -> dict[Key, Owed]:
    """What is told from a working day on, by the keys of the notices: what was reached before it is told on it, like by the follow-up."""
    reached = [Owed(first, each.owed.stage) for each in decide(running, rules, said, first).said if each.told]
    later = [owed for owed in schedule(running, rules) if owed.owed_on > first and owed.stage.key not in said]
    return {owed.stage.key: owed for owed in (*reached, *later) if owed.stage.kind is not Kind.NOTE}


def foresee_policy(session: Session, policy: Policy, lists: Mapping[int, str], *, from_on: date, zone: ZoneInfo) -> tuple[ListChange, ...]:
    """What it would mean that `policy` holds for these lists (id → title) from a civil day on."""
    book = policy_book(session, from_on)
    return tuple(_list_change(session, book, policy, list_id, title, from_on, zone) for list_id, title in lists.items())


def change_policy(
    session: Session, policy: Policy, list_ids: Collection[int], *, from_on: date, by: str, zone: ZoneInfo, now: datetime
) -> int:
    """Let a policy hold for these lists from a civil day on; for how many it did not hold yet. Refuses a day that is over."""
    refuse_past(from_on, now.astimezone(zone).date())
    return adopt(session, list_ids, policy, from_on=from_on, by=by, now=now)


def refuse_past(from_on: date, today: date) -> None:
    """What was said by the rules of a day that is over stays said."""
    if from_on < today:
        raise Refused(Text(f"{from_on}已经过去，最早可从今天（{today}）起用", f"{from_on} is over: it can hold from today ({today}) on"))


def _list_change(session: Session, book: PolicyBook, policy: Policy, list_id: int, title: str, from_on: date, zone: ZoneInfo) -> ListChange:
    items = _items(session, list_id)
    first = from_on if is_workday(from_on) else workdays_after(from_on, 1)
    shifted: Counter[Shift] = Counter()
    earlier = at_once = 0
    alike: dict[tuple[str, str, date | None, date | None], list[tuple[int, Moved]]] = defaultdict(list)
    ids = sorted(items)
    for start in range(0, len(ids), IDS_A_QUERY):
        some = ids[start : start + IDS_A_QUERY]
        said = said_before(session, some)
        for assignment_id, running in running_of(session, some, zone=zone).items():
            rules = policy.rules_of(title, *items[assignment_id])
            moved = moved_notices(running, book.rules(list_id, *items[assignment_id]), rules, said[assignment_id], from_on=from_on)
            shifted.update({each.shift for each in moved})
            up = [each.after_on for each in moved if each.goes_up_earlier]
            earlier += bool(up)
            at_once += first in up
            for each in moved:
                alike[each.stage.clock, each.stage.name, each.before_on, each.after_on].append((assignment_id, each))
    return ListChange(
        list_id=list_id,
        title=title,
        holds_already=book.policies.get(list_id) == policy,
        assignments=len(ids),
        shifted=shifted,
        goes_up_earlier=earlier,
        goes_up_at_once=at_once,
        examples=_examples(session, heapq.nsmallest(EXAMPLES, alike.values(), key=_rank)),
        until=next((term.from_on for term in terms_of(session, list_id) if term.from_on > from_on), None),
    )


def _items(session: Session, list_id: int) -> dict[int, tuple[str, str]]:
    """The numbers and addresses of the items of a list's open assignments, by the assignments' ids."""
    rows = session.execute(
        select(Assignment.id, Item.number, Item.address)
        .join(Step, Step.id == Assignment.step_id)
        .join(Item, Item.id == Step.item_id)
        .where(Item.list_id == list_id, Assignment.state.in_(OPEN))
    )
    return {assignment_id: (number, address) for assignment_id, number, address in rows}


def _rank(alike: Sequence[tuple[int, Moved]]) -> tuple[bool, date, int]:
    """What goes up earlier comes first, then what comes soonest, then what there is most of."""
    moved = alike[0][1]
    return not moved.goes_up_earlier, min(day for day in (moved.before_on, moved.after_on) if day), -len(alike)


def _examples(session: Session, found: Sequence[Sequence[tuple[int, Moved]]]) -> tuple[Example, ...]:
    """The first of each of those that are alike."""
    rows = {row.id: row for row in duty_rows(session, [alike[0][0] for alike in found])}
    examples = []
    for alike in found:
        assignment_id, moved = alike[0]
        row = rows[assignment_id]
        examples.append(Example(assignment_id, row.person or "", row.party, row.content or row.text, row.period, moved, len(alike)))
    return tuple(examples)
