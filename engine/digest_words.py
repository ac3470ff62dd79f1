"""What a digest says about a duty, and about itself. Pure.

In: notices with whom they reach, and the day. Out: sentences.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from engine.calls import Call, DigestDay, DutyRow
from engine.clocks import Clock, Kind
from engine.completion import Completion
from engine.escalation import Reached
from models import AssignmentState
from notifications.wording import day_in
from office.policy import LEVEL_WORDS, Level
from office.text import Text
from office.workdays import workdays_after, workdays_between

OWN = Text("您的任务", "Your duties")
WENT_UP = Text("报到您这里的任务", "Duties that have come up to you")
TO_REVIEW = Text("等待您审核", "Waiting for your review")
UNREAD = Text("报到您这里：仍未签收", "Come up to you: not acknowledged")
NOTHING_SAID = Text("尚未反馈", "nothing said yet")
CAME_TODAY = Text("今天报到您这里", "came up to you today")
SOON = 20  # working days: what is due later is given no number of them
NOBODY = Text("没有人可以通知的任务", "Duties of which nobody can be told")


def said_about(row: DutyRow, how: Completion, calls: Sequence[Call], *, own: bool, day: DigestDay) -> tuple[Text, ...]:
    """The sentences about one duty: how late it is, then what is new."""
    said = [_standing(day.clock(row), how, day.on)] if row.state is not AssignmentState.REPORTED else []
    if row.make_up and said:
        said.append(Text("补办：下发时已过期限，从下发之日起算", "to be made up: due before it was issued, counted from the issue"))
    return tuple(dict.fromkeys(each for each in (*said, *news_about(calls, own=own, day=day)) if each.zh))


def news_about(calls: Sequence[Call], *, own: bool, day: DigestDay) -> tuple[Text, ...]:
    """What is new: what is called for, who was passed over, what is made up."""
    said: list[Text] = []
    for call in calls:
        said += _new(call, own=own, day=day)
        said += call.reached.skipped if not own or call.reached.level is not Level.ASSIGNEE else ()
        if call.made_up_of is not None:
            on = day_in(call.made_up_of, day.on.year, "zh"), day_in(call.made_up_of, day.on.year, "en")
            said.append(Text(f"本应{on[0]}通知，当天没有运行，今天补发", f"should have been said on {on[1]}, when nobody looked"))
    return tuple(dict.fromkeys(each for each in said if each.zh))


def _standing(clock: date, how: Completion, today: date) -> Text:
    if how is Completion.OVERDUE:
        over = workdays_between(clock, today)
        return Text(f"逾期{over}个工作日", f"overdue by {over} working {_days(over)}") if over else Text("已逾期", "overdue")
    if clock == today:
        return Text("今天到期", "due today")
    left = workdays_between(today, clock)
    return Text(f"还有{left}个工作日到期", f"due in {left} working {_days(left)}") if left < SOON else Text("", "")


def _days(count: int) -> str:
    return "day" if count == 1 else "days"


def _new(call: Call, *, own: bool, day: DigestDay) -> list[Text]:
    stage = call.stage
    if stage.kind is Kind.NOTE:
        return [_goes_up(call, day)]
    if stage.kind is Kind.REVIEW:
        return [
            Text(
                f"报送已等待审核{stage.workdays}个工作日",
                f"reported, has waited {stage.workdays} working {_days(stage.workdays)} for review",
            )
        ]
    if stage.clock is Clock.ACKNOWLEDGEMENT:
        waits = Text(f"下发后第{stage.workdays}个工作日仍未签收", f"not acknowledged {stage.workdays} working days after it was sent")
        return [waits, _went_up(call.reached) if own else CAME_TODAY] if stage.goes_up else [waits]
    if stage.goes_up:
        return [_went_up(call.reached)] if own else [CAME_TODAY]
    return []


def _went_up(reached: Reached) -> Text:
    names = names_of(reached)
    return Text(f"今天已报{names.zh}", f"went up to {names.en} today")


def _goes_up(call: Call, day: DigestDay) -> Text:
    """To whom it goes up next; nothing for whom it is that reads it in the assignee's place."""
    reached = call.goes_up_to
    if reached is None or reached.people == call.reached.people:
        return Text("", "")
    on, names = workdays_after(day.on, 1), names_of(reached)
    when = Text(day_in(on, day.on.year, "zh"), day_in(on, day.on.year, "en"))
    if (on - day.on).days == 1:  # with its date: a mail may be read later than it was written
        when = Text(f"明天（{when.zh}）", f"tomorrow ({when.en})")
    at = day.policy.mail.goes_up_at
    unread = call.stage.clock is Clock.ACKNOWLEDGEMENT
    waits = Text("仍未签收的", "unless it is acknowledged") if unread else Text("仍未报送的", "unless it is reported")
    return Text(f"{waits.zh}，{when.zh}{at}报{names.zh}", f"{waits.en}, it goes up to {names.en} {when.en} at {at}")


def names_of(reached: Reached) -> Text:
    """Whom something went up to: 联系领导吴望舒."""
    if not reached.people:
        return Text("计划员", "the planning officer")
    words = LEVEL_WORDS[reached.level]
    if reached.level is Level.PARTY_GROUP:
        return Text("党组各成员", "the members of the party group")
    return Text(f"{words.zh}{reached.people[0]}", f"{words.en} {reached.people[0]}")


class Counts(NamedTuple):
    """How many duties a digest has, of each kind."""

    nobody: int = 0
    new: int = 0  # of what came up to the reader
    went_up: int = 0
    overdue: int = 0  # of the reader's own, like those below
    due_soon: int = 0
    not_acknowledged: int = 0
    unread: int = 0  # of others
    to_review: int = 0


_COUNTED = (
    ("nobody", "项任务无人可通知", " without anybody to tell"),
    ("new", "项今天报到您这里", " came up to you today"),
    ("went_up", "项报到您这里、尚未办结", " came up to you and are open"),
    ("overdue", "项逾期", " overdue"),
    ("due_soon", "项临近到期", " due soon"),
    ("not_acknowledged", "项待签收", " to acknowledge"),
    ("unread", "项未签收的任务报到您这里", " that nobody acknowledged came up to you"),
    ("to_review", "项待审核", " to review"),
)


def subject_words(counts: Counts) -> Text:
    """What matters most, in at most two parts."""
    parts = _counted(counts)[:2]
    return Text("督办：" + "，".join(part.zh for part in parts), "Follow-up: " + ", ".join(part.en for part in parts))


def first_words(counts: Counts, calls: Iterable[Call], day: DigestDay) -> tuple[Text, ...]:
    """What stands on top: all of it in one sentence, what of it came up today, and what goes up next."""
    found = list(calls)
    parts = _counted(counts)
    summary = Text("，".join(part.zh for part in parts) + "。", ", ".join(part.en for part in parts) + ".")
    notes = Counter(_goes_up(call, day) for call in found if call.goes_up_to is not None)
    said = [Text(f"{count}项{note.zh}。", f"{count}: {note.en}.") for note, count in notes.items() if note.zh]
    return (summary, *said)


def _counted(counts: Counts) -> list[Text]:
    if counts.new == counts.went_up:  # all of it came today
        counts = counts._replace(went_up=0)
    return [Text(f"{count}{zh}", f"{count}{en}") for name, zh, en in _COUNTED if (count := getattr(counts, name))]
