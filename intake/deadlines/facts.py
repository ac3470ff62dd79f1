"""Dates inside a sentence that tell when something was, or which thing is meant: `2023年5月印发`, `2019年以前购置的`.

In: the words of a date and what follows them. Out: whether it is such a fact, and so no deadline.
"""

import re
from collections.abc import Sequence

from intake.deadlines.words import Token

_VERB = (
    r"(?:印发|下发|发布|公布|出台|制定|修订|召开|通过|批准|审议|施行|实施|执行|生效|签订|签署|购置|购买|建成|竣工|投用|成立|立项"
    r"|登记|备案|在册|受理|发生|入职|完成|交付|到期)"
)
# `2025年印发的`, `3月底前建成的小区`; in brackets behind a name `（3月印发）`
_DESCRIBES = re.compile(rf"^(?:已|新|正式)?(?:{_VERB}的(?![,;。]|$)|(?:印发|下发|发布|公布|出台|施行|通过|签订|签署|生效)\))")


def is_fact(run: Sequence[Token], text: str, year: int) -> bool:
    """Whether the date `run` of the folded `text` is no deadline: all years it names lie before the list's, or it describes a thing.
    Before a colon (`2025年12月：…`) a date of any year heads its step."""
    end = run[-1].end
    if text.startswith(":", end):
        return False
    said = [named for token in run if (named := _year_of(token, year)) is not None]
    return (bool(said) and max(said) < year) or _DESCRIBES.match(text[end : end + 12]) is not None


def _year_of(token: Token, year: int) -> int | None:
    if token.kind in ("year", "range_of_years", "iso", "iso_month"):
        digits = re.findall(r"(?:19|20)\d\d", token.text)
        return int(digits[-1]) if digits else None
    if token.kind == "near_year":
        return year - 1 if token.text[0] in "去上" else year
    return None
