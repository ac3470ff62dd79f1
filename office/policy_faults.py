"""What is said about an entry of a policy that is wrong: what it takes, and what was written instead.

In: names and values as they stand in the text. Out: one sentence each; its place is added by `office.policy_text`.
"""

import difflib
from collections.abc import Collection, Mapping

from office.policy_text import SHOWN, toml_value, typed_in_chinese
from office.text import Text

MOST_WORKDAYS = 250  # about a year

_A_LEVEL = Text(
    '应为 "assignee"、"contact_leader"、"principal" 或 "party_group"',
    'has to be "assignee", "contact_leader", "principal" or "party_group"',
)
_DAYS = Text(f"应为 1 至 {MOST_WORKDAYS} 的整数（工作日）", f"has to be a whole number of working days from 1 to {MOST_WORKDAYS}")
_EXPECTED: Mapping[str, Text] = {  # what an entry takes that is no number of days
    "before": Text("应为工作日数，从大到小、不重复，至多10个，例：[7, 3, 1]", "has to be at most 10 numbers that fall, like [7, 3, 1]"),
    "after": Text("应为工作日数，从小到大、不重复，至多5个，例：[1, 4]", "has to be at most 5 numbers that rise, like [1, 4]"),
    "may_skip_warnings": Text("应为工作日数，从大到小、不重复，例：[7, 3]", "has to be numbers that fall, like [7, 3]"),
    "goes_up_at": Text('应为带引号的时刻，例："09:00"', 'has to be a time in quotes, like "09:00"'),
    "a_day": Text("应为 1 至 100 的整数", "has to be a whole number from 1 to 100"),
    "every": Text('应为 "month"、"quarter" 或 "never"', 'has to be "month", "quarter" or "never"'),
    "workday": Text("应为 1 至 20 的整数，或 -1 至 -20（从月末、季末数起）", "has to be a whole number from 1 to 20, or from -1 to -20"),
    "yellow_from": _A_LEVEL,
    "red_from": _A_LEVEL,
}
_UPWARDS = Text(
    "天数应逐级不减：assignee ≤ contact_leader ≤ principal ≤ party_group",
    "the days cannot fall: assignee ≤ contact_leader ≤ principal ≤ party_group",
)
TOGETHER: Mapping[str, Text] = {  # by part: how its entries have to go together
    "acknowledgement": Text("联系领导的天数不能少于责任人的", "the contact leader cannot be told before the assignee"),
    "overdue": _UPWARDS,
    "urgent": _UPWARDS,
    "notice": Text("red_from 不能低于 yellow_from", "red_from cannot be below yellow_from"),
}


def wrong_value(entry: str, given: object) -> Text:
    """An entry that there is, with a value that it does not take."""
    expected, shown = _EXPECTED.get(entry, _DAYS), toml_value(given)[:SHOWN]
    typed = typed_in_chinese(given) if isinstance(given, str) else None
    hint = Text(f"（ {typed[0]} 是中文全角符号）", f" ({typed[0]} is a full-width sign)") if typed else Text("", "")
    return Text(f"{expected.zh}，现为 {shown}{hint.zh}", f"{expected.en}, and is {shown}{hint.en}")


def no_such_entry(known: Collection[str], name: str) -> Text:
    """An entry that a part does not have."""
    guess = _meant(name, known)
    return Text(f"没有 {name} 这个项目，{guess.zh}", f"there is no entry {name}; {guess.en}")


def no_such_part(known: Collection[str], name: str, homes: Collection[str]) -> Text:
    """A name that no part has; `homes` are the parts that have such an entry."""
    if homes:
        under = "、".join(f"[{part}]" for part in homes)
        return Text(f"{name} 要写在它的部分下面：{under}", f"{name} has to stand below its part: {under}")
    guess = _meant(name, known)
    return Text(f"没有 {name} 这个部分，{guess.zh}", f"There is no part {name}; {guess.en}")


def _meant(written: str, known: Collection[str]) -> Text:
    near = difflib.get_close_matches(written, known, n=1)
    if near:
        return Text(f"是不是 {near[0]}？", f"is it {near[0]}?")
    return Text(f"有：{'、'.join(known)}", f"there are: {', '.join(known)}")
