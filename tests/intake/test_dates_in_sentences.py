"""Which dates of a sentence are deadlines, and which tell something else."""

import time

import pytest

from intake.deadlines import read_deadline, split_dated

YEAR = 2026


def phrases(text: str) -> list[str | None]:
    return [segment.deadline.phrase if segment.deadline else None for segment in split_dated(text, YEAR)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("修订《值班办法》（2023年5月印发），于6月15日前报送", ["6月15日前"]),
        ("逐台检修，2019年以前购置的一律更换", [None]),
        ("落实2026年3月通过的条例", [None]),
        ("2024年12月底前建成的小区全部纳入", [None]),
        ("修订《值班办法》（2026年3月印发）", [None]),
        ("2025年印发的方案，5月底前修订", ["5月底前"]),
        ("对2025年以来的案件开展评查，9月底前完成", ["9月底前"]),
    ],
)
def test_a_date_that_tells_when_something_was_is_no_deadline(text: str, expected: list[str | None]) -> None:
    assert phrases(text) == expected


def test_a_past_year_before_a_colon_heads_its_step_and_is_asked() -> None:
    first, second = split_dated("2025年12月：准备；2026年3月：实施", YEAR)
    assert first.deadline is not None
    assert first.deadline.ask is not None
    assert second.deadline is not None
    assert second.deadline.ask is None


def test_where_a_period_begins_is_no_deadline_beside_one() -> None:
    assert phrases("2026年5月1日起试运行，11月底前全部建成") == ["11月底前"]
    assert phrases("5月1日起试运行") == ["5月1日起"]


@pytest.mark.parametrize("text", ["常态化做好文明劝导", "会议数量压减一成，长期坚持。", "把好关口，常抓不懈"])
def test_a_sentence_without_a_date_stands_where_it_says_so(text: str) -> None:
    (segment,) = split_dated(text, YEAR)
    assert segment.text == text
    assert segment.deadline is not None
    assert segment.deadline.standing
    assert segment.deadline.ask is None


def test_a_verb_that_may_only_say_what_is_done_is_standing_and_asked() -> None:
    (segment,) = split_dated("持续推进旧楼加装电梯", YEAR)
    assert segment.deadline is not None
    assert segment.deadline.standing
    assert segment.deadline.ask is not None


def test_a_date_of_the_sentence_goes_before_its_standing_word() -> None:
    assert phrases("常态化开展巡查；6月底前通报") == ["6月底前"]


def test_a_bracket_with_two_dated_deeds_is_two_steps() -> None:
    found = split_dated("修订办法（3月底前完成，6月底前验收）。", YEAR)
    assert [(segment.context + segment.text, segment.deadline and segment.deadline.phrase) for segment in found] == [
        ("修订办法：3月底前完成", "3月底前"),
        ("修订办法：验收", "6月底前"),
    ]


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("开展节前纪律提醒", ["开展节前纪律提醒"]),
        ("召开年底前总结会", ["召开年底前总结会"]),
        ("迎接上半年抽查，7月底前补齐台账。", ["迎接上半年抽查，7月底前补齐台账"]),
        ("拟定计划。2月底前完成。", ["拟定计划。2月底前完成"]),
        ("力争8月底前通车", ["力争8月底前通车"]),
        ("4月底前拟定方案，各站点于9月底前报送", ["拟定方案", "各站点于9月底前报送"]),
        ("各站每月学习，站长每年讲课1次", ["各站每月学习", "站长每年讲课1次"]),
        ("每季度对查出的隐患在30日内完成整改", ["对查出的隐患在30日内完成整改", "每季度对查出的隐患在30日内完成整改"]),
        ("修订办法（3月底前），制定细则（6月底前）", ["修订办法", "制定细则"]),
        ("修订办法（3月底前）并报送，张贴（6月底前）。", ["修订办法（3月底前）并报送", "张贴"]),
        ("准备材料\n3月底前完成", ["准备材料", "3月底前完成"]),
        ("3月底前摸底；6月底前完成。", ["摸底", "6月底前完成"]),
        ("修订办法（3月底前由乙科牵头），报送", ["修订办法（3月底前由乙科牵头），报送"]),
        ("一是3月底前装灯；二是6月底前验收。", ["装灯", "验收"]),
    ],
)
def test_a_segment_keeps_the_words_of_its_sentence_but_for_a_phrase_at_its_head(text: str, deeds: list[str]) -> None:
    assert [segment.text for segment in split_dated(text, YEAR)] == deeds


@pytest.mark.parametrize(("text", "deed"), [("年底前述职", "述职"), ("6月底前提交报告", "提交报告"), ("6月底前提高效率", "提高效率")])
def test_the_word_before_ends_the_phrase(text: str, deed: str) -> None:
    (segment,) = split_dated(text, YEAR)
    assert segment.text == deed


@pytest.mark.parametrize("phrase", ["第五季度", "五季度", "第七季度末", "十三月", "13月", "每月35日前", "每季度第五个月"])
def test_a_number_out_of_its_range_is_a_problem(phrase: str) -> None:
    reading = read_deadline(phrase, YEAR)
    assert reading.problem is not None
    assert reading.due == ()


def test_a_year_far_behind_the_lists_is_asked() -> None:
    assert read_deadline("2030年5月", YEAR).ask is not None
    assert read_deadline("2027年5月", YEAR).ask is None


@pytest.mark.parametrize("piece", ["年", "1", "一", "每季度", "3月印发的", "（3月，", "1、3月", "《", "年底前"])
def test_a_cell_of_eight_times_the_length_takes_no_more_than_a_multiple_of_it(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        read_deadline(text, YEAR)
        split_dated(text, YEAR)
        return time.process_time() - began

    seconds(1_000)  # fills caches
    short = min(seconds(1_000) for _ in range(5))
    long = min(seconds(8_000) for _ in range(2))
    assert long < 24 * short + 0.01  # 8 times where each character is looked at a few times; 64 times where each looks at all others


@pytest.mark.parametrize("dash", "-–—―－─━‑‐⁓ー～")
def test_whatever_looks_like_a_dash_spans_a_window(dash: str) -> None:
    reading = read_deadline(f"3月{dash}5月", YEAR)
    assert [day.isoformat() for day in reading.due] == ["2026-05-31"]


@pytest.mark.parametrize("joint", ["", "→", "…", "?", "或"])
def test_months_joined_by_neither_a_dash_nor_a_list_mark_are_asked(joint: str) -> None:
    reading = read_deadline(f"3月{joint}5月", YEAR)
    assert len(reading.due) == 2
    assert reading.ask is not None


@pytest.mark.parametrize("joint", ["、", "，", "和", "/", " ", "\n"])
def test_months_in_a_list_are_not_asked(joint: str) -> None:
    reading = read_deadline(f"3月{joint}5月", YEAR)
    assert len(reading.due) == 2
    assert reading.ask is None


def test_a_window_without_its_end_is_asked() -> None:
    assert read_deadline("6月15日至", YEAR).ask is not None
