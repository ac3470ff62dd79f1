from pathlib import Path

import openpyxl

from tests.intake.files import HEADER, read, workbook


def test_what_a_workbook_hides_is_read_and_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, (1, "甲事", "做", "一科", None, "3月"), (2, "丙事", "做", "一科", None, "5月"))
    book = openpyxl.load_workbook(path)
    book["清单"].row_dimensions[3].hidden = True
    book["清单"].column_dimensions["D"].hidden = True
    hidden = book.create_sheet("其余 & 备用")
    hidden.append(HEADER)
    hidden.append((1, "乙事", "办", "一科", None, "4月"))
    hidden.sheet_state = "hidden"
    book.save(path)
    reading = read(path)
    assert [item.address for item in reading.items] == ["清单!B2", "清单!B3", "其余 & 备用!B2"]
    assert [(note.address, note.text.zh) for note in reading.questions] == [
        ("清单!A3", "第 3 行是隐藏的，已照读，请确认。"),
        ("清单!D1", "D 列是隐藏的，已照读，请确认。"),
        ("其余 & 备用!A1", "这个工作表是隐藏的，已照读，请确认。"),
    ]


def test_hidden_rows_that_say_nothing_and_hidden_sheets_without_a_list_are_not_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, (1, "甲事", "做", "一科", None, "3月"))
    book = openpyxl.load_workbook(path)
    book["清单"].row_dimensions[9].hidden = True
    options = book.create_sheet("选项")
    options.append(("一科",))
    options.sheet_state = "hidden"
    book.save(path)
    assert read(path).questions == ()
