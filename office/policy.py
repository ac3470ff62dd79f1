"""督办规则: when whom is told of a duty, as the office's `policy.toml` says it; what it leaves out has the defaults of FIELD.md section 5.

In: the text of a policy. Out: a `Policy`, and from it the `Rules` of one item of one list. All numbers are working days.
"""

import enum
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from office.policy_faults import MOST_WORKDAYS, TOGETHER, no_such_entry, no_such_part, wrong_value
from office.policy_text import PolicyText, default_text, in_full
from office.text import Refused, Text, plain, tidy_number
from office.workdays import is_workday


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

Workdays = Annotated[int, Field(strict=True, ge=1, le=MOST_WORKDAYS)]
LevelName = Literal["assignee", "contact_leader", "principal", "party_group"]


def _falling(days: tuple[int, ...]) -> tuple[int, ...]:
    if tuple(sorted(set(days), reverse=True)) != days:
        raise ValueError
    return days


def _rising(days: tuple[int, ...]) -> tuple[int, ...]:
    if tuple(sorted(set(days))) != days:
        raise ValueError
    return days


def _not_zero(day: int) -> int:
    if day == 0:
        raise ValueError
    return day


def _clock(written: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", written):
        raise ValueError
    return written


class _Part(BaseModel):
    """One part of a policy. Why a value is wrong is said by `office.policy_faults`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WarningDays(_Part):
    """On which working days before the due date the assignee is warned, the earliest first."""

    before: Annotated[tuple[Workdays, ...], Field(max_length=10), AfterValidator(_falling)]


class Acknowledgement(_Part):
    """On which working day after it was sent a duty that is not acknowledged is told of."""

    assignee: Workdays
    contact_leader: Workdays

    @model_validator(mode="after")
    def _upwards(self) -> "Acknowledgement":
        if self.assignee > self.contact_leader:
            raise ValueError
        return self


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
            raise ValueError
        return self

    def at(self, level: Level) -> int:
        return int(getattr(self, level.name.lower()))


class Review(_Part):
    """On which working days after a report its reviewer is reminded."""

    after: Annotated[tuple[Workdays, ...], Field(max_length=5), AfterValidator(_rising)]


class NoticeColours(_Part):
    """From which level on a notice is yellow, and from which red; below it is blue."""

    yellow_from: LevelName
    red_from: LevelName

    @model_validator(mode="after")
    def _red_is_no_lower(self) -> "NoticeColours":
        if Level[self.red_from.upper()] < Level[self.yellow_from.upper()]:
            raise ValueError
        return self


class Mailing(_Part):
    """What holds for the mails of the whole office."""

    goes_up_at: Annotated[str, AfterValidator(_clock)]
    a_day: Annotated[int, Field(strict=True, ge=1, le=100)]
    may_skip_warnings: Annotated[tuple[Workdays, ...], Field(max_length=10), AfterValidator(_falling)]

    @property
    def goes_up_at_time(self) -> time:
        return time.fromisoformat(self.goes_up_at)


class Meeting(_Part):
    """例会 of the whole office: on which working day of each month or quarter, counted from its end where negative."""

    every: Literal["month", "quarter", "never"]
    workday: Annotated[int, Field(strict=True, ge=-20, le=20), AfterValidator(_not_zero)]
    prepare_before: Workdays


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


_RULES: Mapping[str, type[_Part]] = {  # what lists and items can differ in
    "warning": WarningDays,
    "acknowledgement": Acknowledgement,
    "overdue": Levels,
    "urgent": Levels,
    "review": Review,
    "notice": NoticeColours,
}
_OFFICE: Mapping[str, type[_Part]] = {"mail": Mailing, "meeting": Meeting}  # one for the whole office
_PARTS = {**_RULES, **_OFFICE}
_IN_AN_EXCEPTION = ("list", "item", "urgent", *(name for name in _RULES if name != "urgent"))


@dataclass(frozen=True, slots=True)
class Difference:
    """Where one list, or one of its items, differs."""

    list_title: str
    item: str  # its number or its address; empty: the whole list
    is_urgent: bool | None
    parts: Mapping[str, Mapping[str, Any]]

    @property
    def where(self) -> Text:
        """Which item it is about, as one says it."""
        if "!" in self.item or " " in self.item:  # 领导班子!B26, table 1 row 4
            return Text(f"{self.item}处的事项", f"item at {self.item}")
        return Text(f"第{self.item}项", f"item {self.item}")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. Those that say the same are equal, however they are written."""

    text: str  # in full, with every default as it is today: this is what a list keeps
    written: str = field(compare=False)
    rules: Rules = field(compare=False)
    mail: Mailing = field(compare=False)
    meeting: Meeting = field(compare=False)
    exceptions: tuple[Difference, ...] = field(default=(), compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def rules_of(self, list_title: str, number: str, address: str = "") -> Rules:
        """What holds for an item, by its number and where it stands in its file: its list's exception first, its own over that.

        Its own is the one that names its address, else the one that names its number: never both, as each fits to its list's only.
        """
        return _rules_of(self, list_title, number, address) if self.exceptions else self.rules


@lru_cache(maxsize=65536)
def _rules_of(policy: Policy, list_title: str, number: str, address: str) -> Rules:
    differences = {each.item: each for each in policy.exceptions if each.list_title == list_title}
    own = next((differences[name] for name in map(item_meant, (address, number)) if name and name in differences), None)
    rules = policy.rules
    for each in (differences.get(""), own):
        if each is not None:
            rules = _changed(rules, each)
    return rules


def _changed(rules: Rules, by: Difference) -> Rules:
    values = rules.model_dump()
    for name, part in by.parts.items():
        values[name] |= part
    if by.is_urgent is not None:
        values["is_urgent"] = by.is_urgent
    return Rules.model_validate(values)


@cache
def default_policy() -> Policy:
    """The one that holds where the office has none of its own."""
    return read_policy(default_text(), place="policy.toml")


@lru_cache(maxsize=64)
def read_policy(text: str, *, place: str) -> Policy:
    """A policy from its text; `place` names the file in a refusal. Refuses what is no TOML, unknown entries and wrong values."""
    source = PolicyText.of(text, place)
    written = source.values()
    exceptions = written.pop("exceptions", [])
    for name in written:
        if name not in _PARTS:
            homes = [part for part, kind in _PARTS.items() if name in kind.model_fields]
            said = no_such_part([*_PARTS, "exceptions"], name, homes)
            raise source.fault(said, name) if isinstance(written[name], dict) else source.fault(said, "", name)
    default = PolicyText.of(default_text(), place).values()
    parts = {name: _read_part(source, name, default[name], written.get(name, {})) for name in _PARTS}
    rules = Rules.model_validate({name: parts[name].model_dump() for name in _RULES})
    found = tuple(_differences(source, exceptions, rules))
    return Policy(
        text=in_full({name: part.model_dump() for name, part in parts.items()}, [_as_written(each) for each in found]),
        written=source.text,
        rules=rules,
        mail=Mailing.model_validate(parts["mail"].model_dump()),
        meeting=Meeting.model_validate(parts["meeting"].model_dump()),
        exceptions=found,
    )


def _read_part(source: PolicyText, name: str, below: Mapping[str, Any], given: object, *, number: int = 0) -> _Part:
    """One part, the entries that are given over those `below`; `number`: of the n-th exception."""
    if not isinstance(given, dict):
        header = f"[exceptions.{name}]" if number else f"[{name}]"
        said = Text(f"{name} 是一个部分，要写成 {header}，下面一行一个项目", f"{name} is a part: write {header}, then an entry a line")
        raise source.fault(said, "", name, number=number)
    kind = _PARTS[name]
    try:
        return kind.model_validate({**below, **given})
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
    if not fault["loc"]:
        raise source.fault(TOGETHER[name], name, number=number)
    entry = str(fault["loc"][0])
    unknown = fault["type"] == "extra_forbidden"
    said = no_such_entry(list(kind.model_fields), entry) if unknown else wrong_value(entry, given.get(entry))
    raise source.fault(said, name, entry, number=number)


def _differences(source: PolicyText, written: object, rules: Rules) -> Iterator[Difference]:
    """The exceptions, those of whole lists first: each has to fit to what holds without it."""
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        raise source.fault(Text("例外要写成 [[exceptions]]（两层方括号）", "It has to be written as [[exceptions]]"), "exceptions")
    read = [(number, _difference(source, each, number)) for number, each in enumerate(written, start=1)]
    of_lists: dict[str, Rules] = {}
    seen: set[tuple[str, str]] = set()
    for number, each in sorted(read, key=lambda one: bool(one[1].item)):
        if (each.list_title, each.item) in seen:
            said = Text("这份清单（或事项）的例外写了两次，请合在一起", "This list or item has an exception already: write them as one")
            raise source.fault(said, number=number)
        seen.add((each.list_title, each.item))
        below = of_lists.get(each.list_title, rules)
        for name, part in each.parts.items():
            _read_part(source, name, getattr(below, name).model_dump(), part, number=number)
        changed = _changed(below, each)
        if "overdue" in each.parts and changed.is_urgent:
            said = Text(
                "紧急事项用 [urgent] 的天数：urgent = true 和 [exceptions.overdue] 只能写一样",
                "An urgent item has the days of [urgent]: write either urgent = true or [exceptions.overdue]",
            )
            raise source.fault(said, "overdue", number=number)
        if not each.item:
            of_lists[each.list_title] = changed
        yield each


def _difference(source: PolicyText, written: Mapping[str, Any], number: int) -> Difference:
    def refused(zh: str, en: str, entry: str) -> Refused:
        return source.fault(Text(zh, en), "", entry, number=number)

    for name in written:
        if name in _OFFICE:
            raise refused(f"{name} 对全部清单只有一份，不能有例外", f"{name} is one for the whole office and has no exceptions", name)
        if name not in _IN_AN_EXCEPTION:
            raise source.fault(no_such_entry(_IN_AN_EXCEPTION, name), "", name, number=number)
    title, item, urgent = written.get("list"), written.get("item", ""), written.get("urgent")
    if not isinstance(title, str) or not title_meant(title):
        raise refused('例外要写明清单标题，例：list = "2026年责任清单"', 'It has to name its list, like list = "…"', "list")
    if isinstance(item, bool) or not isinstance(item, str | int) or (str(item).strip() and not item_meant(item)):
        raise refused(
            'item 应为事项的序号或所在位置，例："3"、"领导班子!B26"',
            'item has to be the number or the address of an item, like "3"',
            "item",
        )
    if urgent is not None and not isinstance(urgent, bool):
        raise refused("urgent 应为 true 或 false，天数写在 [urgent]", "urgent has to be true or false; days stand in [urgent]", "urgent")
    for name in _RULES:
        if name != "urgent" and not isinstance(written.get(name, {}), dict):
            _read_part(source, name, {}, written[name], number=number)
    parts = {name: written[name] for name in _RULES if name != "urgent" and name in written}
    return Difference(title_meant(title), item_meant(item), urgent, parts)


def title_meant(written: str) -> str:
    """The title of a list as it is stored, however it stands between spaces or 《》."""
    return " ".join(plain(written).split()).strip("《》 ")


def item_meant(written: str | int) -> str:
    """The number or the address of an item, for comparing."""
    return tidy_number(plain(str(written)))


def _as_written(each: Difference) -> dict[str, Any]:
    values = {"list": each.list_title, "item": each.item, "urgent": each.is_urgent, **each.parts}
    return {name: value for name, value in values.items() if value not in ("", None)}


def meetings(meeting: Meeting, year: int) -> tuple[date, ...]:
    """The days of the regular meetings of a year, in their order."""
    if meeting.every == "never":
        return ()
    months = 1 if meeting.every == "month" else 3
    firsts = [date(year, month, 1) for month in range(1, 13, months)] + [date(year + 1, 1, 1)]
    days = []
    for first, next_first in pairwise(firsts):
        worked = [day for n in range((next_first - first).days) if is_workday(day := first + timedelta(days=n))]
        wanted = min(abs(meeting.workday), len(worked))
        days.append(worked[wanted - 1] if meeting.workday > 0 else worked[-wanted])
    return tuple(days)
