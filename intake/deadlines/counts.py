"""What a phrase wants reached: `全年不少于4次`, `每月至少两次`, `2次/季度`, `年内完成2.5万册`.

A count belongs to the last word before it that names a time: to each period of `每季度`, to the year of `全年`.
Once a period is how often, not a target; `全年不少于1次`, with its 不少于, is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from intake.deadlines.words import Token, amount
from intake.values import Target

Scope = Literal["period", "year"]


@dataclass(frozen=True, slots=True)
class Count:
    amount: float
    unit: str
    per: Scope
    least: bool  # 不少于, 至少, 以上

    def target(self) -> Target | None:
        if self.amount == 1 and not (self.least and self.per == "year"):
            return None
        return Target(self.amount, self.unit, self.per)


def counts(tokens: Sequence[Token]) -> list[Count]:
    """Every count of the phrase with what it is counted for; without a time before it, for the year."""
    found = []
    scope: Scope = "year"
    least = False
    for i, token in enumerate(tokens):
        if token.kind == "count":
            after = tokens[i + 1] if i + 1 < len(tokens) else None
            value, unit = amount(token.text)
            per = _scope(after) if after and after.kind == "every" and after.text.startswith("/") else scope
            found.append(Count(value, unit, per or scope, least or token.text.endswith("以上")))
        elif token.kind == "least":
            least = True
        elif token.kind in ("separator", "open", "close"):
            least = False
        else:
            scope = _scope(token) or scope
    return found


def _scope(token: Token) -> Scope | None:
    match token.kind:
        case "every":
            return "year" if "年" in token.text and "半" not in token.text else "period"
        case "whole" | "year" | "near_year":
            return "year"
        case "of_year":
            return "year" if token.text.endswith("内") else "period"
        case "month" | "quarter" | "half" | "day" | "iso" | "festival" | "holidays" | "fixed_day" | "term" | "season":
            return "period"
    return None
