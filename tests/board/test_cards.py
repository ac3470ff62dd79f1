"""What a run shows of its assignment, without a server or a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from board.cards import Card, card_of, end_of, line_of, lines, name_of, parameters_of, report_page
from board.duties import Duty, Event, Reported, duties
from board.states import KINDS, OUR_NAMES
from engine.completion import Completion
from models import AssignmentState, Verdict
from tests import factories

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 1, 5, 1, tzinfo=UTC)
REPORT = Reported(1, "第一行\n*第二行*", 2, AT, "张三", (("照片[1]", "https://example.com/1.jpg"),))
DUTY = Duty(
    id=12,
    natural_key="key",
    version=1,
    state=AssignmentState.SENT,
    party="养老服务支部",
    period="3月",
    due_on=date(2026, 3, 31),
    make_up=False,
    done_on=None,
    year=2026,
    list_title="2026年度清单",
    issued_at=AT,
    address="Sheet1!B2",
    number="7",
    section="",
    content="每月主题党日",
    standard="有记录",
    text="组织一次",
    phrase="每月",
    target_amount=2,
    target_unit="次",
    target_per="period",
    unit="养老服务支部",
    unit_kind="党支部",
    person="张三",
    leader="李四",
    contacts=("王五",),
    assisting=(),
    why="",
    warning_days=7,
)


def card(**fields: Any) -> Card:
    return card_of(replace(DUTY, **fields), today=date(2026, 1, 5), zone=ZONE)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "07 每月主题党日 · 3月 · 养老服务支部"),
        ({"number": "12."}, "12 每月主题党日 · 3月 · 养老服务支部"),
        ({"number": "（一）"}, "（一） 每月主题党日 · 3月 · 养老服务支部"),
        ({"number": ""}, "每月主题党日 · 3月 · 养老服务支部"),
        ({"period": ""}, "07 每月主题党日 · 养老服务支部"),
        ({"content": "贯彻上级部署，研究落实措施。"}, "07 贯彻上级部署 · 3月 · 养老服务支部"),
        ({"content": "", "text": "组织一次"}, "07 组织一次 · 3月 · 养老服务支部"),
    ],
)
def test_names_can_be_read_in_a_list(fields: dict[str, Any], name: str) -> None:
    assert name_of(replace(DUTY, **fields)) == name


def test_a_long_content_is_cut_in_the_name_and_whole_in_the_parameters() -> None:
    content = "认真学习贯彻落实上级关于民政工作的一系列重要部署要求"
    long = replace(DUTY, content=content)
    assert "…" in name_of(long)
    assert len(name_of(long)) < 40
    assert parameters_of(long)["事项"] == content


def test_what_nobody_gave_is_no_parameter() -> None:
    assert parameters_of(DUTY)["目标"] == "每期不少于2次"
    assert not {"板块", "配合单位", "补办"} & set(parameters_of(DUTY))
    assert parameters_of(replace(DUTY, make_up=True))["补办"] is True


def test_only_a_branch_is_called_a_branch() -> None:
    assert "支部:养老服务支部" in card().face.tags
    assert "科室:养老科" in card(unit="养老科", unit_kind="科室").face.tags


def test_every_way_to_stand_has_a_kind_and_a_name_that_is_not_prefects() -> None:
    assert set(KINDS) == set(Completion)
    assert len(OUR_NAMES) == len(Completion) + 1
    assert all(not name.isascii() for name in OUR_NAMES)


def test_the_digest_tells_the_face_from_the_state() -> None:
    shown = card().digest
    assert len(shown) == 64
    assert card(person="赵六").shows_state_of(shown)
    assert not card(person="赵六").shows_face_of(shown)
    returned = card(state=AssignmentState.RETURNED, why="请补充")
    other = card(state=AssignmentState.RETURNED, why="再补")
    assert other.shows_face_of(returned.digest)
    assert not other.shows_state_of(returned.digest)


def test_a_card_looks_again_on_the_day_it_turns() -> None:
    assert card().look_again_on == date(2026, 3, 20)  # seven working days before the 31st
    assert card(warning_days=1).look_again_on == date(2026, 3, 30)  # as its policy says
    assert card(state=AssignmentState.CLOSED, done_on=date(2026, 3, 1)).look_again_on is None


def test_a_duty_to_be_made_up_is_not_overdue_on_the_day_of_issue() -> None:
    late = card(due_on=date(2025, 12, 31), make_up=True)
    assert late.how is Completion.DUE_SOON
    assert late.look_again_on == date(2026, 1, 6)


def test_states_of_one_kind_and_date_are_the_same_so_that_they_go_together() -> None:
    acknowledged = {"state": AssignmentState.ACKNOWLEDGED}
    assert card(**acknowledged).state == card(**acknowledged, person="赵六", content="另一项").state


def test_the_form_shows_the_duty_the_report_and_its_evidence() -> None:
    form = card(state=AssignmentState.REPORTED, waiting=REPORT, reviewers=("计划员", "李四")).form
    assert form is not None
    assert form.base == "review-1"
    assert form.base.isascii(), "keys of run inputs take lowercase ASCII only"
    for words in (
        "每月主题党日",
        "有记录",
        "> 第一行",
        r"\*第二行\*",
        "2次（目标：每期不少于2次）",
        "[照片［1］](https://example.com/1.jpg)",
    ):
        assert words in form.description
    assert form.schema["properties"]["审核人"]["enum"] == ["计划员", "李四"]


def test_a_reported_assignment_without_a_report_shows_no_form() -> None:
    assert card(state=AssignmentState.REPORTED).form is None


def event(position: int, action: str, by: str = "officer", reason: str = "", at: datetime = AT) -> Event:
    return Event(position, action, None, None, at, by, reason)


def test_a_row_of_the_history_is_a_sentence() -> None:
    assert line_of(event(1, "issue", reason="2026年度清单")) == "下发 · 计划员：2026年度清单"
    assert line_of(event(2, "acknowledge", by="张三")) == "签收 · 张三"
    assert line_of(event(3, "hand over", by="roster", reason="科长由赵六接任")) == "移交 · 名册：科长由赵六接任"
    went_up = event(4, "escalate", by="follow-up", reason="逾期3个工作日")._replace(to_value="联系领导 吴望舒")
    assert line_of(went_up) == "上报 · 督办 → 联系领导 吴望舒：逾期3个工作日"


@pytest.mark.parametrize(
    ("amount", "fields", "said"),
    [
        (2, {}, "2次（目标：每期不少于2次）"),
        (1.5, {}, "1.5次（目标：每期不少于2次，还差 0.5次）"),
        (None, {}, "未填（目标：每期不少于2次）"),
        (1, {"target_per": "year", "target_amount": 4}, "1次（目标：全年不少于4次，还差 3次）"),
        (1, {"target_per": "year", "target_amount": 4, "reached_in_year": 3.0}, "本次 1次；全年累计 3次（目标：全年不少于4次，还差 1次）"),
        (None, {"target_per": "year", "target_amount": 4, "reached_in_year": 4.0}, "本次 未填；全年累计 4次（目标：全年不少于4次）"),
        (1, {"target_amount": None, "target_unit": ""}, "1"),
        (None, {"target_amount": None, "target_unit": ""}, ""),
    ],
)
def test_the_form_says_what_is_reached_of_the_target_and_what_is_missing(amount: float | None, fields: dict[str, Any], said: str) -> None:
    waiting = replace(REPORT, amount=amount)
    shown = card(state=AssignmentState.REPORTED, waiting=waiting, reviewers=("计划员",), **fields).form
    assert shown is not None
    assert (f"**完成数量**：{said}\n" in shown.description) == bool(said)
    assert ("完成数量" in shown.description) == bool(said)


def test_a_form_adds_up_what_the_other_periods_reported(sqlite_session: Session) -> None:
    step = factories.step(sqlite_session, target_amount=4.0, target_unit="次", target_per="year")
    closed, reported = AssignmentState.CLOSED, AssignmentState.REPORTED
    before, now = (factories.assignment(sqlite_session, step_id=step.id, party="造林科", state=state).id for state in (closed, reported))
    factories.report(sqlite_session, assignment_id=before, amount=2.0, verdict=Verdict.APPROVED)
    factories.report(sqlite_session, assignment_id=now, amount=1.0)
    (duty,) = duties(sqlite_session, [now])
    shown = card_of(duty, today=date(2026, 6, 1), zone=ZONE).form
    assert shown is not None
    assert "本次 1次；全年累计 3次（目标：全年不少于4次，还差 1次）" in shown.description


def test_a_report_that_was_decided_says_nothing_of_what_is_missing_today() -> None:
    duty = replace(DUTY, waiting=replace(REPORT, number=2), reached_in_year=5.0)
    assert "**完成数量**：1次（目标：每期不少于2次）" in str(report_page("run", duty, replace(REPORT, amount=1), ZONE).data)


def test_rows_of_one_instant_keep_their_order_in_the_log() -> None:
    written = lines(
        "run", [event(1, "issue"), event(2, "acknowledge"), event(3, "report"), event(4, "return", at=AT + timedelta(days=1))], {}
    )
    assert [line.at - AT for line in written] == [timedelta(0), timedelta(microseconds=1), timedelta(microseconds=2), timedelta(days=1)]


def test_the_log_names_what_proves_each_report() -> None:
    second = replace(REPORT, number=2, evidence=(("签到表", "https://example.com/2.pdf"),))
    written = lines("run", [event(1, "report"), event(2, "return"), event(3, "report")], {1: REPORT, 2: second})
    assert written[0].text.endswith("佐证材料：照片[1] https://example.com/1.jpg")
    assert written[2].text.endswith("佐证材料：签到表 https://example.com/2.pdf")


def test_a_report_is_a_page_with_its_links_in_the_description() -> None:
    page = report_page("run", DUTY, REPORT, ZONE)
    assert page.description == "办理情况（第1次报送） · [照片［1］](https://example.com/1.jpg)"
    assert "2026-01-05 09:00" in page.data


def test_a_run_begins_on_its_due_day_however_it_stands() -> None:
    overdue = card(due_on=date(2025, 12, 31))
    assert overdue.how is Completion.OVERDUE
    assert overdue.state.scheduled_at is None
    assert overdue.first_state.scheduled_at == end_of(date(2025, 12, 31), ZONE)


def test_a_report_says_when_it_was_done_and_what_a_form_of_its_own_asked_for() -> None:
    report = replace(REPORT, held_on=date(2026, 3, 20), entries=(("number_present", 21), ("theme", "学*习"), ("unknown", "x")))
    words = str(report_page("run", DUTY, report, ZONE).data)
    assert "**办理日期**：2026-03-20" in words
    assert words.index("**主题**：学\\*习") < words.index("**实到人数**：21")
    assert "unknown" not in words


def test_a_file_without_an_address_is_named() -> None:
    words = str(report_page("run", DUTY, replace(REPORT, evidence=(("照片.png", ""),)), ZONE).data)
    assert "- 照片.png" in words
    assert "]()" not in words
