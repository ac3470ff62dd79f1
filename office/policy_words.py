"""What a 督办规则 means, in sentences that an officer can check.

In: a policy, or the rules of one item. Out: one sentence for each part.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from office.policy import COLOUR_WORDS, LEVEL_WORDS, Colour, Difference, Level, Levels, Policy, Rules
from office.text import Text


def meaning(policy: Policy) -> tuple[Text, ...]:
    """The whole policy: the rules, what holds for mails and meetings, and a sentence for each exception."""
    said = [*meaning_of_rules(policy.rules), _urgent(policy.rules), _mail(policy), _meeting(policy)]
    for each in policy.exceptions:
        where = Text(f"《{each.list_title}》", f"“{each.list_title}”")
        if each.item:
            where = Text(f"{where.zh}{each.where.zh}", f"{where.en} {each.where.en}")
        differs = _exception(policy, each)
        said.append(Text(f"例外，{where.zh}：{differs.zh}", f"Exception, {where.en}: {differs.en}"))
    return tuple(said)


def meaning_of_rules(rules: Rules) -> tuple[Text, ...]:
    """What holds for one item."""
    return tuple(said for _, said in _sentences(rules))


def _sentences(rules: Rules) -> Iterator[tuple[str, Text]]:
    """By the name of the part that each is about."""
    if rules.warning.before:
        zh, en = _days(rules.warning.before)
        yield "warning", Text(f"预警：到期前第{zh}个工作日提醒责任人", f"Warning: {en} working days before the due date, to the assignee")
    else:
        yield "warning", Text("预警：到期前不提醒", "Warning: none before the due date")
    waits = rules.acknowledgement
    yield (
        "acknowledgement",
        Text(
            f"签收：下发后第{waits.assignee}个工作日仍未签收，再提醒责任人；第{waits.contact_leader}个工作日仍未签收，告知联系领导",
            f"Acknowledgement: {waits.assignee} working days after it was sent the assignee is reminded, "
            f"after {waits.contact_leader} the contact leader is told",
        ),
    )
    if rules.is_urgent:
        yield "overdue", _urgent(rules)
    else:
        over = _levels(rules.overdue)
        yield "overdue", Text(f"逾期：{over.zh}", f"Overdue: {over.en}")
    if rules.review.after:
        zh, en = _days(rules.review.after)
        yield "review", Text(f"审核：报送后第{zh}个工作日仍未审核，提醒审核人", f"Review: reminded of {en} working days after the report")
    else:
        yield "review", Text("审核：不提醒审核人", "Review: nobody is reminded")
    yield "notice", _colours(rules)


def _urgent(rules: Rules) -> Text:
    over = _levels(rules.urgent)
    return Text(f"紧急事项，逾期直接上报：{over.zh}", f"Overdue, urgent: {over.en}")


def _levels(levels: Levels) -> Text:
    zh, en = [], []
    for after, same in groupby(Level, key=levels.at):
        names = _names(same)
        zh.append(f"第{after}个工作日到{names.zh}")
        en.append(f"on working day {after} to the {names.en}")
    return Text(f"到期后{'，'.join(zh)}", f"after the due date {', '.join(en)}")


def _colours(rules: Rules) -> Text:
    zh, en = ["预警用蓝色督办单"], ["blue for warnings"]
    if rules.colour(Level.ASSIGNEE) is not Colour.BLUE:
        zh, en = ["预警用蓝色督办单，到期前最后一次用黄色"], ["blue for warnings, yellow for the last one"]
    for colour, same in groupby(Level, key=rules.colour):
        names = _names(same)
        zh.append(f"逾期到{names.zh}用{COLOUR_WORDS[colour].zh}")
        en.append(f"{colour.value} for the {names.en}")
    return Text(f"督办单：{'，'.join(zh)}", f"Notices: {', '.join(en)}")


def _names(levels: Iterable[Level]) -> Text:
    words = [LEVEL_WORDS[level] for level in levels]
    return Text("、".join(each.zh for each in words), ", ".join(each.en for each in words))


def _mail(policy: Policy) -> Text:
    last = min(policy.rules.warning.before, default=0)
    may_skip = [days for days in policy.mail.may_skip_warnings if days in policy.rules.warning.before and days != last]
    zh, en = _days(may_skip) if may_skip else ("", "")
    skip = Text(f"个人可以关掉到期前第{zh}个工作日的预警", f"warnings {en} working days before may be switched off")
    if not may_skip:
        skip = Text("预警不能关掉", "no warning may be switched off")
    at, a_day = policy.mail.goes_up_at, policy.mail.a_day
    return Text(
        f"邮件：上报在{at}，前一个工作日先告诉责任人；每人每天至多{a_day}封；{skip.zh}",
        f"Mail: it goes up at {at}, the assignee hears of it on the working day before; at most {a_day} a day and person; {skip.en}",
    )


def _meeting(policy: Policy) -> Text:
    meeting = policy.meeting
    if meeting.every == "never":
        return Text("例会：不开", "Meetings: none")
    period = Text("每月", "each month") if meeting.every == "month" else Text("每季度", "each quarter")
    nth = abs(meeting.workday)
    if meeting.workday > 0:
        day = Text(f"第{nth}个工作日", f"working day {nth}")
    else:
        day = Text(
            "最后一个工作日" if nth == 1 else f"倒数第{nth}个工作日",
            "the last working day" if nth == 1 else f"working day {nth} from the end",
        )
    return Text(
        f"例会：{period.zh}{day.zh}，会前第{meeting.prepare_before}个工作日准备材料",
        f"Meetings: on {day.en} of {period.en}, prepared {meeting.prepare_before} working days before",
    )


def _exception(policy: Policy, each: Difference) -> Text:
    """Of what holds there, what the exception is about."""
    about = {*each.parts, *(["overdue"] if each.is_urgent is not None else [])}
    said = [text for part, text in _sentences(policy.rules_of(each.list_title, each.item)) if part in about]
    if not said:
        return Text("没有不同", "does not differ")
    return Text("；".join(text.zh for text in said), "; ".join(text.en for text in said))


def _days(days: Sequence[int]) -> tuple[str, str]:
    return "、".join(map(str, days)), ", ".join(map(str, days))
