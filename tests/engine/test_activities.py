import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.activities import ACTIVITIES, Activity, activity_of, read_entries
from office.text import Refused

PARTY_DAY, MEETINGS, COMMUNITY = ACTIVITIES
HELD = {"theme": "学习条例", "place": "三楼会议室", "number_due": "30", "number_present": "28"}
HELPED = {"posts_claimed": "3", "wishes_collected": "5", "people": "40", "deeds": "2"}


@pytest.mark.parametrize(
    ("content", "text", "activity"),
    [
        ("开展主题党日活动", "结合业务确定主题，集中组织党员学习", PARTY_DAY),
        ("开展“主题 党日”", "", PARTY_DAY),
        ("严格执行“三会一课”制度", "召开支部委员会，研究重点工作", MEETINGS),
        ("严格执行“三会一课”制度", "到所在支部讲党课", MEETINGS),
        ("落实党内组织生活", "1. 召开支部党员大会", MEETINGS),
        ("落实“双报到双报告双服务”", "组织在职党员到社区开展志愿服务", COMMUNITY),
        ("服务群众", "党支部到共建社区报到", COMMUNITY),
        ("严格执行“三会一课”制度", "每月开展主题党日", PARTY_DAY),
        ("制定计划，开展主题党日", "制定计划，开展主题党日", PARTY_DAY),
        ("落实三会一课、主题党日制度", "每月开展主题党日", PARTY_DAY),
    ],
)
def test_a_duty_is_recognised_by_its_step_and_else_by_its_item(content: str, text: str, activity: Activity) -> None:
    assert activity_of(content, text) is activity


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", ""),
        ("按季报送台账", "报送台账"),
        ("落实三会一课、主题党日制度", ""),
        ("落实三会一课、主题党日制度", "按要求开展"),
        ("开展主题党日活动", "汇总各党支部活动情况，评选优秀主题党日案例"),
        ("开展主题党日活动", "（2）督促各支部按时开展"),
        ("开展主题党日活动", "制定年度主题党日计划"),
        ("指导联系支部工作", "参加联系支部主题党日，为支部党员讲一次党课"),
        ("检查各支部“三会一课”记录", ""),
    ],
)
def test_other_duties_have_no_form_of_their_own(content: str, text: str) -> None:
    assert activity_of(content, text) is None


def test_keys_are_told_apart() -> None:
    assert len({activity.key for activity in ACTIVITIES}) == len(ACTIVITIES)
    assert all(len({field.key for field in activity.fields}) == len(activity.fields) for activity in ACTIVITIES)


def test_entries_are_texts_and_numbers_of_the_activitys_own_fields() -> None:
    read = read_entries(PARTY_DAY, {**HELD, "theme": " 学习\x00条例\r\n", "text": "办了", "held_on": "2026-03-01"})
    assert read == {"theme": "学习条例", "place": "三楼会议室", "number_due": 30, "number_present": 28}


@pytest.mark.parametrize("left_out", [{}, {"number_due": ""}, {"number_due": "\x07 "}])
def test_what_need_not_be_filled_in_is_missing_where_it_is_empty(left_out: dict[str, str]) -> None:
    raw = {key: value for key, value in HELD.items() if key != "number_due"} | left_out
    assert "number_due" not in read_entries(PARTY_DAY, raw)


@pytest.mark.parametrize("key", ["theme", "place", "number_present"])
@pytest.mark.parametrize("empty", ["", "  \n", "\x00"])
def test_a_required_field_that_is_empty_is_named(key: str, empty: str) -> None:
    title = next(field.title for field in PARTY_DAY.fields if field.key == key)
    with pytest.raises(Refused) as refused:
        read_entries(PARTY_DAY, {**HELD, key: empty})
    assert refused.value.text.zh == f"请填写“{title.zh}”"
    assert title.en in refused.value.text.en


@pytest.mark.parametrize(
    ("written", "number"),
    [("0", 0), ("007", 7), (" 28 ", 28), ("２８", 28), ("1,200", 1200), ("１，２００", 1200), ("10,000,000", 10_000_000)],
)
def test_counts_are_read_as_offices_write_them(written: str, number: int) -> None:
    assert read_entries(COMMUNITY, {**HELPED, "people": written})["people"] == number


@pytest.mark.parametrize(
    "written",
    ["-1", "－1", "1.5", "约30", "30人", "1,2", "12,34", "5²", "①", "٣", "1e3", "0x10", "1_000", "十", "10000001", "9" * 20, "9" * 5000],
)
def test_a_count_that_is_none_is_refused_with_the_name_of_its_field(written: str) -> None:
    with pytest.raises(Refused) as refused:
        read_entries(COMMUNITY, {**HELPED, "deeds": written})
    assert refused.value.text.zh == "“办实事件数”要填 0 到 10,000,000 之间的整数"
    assert "Deeds done" in refused.value.text.en


def test_a_text_has_at_most_500_characters() -> None:
    assert read_entries(PARTY_DAY, {**HELD, "theme": "学" * 500 + "\x00 "})["theme"] == "学" * 500
    with pytest.raises(Refused) as refused:
        read_entries(PARTY_DAY, {**HELD, "theme": "学" * 501})
    assert refused.value.text.zh == "“主题”最多 500 字，现在有 501 字"


@given(st.sampled_from(ACTIVITIES), st.dictionaries(st.sampled_from([*HELD, *HELPED, "kind", "x"]), st.text()))
def test_whatever_is_typed_is_read_or_refused(activity: Activity, raw: dict[str, str]) -> None:
    try:
        read = read_entries(activity, raw)
    except Refused:
        return
    assert set(read) <= {field.key for field in activity.fields}
    assert read_entries(activity, {key: str(value) for key, value in read.items()}) == read
