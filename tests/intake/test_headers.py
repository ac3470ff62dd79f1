from pathlib import Path

import pytest

from intake.headers import role_of
from tests.intake.files import read, workbook


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("责任内容", "content"),
        ("任务分解/时序进度", "measures"),
        ("目标及质量要求", "standard"),
        ("各项分值", "points"),
        ("牵头领导", "leader"),
        ("牵头(责任)单位", "lead"),
        ("责任单位及责任人", "responsible"),
        ("责任（配合）单位", "assisting"),
        ("完成时限（月）", "deadline"),
        ("完 成\n时 间", "deadline"),
        ("说明", "remarks"),
        ("详细说明", "unread"),
        ("是否完成", "unread"),
        ("落实情况", "unread"),
    ],
)
def test_a_header_is_known_by_its_words(header: str, role: str) -> None:
    assert role_of(header) == role


def test_a_sentence_is_no_header() -> None:
    assert role_of("加强领导班子建设，落实责任单位，明确完成时限。") is None


def test_a_group_header_over_its_columns_is_a_header_of_two_rows(tmp_path: Path) -> None:
    reading = read(
        workbook(
            tmp_path,
            ("序号", "责任事项", "责任分工", None, None, "时限"),
            (None, None, "责任领导", "牵头单位", "配合单位", None),
            (1, "办夏令营", "副馆长", "活动部", "安保部", "7月"),
            merge=("A1:A2", "B1:B2", "C1:E1", "F1:F2"),
        )
    )
    parties = reading.items[0].parties
    assert (parties.leader, parties.lead, parties.assisting) == (("副馆长",), ("活动部",), ("安保部",))


def test_columns_are_found_wherever_they_stand(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, ("完成时间", "承办人", "落实事项"), ("6月", "周科长", "换锁")))
    (item,) = reading.items
    assert (item.content, item.parties.responsible, item.steps[0].deadline.phrase) == ("换锁", ("周科长",), "6月")
