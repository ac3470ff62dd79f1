"""议定事项: what a meeting decided, a line each, as a list of duties.

In: lines `事项 | 责任单位或责任人 | 完成时限 | 责任领导` (the last may be left out), the day of the meeting and that of the next. Out: a
`ListReading` with one item a line and a problem for each line that cannot be read. Dates are read as in any list, in the year of the
meeting; 会后7日内, 一周内 and the like are counted from the meeting, and of what recurs only what is still to come is owed.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from intake.deadlines import read_deadline
from intake.parties import read_parties, split_names
from intake.values import Deadline, Item, ListReading, Note, Parties, Period, Step
from office.text import Refused, Text, plain
from office.workdays import workdays_after

MOST_LINES = 200
LONGEST = 1000  # characters of one decision
_BAR = re.compile(r"[|｜]")
_NEXT_MEETING = re.compile("下一?次例会")
_HOW = Text(
    "每行写：事项 | 责任单位或责任人 | 完成时限 | 责任领导（可空）", "a line reads: duty | party or person | deadline | leader (or none)"
)


def title_of_decisions(held_on: date, batch: int = 0) -> str:
    """2026年3月31日例会议定事项; what is entered later, batch by batch: …（补充）, …（补充2）."""
    added = "" if not batch else "（补充）" if batch == 1 else f"（补充{batch}）"
    return f"{held_on.year}年{held_on.month}月{held_on.day}日例会议定事项{added}"


def read_decisions(text: str, held_on: date, next_on: date | None = None) -> ListReading:
    """Read the lines; empty ones are passed over. Its addresses are the numbers of the lines, 第3行."""
    items: list[Item] = []
    problems: list[Note] = []
    questions: list[Note] = []
    for number, written in enumerate(text.splitlines(), start=1):
        if not (line := plain(written)):
            continue
        address = f"第{number}行"
        try:
            item = _item(line, address, len(items) + len(problems) + 1, held_on, next_on)
        except Refused as refusal:
            problems.append(Note(address, refusal.text))
            continue
        items.append(item)
        if (ask := item.steps[0].deadline.ask) is not None:
            questions.append(Note(address, ask))
    if len(items) > MOST_LINES:
        raise Refused(Text(f"一次至多 {MOST_LINES} 条议定事项", f"At most {MOST_LINES} decisions at once"))
    return ListReading(title_of_decisions(held_on), tuple(items), tuple(questions), tuple(problems))


def _item(line: str, address: str, number: int, held_on: date, next_on: date | None) -> Item:
    fields = [" ".join(field.split()) for field in _BAR.split(line)]
    if not 3 <= len(fields) <= 4:
        raise Refused(Text(f"有{len(fields)}栏；{_HOW.zh}", f"It has {len(fields)} fields; {_HOW.en}"))
    content, whose, phrase, leader = (*fields, "")[:4]
    for value, what in (
        (content, Text("事项", "the duty")),
        (whose, Text("责任单位或责任人", "who does it")),
        (phrase, Text("完成时限", "by when")),
    ):
        if not value:
            raise Refused(Text(f"没有写{what.zh}；{_HOW.zh}", f"It does not say {what.en}; {_HOW.en}"))
    if len(content) > LONGEST:
        raise Refused(Text(f"事项至多 {LONGEST} 字", f"A decision has at most {LONGEST} characters"))
    parties = replace(read_parties(whose, "responsible"), leader=split_names(leader))
    if parties == Parties(leader=parties.leader):
        raise Refused(Text(f"“{whose}”不是责任单位或责任人", f"{whose} is no party and no person"))
    step = Step(content, address, _deadline(phrase, held_on, next_on), parties)
    return Item(content, address, (step,), number=str(number), parties=parties)


def _deadline(phrase: str, held_on: date, next_on: date | None) -> Deadline:
    if _NEXT_MEETING.search(phrase) and next_on is not None:
        return Deadline(phrase, (Period(phrase, held_on, next_on),))
    deadline = read_deadline(phrase, held_on.year)
    if deadline.problem is not None:
        raise Refused(deadline.problem)
    if (counted := deadline.relative) is not None and not deadline.periods:
        due_on = workdays_after(held_on, counted.days) if counted.working else held_on + timedelta(days=counted.days)
        return replace(deadline, periods=(Period(phrase, held_on, due_on),), relative=None, ask=None)
    if not deadline.periods or (deadline.standing and deadline.ask is not None):
        raise Refused(Text(f"“{phrase}”不是确切的时限，例：7月20日前、会后两周内", f"{phrase} is no date, like 7月20日前 or 会后两周内"))
    ahead = tuple(replace(period, starts_on=max(period.starts_on, held_on)) for period in deadline.periods if period.due_on >= held_on)
    if not ahead:
        last = deadline.periods[-1].due_on
        said = Text(
            f"“{phrase}”读作{last}，早于例会；明年的请写明年份", f"{phrase} is {last}, before the meeting; of the next year, name the year"
        )
        raise Refused(said)
    return replace(deadline, periods=ahead)
