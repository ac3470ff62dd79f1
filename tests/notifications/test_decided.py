"""What who carries a duty reads about a decision."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.decided import DecidedNotice, Outcome, compose_decided
from notifications.handover import HandoverNotice, compose_handover
from notifications.mime import Mail
from tests.notifications.test_messages import ENGLISH, NOW, SENDER, body, calendar_of, duty, parsed


def told(outcome: Outcome, **fields: object) -> DecidedNotice:
    defaults: dict[str, object] = {
        "person": "王小明",
        "address": "wang@office.example",
        "duties": (duty(),),
        "by": "周望",
        "comment": "缺少签到表",
        "year": 2026,
        "on": date(2026, 2, 3),
    }
    return DecidedNotice(outcome=outcome, **(defaults | fields))  # type: ignore[arg-type]


def decided(outcome: Outcome, **fields: object) -> Mail:
    return compose_decided(told(outcome, **fields), SENDER, key="decided:1", person_id=3, now=NOW)


@pytest.mark.parametrize(
    ("outcome", "subject", "said"),
    [
        (Outcome.APPROVED, "审核通过：组织主题党日", "周望已审核通过，按期办结。"),
        (Outcome.RETURNED, "请重办后再报：组织主题党日", "周望已退回。"),
        (Outcome.CLOSED, "已办结：组织主题党日", "周望已直接办结，记为按期办结。"),
        (Outcome.REOPENED, "请重新办理：组织主题党日", "周望要求重新办理。"),
        (Outcome.WITHDRAWN, "不用再办：组织主题党日", "周望已撤销。"),
        (Outcome.EXTENDED, "准予延期：组织主题党日", "周望已准予延期，新的期限是3月31日。"),
        (Outcome.NOT_EXTENDED, "未准延期：组织主题党日", "周望不予同意，期限仍是3月31日。"),
        (Outcome.RESUMED, "请继续办理：组织主题党日", "原已撤销，周望要求继续办理。"),
    ],
)
def test_it_says_what_was_decided_by_whom_and_why(outcome: Outcome, subject: str, said: str) -> None:
    mail = decided(outcome)
    assert (mail.kind, mail.subject) == ("decided", subject)
    for kind in ("plain", "html"):
        assert said in body(mail, kind)
        assert "意见：缺少签到表" in body(mail, kind)


def test_what_is_done_late_is_called_so() -> None:
    assert "逾期办结" in body(decided(Outcome.APPROVED, late=True))
    assert "按期办结" not in body(decided(Outcome.CLOSED, late=True))


def test_what_is_returned_keeps_its_date_or_is_overdue() -> None:
    assert "期限不变" in body(decided(Outcome.RETURNED))
    assert "期限已过，请尽快重办" in body(decided(Outcome.REOPENED, late=True))


def test_without_a_comment_there_is_no_line_for_one() -> None:
    assert "意见" not in body(decided(Outcome.APPROVED, comment=""))


def test_a_comment_is_no_markup() -> None:
    assert "<b>" not in body(decided(Outcome.RETURNED, comment="<b>粗</b>"), "html")


def test_several_withdrawn_duties_are_one_message_that_names_the_first() -> None:
    mail = decided(Outcome.WITHDRAWN, duties=(duty("甲"), duty("乙")))
    assert mail.subject == "不用再办：甲等 2 项"
    assert "下面 2 项任务" in body(mail)
    assert "乙" in body(mail)


def test_who_only_assists_or_leads_reads_of_nothing_of_their_own() -> None:
    mail = decided(Outcome.WITHDRAWN, duties=(), informed=(duty("甲"),))
    assert mail.subject == "不用再办：甲"
    assert "━━ 我配合或分管的（1 项） ━━" in body(mail)
    assert "不用再办（" not in body(mail)
    assert "报送" not in body(mail)


def test_a_long_duty_and_one_of_several_lines_fit_into_the_subject() -> None:
    mail = decided(Outcome.CLOSED, duties=(duty("第一\x07行\n" + "长" * 100),))
    assert mail.subject.startswith("已办结：第一行 长")
    assert len(mail.subject) == 64


def test_an_extended_one_says_the_old_date_and_carries_the_new_one() -> None:
    mail = decided(Outcome.EXTENDED, was_due_on=date(2026, 2, 28))
    assert "新的期限是3月31日（原为2月28日）" in body(mail)
    assert "日历里原来的日程请自行删去" in body(mail)
    (event,) = calendar_of(mail).walk("VEVENT")
    assert event.decoded("DTSTART") == date(2026, 3, 31)


def test_it_carries_no_calendar_unless_its_dates_have_to_be_entered_again() -> None:
    assert list(parsed(decided(Outcome.RETURNED)).iter_attachments()) == []
    assert len(list(parsed(decided(Outcome.RESUMED)).iter_attachments())) == 1


def test_who_goes_on_reads_what_to_do() -> None:
    assert "期限不变，请按期办结并报送" in body(decided(Outcome.RESUMED))
    assert "期限已过，请尽快办结并报送" in body(decided(Outcome.RESUMED, late=True))
    assert "继续配合、过问" in body(decided(Outcome.RESUMED, duties=(), informed=(duty("甲"),)))


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("late", [False, True])
def test_everything_is_said_in_english_too(outcome: Outcome, late: bool) -> None:
    plain = duty("A", text="a", standard="s", party="p", leader="l", assisting=(), phrase="")
    notice = told(outcome, person="W", by="V", comment="c", duties=(plain, replace(plain, key="other")), late=late)
    sender = replace(ENGLISH, reply_to="Lin <lin@office.example>")
    for said in (notice, replace(notice, informed=(plain,)), replace(notice, duties=(), informed=(plain,))):
        mail = compose_decided(said, sender, key="decided:1", person_id=None, now=NOW)
        assert [letter for letter in mail.subject + body(mail) if "\u4e00" <= letter <= "\u9fff"] == []


def test_a_successor_is_told_what_waits_for_review() -> None:
    handed = HandoverNotice(
        "赵新", "zhao@office.example", "王小明", "第三党支部书记", date(2026, 2, 1), (duty("甲"), duty("乙")), reported=1
    )
    assert "其中 1 项次已报送、正待审核，不用重报。" in body(compose_handover(handed, SENDER, key="h", person_id=3, now=NOW))
    none = compose_handover(replace(handed, reported=0), SENDER, key="h", person_id=3, now=NOW)
    assert "待审核" not in body(none)
