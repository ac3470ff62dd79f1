"""Duties with a form of their own: 主题党日, 三会一课 and 双报到, whose reports a ledger (台账) adds up.

In: what an item and its step say, or what somebody typed into the form. Out: the activity with its fields, or the entries of a
report. The date of an activity is the report's own `held_on`, no entry.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from office.text import Refused, Text, plain

MOST_COUNTED = 10_000_000
TEXT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a form: a text, or a whole number that the ledger adds up."""

    key: str
    title: Text
    kind: Literal["text", "count"]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Activity:
    """A kind of activity. Its `key` stands in addresses, the keys of its fields in `Report.entries`."""

    key: str
    title: Text
    pattern: re.Pattern[str]  # finds it in the words of a duty, without their quotation marks and white space
    fields: tuple[Field, ...]


ACTIVITIES = (
    Activity(
        "party-day",
        Text("主题党日", "Themed party days"),
        re.compile("主题党日|固定党日|统一党日|党日活动|党员活动日"),
        (
            Field("theme", Text("主题", "Theme"), "text"),
            Field("place", Text("地点", "Place"), "text"),
            Field("number_due", Text("应到人数", "Number due"), "count", required=False),
            Field("number_present", Text("实到人数", "Number present"), "count"),
        ),
    ),
    Activity(
        "meetings",
        Text("三会一课", "Three meetings and one lesson"),
        re.compile("三会一课|党员大会|支部大会|支部委员会|支委会|党小组会"),
        (
            Field("kind", Text("会议类型", "Kind of meeting"), "text"),
            Field("theme", Text("议题", "Subject"), "text"),
            Field("number_present", Text("实到人数", "Number present"), "count"),
        ),
    ),
    Activity(
        "community",
        Text("双报到", "Reporting to the community"),
        re.compile("双报到|社区(党组织)?报到"),
        (
            Field("posts_claimed", Text("认领岗位", "Posts claimed"), "count"),
            Field("wishes_collected", Text("征集微心愿", "Wishes collected"), "count"),
            Field("people", Text("参加人次", "People taking part"), "count"),
            Field("deeds", Text("办实事件数", "Deeds done"), "count"),
        ),
    ),
)

_UNMARKED = re.compile(r"[\s\"'“”‘’「」『』《》]+")
# A step about the activities of others: whoever adds up, looks into or joins them holds none, and would be counted twice.
_ABOUT_OTHERS = re.compile(r"[\W\d_]*(汇总|统计|总结|通报|评选|检查|抽查|督促|督导|指导|审核|考核|参加|(制定|编制)[^，,；;。]*$)")
_COUNT = re.compile(r"[0-9]{1,20}|[0-9]{1,3}(,[0-9]{3}){1,6}")
_FOLDED = str.maketrans("０１２３４５６７８９，", "0123456789,")  # not NFKC, which makes 52 of 5²


def activity_of(content: str, text: str) -> Activity | None:
    """The activity that a step holds: what its text names, else what the content of its item does.

    None where no activity is named, or several, of which one form would fit one only; and for a step about those of others.
    """
    step = _UNMARKED.sub("", text)
    if _ABOUT_OTHERS.match(step or _UNMARKED.sub("", content)):
        return None
    named = _named(step) or _named(_UNMARKED.sub("", content))
    return named[0] if len(named) == 1 else None


def _named(words: str) -> list[Activity]:
    return [activity for activity in ACTIVITIES if activity.pattern.search(words)]


def read_entries(activity: Activity, raw: Mapping[str, str]) -> dict[str, str | int]:
    """The entries of a report as they are stored, by the keys of the fields; what was left empty is missing.

    Refuses a required field that is empty, a text of more than 500 characters, and a count that is no whole number from 0 to
    10 million. Keys that are no fields of the activity are left out.
    """
    entries: dict[str, str | int] = {}
    for field in activity.fields:
        written = plain(raw.get(field.key, ""))
        if written:
            entries[field.key] = _count(field, written) if field.kind == "count" else _text(field, written)
        elif field.required:
            raise Refused(Text(f"请填写“{field.title.zh}”", f"Please fill in “{field.title.en}”"))
    return entries


def _count(field: Field, written: str) -> int:
    folded = written.translate(_FOLDED)
    number = int(folded.replace(",", "")) if _COUNT.fullmatch(folded) else None
    if number is None or number > MOST_COUNTED:
        raise Refused(
            Text(
                f"“{field.title.zh}”要填 0 到 {MOST_COUNTED:,} 之间的整数",
                f"“{field.title.en}” takes a whole number from 0 to {MOST_COUNTED:,}",
            )
        )
    return number


def _text(field: Field, written: str) -> str:
    if len(written) > TEXT_LENGTH:
        raise Refused(
            Text(
                f"“{field.title.zh}”最多 {TEXT_LENGTH} 字，现在有 {len(written)} 字",
                f"“{field.title.en}” takes at most {TEXT_LENGTH} characters, and has {len(written)}",
            )
        )
    return written
