from datetime import date

from board.filters import filters, saved_search
from board.links import BoardFilter
from engine.completion import Completion
from engine.standing import Group, YearStanding
from intake.values import UnitRow

TODAY = date(2026, 7, 8)


def standing(*groups: Group, year: int = 2026) -> YearStanding:
    return YearStanding(
        year=year,
        today=TODAY,
        groups=groups,
        lists={1: "清单"},
        units={1: UnitRow("望山支部", "党支部"), 2: UnitRow("办公室", "科室"), 3: UnitRow("第一党支部", "党支部")},
        people={7: "吴望舒", 8: "周启明"},
        contacts={1: (8,)},
        overdue=(),
        questions=(),
    )


def group(unit_id: int, leader_id: int | None = None, how: Completion = Completion.SENT) -> Group:
    return Group(1, unit_id, None, leader_id, TODAY, how, False, False, 1)


def test_an_officer_finds_what_she_looks_for_and_one_filter_a_branch_and_leader() -> None:
    assert filters([standing(group(1, 7), group(2, 7), group(3, how=Completion.WITHDRAWN))]) == (
        BoardFilter("逾期", "状态:2026年逾期", 2026),
        BoardFilter("待审核", "状态:2026年待审核", 2026),
        BoardFilter("本月到期", "到期:2026-07", 2026),
        BoardFilter("全年", "年度:2026", 2026),
        BoardFilter("［支部］望山支部", "支部:望山支部", 2026),
        BoardFilter("［责任领导］吴望舒", "责任领导:吴望舒", 2026),
        BoardFilter("［联系领导］周启明", "联系领导:周启明", 2026),
    )


def test_the_filters_of_one_branch_or_leader_come_last_where_the_ui_sorts_them() -> None:
    names = [each.name for each in filters([standing(group(1, 7), group(2, 8))])]
    assert {name[0] for name in sorted(names)[-4:]} == {"［"}


def test_a_saved_search_has_the_shape_that_the_ui_reads() -> None:
    assert saved_search(BoardFilter("逾期", "状态:2026年逾期", 2026)) == {
        "name": "逾期",
        "filters": [
            {"object": "flowRun", "property": "tag", "type": "", "operation": "", "value": ["状态:2026年逾期"]},
            {
                "object": "flowRun",
                "property": "range",
                "type": "",
                "operation": "",
                "value": {"type": "range", "startDate": "2025-01-01T00:00:00.000Z", "endDate": "2125-12-31T23:59:59.000Z"},
            },
        ],
    }


def test_another_year_has_filters_while_something_of_it_is_open() -> None:
    last = standing(group(1), group(2, how=Completion.DONE_LATE), year=2025)
    over = standing(group(2, how=Completion.DONE_LATE), group(3, how=Completion.WITHDRAWN), year=2024)
    to_come = standing(group(1), year=2027)
    names = {each.name: (each.tag, each.year) for each in filters([over, last, standing(group(1)), to_come])}
    assert names == {
        "逾期": ("状态:2026年逾期", 2026),
        "待审核": ("状态:2026年待审核", 2026),
        "本月到期": ("到期:2026-07", 2026),
        "全年": ("年度:2026", 2026),
        "［支部］望山支部": ("支部:望山支部", 2026),
        "［联系领导］周启明": ("联系领导:周启明", 2026),
        "逾期（2025年）": ("状态:2025年逾期", 2025),
        "待审核（2025年）": ("状态:2025年待审核", 2025),
        "全年（2025年）": ("年度:2025", 2025),
        "逾期（2027年）": ("状态:2027年逾期", 2027),
        "待审核（2027年）": ("状态:2027年待审核", 2027),
        "全年（2027年）": ("年度:2027", 2027),
    }


def test_before_the_first_year_begins_its_filters_are_the_plain_ones() -> None:
    assert filters([standing(group(1), year=2027)])[0] == BoardFilter("逾期", "状态:2027年逾期", 2027)
