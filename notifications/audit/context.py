"""What is wrong with the notices of the follow-up: counts, and one sentence each."""

from dataclasses import dataclass
from datetime import date

from office.text import Text


@dataclass(frozen=True, slots=True)
class AuditNotice:
    """To the officer at `address` on one day. `page` and `new_page` are the whole report in the two UIs."""

    officer: str  # as a reader addresses her; may be a name of an office
    address: str
    on: date
    counts: tuple[tuple[Text, int], ...]  # kinds of faults, the most serious first
    lines: tuple[str, ...]  # in the sender's language
    left_out: int  # faults that only the report lists
    code: str  # the same for the same faults
    page: str
    new_page: str
