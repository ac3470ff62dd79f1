"""`7日内`, `30个工作日内`, `两周内`, `半个月内`, `24小时内` → a number of days."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from intake.deadlines.words import Token, numbers
from office.workdays import workdays_after

_DAYS_OF = {"周": 7, "星": 7, "礼": 7, "月": 30, "年": 365}


@dataclass(frozen=True, slots=True)
class Duration:
    days: int
    working: bool

    def after(self, day: date) -> date:
        return workdays_after(day, self.days) if self.working else day + timedelta(days=self.days)


def duration(token: Token) -> Duration:
    """What a word of kind `relative` measures; a month counts 30 days, hours are rounded up to days."""
    text = token.text
    if "小时" in text:
        return Duration(ceil((numbers(text) or [24])[0] / 24), working=False)
    unit = next((length for sign, length in _DAYS_OF.items() if sign in text), 1)
    days = unit // 2 if "半" in text else (numbers(text) or [1])[0] * unit
    return Duration(days, working="工作日" in text)
