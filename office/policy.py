"""督办规则: when whom is told of a duty, as the office's `policy.toml` says it; what it leaves out has the defaults of FIELD.md section 5.

In: the text of a policy. Out: a `Policy`, and from it the `Rules` of one item of one list. All numbers are working days.
"""

import enum
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from office.text import Refused, Text
from office.workdays import is_workday

MOST_WORKDAYS = 250  # about a year


class Level(enum.IntEnum):
    """Who is told of a duty that is not done, from below upwards (逐级上报)."""

    ASSIGNEE = 0
    CONTACT_LEADER = 1
    PRINCIPAL = 2
    PARTY_GROUP = 3


class Colour(enum.StrEnum):
    """蓝、黄、红色督办单."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


LEVEL_WORDS: Mapping[Level, Text] = {
    Level.ASSIGNEE: Text("责任人", "assignee"),
    Level.CONTACT_LEADER: Text("联系领导", "contact leader"),
    Level.PRINCIPAL: Text("主要负责人", "principal"),
    Level.PARTY_GROUP: Text("党组", "party group"),
}
COLOUR_WORDS: Mapping[Colour, Text] = {
    Colour.BLUE: Text("蓝色督办单", "blue notice"),
    Colour.YELLOW: Text("黄色督办单", "yellow notice"),
    Colour.RED: Text("红色督办单", "red notice"),
}

Workdays = Annotated[int, Field(ge=1, le=MOST_WORKDAYS)]
LevelName = Literal["assignee", "contact_leader", "principal", "party_group"]


def _falling(days: tuple[int, ...]) -> tuple[int, ...]:
    if tuple(sorted(set(days), reverse=True)) != days:
        raise ValueError("falling")
    return days


def _rising(days: tuple[int, ...]) -> tuple[int, ...]:
    if tuple(sorted(set(days))) != days:
        raise ValueError("rising")
    return days


def _clock(written: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written):
        raise ValueError("clock")
    return written


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class WarningDays(_Part):
    before: Annotated[tuple[Workdays, ...], Field(max_length=10), AfterValidator(_falling)]


class Acknowledgement(_Part):
    assignee: Workdays
    contact_leader: Workdays


class Levels(_Part):
    """On which working day after the due date each level is told."""

    assignee: Workdays
    contact_leader: Workdays
    principal: Workdays
    party_group: Workdays

    @model_validator(mode="after")
    def _upwards(self) -> "Levels":
        days = [self.at(level) for level in Level]
        if days != sorted(days):
            raise ValueError("upwards")
        return self

    def at(self, level: Level) -> int:
        return int(getattr(self, level.name.lower()))


class Review(_Part):
    after: Annotated[tuple[Workdays, ...], Field(max_length=5), AfterValidator(_rising)]


class NoticeColours(_Part):
    yellow_from: LevelName
    red_from: LevelName


class Mailing(_Part):
    goes_up_at: Annotated[str, AfterValidator(_clock)]
    a_day: Annotated[int, Field(ge=1, le=100)]
    may_skip_warnings: tuple[Workdays, ...]

    @property
    def goes_up_at_time(self) -> time:
        return time.fromisoformat(self.goes_up_at)


class Meeting(_Part):
    every: Literal["month", "quarter", "never"]
    workday: Annotated[int, Field(ge=-20, le=20)]
    prepare_before: Workdays

    @model_validator(mode="after")
    def _some_day(self) -> "Meeting":
        if self.workday == 0:
            raise ValueError("some day")
        return self


class Rules(_Part):
    """What holds for one item of one list."""

    warning: WarningDays
    acknowledgement: Acknowledgement
    overdue: Levels
    urgent: Levels
    review: Review
    notice: NoticeColours
    is_urgent: bool = False

    @property
    def levels(self) -> Levels:
        """The days after the due date that hold: an urgent item goes up directly."""
        return self.urgent if self.is_urgent else self.overdue

    @property
    def warning_days(self) -> int:
        """How many working days before its due date a duty counts as 临期; 0: never."""
        return max(self.warning.before, default=0)

    def colour(self, level: Level) -> Colour:
        """The colour of the notice of a level that an overdue duty has reached."""
        if level >= Level[self.notice.red_from.upper()]:
            return Colour.RED
        return Colour.YELLOW if level >= Level[self.notice.yellow_from.upper()] else Colour.BLUE


_RULES = ("warning", "acknowledgement", "overdue", "urgent", "review", "notice")
_PLACES = {  # what a value has to be, by the kind of fault that pydantic or the functions above name
    "falling": Text("应从大到小、不重复", "has to fall, each number once"),
    "rising": Text("应从小到大、不重复", "has to rise, each number once"),
    "clock": Text("应为时刻，例：09:00", "has to be a time like 09:00"),
    "upwards": Text("各级天数应逐级不减", "the days have to rise, or stay, from level to level"),
    "some day": Text("workday 不能为 0", "workday cannot be 0"),
    "extra_forbidden": Text("没有这个项目", "there is no such entry"),
    "missing": Text("没有写", "is missing"),
    "literal_error": Text("不是可用的词", "is none of the words that it can be"),
    "greater_than_equal": Text("太小", "is too small"),
    "less_than_equal": Text("太大", "is too large"),
    "too_long": Text("太多", "has too many"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where one list, or one of its items, differs."""

    list_title: str
    item: str  # its number; empty: the whole list
    is_urgent: bool | None
    parts: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as it was read. Equal texts are equal policies."""

    text: str
    rules: Rules
    mail: Mailing
    meeting: Meeting
    exceptions: tuple[Difference, ...] = field(default=(), compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def rules_of(self, list_title: str, item: str) -> Rules:
        """What holds for an item, by its number: its list's exceptions first, its own over them."""
        return _rules_of(self, list_title, item)

    def __hash__(self) -> int:
        return hash(self.text)


@lru_cache(maxsize=65536)
def _rules_of(policy: Policy, list_title: str, item: str) -> Rules:
    found = [each for each in policy.exceptions if each.list_title == list_title and each.item in ("", item)]
    rules = policy.rules
    for each in sorted(found, key=lambda each: bool(each.item)):
        rules = _changed(rules, each)
    return rules


def _changed(rules: Rules, by: Difference) -> Rules:
    values = rules.model_dump()
    for name, part in by.parts.items():
        values[name] = {**values[name], **part}
    if by.is_urgent is not None:
        values["is_urgent"] = by.is_urgent
    return Rules.model_validate(values)


@cache
def default_text() -> str:
    """The policy that holds where the office has none of its own, with what each entry means."""
    return files("office").joinpath("policy.toml").read_text(encoding="utf-8")


@cache
def default_policy() -> Policy:
    return read_policy(default_text(), place="policy.toml")


@lru_cache(maxsize=64)
def read_policy(text: str, *, place: str) -> Policy:
    """A policy from its text; `place` names the file in a refusal. Refuses what is no TOML, unknown entries and wrong values."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(Text(f"不是 TOML 文件：{error}", f"It is no TOML: {error}"), place=place) from None
    exceptions = written.pop("exceptions", [])
    whole = tomllib.loads(default_text()) if text != default_text() else {}
    values = {name: _merged(whole.get(name, {}), written.pop(name, {}), name, place) for name in (*_RULES, "mail", "meeting")}
    for name in written:
        raise Refused(Text(f"没有这个部分：[{name}]", f"There is no part [{name}]"), place=place)
    rules = _valid(Rules, {name: values[name] for name in _RULES}, "", place)
    mail = _valid(Mailing, values["mail"], "mail.", place)
    meeting = _valid(Meeting, values["meeting"], "meeting.", place)
    policy = Policy(text, rules, mail, meeting, tuple(_differences(exceptions, place)))
    for each in policy.exceptions:
        _checked(rules, each, place)
    return policy


def _merged(default: Mapping[str, Any], given: object, name: str, place: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Refused(Text(f"{name} 应为一个部分：[{name}]", f"{name} has to be a part: [{name}]"), place=place)
    return {**default, **given}


def _differences(written: object, place: str) -> Sequence[Difference]:
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        raise Refused(Text("exceptions 应写成 [[exceptions]]", "exceptions have to be written as [[exceptions]]"), place=place)
    found = []
    for number, each in enumerate(written, start=1):
        where = f"{place} [[exceptions]] {number}"
        for name in each.keys() - {"list", "item", *_RULES}:  # `urgent` says here whether it is
            raise Refused(Text(f"没有这个项目：{name}", f"There is no entry {name}"), place=where)
        title, item, urgent = each.get("list"), each.get("item", ""), each.get("urgent")
        if not isinstance(title, str) or not title.strip():
            raise Refused(Text("要写明清单标题 list", "it has to name the list: list = …"), place=where)
        if not isinstance(item, str | int):
            raise Refused(Text("item 应为事项序号", "item has to be the number of an item"), place=where)
        if urgent is not None and not isinstance(urgent, bool):
            raise Refused(Text("urgent 应为 true 或 false", "urgent has to be true or false"), place=where)
        parts = {name: part for name in _RULES if name != "urgent" and isinstance(part := each.get(name), dict)}
        found.append(Difference(" ".join(title.split()), str(item).strip(), urgent, parts))
    return found


def _checked(rules: Rules, each: Difference, place: str) -> None:
    values = rules.model_dump()
    for name, part in each.parts.items():
        values[name] = {**values[name], **part}
    _valid(Rules, values, f"{each.list_title} {each.item} ".replace("  ", " "), place)


def _valid(kind: type[Any], values: Mapping[str, Any], before: str, place: str) -> Any:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=True)[0]
        name = before + ".".join(str(part) for part in fault["loc"])
        cause = str(fault.get("ctx", {}).get("error", "")) or fault["type"]
        said = _PLACES.get(cause, Text("写得不对", "is not right"))
        raise Refused(Text(f"{name}：{said.zh}", f"{name} {said.en}"), place=place) from None


def meetings(meeting: Meeting, year: int) -> tuple[date, ...]:
    """The days of the regular meetings of a year, in their order."""
    if meeting.every == "never":
        return ()
    size = 1 if meeting.every == "month" else 3
    days = []
    for first_month in range(1, 13, size):
        first = date(year, first_month, 1)
        after = date(year + (first_month + size > 12), (first_month + size - 1) % 12 + 1, 1)
        worked = [day for n in range((after - first).days) if is_workday(day := first + timedelta(days=n))]
        place = meeting.workday - 1 if meeting.workday > 0 else meeting.workday
        days.append(worked[max(-len(worked), min(place, len(worked) - 1))])
    return tuple(days)
