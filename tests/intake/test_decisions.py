"""What a meeting decided, a line each: fields, dates from the day of the meeting, and lines that cannot be read."""

from datetime import date

import pytest

from intake.decisions import MOST_LINES, read_decisions
from intake.values import ListReading, Parties
from office.text import Refused

HELD_ON, NEXT_ON = date(2026, 3, 31), date(2026, 4, 30)


def read(*lines: str) -> ListReading:
    return read_decisions("\n".join(lines), HELD_ON, NEXT_ON)


def due(phrase: str) -> tuple[date, ...]:
    reading = read(f"修订办法 | 办公室 | {phrase}")
    assert reading.problems == ()
    return reading.items[0].steps[0].deadline.due


def test_a_line_is_a_duty_with_its_party_deadline_and_leader() -> None:
    reading = read("  修订信访接待办法｜社会事务科牵头，办公室配合｜4月20日前｜顾清扬 ", "", "通报督办情况 | 办公室 | 5月底前")
    assert reading.title == "2026年3月31日例会议定事项"
    first, second = reading.items
    assert (first.content, first.number, first.address) == ("修订信访接待办法", "1", "第1行")
    assert first.parties == Parties(leader=("顾清扬",), lead=("社会事务科",), assisting=("办公室",))
    assert (second.number, second.address, second.parties) == ("2", "第3行", Parties(responsible=("办公室",)))
    assert [item.steps[0].deadline.due for item in reading.items] == [(date(2026, 4, 20),), (date(2026, 5, 31),)]


@pytest.mark.parametrize(
    ("phrase", "days"),
    [
        ("7月20日前", (date(2026, 7, 20),)),
        ("会后7日内", (date(2026, 4, 7),)),
        ("两周内", (date(2026, 4, 14),)),
        ("5个工作日内", (date(2026, 4, 8),)),  # 清明 lies between
        ("立行立改", (date(2026, 4, 15),)),
        ("下次例会前", (date(2026, 4, 30),)),
        ("明年1月底前", (date(2027, 1, 31),)),
        ("长期坚持", (date(2026, 12, 31),)),
        ("每季度末", (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31))),
    ],
)
def test_deadlines_are_read_as_in_any_list_and_counted_from_the_meeting(phrase: str, days: tuple[date, ...]) -> None:
    assert due(phrase) == days


def test_no_time_begins_before_the_meeting_and_what_recurs_is_owed_from_then_on() -> None:
    (item,) = read("通报督办情况 | 办公室 | 每月10日前").items
    periods = item.steps[0].deadline.periods
    assert (periods[0].due_on, len(periods)) == (date(2026, 4, 10), 9)
    assert all(period.starts_on >= HELD_ON for period in periods)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("修订办法", "有1栏"),
        ("修订办法 | 办公室", "有2栏"),
        ("修订办法 | 办公室 | 5月底前 | 周望 | 备注", "有5栏"),
        (" | 办公室 | 5月底前", "没有写事项"),
        ("修订办法 | | 5月底前", "没有写责任单位或责任人"),
        ("修订办法 | 办公室 | ", "没有写完成时限"),
        ("修订办法 | — | 5月底前", "不是责任单位或责任人"),
        ("修订办法 | 办公室 | 2月30日前", "日期不存在"),
        ("修订办法 | 办公室 | 1月底前", "早于例会"),
        ("修订办法 | 办公室 | 适时", "不是确切的时限"),
        ("修订办法 | 办公室 | 月底前", "不是确切的时限"),
        ("修订办法 | 办公室 | 研究后确定", "不是确切的时限"),
        (f"{'长' * 1001} | 办公室 | 5月底前", "至多 1000 字"),
    ],
)
def test_a_line_that_cannot_be_read_is_a_problem_with_its_number(line: str, said: str) -> None:
    reading = read("好的 | 办公室 | 5月底前", "", line)
    ((address, text),) = ((problem.address, problem.text.zh) for problem in reading.problems)
    assert address == "第3行"
    assert said in text


def test_a_next_meeting_that_nobody_knows_is_no_date() -> None:
    assert read_decisions("修订办法 | 办公室 | 下次例会前", HELD_ON).problems != ()


def test_more_lines_than_a_meeting_decides_are_refused() -> None:
    with pytest.raises(Refused, match="至多 200 条"):
        read(*[f"事项{n} | 办公室 | 5月底前" for n in range(MOST_LINES + 1)])
