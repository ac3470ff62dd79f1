"""How a report says its figures: the rows that profiles and policies are compared by, and days in short."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from engine.rehearsal_figures import SAID_WORDS, ProfileFigures
from engine.rehearsing import MailKind
from office.policy import Policy
from office.text import Text

KIND_WORDS = {
    MailKind.ISSUED: Text("下发通知", "issue of the list"),
    MailKind.DIGEST: Text("督办汇总", "follow-up digests"),
    MailKind.DECIDED: Text("审核结果", "results of reviews"),
    MailKind.HANDOVER: Text("职务交接", "handovers"),
}
NOBODY = Text("—", "—")
BEHAVIOUR_WORDS = {
    "in_time": Text(
        "当天签收，到期当天（或之前最后一个工作日）报送，当天审核通过",
        "acknowledged on the day, reported on the due date (or the last working day before it), approved on the day",
    ),
    "late": Text(
        "第4个工作日签收，逾期第5个工作日报送，报送后1个工作日审核通过",
        "acknowledged on the 4th working day, reported on the 5th after the due date, approved one working day later",
    ),
    "never": Text("不签收，不报送", "neither acknowledged nor reported"),
}


class Figure(NamedTuple):
    """One row: what is counted, and how much; or, without a number, who or when."""

    words: Text
    number: int | None
    said: Text = Text("", "")
    part: bool = False  # of the row above it


def figures(profile: ProfileFigures, policy: Policy, year: int) -> tuple[Figure, ...]:
    """The same rows for every profile and policy, so that they can stand side by side."""
    busiest = profile.busiest
    peak = profile.peaks[0] if profile.peaks else None
    a_day = policy.mail.a_day
    return (
        Figure(Text("全年邮件", "mails of the year"), profile.mails),
        *(Figure(words, profile.kinds.get(kind, 0), part=True) for kind, words in KIND_WORDS.items()),
        Figure(Text("收信人", "people who get any"), len(profile.people)),
        Figure(Text("一人一周最多", "most for one person in a week"), busiest[2] if busiest else 0),
        Figure(Text("谁，哪周起", "who, which week"), None, _of(*busiest[:2], year) if busiest else NOBODY, part=True),
        Figure(Text("一天最多", "most on one day"), peak.mails if peak else 0),
        Figure(Text("哪天", "which day"), None, day(peak.on, year) if peak else NOBODY, part=True),
        Figure(Text(f"一天超过{a_day}封（人次）", f"days of a person with more than {a_day}"), profile.over_the_day),
        Figure(Text("督办提示（条）", "notices"), sum(profile.said.values())),
        *(Figure(words, profile.said[key], part=True) for key, words in SAID_WORDS.items()),
        Figure(Text("无人可通知，转计划员", "nobody left: to the planning officer"), profile.to_the_officer),
    )


def day(on: date, year: int) -> Text:
    """A day in short: without its year where that is the list's."""
    if on.year == year:
        return Text(f"{on.month}月{on.day}日", f"{on.day} {on:%b}")
    return Text(f"{on.year}年{on.month}月{on.day}日", f"{on.day} {on:%b} {on.year}")


def month(first: date, year: int) -> Text:
    if first.year == year:
        return Text(f"{first.month}月", f"{first:%b}")
    return Text(f"{first.year}年{first.month}月", f"{first:%b} {first.year}")


def joined(words: Iterable[Text]) -> Text:
    each = tuple(words)
    return Text("，".join(one.zh for one in each), ", ".join(one.en for one in each))


def _of(name: str, week: date, year: int) -> Text:
    began = day(week, year)
    return Text(f"{name} {began.zh}", f"{name}, {began.en}")
