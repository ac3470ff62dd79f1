"""One assignment → its card: everything that its run on the board shows on a day. Pure; no Prefect, no database.

In: a `Duty`, the day, the office's time zone. Out: a `Card`; and of a history, the lines of the run's log.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from board import links
from board.duties import Duty, Event, Reported
from board.forms import report_words, review_form, target_of
from board.markdown import link, plain, shortened
from board.states import state_of
from board.values import Artifact, Face, Form, Line, State
from engine.completion import Completion, clock_due_on, completion, turns_on
from engine.directory import UnitClass, class_of
from engine.escalation import ESCALATE
from engine.history import ASK_EXTENSION, EXTEND, NOT_COUNTED
from engine.listing import BY_WORDS, EVENT_WORDS
from engine.moves import Action
from intake.values import UnitRow
from office.text import Text

CONTENT_SHOWN = 16  # characters of the duty in the name of a run: names stand in a list
_END_OF_CLAUSE = re.compile(r"[。；;，,：:\n]")
DIGITS = 32  # of each of the two digests, face and state, that `BoardRun.digest` holds; the face alone: the state is to be sent


@dataclass(frozen=True, slots=True)
class Card:
    """What the run of one assignment shows."""

    assignment_id: int
    natural_key: str
    version: int  # of the assignment
    how: Completion
    face: Face
    state: State  # without the keyset of its form
    first_state: State  # with which its run is created: only a SCHEDULED one gives a run its due day, and for good
    extended: bool  # its due day has moved: a run that begins on another one is to be made anew
    form: Form | None  # of a 待审核
    look_again_on: date | None  # the day on which it looks different though nothing is done

    @property
    def digest(self) -> str:
        """Of everything shown: 32 digits of its face, then 32 of its state with its form."""
        scheduled = f"{self.state.scheduled_at}" if self.state.scheduled_at else ""
        form = [self.form.base, self.form.schema, self.form.description] if self.form else None
        return self.face_digest + _digest([self.state.kind, self.state.name, self.state.message, scheduled, form])

    @property
    def face_digest(self) -> str:
        return _digest([self.face.name, self.face.tags, dict(self.face.parameters)])

    def shows_face_of(self, digest: str) -> bool:
        """Whether the face is the one of a stored digest."""
        return digest[:DIGITS] == self.face_digest

    def shows_state_of(self, digest: str) -> bool:
        return digest[DIGITS:] == self.digest[DIGITS:]


def card_of(duty: Duty, *, today: date, zone: ZoneInfo) -> Card:
    """How `duty` stands on the civil day `today`, as its run shows it."""
    clock = clock_due_on(duty.due_on, make_up=duty.make_up, issued_on=duty.issued_at.astimezone(zone).date())
    how = completion(duty.state, clock_due_on=clock, done_on=duty.done_on, today=today, warning_days=duty.warning_days)
    first_state = replace(state_of(Completion.SENT, _message(duty, Completion.SENT)), scheduled_at=end_of(duty.due_on, zone))
    return Card(
        assignment_id=duty.id,
        natural_key=duty.natural_key,
        version=duty.version,
        how=how,
        face=Face(name_of(duty), tags_of(duty, how), parameters_of(duty)),
        state=first_state if how is Completion.SENT else state_of(how, _message(duty, how)),
        first_state=first_state,
        extended=duty.original_due_on is not None,
        form=review_form(duty, zone) if how is Completion.REPORTED and duty.waiting else None,
        look_again_on=turns_on(duty.state, clock_due_on=clock, today=today, warning_days=duty.warning_days),
    )


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a civil day."""
    return datetime.combine(day, time(23, 59, 59), zone)


def name_of(duty: Duty) -> str:
    """What a person reads in a list of runs: 07 每月主题党日 · 3月 · 养老服务支部."""
    number = duty.number.strip().rstrip(".．、")
    number = f"{int(number):02d}" if number.isascii() and number.isdigit() else number
    return " · ".join(part for part in (f"{number} {_short(duty.content or duty.text)}".strip(), duty.period, duty.party) if part)


def _short(text: str) -> str:
    """The first clause, and no more of it than a list has room for."""
    return shortened(_END_OF_CLAUSE.split(text.strip(), maxsplit=1)[0], CONTENT_SHOWN)


def tags_of(duty: Duty, how: Completion) -> tuple[str, ...]:
    """The filters an officer needs, each with its kind before it. How it stands is one too: the new UI's own filter of states drops
    every name that is not Prefect's.
    """
    branch = duty.unit and class_of(UnitRow(duty.unit, duty.unit_kind)) is UnitClass.BRANCH
    tags = [
        (links.YEAR, f"{duty.year}"),
        (links.LIST, duty.list_title),
        (links.SECTION, duty.section),
        (links.BRANCH if branch else links.OFFICE, duty.unit),
        (links.PERSON, duty.person),
        (links.LEADER, duty.leader),
        *((links.CONTACT, name) for name in duty.contacts),
    ]
    named = (links.tag(kind, word) for kind, word in tags if word.strip())
    return tuple(dict.fromkeys((*named, links.due_tag(duty.due_on), links.state_tag(how, duty.year))))


def parameters_of(duty: Duty) -> dict[str, Any]:
    """The whole duty, under the office's words; what nobody gave is left out."""
    given: dict[str, Any] = {
        "事项": duty.content,
        "任务": duty.text,
        "标准": duty.standard,
        "目标": target_of(duty),
        "周期": duty.period,
        "期限": duty.phrase,
        "到期日": f"{duty.due_on}",
        "原到期日": f"{duty.original_due_on}" if duty.original_due_on else "",
        "补办": duty.make_up,
        "责任单位": duty.unit or duty.party,
        "责任人": duty.person,
        "责任领导": duty.leader,
        "联系领导": "、".join(duty.contacts),
        "配合单位": "、".join(duty.assisting),
        "年度": duty.year,
        "清单": duty.list_title,
        "板块": duty.section,
        "序号": duty.number,
        "位置": duty.address,
        "编号": duty.id,
    }
    return {name: value for name, value in given.items() if value not in ("", False)}


def _message(duty: Duty, how: Completion) -> str:
    """What stands under the state's name. Few different ones: runs of one state go to the server together."""
    due = f"{civil(duty.due_on)}到期"
    if how is Completion.REPORTED:
        return "已报送，点 Resume 填写审核结论"
    if how is Completion.WITHDRAWN:
        return duty.why
    if how is Completion.RETURNED:
        return f"{duty.why}（{due}）"
    if duty.done_on is not None and how in (Completion.DONE_IN_TIME, Completion.DONE_LATE):
        return f"{civil(duty.done_on)}办结，{due}"
    if how is Completion.OVERDUE and duty.why:
        return f"{due}，退回后尚未办结：{duty.why}"
    return f"{due}，尚未办结" if how is Completion.OVERDUE else due


def civil(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def lines(run_id: str, history: Sequence[Event], reports: Mapping[int, Reported]) -> list[Line]:
    """The log of a run: a line a row of the history, at its own time. Rows of one instant are told apart by a microsecond, so that
    they keep their order. `reports`: by their numbers; what proves them stands in the log too, which every run shows.
    """
    written: list[Line] = []
    number = 0
    for event in history:
        number += is_report(event)
        proofs = reports[number].evidence if is_report(event) and number in reports else ()
        at = event.at
        if written and at <= written[-1].at:
            at = written[-1].at + timedelta(microseconds=1)
        text = "\n".join([line_of(event), *(f"佐证材料：{name} {url}" for name, url in proofs)])
        written.append(Line(run_id, at, text, warning=event.action == NOT_COUNTED))
    return written


def line_of(event: Event) -> str:
    """One row of a history as a sentence: 退回 · 计划员：请补充照片."""
    said = f"{_in_words(event.action, EVENT_WORDS)} · {_in_words(event.by, BY_WORDS)}"
    if event.action in (ASK_EXTENSION, EXTEND):
        said += f" · {event.from_value} → {event.to_value}"
    elif event.action == ESCALATE and event.to_value:
        said += f" → {event.to_value}"
    return f"{said}：{event.reason}" if event.reason else said


def _in_words(value: str, words: Mapping[str, Text]) -> str:
    return words[value].zh if value in words else value


def report_page(run_id: str, duty: Duty, report: Reported, zone: ZoneInfo) -> Artifact:
    """A report with its evidence as a page of its run. The links stand in its description too: that is what the run's page shows."""
    title = f"办理情况（第{report.number}次报送）"
    words = report_words(duty, report, zone)
    description = " · ".join([title, *(link(name, url) for name, url in report.evidence)])
    return Artifact("markdown", f"# {title}\n\n{plain(name_of(duty))}\n\n{words}", description, run_id=run_id)


def is_report(event: Event) -> bool:
    return event.action == Action.REPORT


def _digest(shown: list[Any]) -> str:
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:DIGITS]
