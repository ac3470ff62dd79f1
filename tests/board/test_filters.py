from datetime import date

from board.filters import filters, saved_search
from board.links import BoardFilter
from engine.completion import Completion
from engine.standing import Group, YearStanding
from intake.values import UnitRow

TODAY = date(2026, 7, 8)


def standing(*groups: Group) -> YearStanding:
    return YearStanding(
        year=2026,
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
    assert filters(standing(group(1, 7), group(2, 7), group(3, how=Completion.WITHDRAWN))) == (
        BoardFilter("逾期", "状态:逾期"),
        BoardFilter("待审核", "状态:待审核"),
        BoardFilter("本月到期", "到期:2026-07"),
        BoardFilter("全年", "年度:2026"),
        BoardFilter("［支部］望山支部", "支部:望山支部"),
        BoardFilter("［责任领导］吴望舒", "责任领导:吴望舒"),
        BoardFilter("［联系领导］周启明", "联系领导:周启明"),
    )


def test_the_filters_of_one_branch_or_leader_come_last_where_the_ui_sorts_them() -> None:
    names = [each.name for each in filters(standing(group(1, 7), group(2, 8)))]
    assert {name[0] for name in sorted(names)[-4:]} == {"［"}


def test_a_saved_search_has_the_shape_that_the_ui_reads() -> None:
    assert saved_search(BoardFilter("逾期", "状态:逾期"), 2026) == {
        "name": "逾期",
        "filters": [
            {"object": "flowRun", "property": "tag", "type": "", "operation": "", "value": ["状态:逾期"]},
            {
                "object": "flowRun",
                "property": "range",
                "type": "",
                "operation": "",
                "value": {"type": "range", "startDate": "2025-01-01T00:00:00.000Z", "endDate": "2125-12-31T23:59:59.000Z"},
            },
        ],
    }
