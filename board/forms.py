"""The form with which a report is reviewed, and a report in words: what a reviewer sees. Pure.

In: the duty with the report that waits. Out: a `Form` (what it asks is `board.review_form`), and Markdown.
"""

from zoneinfo import ZoneInfo

from board.duties import Duty, Reported
from board.markdown import link, plain
from board.review_form import review_schema
from board.values import Form
from engine.activities import activity_of
from engine.notices import target_words
from intake.values import Target

FORM_KEY = "review"  # begins the names of the run inputs, which take lowercase ASCII only


def review_form(duty: Duty, zone: ZoneInfo) -> Form:
    """The form of a duty whose report waits. A second report has a form of its own."""
    assert duty.waiting is not None, "only a reported assignment is reviewed"
    number = duty.waiting.number
    return Form(f"{FORM_KEY}-{number}", review_schema(number=number, reviewers=duty.reviewers), _description(duty, duty.waiting, zone))


def _description(duty: Duty, report: Reported, zone: ZoneInfo) -> str:
    """Markdown above the form: the report with its evidence, which has to be seen without scrolling, and then the duty."""
    told = [
        ("事项", duty.content),
        ("任务", duty.text if duty.text != duty.content else ""),
        ("标准", duty.standard),
        ("责任人", "，".join(name for name in (duty.unit or duty.party, duty.person) if name)),
        ("到期日", f"{duty.due_on}（{duty.period}）"),
    ]
    parts = [f"**{name}**：{plain(words)}" for name, words in told if words]
    return "\n\n".join([report_words(duty, report, zone), "---", *parts])


def target_of(duty: Duty) -> str:
    """What is to be reached, in words; empty where the duty has no target."""
    if duty.target_amount is None:
        return ""
    return target_words(Target(duty.target_amount, duty.target_unit, "year" if duty.target_per == "year" else "period"), "zh")


def amount_words(duty: Duty, report: Reported) -> str:
    """What a report reached of the duty's target, and what the one that waits leaves to be done; empty without target and amount."""
    target, waits = target_of(duty), report == duty.waiting
    if not target and report.amount is None:
        return ""
    said, reached = "未填" if report.amount is None else _amount(report.amount, duty), report.amount
    if waits and duty.reached_in_year is not None:
        said, reached = f"本次 {said}；全年累计 {_amount(duty.reached_in_year, duty)}", duty.reached_in_year
    if not target:
        return said
    missing = (duty.target_amount or 0) - reached if waits and reached is not None else 0
    return f"{said}（目标：{target}，还差 {_amount(missing, duty)}）" if missing > 0 else f"{said}（目标：{target}）"


def _amount(amount: float, duty: Duty) -> str:
    return f"{amount:g}{duty.target_unit}" if amount < 1e6 else f"{amount:.0f}{duty.target_unit}"


def report_words(duty: Duty, report: Reported, zone: ZoneInfo) -> str:
    """A report in Markdown: when and by whom, its words, what it reached, the entries of a form of its own, links to what proves it."""
    at = report.at.astimezone(zone)
    parts = [f"**{report.by}** 于 {at:%Y-%m-%d %H:%M} 报送（第{report.number}次）：", quoted(report.text)]
    told = [("办理日期", f"{report.held_on or ''}"), ("完成数量", amount_words(duty, report)), *_entries(duty, report)]
    parts += [f"**{name}**：{words}" for name, words in told if words]
    links = "\n".join(f"- {link(name, url) if url else plain(name)}" for name, url in report.evidence)
    parts.append(f"**佐证材料**：\n\n{links}" if links else "**佐证材料**：无")
    return "\n\n".join(parts)


def _entries(duty: Duty, report: Reported) -> list[tuple[str, str]]:
    """What a duty with a form of its own asked for, as the form says it (`engine.activities`)."""
    activity, entries = activity_of(duty.content, duty.text), dict(report.entries)
    fields = activity.fields if activity is not None else ()
    return [(field.title.zh, plain(f"{entries[field.key]}")) for field in fields if field.key in entries]


def quoted(text: str) -> str:
    """A person's own words as a quotation; their line breaks stay."""
    return "\n>\n".join(f"> {plain(line)}" for line in text.splitlines() if line.strip())
