"""What an audit says: faults, and the report of them."""

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from office.text import Language, Text


class FaultKind(enum.StrEnum):
    """In the order in which an officer wants to know."""

    MISSED_RUNS = "missed runs"  # nobody looked on a working day
    MISSING = "missing"  # the ledger, or its mail, lacks it
    MISSED = "missed"  # nobody looked while it was owed: it will never be said
    LATE = "late"
    EXTRA = "extra"  # nothing calls for it
    WRONG = "wrong"  # it is there, but otherwise than the facts say
    NOT_DELIVERED = "not delivered"  # refused, or nobody knows
    NOT_SENT = "not sent"
    LATE_TO_LEAVE = "late to leave"  # it went out, but long after it should have


KIND_WORDS: Mapping[FaultKind, Text] = {
    FaultKind.MISSED_RUNS: Text("漏运行", "missed runs"),
    FaultKind.MISSING: Text("遗漏", "missing"),
    FaultKind.MISSED: Text("错过", "missed for good"),
    FaultKind.LATE: Text("迟告", "late"),
    FaultKind.EXTRA: Text("多出", "extra"),
    FaultKind.WRONG: Text("不符", "wrong"),
    FaultKind.NOT_DELIVERED: Text("未送达", "not delivered"),
    FaultKind.NOT_SENT: Text("未发出", "not sent"),
    FaultKind.LATE_TO_LEAVE: Text("迟发", "late to leave"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. Of a mail or a day, and not of one notice, where `assignment_id` is None."""

    kind: FaultKind
    assignment_id: int | None
    stage: str  # as the ledger writes it; empty where it is of no notice
    owed_on: date  # or, of what nobody owed, the day of it
    words: Text
    duty: str = ""  # whose duty, and which

    def line(self, language: Language) -> str:
        """The whole of it in one line."""
        if self.assignment_id is None:
            return self.words.in_(language)
        if language == "zh":
            return f"任务{self.assignment_id} {self.duty}：{self.words.zh}"
        return f"assignment {self.assignment_id} {self.duty}: {self.words.en}"


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was compared, and what is wrong with it, the most serious first."""

    at: datetime
    since: date | None  # only what was owed on that day or later
    duties: int
    notices: int  # in the ledger
    made_up: int  # late because nobody had looked
    faults: tuple[Fault, ...]

    @property
    def counts(self) -> dict[FaultKind, int]:
        """How many faults of each kind; kinds without any are left out."""
        found = {kind: sum(fault.kind is kind for fault in self.faults) for kind in FaultKind}
        return {kind: count for kind, count in found.items() if count}

    @property
    def words(self) -> Text:
        """The whole of it in one sentence, without its end."""
        zh, en = f"核对了{self.duties}项任务、{self.notices}条通知", f"{self.duties} assignments and {self.notices} notices looked at"
        if self.since is not None:
            zh, en = f"{zh}，只看{self.since}及以后", f"{en}, from {self.since} on"
        if not self.faults:
            return Text(f"{zh}：应发的都已发，没有多发", f"{en}: all that is owed was said, and nothing else")
        counts = [(KIND_WORDS[kind], count) for kind, count in self.counts.items()]
        zh_counts, en_counts = "，".join(f"{kind.zh} {n} 处" for kind, n in counts), ", ".join(f"{n} {kind.en}" for kind, n in counts)
        return Text(f"{zh}：{zh_counts}", f"{en}: {en_counts}")

    @property
    def code(self) -> str:
        """The same for the same faults: tells a result from the one before."""
        lines = "\n".join(sorted(fault.line("zh") for fault in self.faults))
        return hashlib.sha256(lines.encode()).hexdigest()[:8]
