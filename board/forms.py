"""The form with which a report is reviewed, and a report in words: what a reviewer sees. Pure.

In: the duty with the report that waits. Out: a `Form` (what it asks is `board.review_form`), and Markdown.
"""

from zoneinfo import ZoneInfo

from board.duties import Duty, Reported
from board.markdown import link, plain
from board.review_form import review_schema
from board.values import Form
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
    return "\n\n".join([report_words(report, target_of(duty), duty.target_unit, zone), "---", *parts])


def target_of(duty: Duty) -> str:
    """What is to be reached, in words; empty where the duty has no target."""
    if duty.target_amount is None:
        return ""
    return target_words(Target(duty.target_amount, duty.target_unit, "year" if duty.target_per == "year" else "period"), "zh")


def report_words(report: Reported, target: str, unit: str, zone: ZoneInfo) -> str:
    """A report in Markdown: when and by whom, its words, what was reached of the target, links to what proves it."""
    at = report.at.astimezone(zone)
    parts = [f"**{report.by}** 于 {at:%Y-%m-%d %H:%M} 报送（第{report.number}次）：", quoted(report.text)]
    if target or report.amount is not None:
        reached = "未填" if report.amount is None else f"{report.amount:g}{unit}"
        parts.append(f"**完成数量**：{reached}" + (f"（目标：{target}）" if target else ""))
    links = "\n".join(f"- {link(name, url)}" for name, url in report.evidence)
    parts.append(f"**佐证材料**：\n\n{links}" if links else "**佐证材料**：无")
    return "\n\n".join(parts)


def quoted(text: str) -> str:
    """A person's own words as a quotation; their line breaks stay."""
    return "\n>\n".join(f"> {plain(line)}" for line in text.splitlines() if line.strip())
