"""The pages of a year: each number where it is looked for, linked to the runs behind it, and the same on every page."""

import re
from datetime import date
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from board.page_parts import OVERDUE_SHOWN, Places, person_key, unit_key
from board.year_pages import (
    branches_key,
    branches_page,
    entrance,
    leaders_page,
    overdue_page,
    pages,
    questions_page,
    year_key,
    year_page,
)
from engine.completion import Completion
from engine.escalation import Superior
from engine.overview import Question
from engine.standing import Group, OverdueDuty, YearStanding
from intake.values import UnitRow
from office.policy import Level

TODAY = date(2026, 7, 8)
NOWHERE = Places({}, {})
LIGHTS = "🔴🟡🟢⚪"


def group(how: Completion = Completion.SENT, count: int = 1, **fields: object) -> Group:
    defaults: dict[str, object] = {"list_id": 1, "unit_id": 1, "person_id": 9, "leader_id": 7, "due_on": date(2026, 6, 30)}
    return Group(**(defaults | fields), completion=how, acknowledged=how is not Completion.SENT, fallen_due=True, assignments=count)  # type: ignore[arg-type]


def duty(number: int = 1, **fields: object) -> OverdueDuty:
    defaults: dict[str, object] = {
        "id": number,
        "content": "每月主题党日",
        "period": "6月",
        "party": "望山支部",
        "person": "石小满",
        "unit_id": 1,
        "person_id": 9,
        "leader_id": 7,
        "due_on": date(2026, 6, 30),
        "workdays_over": 6,
        "should_reach": Superior(Level.CONTACT_LEADER, "吴望舒"),
        "has_reached": "",
    }
    return OverdueDuty(**(defaults | fields))  # type: ignore[arg-type]


def standing(*groups: Group, overdue: tuple[OverdueDuty, ...] = (), questions: tuple[Question, ...] = ()) -> YearStanding:
    return YearStanding(
        year=2026,
        today=TODAY,
        groups=groups,
        lists={1: "主体责任清单", 2: "另一清单"},
        units={1: UnitRow("望山支部", "党支部"), 2: UnitRow("办公室", "科室")},
        people={7: "吴望舒", 8: "周启明", 9: "石小满"},
        contacts={1: (8,)},
        overdue=overdue,
        questions=questions,
    )


def rows(markdown: str) -> list[list[str]]:
    """The cells of all tables, headings left out, links as their words, and without lights and the signs of a meter."""
    lines = [line for line in markdown.splitlines() if line.startswith("| ") and "\u2060" not in line and ":--" not in line]
    plain = [re.sub(r"\[(.*?)\]\(.*?\)", r"\1", line) for line in lines]
    cells = [[cell.strip("* ") for cell in line.strip("| ").split(" | ")] for line in plain]
    return [[cell for cell in row if cell[0] not in LIGHTS] for row in cells]


def lights(markdown: str) -> dict[str, str]:
    """What the light of each row is called, by the name that the row begins with."""
    found = re.findall(rf"^\| (.+?) \| [{LIGHTS}] (.灯) \|", markdown, re.MULTILINE)
    return {re.sub(r"\[(.*?)\]\(.*?\)", r"\1", name).strip("*"): word for name, word in found}


def test_the_year_begins_with_what_waits_for_the_officer() -> None:
    text = year_page(standing(group(Completion.REPORTED, 3), group(Completion.OVERDUE, 2, due_on=date(2026, 7, 6))), NOWHERE).markdown
    first = text.split("\n\n")[2]
    assert (
        re.sub(r"\(.*?\)", "", first) == "[待审核] **3** · [逾期] **2** · [临期] **0** · [待签收] **0** · [本月到期] **2** · [全年] **5**"
    )
    assert re.findall(r"[?&]tag=([^&)]*)", unquote(first)) == [
        "2026待审核",
        "2026逾期",
        "2026临期",
        "2026待签收",
        "到期:2026-07",
        "年度:2026",
    ]


def test_a_row_has_the_figures_of_its_name() -> None:
    ours = [group(how, count) for count, how in enumerate(Completion, start=1)]
    withdrawn, in_time, late, reported, overdue, returned, soon, acknowledged, sent = range(1, 10)
    assigned = 45 - withdrawn
    done = in_time + late
    figures = [assigned, assigned - sent, returned + soon + acknowledged + sent, reported, in_time, late, overdue]
    rate = f"▱▱▱▱▱\u00a0{done * 100 // assigned}%"
    assert rows(branches_page(standing(*ours), NOWHERE).markdown) == [["望山支部", *map(str, figures), rate]]
    year = year_page(standing(*ours), NOWHERE).markdown
    assert rows(year)[0] == ["6月", *map(str, figures), rate]
    assert "另有已撤销 1 项" in year


def test_every_row_has_the_light_of_its_most_urgent_duty_as_a_sign_and_a_word() -> None:
    found = standing(
        group(Completion.OVERDUE, list_id=2, unit_id=1),
        group(Completion.REPORTED, 30, unit_id=1),
        group(Completion.DUE_SOON, unit_id=2, leader_id=8, due_on=date(2026, 7, 9)),
        group(Completion.DONE_LATE, unit_id=None, person_id=None, leader_id=None),
    )
    assert lights(year_page(found, NOWHERE).markdown) == {
        "6月": "红灯",
        "7月": "黄灯",
        "合计": "红灯",
        "主体责任清单": "黄灯",
        "另一清单": "红灯",
    }
    assert lights(branches_page(found, NOWHERE).markdown) == {"望山支部": "红灯", "办公室": "黄灯", "（不属于单位）": "无灯"}
    assert lights(leaders_page(found, NOWHERE).markdown)["石小满"] == "红灯"
    assert "灯：🔴 红灯＝有逾期；🟡 黄灯＝" in branches_page(found, NOWHERE).markdown


def test_the_year_names_the_units_in_which_something_is_overdue() -> None:
    text = year_page(standing(group(Completion.OVERDUE), group(Completion.OVERDUE, unit_id=2)), NOWHERE).markdown
    assert "🔴 红灯：1个支部（望山支部），1个其他单位（办公室）" in text
    assert "🔴 红灯：" not in year_page(standing(group()), NOWHERE).markdown


def test_a_month_of_the_next_year_bears_it() -> None:
    found = rows(year_page(standing(group(due_on=date(2026, 12, 31)), group(due_on=date(2027, 1, 31))), NOWHERE).markdown)
    assert [row[0] for row in found] == ["12月", "2027年1月", "合计", "主体责任清单"]


def test_other_units_and_people_without_one_stand_below_the_branches() -> None:
    text = branches_page(standing(group(unit_id=2), group(unit_id=1), group(unit_id=None)), NOWHERE).markdown
    assert [row[0] for row in rows(text)] == ["望山支部", "办公室", "（不属于单位）"]
    assert text.index("## 各党支部") < text.index("## 其他单位")
    assert "科室:办公室" in unquote(text)


def test_leaders_stand_by_their_own_duties_and_by_their_branches() -> None:
    text = leaders_page(standing(group(count=2), group(leader_id=None, count=3)), NOWHERE).markdown
    assert [row[:2] for row in rows(text)] == [["吴望舒", "2"], ["（未定责任领导）", "3"], ["合计", "5"], ["周启明", "5"], ["石小满", "5"]]
    assert {"责任领导:吴望舒", "联系领导:周启明"} <= set(re.findall(r"[?&]tag=([^&)]*)", unquote(text)))


def test_the_overdue_list_says_whom_it_should_have_reached_and_whom_it_did() -> None:
    listed = (
        duty(1, has_reached="联系领导 吴望舒"),
        duty(2, person="", should_reach=Superior(Level.CONTACT_LEADER, "")),
        duty(3, due_on=date(2025, 12, 31), should_reach=Superior(Level.PARTY_GROUP, "局党组")),
    )
    page = overdue_page(standing(overdue=listed), Places({}, {1: "run-of-1"}))
    assert rows(page.markdown) == [
        ["每月主题党日（6月）", "石小满", "6月30日", "6天", "联系领导 吴望舒", "联系领导 吴望舒", "望山支部"],
        ["每月主题党日（6月）", "（未定）", "6月30日", "6天", "联系领导（名册未定）", "—", "望山支部"],
        ["每月主题党日（6月）", "石小满", "2025年12月31日", "6天", "局党组", "—", "望山支部"],
    ]
    assert page.markdown.count("](../../runs/flow-run/") == 1
    assert page.name == "2026年逾期任务：3 项"


def test_a_long_overdue_list_ends_and_says_so() -> None:
    many = tuple(duty(number) for number in range(OVERDUE_SHOWN + 5))
    text = overdue_page(standing(overdue=many), NOWHERE).markdown
    assert len(rows(text)) == OVERDUE_SHOWN
    assert f"这里列出超期最久的 {OVERDUE_SHOWN} 项，共 {OVERDUE_SHOWN + 5} 项。" in text


def test_questions_are_shown_as_they_were_asked() -> None:
    text = questions_page(standing(questions=(Question("Sheet1!B2", "“各支部*”指谁？", ""),)), NOWHERE).markdown
    assert rows(text) == [["Sheet1!B2", r"“各支部\*”指谁？"]]
    assert "没有待确认的问题" in questions_page(standing(), NOWHERE).markdown


def test_pages_lead_to_each_other_once_they_are_there() -> None:
    ids = {page.key: f"id-{number}" for number, page in enumerate(pages(standing(group()), NOWHERE))}
    assert len(ids) == 5
    text = year_page(standing(group()), Places(ids, {})).markdown
    assert re.findall(r"\]\(\.\./artifact/(.*?)\)", text) == ["id-1", "id-2", "id-3", "id-4"]
    assert f"](../artifact/{ids[year_key(2026)]})" in branches_page(standing(group()), Places(ids, {})).markdown
    assert "../artifact/" not in year_page(standing(group()), NOWHERE).markdown
    assert branches_key(2026) in ids
    assert entrance({2026: "id-0"}) == "**[2026年一览](../../artifacts/artifact/id-0)**"


def test_a_row_leads_to_the_own_page_of_its_unit_or_person() -> None:
    its_own = Places({unit_key(2026, 1): "id-of-1", person_key(2026, 8): "id-of-8"}, {})
    assert "[望山支部](../artifact/id-of-1)" in branches_page(standing(group()), its_own).markdown
    leaders = leaders_page(standing(group()), its_own).markdown
    assert "[周启明](../artifact/id-of-8)" in leaders
    assert "[吴望舒](../../runs?" in leaders


@given(
    st.lists(
        st.builds(
            group,
            st.sampled_from(Completion),
            st.integers(1, 40),
            list_id=st.sampled_from([1, 2]),
            unit_id=st.sampled_from([None, 1, 2]),
            person_id=st.sampled_from([None, 8, 9]),
            leader_id=st.sampled_from([None, 7, 8]),
            due_on=st.dates(date(2026, 1, 1), date(2027, 1, 31)),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_the_figures_of_all_pages_add_up_to_the_same(groups: list[Group]) -> None:
    found = standing(*groups)
    total = found.total
    expected = [
        total.assigned,
        total.acknowledged,
        total.in_work,
        *(total[how] for how in (Completion.REPORTED, Completion.DONE_IN_TIME, Completion.DONE_LATE, Completion.OVERDUE)),
    ]
    year, branches, leaders, *_ = (page.markdown for page in pages(found, NOWHERE))
    by_month, by_list = year.split("## 按清单")
    led, carried = re.split("## (?:联系领导|责任人)", leaders)[0], leaders.split("## 责任人")[-1]
    for text in (by_month, by_list, branches, led, carried):
        counted = [[int(cell) for cell in row[1:8]] for row in rows(text) if row[0] != "合计"]
        assert [sum(column) for column in zip(*counted, strict=True)] == (expected if counted else [])
        assert all([int(cell) for cell in row[1:8]] == expected for row in rows(text) if row[0] == "合计")
