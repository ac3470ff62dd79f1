"""One duty's notices in the ledger against what its history calls for. Pure.

In: the duty's spans, what is expected of it, its rows with their copies. Out: faults.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from audit.expected import AT_ONCE, Duty, Expected, Span
from audit.facts import Entry, Facts, Mailed
from audit.faults import Fault, FaultKind
from audit.readers import Readers, names_told
from audit.schedule import COMPLETION, NOTE, WARNING, Key, Owed, are_told
from audit.wording import STATE_WORDS, stage_words
from models import NoticeOutcome
from office.policy import Colour, Level, Rules
from office.text import Text
from office.workdays import is_workday, workdays_after, workdays_between

TELLING = (NoticeOutcome.TOLD, NoticeOutcome.OFFICER)


@dataclass(frozen=True)
class Ledger:
    """What the ledger says about one duty."""

    duty: Duty
    spans: Sequence[Span]
    facts: Facts
    zone: ZoneInfo

    @cached_property
    def entries(self) -> dict[Key, Entry]:
        return {entry.key: entry for entry in self.facts.entries.get(self.duty.id, ())}

    def day_of(self, entry: Entry) -> date:
        return entry.decided_at.astimezone(self.zone).date()

    def mails_of(self, entry: Entry) -> list[Mailed | None]:
        """Its copies; None for one whose message is not there."""
        return [self.facts.mails.get(message_id) for message_id in self.facts.copies.get(entry.id, ())]

    def fault(self, kind: FaultKind, key: Key, on: date, zh: str, en: str) -> Fault:
        """`zh` and `en` go on after the name of the notice."""
        stage = stage_words(key)
        return Fault(kind, self.duty.id, key.stage, on, Text(f"“{stage.zh}”{zh}", f"“{stage.en}” {en}"), self.duty.words)


def extra_and_wrong(ledger: Ledger) -> Iterator[Fault]:
    """What is in the ledger and should not be, or not like that."""
    for entry in ledger.entries.values():
        day = ledger.day_of(entry)
        around = [
            span
            for span in ledger.spans
            if span.begins_at - AT_ONCE < entry.decided_at and (span.ends_at is None or entry.decided_at < span.ends_at + AT_ONCE)
        ]
        found = [(span, owed) for span in around for owed in span.reached(day) if owed.key == entry.key]
        if not is_workday(day) or not found:
            yield _extra(ledger, entry, around)
            continue
        wrong = [_wrong(ledger, entry, span, owed) for span, owed in found]
        if None not in wrong:
            yield next(fault for fault in wrong if fault is not None)
        yield from _copies(ledger, entry)


def missing_and_late(ledger: Ledger, expected: dict[Key, Expected]) -> Iterator[Fault]:
    """What should be in the ledger and is not, or came later than it could."""
    for key, one in expected.items():
        entry = ledger.entries.get(key)
        if entry is None:
            if fault := _missing(ledger, one):
                yield fault
        elif one.held is not None and ledger.day_of(entry) > one.held.on and not _waited(ledger, entry, one):
            owed_on, day = one.look.on, ledger.day_of(entry)
            n = workdays_between(owed_on, day)
            zh = f"应在{owed_on}写入，{day}才写，迟{n}个工作日"
            yield ledger.fault(FaultKind.LATE, key, owed_on, zh, f"was owed on {owed_on} and written on {day}, {n} working days late")


def made_up(ledger: Ledger, expected: dict[Key, Expected]) -> int:
    """How many notices are late only because nobody had looked before."""
    rows = ((ledger.day_of(entry), one) for key, one in expected.items() if (entry := ledger.entries.get(key)))
    return sum(not one.look.held and one.look.on < day <= (one.held.on if one.held else day) for day, one in rows)


def _missing(ledger: Ledger, one: Expected) -> Fault | None:
    key, day = one.owed.key, one.look.on
    if one.held is not None:
        silent = Text("", "") if one.told else Text("（只需记录，不必告知）", " (to be noted, not told)")
        zh, en = f"应在{day}写入{silent.zh}，台账中没有", f"was owed on {day}{silent.en} and is not in the ledger"
        return ledger.fault(FaultKind.MISSING, key, day, zh, en)
    if one.told and not one.still:
        zh = f"应在{day}告知，当天没有运行督办，之后任务已有变化，不再补告"
        en = f"was owed on {day}, when nobody looked; the duty has changed since, and it will not be said"
        return ledger.fault(FaultKind.MISSED, key, day, zh, en)
    return None  # the next run makes it up


def _waited(ledger: Ledger, entry: Entry, one: Expected) -> bool:
    """Whether somebody whom the duty's notices of that moment reach had their digest of the day before the follow-up looked."""
    held = one.held
    if held is None or ledger.day_of(entry) != workdays_after(held.on, 1):
        return False
    together = (other for other in ledger.entries.values() if other.decided_at == entry.decided_at)
    readers = {mail.reader for other in together for mail in ledger.mails_of(other) if mail is not None}
    return any((at := ledger.facts.digests.get((reader, f"{held.on}"))) is not None and at < held.at for reader in readers)


def _extra(ledger: Ledger, entry: Entry, around: Sequence[Span]) -> Fault:
    day, from_on, why = ledger.day_of(entry), entry.key.from_on, _why_extra(ledger, entry, around)
    zh, en = f"（{from_on}起算）在{day}写入，不应有：{why.zh}", f"(from {from_on}), written on {day}, should not be there: {why.en}"
    return ledger.fault(FaultKind.EXTRA, entry.key, day, zh, en)


def _why_extra(ledger: Ledger, entry: Entry, around: Sequence[Span]) -> Text:
    day = ledger.day_of(entry)
    if not is_workday(day):
        return Text("那天不是工作日", "that was a day off")
    if not around:
        return Text("任务那时还没有下发", "the duty was not issued yet")
    span = next((each for each in around if each.begins_at <= entry.decided_at), around[0])
    calls = span.calls
    same = [owed for owed in calls if owed.key == entry.key]
    if same:
        return Text(f"{same[0].owed_on}才该写", f"it is owed on {same[0].owed_on}")
    alike = [owed for owed in calls if (owed.key.clock, owed.key.stage) == (entry.key.clock, entry.key.stage)]
    if alike:
        return Text(f"应从{alike[0].key.from_on}起算", f"it counts from {alike[0].key.from_on}")
    state = STATE_WORDS[span.standing.state]
    if not any(owed.key.clock == entry.key.clock for owed in calls):
        return Text(f"任务那时{state.zh}", f"the duty was {state.en}")
    return Text("规则中没有这一步，或之前已经告知", "the rules have no such stage, or they were told before")


def _wrong(ledger: Ledger, entry: Entry, span: Span, owed: Owed) -> Fault | None:
    """What a row says otherwise than these rules; None where it is right."""
    day = ledger.day_of(entry)
    told = entry.key in are_told(span.reached(day))
    said: tuple[str, str] | None = None
    if entry.owed_on != owed.owed_on:
        said = f"应写日期记为{entry.owed_on}，应为{owed.owed_on}", f"is said to be owed on {entry.owed_on}, not on {owed.owed_on}"
    elif told and entry.outcome is NoticeOutcome.OVERTAKEN:
        said = "应当告知，却记为不必告知", "should have been told and is said to be overtaken"
    elif not told and entry.outcome in TELLING:
        said = "已有后一步，不应再告知，却告知了", "was told though a later one had come"
    elif entry.outcome is NoticeOutcome.DECLINED and not _declines(ledger, entry, span.rules, day):
        said = "记为本人不要这个预警，但本人没有这样选", "is said to be declined, which nobody did"
    elif entry.outcome in TELLING and (colour := _colour(entry, owed, span.rules)) != entry.colour:
        recorded = f"记为{entry.colour}" if entry.colour else "没有记"
        said = f"颜色{recorded}，应为{colour}", f"is {entry.colour or 'of no colour'}, not {colour}"
    if said is None:
        return None
    return ledger.fault(FaultKind.WRONG, entry.key, day, *said)


def _colour(entry: Entry, owed: Owed, rules: Rules) -> Colour:
    """The colour of a notice that is told (docs/follow-up.md, "Clocks and notices")."""
    kind, _, which = entry.key.stage.partition(" ")
    if owed.level is not None and entry.key.clock == COMPLETION:
        return rules.colour(owed.level)
    if kind == NOTE and entry.key.clock == COMPLETION:
        return rules.colour(Level(Level[which.upper()] - 1))
    if kind == WARNING and which == f"{min(rules.warning.before)}" and rules.colour(Level.ASSIGNEE) is not Colour.BLUE:
        return Colour.YELLOW
    return Colour.BLUE


def _declines(ledger: Ledger, entry: Entry, rules: Rules, day: date) -> bool:
    """Whether the assignee, or who stands in for them, may have done without this warning. The last one nobody can."""
    kind, _, n = entry.key.stage.partition(" ")
    if kind != WARNING or not n.isdecimal() or int(n) == min(rules.warning.before, default=0):
        return False
    roster, at = ledger.facts.roster, entry.decided_at
    assignees = roster.carriers(ledger.duty, at) | roster.assignees(ledger.duty, at, day)
    known = [ledger.facts.declines[each] for each in assignees if each is not None and each in ledger.facts.declines]
    return any(int(n) in each.warnings or each.changed_at > entry.decided_at for each in known)


def _copies(ledger: Ledger, entry: Entry) -> Iterator[Fault]:
    """Whoever had to be told has one mail of that day that says it, and nobody else's notice is in any."""
    day, mails = ledger.day_of(entry), ledger.mails_of(entry)
    there = [mail for mail in mails if mail is not None]
    said: tuple[FaultKind, str, str] | None = None
    if entry.outcome not in TELLING:
        if mails:
            said = FaultKind.WRONG, "记为没有告知，却在邮件里", "is said not to be told, and is in a mail"
    elif not mails:
        said = FaultKind.MISSING, "记为已告知，但没有邮件", "is said to be told, and no mail says it"
    elif len(there) < len(mails):
        said = FaultKind.MISSING, "的邮件已不在台账中", "was in a mail that is not in the ledger"
    elif len(there) > 1 and (twice := sorted(name for name, times in Counter(mail.reader for mail in there).items() if times > 1)):
        said = FaultKind.EXTRA, f"告知了{'、'.join(twice)}不止一次", f"was told more than once to {', '.join(twice)}"
    elif other := next((mail for mail in there if mail.queued_at.astimezone(ledger.zone).date() != day), None):
        on = other.queued_at.astimezone(ledger.zone).date()
        said = FaultKind.WRONG, f"在{day}写入，却在{on}的邮件里", f"was written on {day}, and is in a mail of {on}"
    elif entry.outcome is NoticeOutcome.TOLD and (without := _without_mail(entry, there)):
        said = FaultKind.WRONG, f"记为告知了{without}，但没有给他的邮件", f"is said to be told to {without}, who had no mail of it"
    else:
        said = Readers(ledger.facts.roster, ledger.duty, entry, day, there).wrong()
    if said is not None:
        yield ledger.fault(said[0], entry.key, day, *said[1:])


def _without_mail(entry: Entry, mails: Sequence[Mailed]) -> str:
    """Who is said to be told and had no mail; empty where all had theirs."""
    readers = {mail.reader for mail in mails} | {mail.person for mail in mails}
    return "、".join(name or "？" for name in names_told(entry) if name not in readers)
