import csv
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.deadlines import read_deadline, read_deadline_lines, split_dated

SHARED = Path(__file__).parents[2].parent / "shared" / "lists"
MONTH_ENDS = "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31"
OFFICE_CHARACTERS = (
    "0123456789一二两三十年月日旬周季度半每上中下底末初前后内至-—、，。；：（）《》“”次不少于全清明春节国庆七长期起工作个除外\n "
)
QUARTER_ENDS = "03-31 06-30 09-30 12-31"


def due(phrase: str, year: int = 2026) -> str:
    """The due dates in one line, those of the year without it."""
    return " ".join(day.isoformat().removeprefix(f"{year}-") for day in read_deadline(phrase, year).due)


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("8月", "08-31"),
        ("８月底前", "08-31"),
        ("八月二十日之前", "08-20"),
        ("十二月末", "12-31"),
        ("元月", "01-31"),
        ("5月初", "05-10"),
        ("5月中旬", "05-20"),
        ("2月下旬", "02-28"),
        ("2026年9月18日", "09-18"),
        ("2026.9.18", "09-18"),
        ("2026-09-18 00:00:00", "09-18"),
        ("20260918", "09-18"),
        ("2026/9", "09-30"),
        ("二〇二六年九月", "09-30"),
        ("截至9月18日", "09-18"),
        ("不晚于9月底", "09-30"),
        ("持续到11月底", "11-30"),
    ],
)
def test_a_day_or_a_part_of_a_month_is_due_on_its_last_day(phrase: str, dates: str) -> None:
    assert due(phrase) == dates
    assert read_deadline(phrase, 2026).ask is None


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("次年2月10日前", "2027-02-10"),
        ("明年1月", "2027-01-31"),
        ("2027年1月底前", "2027-01-31"),
        ("11月至次年2月", "2027-02-28"),
        ("2026年6月—2027年3月", "2027-03-31"),
        ("7月、次年1月", "07-31 2027-01-31"),
    ],
)
def test_a_named_year_is_taken_as_written(phrase: str, dates: str) -> None:
    assert due(phrase) == dates
    assert read_deadline(phrase, 2026).ask is None


@pytest.mark.parametrize("mark", ["-", "--", "—", "——", "~", "～", "至", "到", "－"])
def test_any_dash_spans_a_window_from_the_first_day_to_the_last(mark: str) -> None:
    [period] = read_deadline(f"4月{mark}9月", 2026).periods
    assert (period.starts_on, period.due_on) == (date(2026, 4, 1), date(2026, 9, 30))
    assert period.label == "4月—9月"


@pytest.mark.parametrize(
    ("phrase", "starts_on", "dates"),
    [
        ("2-4月", date(2026, 2, 1), "04-30"),
        ("3月15日—4月20日", date(2026, 3, 15), "04-20"),
        ("3月5-10日", date(2026, 3, 5), "03-10"),
        ("9月上旬至10月中旬", date(2026, 9, 1), "10-20"),
        ("一至三季度", date(2026, 1, 1), "09-30"),
        ("2026.3-2026.10", date(2026, 3, 1), "10-31"),
    ],
)
def test_a_window_is_one_assignment_due_at_its_end(phrase: str, starts_on: date, dates: str) -> None:
    assert due(phrase) == dates
    assert read_deadline(phrase, 2026).periods[0].starts_on == starts_on


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("4月/9月", "04-30 09-30"),
        ("2、5、8、11月", "02-28 05-31 08-31 11-30"),
        ("4月和9月底前", "04-30 09-30"),
        ("4月上旬、9月上旬", "04-10 09-10"),
        ("3-4月，9-10月", "04-30 10-31"),
        ("二、四季度", "06-30 12-31"),
        ("第一季度及第三季度", "03-31 09-30"),
        ("6月、12月各1次", "06-30 12-31"),
        ("上下半年各1次", "06-30 12-31"),
        ("七八月", "07-31 08-31"),
        ("上半年至少1次，下半年至少1次", "06-30 12-31"),
        ("4月底前\n9月底前", "04-30 09-30"),
        ("每年4月、10月", "04-30 10-31"),
    ],
)
def test_a_list_of_moments_is_one_assignment_each(phrase: str, dates: str) -> None:
    assert due(phrase) == dates


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("上半年", "06-30"),
        ("年中", "06-30"),
        ("下半年", "12-31"),
        ("年底前", "12-31"),
        ("年内", "12-31"),
        ("年终", "12-31"),
        ("2026年底", "12-31"),
        ("年初", "03-31"),
        ("Q3", "09-30"),
        ("第2季度", "06-30"),
        ("四季度末", "12-31"),
        ("前三季度", "09-30"),
        ("2026年度", "12-31"),
    ],
)
def test_a_part_of_the_year_is_due_on_its_last_day(phrase: str, dates: str) -> None:
    reading = read_deadline(phrase, 2026)
    assert due(phrase) == dates
    assert (reading.ask, reading.standing) == (None, False)


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("8月前", "07-31"),
        ("8月初前", "07-31"),
        ("8月中旬前", "08-10"),
        ("第三季度前", "06-30"),
        ("下半年前", "06-30"),
        ("上半年前", "06-30"),
        ("10-2月", "2027-02-28"),
        ("7月20日前后", "07-20"),
        ("每学期", "06-30 12-31"),
        ("春节后", "02-24"),
        ("年前", "12-31"),
        ("9.18前", "09-18"),
        ("2025年9月", "2025-09-30"),
        ("季度末", QUARTER_ENDS),
    ],
)
def test_what_can_be_meant_in_two_ways_is_read_and_asked(phrase: str, dates: str) -> None:
    reading = read_deadline(phrase, 2026)
    assert due(phrase) == dates
    assert reading.ask is not None


def test_a_question_names_the_reading_that_was_taken() -> None:
    ask = read_deadline("8月前", 2026).ask
    assert ask is not None
    assert "2026-07-31" in ask.zh
    assert "2026-07-31" in ask.en


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("每月", MONTH_ENDS),
        ("每月末", MONTH_ENDS),
        ("逐月", MONTH_ENDS),
        ("每月8日", " ".join(f"{month:02}-08" for month in range(1, 13))),
        ("每月1-8日", " ".join(f"{month:02}-08" for month in range(1, 13))),
        ("每月31日", MONTH_ENDS),
        ("双月", "02-28 04-30 06-30 08-31 10-31 12-31"),
        ("每两个月", "02-28 04-30 06-30 08-31 10-31 12-31"),
        ("每季度", QUARTER_ENDS),
        ("每季度首月15日前", "01-15 04-15 07-15 10-15"),
        ("每季度第一个月", "01-31 04-30 07-31 10-31"),
        ("每季度末月20日前", "03-20 06-20 09-20 12-20"),
        ("每半年度", "06-30 12-31"),
        ("每半年一次", "06-30 12-31"),
        ("一年一次", "12-31"),
        ("每年6月底前", "06-30"),
        ("次月8日前", "02-08 03-08 04-08 05-08 06-08 07-08 08-08 09-08 10-08 11-08 12-08 2027-01-08"),
        ("每季度结束后5日内", "04-05 07-05 10-05 2027-01-05"),
        ("每季度结束后5个工作日内", "04-08 07-07 10-13 2027-01-08"),
        ("每月最后一个周五", "01-30 02-27 03-27 04-24 05-29 06-26 07-31 08-28 09-25 10-30 11-27 12-25"),
    ],
)
def test_a_recurring_duty_has_one_period_each_time(phrase: str, dates: str) -> None:
    assert due(phrase) == dates


def test_a_month_runs_from_its_first_day_to_its_last() -> None:
    march = read_deadline("每月", 2028).periods[1]
    assert (march.label, march.starts_on, march.due_on) == ("2月", date(2028, 2, 1), date(2028, 2, 29))


def test_a_week_ends_on_sunday_or_on_the_named_day() -> None:
    weeks, fridays = read_deadline("每周", 2026).due, read_deadline("每周五前", 2026).due
    assert (len(weeks), weeks[0], weeks[-1]) == (52, date(2026, 1, 4), date(2026, 12, 27))
    assert {day.weekday() for day in fridays} == {4}


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("9月起每月", "09-30 10-31 11-30 12-31"),
        ("9-12月，每月8日前", "09-08 10-08 11-08 12-08"),
        ("下半年每季度", "09-30 12-31"),
        ("每季度（第一季度除外）", "06-30 09-30 12-31"),
    ],
)
def test_a_window_or_an_exception_limits_a_recurrence(phrase: str, dates: str) -> None:
    assert due(phrase) == dates


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("每季度末（分别于4月、8月和12月底）", "04-30 08-31 12-31"),
        ("每半年（5月底、11月底前）", "05-31 11-30"),
        ("第二季度（6月10日前）", "06-10"),
    ],
)
def test_dates_in_brackets_win(phrase: str, dates: str) -> None:
    assert due(phrase) == dates


@pytest.mark.parametrize(
    ("phrase", "dates", "amount", "per"),
    [
        ("全年不少于6次", "12-31", 6, "year"),
        ("全年至少开展12场", "12-31", 12, "year"),
        ("不少于3次/年", "12-31", 3, "year"),
        ("一年两次", "12-31", 2, "year"),
        ("年内完成2.5万册", "12-31", 25000, "year"),
        ("全年不少于1次", "12-31", 1, "year"),
        ("每季度开展1次，全年不少于4次", QUARTER_ENDS, 4, "year"),
        ("每半年一次（全年3次）", "06-30 12-31", 3, "year"),
        ("每月至少三次", MONTH_ENDS, 3, "period"),
        ("2次/季度", QUARTER_ENDS, 2, "period"),
    ],
)
def test_a_count_is_the_target_of_the_year_or_of_each_period(phrase: str, dates: str, amount: float, per: str) -> None:
    target = read_deadline(phrase, 2026).target
    assert due(phrase) == dates
    assert target is not None
    assert (target.amount, target.per) == (amount, per)


@pytest.mark.parametrize("phrase", ["每年1次", "每季度1次", "每半年至少1次", "每月报送1篇", "6月、12月各1次"])
def test_once_a_period_is_no_target(phrase: str) -> None:
    assert read_deadline(phrase, 2026).target is None


def test_a_yearly_count_is_looked_at_in_mid_year() -> None:
    assert read_deadline("每年至少2次", 2026).checkpoints == (date(2026, 6, 30),)
    assert read_deadline("每季度1次，全年不少于4次", 2026).checkpoints == ()


@pytest.mark.parametrize(
    ("phrase", "never_closes"),
    [("全年", False), ("全年推进", False), ("常态化推进", False), ("贯穿全年", False), ("长期坚持", True), ("4月起", False)],
)
def test_a_standing_duty_is_due_at_the_end_of_the_year(phrase: str, never_closes: bool) -> None:
    reading = read_deadline(phrase, 2026)
    assert due(phrase) == "12-31"
    assert (reading.standing, reading.never_closes, reading.ask) == (True, never_closes, None)


def test_a_dated_duty_can_stand_afterwards() -> None:
    reading = read_deadline("9月底前建立制度，并长期坚持", 2026)
    assert (reading.due, reading.standing, reading.never_closes) == ((date(2026, 9, 30),), True, True)


@pytest.mark.parametrize(
    "phrase", ["适时", "随时", "及时", "定期", "不定期", "按需", "根据工作需要", "按上级要求", "按时间节点推进", "每天"]
)
def test_a_word_without_a_date_is_standing_and_asked(phrase: str) -> None:
    reading = read_deadline(phrase, 2026)
    assert reading.standing
    assert reading.ask is not None


@pytest.mark.parametrize(
    ("phrase", "relative", "from_issue"),
    [
        ("立行立改", "10wd", True),
        ("即知即改", "10wd", True),
        ("15个工作日内", "15wd", True),
        ("清单印发之日起20日内", "20d", True),
        ("印发后一周内", "7d", True),
        ("接到通知后3个工作日内", "3wd", False),
        ("会后五日内", "5d", False),
        ("事件发生后24小时内", "1d", False),
        ("两周内", "14d", True),
        ("一个月内", "30d", True),
    ],
)
def test_a_duration_counts_from_the_issue_or_waits_for_its_event(phrase: str, relative: str, from_issue: bool) -> None:
    reading = read_deadline(phrase, 2026).relative
    assert reading is not None
    assert (str(reading), reading.from_issue) == (relative, from_issue)


def test_before_the_holidays_is_the_last_working_day_before_each_of_them() -> None:
    assert due("重大节日前") == "02-14 04-03 04-30 06-18 09-24 09-30 12-31"
    assert read_deadline("节前", 2026).periods[1].label == "清明节前"


@pytest.mark.parametrize(
    ("phrase", "dates"),
    [
        ("国庆节前", "09-30"),
        ("清明、中秋节前", "04-03 09-24"),
        ("元旦春节前", "02-14 12-31"),
        ("五一前", "04-30"),
        ("“七一”前", "06-30"),
        ("重阳节前", "10-17"),
        ("春节期间", "02-23"),
        ("10月国庆节前", "09-30"),
        ("春节后一周内", "03-02"),
        ("春节、国庆等重要节点前", "02-14 04-03 04-30 06-18 09-24 09-30 12-31"),
    ],
)
def test_a_named_holiday_has_its_own_day(phrase: str, dates: str) -> None:
    assert due(phrase) == dates


@pytest.mark.parametrize("phrase", ["2月30日", "6月31日前", "13月", "2月29日", "每年4月31日", "9999年3月"])
def test_a_date_that_does_not_exist_is_a_problem(phrase: str) -> None:
    reading = read_deadline(phrase, 2026)
    assert reading.problem is not None
    assert reading.due == ()


def test_the_29th_of_february_exists_in_a_leap_year() -> None:
    assert due("2月29日", 2028) == "02-29"


@pytest.mark.parametrize("phrase", ["", "待定", "月底前", "18日前", "党代会前", "换届后", "会前3个工作日", "见附件"])
def test_what_is_not_understood_has_no_date_and_is_asked(phrase: str) -> None:
    reading = read_deadline(phrase, 2026)
    assert reading.ask is not None
    assert (reading.due, reading.standing, reading.relative) == ((), False, None)


def test_the_lines_of_a_cell_are_read_one_by_one() -> None:
    assert [reading.due for reading in read_deadline_lines("4月底前\n\n9月底前", 2026)] == [(date(2026, 4, 30),), (date(2026, 9, 30),)]


@given(st.text(alphabet=OFFICE_CHARACTERS), st.integers(2000, 2100))
def test_no_text_is_too_strange_to_read(text: str, year: int) -> None:
    read_deadline(text, year)
    split_dated(text, year)


@given(st.text(), st.integers(2000, 2100))
def test_no_character_is_too_strange_to_read(text: str, year: int) -> None:
    read_deadline(text, year)
    split_dated(text, year)


@pytest.mark.parametrize("piece", ["1", "一", "(", "3月、", "重大", "每月", "《", "5日、"])
def test_a_cell_of_any_length_is_read(piece: str) -> None:
    read_deadline(piece * 5000, 2026)
    split_dated(piece * 5000, 2026)


def segments(text: str, year: int = 2026) -> list[tuple[str, str]]:
    return [
        (segment.text, " ".join(day.isoformat().removeprefix(f"{year}-") for day in segment.deadline.due) if segment.deadline else "-")
        for segment in split_dated(text, year)
    ]


@pytest.mark.parametrize("between", ["：拟定方案\n", "：拟定方案；", "：拟定方案", "拟定方案，", " 拟定方案 "])
def test_dated_parts_are_split_with_or_without_marks_between(between: str) -> None:
    assert segments(f"2月{between}5月：征求意见") == [("拟定方案", "02-28"), ("征求意见", "05-31")]


def test_what_follows_without_a_date_belongs_to_the_date_above() -> None:
    text = "4月：1、检查库房；2、清点物资\n3、登记造册\n9月：复查"
    assert segments(text) == [("1、检查库房；2、清点物资\n3、登记造册", "04-30"), ("复查", "09-30")]


def test_an_undated_numbered_line_has_the_deadline_above_it() -> None:
    text = "1.4月底前检查库房\n2.清点物资\n3.9月底前复查"
    assert segments(text) == [("检查库房", "04-30"), ("2.清点物资", "04-30"), ("复查", "09-30")]


def test_numbers_before_dates_are_no_months() -> None:
    assert segments("1、4月底前检查库房；2、9月底前复查") == [("检查库房", "04-30"), ("复查", "09-30")]


def test_what_stands_before_the_date_is_kept_as_context() -> None:
    first, second = split_dated("窗口建设：2-4月完成选址；5-12月组织施工", 2026)
    assert (first.text, first.context) == ("完成选址", "窗口建设：")
    assert (second.text, second.context) == ("组织施工", "窗口建设：")


def test_a_cell_that_is_only_a_phrase_has_no_text() -> None:
    assert segments("每季度") == [("", QUARTER_ENDS)]
    assert segments("长期坚持") == [("", "12-31")]


def test_a_date_behind_its_deed_is_found() -> None:
    assert segments("拟定方案（4月底前）；组织实施（9月底前）") == [("拟定方案", "04-30"), ("组织实施", "09-30")]
    assert segments("拟定方案，4月底前完成；组织实施，9月底前完成") == [
        ("拟定方案，4月底前完成", "04-30"),
        ("组织实施，9月底前完成", "09-30"),
    ]
    assert segments("4月底前拟定方案并于9月底前组织实施") == [("拟定方案", "04-30"), ("组织实施", "09-30")]


def test_a_recurrence_inside_a_sentence_is_a_deadline_with_its_count() -> None:
    first, second = split_dated("党支部每月组织学习2次。支部书记每年至少讲1次党课。", 2026)
    assert (first.text, second.text) == ("党支部每月组织学习2次", "支部书记每年至少讲1次党课")
    assert first.deadline is not None
    assert first.deadline.target is not None
    assert (first.deadline.target.amount, first.deadline.target.per) == (2, "period")
    assert second.deadline is not None
    assert second.deadline.target is not None
    assert (second.deadline.target.amount, second.deadline.target.per) == (1, "year")


def test_a_count_in_brackets_belongs_to_the_recurrence_before_it() -> None:
    [segment] = split_dated("每季度研究一次安全工作（全年不少于4次）", 2026)
    assert segment.deadline is not None
    assert len(segment.deadline.due) == 4
    assert segment.deadline.target is not None
    assert segment.deadline.target.per == "year"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4月至11月，每月巡查一次", [("巡查一次", "04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30")]),
        ("半年一通报，年终总评", [("通报", "06-30 12-31"), ("总评", "12-31")]),
        ("干部谈话（正副职之间每半年至少1次）", [("干部谈话（正副职之间每半年至少1次）", "06-30 12-31")]),
        ("在端午、中秋等重要节点前发送提醒", [("发送提醒", "02-14 04-03 04-30 06-18 09-24 09-30 12-31")]),
        ("到2027年底建成8个站点", [("建成8个站点", "2027-12-31")]),
        ("理论学习每年不少于12次，每次半天", [("理论学习每年不少于12次，每次半天", "12-31")]),
        ("2-3月选址、4-9月 施工", [("选址", "03-31"), ("施工", "09-30")]),
        ("9月慰问，10月重阳节敬老", [("慰问", "09-30"), ("重阳节敬老", "10-31")]),
        ("准备（1-3月）；实施（4-9月）", [("准备", "03-31"), ("实施", "09-30")]),
        ("① 4月底前摸底；② 9月底前整改", [("摸底", "04-30"), ("整改", "09-30")]),
    ],
)
def test_a_deadline_is_found_where_the_sentence_has_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert segments(text) == expected


def test_an_amount_of_the_year_is_its_target() -> None:
    [segment] = split_dated("全年新增床位300张", 2026)
    assert segment.deadline is not None
    assert segment.deadline.target is not None
    assert (segment.deadline.target.amount, segment.deadline.target.unit) == (300, "张")


def test_an_event_in_the_sentence_is_part_of_the_phrase() -> None:
    [segment] = split_dated("收到来信后5个工作日内答复来信人", 2026)
    assert segment.deadline is not None
    assert (segment.text, segment.deadline.phrase) == ("答复来信人", "收到来信后5个工作日内")
    assert segment.deadline.relative is not None
    assert not segment.deadline.relative.from_issue


@pytest.mark.parametrize(
    "text",
    [
        "落实2025年度考核整改意见",
        "约谈三个月内两次迟到的人员",
        "根据2026年6月30日前的数据完善台账",
        "落实每月一次的例会制度",
        "学习《全市2026年12月底前完成事项的通报》",
        "开展“二季度安全生产专项行动”宣传",
        "主持下半年安全形势分析会",
        "总结上半年工作经验",
        "做好春节、中秋等节日慰问",
        "筹备第二次代表大会",
        "整改12项问题",
        "及时了解群众诉求，定期报告",
    ],
)
def test_a_date_that_is_part_of_a_name_is_no_deadline(text: str) -> None:
    assert segments(text) == [(text, "-")]


@pytest.mark.skipif(not SHARED.exists(), reason="the lists with known readings are not here")
def test_every_known_phrase_is_read_right() -> None:
    with (SHARED / "deadlines.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        reading = read_deadline(row["phrase"], int(row["list_year"]))
        parts = row["expected"].split(";")
        dates = [part for part in parts if part[:4].isdigit()]
        relative = next((part.partition(":")[2] for part in parts if part.startswith("relative:")), None)
        assert reading.standing == ("standing" in parts), row
        assert [day.isoformat() for day in reading.due] == dates or not dates, row
        assert (str(reading.relative) if reading.relative else None) == relative, row
        assert (str(int(reading.target.amount)) if reading.target else "") == (row["target"] or ""), row
        assert (reading.ask is not None) == (row["ask"] == "1"), row


@pytest.mark.skipif(not SHARED.exists(), reason="the lists with known readings are not here")
def test_every_phrase_of_the_known_lists_is_read_right() -> None:
    for path in sorted(SHARED.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        for step in (step for item in gold.get("items", ()) for step in item["steps"] if step.get("phrase") and step["due"]):
            reading = read_deadline(step["phrase"], gold["year"])
            assert [day.isoformat() for day in reading.due] == sorted(step["due"]), (path.name, step["phrase"])
