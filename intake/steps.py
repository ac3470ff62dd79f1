"""One duty's text, deadline and parties → its steps.

In: what stands in the cells (or paragraph) of one measure. Out: one step a dated segment; several where the cell holds numbered
sub-tasks with their own owner or date, or where the deadline cell has as many lines as the measures.
"""

import re
from dataclasses import dataclass, replace

from intake.deadlines import read_deadline, split_dated
from intake.gathering import NO_DEADLINE, Gathered, Whole
from intake.headers import PARTY_ROLES, Role
from intake.parties import NOBODY, Labelled, label_after_sentence, or_else, read_labels, read_parties, starts_with_label, without_doubles
from intake.values import Deadline, Parties, Step
from office.text import Text

_NUMBER = re.compile(
    r"^\s*(?:\d{1,2}\s*[.．、)）](?!\d(?!\d?月|\d{3}年))|[(（]\d{1,2}[)）]|[①-⑳]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）])\s*"
)
_BETWEEN = re.compile(r"(?<=[）)。；;])\s*(?=\d{1,2}[.．、](?!\d(?!\d?月|\d{3}年))|[(（]\d{1,2}[)）]|[①-⑳])")
_BRACKET = re.compile(r"[(（【\[]([^()（）【】\[\]]*(?:[(（][^()（）]*[)）][^()（）【】\[\]]*)*)[)）】\]]")
_END_BRACKET = re.compile(r"[(（【\[]([^()（）【】\[\]]*(?:[(（][^()（）]*[)）][^()（）【】\[\]]*)*)[)）】\]]\s*[。；;，,]?\s*$")
_DATED = re.compile(r"\d月|\d日|季度|年底|年内|半年|每[月年季周]|全年|长期|立行立改|常态")
_OWNER_WITHOUT_LABEL = re.compile(r"(牵头|负责|配合|主办|协办|承办)$")


@dataclass(frozen=True, slots=True)
class Source:
    """Where one measure stands and what its row says about it."""

    text: str
    address: str
    deadline: str = ""
    deadline_address: str = ""
    parties: Parties = NOBODY
    party_lines: tuple[tuple[Role, str], ...] = ()  # role and cell text, for cells with one line a step
    dated_column: bool = False  # the list has a column for deadlines: dates in the sentence are not its deadline
    context: str = ""  # what a column between the duty and its measures says: it stands before each step


def strip_number(text: str) -> tuple[str, str]:
    """The leading number and the rest: `（一）`, `1.`, `①`."""
    match = _NUMBER.match(text)
    return (match.group().strip(), text[match.end() :]) if match and match.end() < len(text) else ("", text)


def take_bracket(text: str) -> tuple[str, Labelled]:
    """The text without the brackets that name owner or deadline, and what they say."""
    said = Labelled()
    for match in reversed(list(_BRACKET.finditer(text))):
        if starts_with_label(match.group(1)):
            said = _both(said, read_labels(match.group(1)))
            text = (text[: match.start()] + text[match.end() :]).strip()
    while end := _END_BRACKET.search(text):
        clauses = [clause.strip() for clause in re.split(r"[，,；;]", end.group(1))]
        dated = [re.sub(r"完成$", "", clause) for clause in clauses if _DATED.search(clause)]
        owners = [clause for clause in clauses if not _DATED.search(clause)]
        if not any(_OWNER_WITHOUT_LABEL.search(clause) for clause in owners):
            break
        found = Labelled(read_parties("，".join(owners), "responsible"), "，".join(dated))
        said = _both(said, found)
        text = text[: end.start()].rstrip()
    if tail := label_after_sentence(text):
        said, text = _both(said, read_labels(text[tail:])), text[:tail].rstrip()
    return text, said


def _both(first: Labelled, second: Labelled) -> Labelled:
    return Labelled(or_else(first.parties, second.parties), first.deadline or second.deadline, second.others + first.others)


def steps_of(source: Source, whole: Whole, gathered: Gathered) -> tuple[Step, ...]:
    """The steps of one measure, with a question for each deadline that asks and a problem for each that cannot be read."""
    parts = _sub_tasks(source.text)
    taken = [take_bracket(strip_number(part)[1] if len(parts) > 1 else part) for part in parts]
    if len(parts) > 1 and any(said for _, said in taken):
        steps = _annotated(taken, source, whole)
    elif source.deadline:
        steps = _with_deadline_cell(parts, source, whole, gathered)
    else:
        text, said = take_bracket(source.text)
        text = strip_number(text)[1] if said else text
        parties = _joined(said.parties, source.parties)
        if said.deadline:
            steps = (Step(text, source.address, read_deadline(said.deadline, whole.year), parties),)
        else:
            steps = _from_sentence(replace(source, text=text, parties=parties), whole)
    steps = tuple(replace(step, text=_in_context(step.text, source.context), parties=without_doubles(step.parties)) for step in steps)
    for step in steps:
        address = source.deadline_address or step.address
        if step.deadline.problem:
            gathered.refuse(address, step.deadline.problem)
        elif step.deadline.ask:
            gathered.ask(address, step.deadline.ask)
    return steps


def _in_context(text: str, context: str) -> str:
    if not context or not text:
        return context or text
    return f"{context}{'' if context[-1] in '：:' else '：'}{text}"


def undated(whole: Whole) -> Deadline:
    """The list's default where it has one; else the officer is asked."""
    return whole.deadline or Deadline(None, ask=NO_DEADLINE)


def _sub_tasks(text: str) -> list[str]:
    """Numbered lines, each with the unnumbered lines that follow it; the whole text where it is not numbered."""
    lines = [part for line in text.split("\n") for part in _BETWEEN.split(line) if part.strip()]
    if len(lines) < 2 or not _NUMBER.match(lines[0]):
        return text.split("\n") if text else [""]
    parts: list[str] = []
    for line in lines:
        if parts and not _NUMBER.match(line):
            parts[-1] += line
        else:
            parts.append(line)
    return parts


def _annotated(taken: list[tuple[str, Labelled]], source: Source, whole: Whole) -> tuple[Step, ...]:
    steps: list[Step] = []
    for text, said in taken:
        phrase = said.deadline or source.deadline
        dated = next((each.deadline for each in split_dated(text, whole.year) if each.deadline), None) if not phrase else None
        above = steps[-1].deadline if steps else None
        deadline = read_deadline(phrase, whole.year) if phrase else dated or above or undated(whole)
        steps.append(Step(text, source.address, deadline, _joined(said.parties, source.parties)))
    return tuple(steps)


def _with_deadline_cell(parts: list[str], source: Source, whole: Whole, gathered: Gathered) -> tuple[Step, ...]:
    lines = source.deadline.split("\n")
    phrases = [strip_number(line)[1] for line in lines] if len(lines) > 1 else lines
    if len(phrases) > 1 and len(phrases) == len(parts):
        owners = _party_of_line(source, len(parts))
        return tuple(
            Step(strip_number(part)[1], source.address, read_deadline(phrase, whole.year), parties)
            for part, phrase, parties in zip(parts, phrases, owners, strict=True)
        )
    if len(phrases) > 1 and len(parts) > 1:
        zh = f"措施有 {len(parts)} 行，时限有 {len(phrases)} 行，对不上；暂按全部时限读。"
        en = f"{len(parts)} lines of measures but {len(phrases)} deadlines: they do not pair; all dates are taken for all lines."
        gathered.ask(source.deadline_address, Text(zh, en))
    text, said = take_bracket(source.text)
    deadline = read_deadline("、".join(phrases), whole.year)
    return (Step(text, source.address, deadline, _joined(said.parties, source.parties)),)


def _party_of_line(source: Source, count: int) -> list[Parties]:
    """One party a line where a party cell has exactly as many lines; the cell's parties for every line else."""
    owners = [source.parties] * count
    for role, cell in source.party_lines:
        lines = cell.split("\n")
        if len(lines) == count:
            named = [getattr(read_parties(strip_number(line)[1], role), role) for line in lines]
            owners = [_with(each, role, names) for each, names in zip(owners, named, strict=True)]
    return owners


def _with(parties: Parties, role: Role, names: tuple[str, ...]) -> Parties:
    return Parties(**{each: names if each == role else getattr(parties, each) for each in PARTY_ROLES})


def _from_sentence(source: Source, whole: Whole) -> tuple[Step, ...]:
    segments = split_dated(source.text, whole.year)
    if not any(segment.deadline for segment in segments):
        return (Step(source.text, source.address, undated(whole), source.parties),)
    steps: list[Step] = []
    before = ""
    for segment in segments:
        deadline = segment.deadline
        if deadline is None and not steps:
            before += f"{segment.text}\n"
            continue
        if deadline is None:
            deadline = steps[-1].deadline
        elif source.dated_column and deadline.ask is None and not _is_label(deadline.phrase, source.text):
            zh = f"时限栏是空的，暂按文中的“{deadline.phrase}”读，请确认。"
            deadline = replace(deadline, ask=Text(zh, f"The deadline cell is empty; read from the sentence: {deadline.phrase}."))
        steps.append(Step(before + segment.context + segment.text, source.address, deadline, source.parties))
        before = ""
    return tuple(steps)


def _is_label(phrase: str | None, text: str) -> bool:
    """`3月：…` is a date that stands before its step, and no date of the sentence."""
    return bool(phrase and re.search(rf"(^|[\n；;。])\W*{re.escape(phrase)}\s*[：:]", text))


def _joined(own: Parties, row: Parties) -> Parties:
    """A sub-task's own owner replaces the row's; the row's leader stays over it."""
    if own.lead or own.responsible:
        return replace(own, leader=own.leader or row.leader)
    return or_else(own, row)
