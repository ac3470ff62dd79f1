from pathlib import Path

import docx

from tests.intake.files import HEADER, csv, read, whys, workbook


def test_a_task_cell_merged_over_three_rows_is_one_item_with_three_steps(tmp_path: Path) -> None:
    reading = read(
        workbook(
            tmp_path,
            HEADER,
            (1, "修缮老年食堂", "摸底", "养老科", None, "3月底前"),
            (None, None, "施工", "养老科", "财务科", "8月底前"),
            (None, None, "验收", "财务科", None, "年底前"),
            merge=("A2:A4", "B2:B4"),
        )
    )
    (item,) = reading.items
    assert (item.content, item.address, item.number) == ("修缮老年食堂", "清单!B2", "1")
    assert [(step.text, step.address, step.deadline.phrase) for step in item.steps] == [
        ("摸底", "清单!C2", "3月底前"),
        ("施工", "清单!C3", "8月底前"),
        ("验收", "清单!C4", "年底前"),
    ]
    assert item.parties.lead == ("养老科", "财务科")
    assert item.steps[2].parties.lead == ("财务科",)


def test_empty_cells_below_a_task_go_on_with_it_in_csv(tmp_path: Path) -> None:
    reading = read(
        csv(
            tmp_path,
            "序号,工作任务,具体措施,责任单位,完成时限\n1,修路灯,报计划,市政科,4月底前\n,,招标,,6月底前\n2,清河道,巡河,水利科,每月\n",
        )
    )
    first, second = reading.items
    assert [step.text for step in first.steps] == ["报计划", "招标"]
    assert first.steps[1].parties.responsible == ("市政科",)
    assert second.address == "row 4"


def test_lines_of_measures_and_lines_of_deadlines_pair(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, HEADER, (1, "建台账", "1.采集\n2.核对", "一科", None, "2月底前\n5月底前")))
    assert [(step.text, step.deadline.phrase) for step in reading.items[0].steps] == [("采集", "2月底前"), ("核对", "5月底前")]


def test_lines_that_do_not_pair_are_asked(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, HEADER, (1, "建台账", "1.采集\n2.核对\n3.归档", "一科", None, "2月底前\n5月底前")))
    assert [note.address for note in reading.questions] == ["清单!F2"]
    assert len(reading.items[0].steps[0].deadline.due) == 2


def test_numbered_sub_tasks_in_one_cell_have_owners_and_deadlines_of_their_own(tmp_path: Path) -> None:
    cell = "1.清点图书。（责任单位：采编部；完成时限：5月底前）\n2.更新书目。（责任单位：技术部、采编部）"
    reading = read(workbook(tmp_path, ("序号", "重点任务", "任务分解", "责任领导"), (1, "盘点馆藏", cell, "馆长")))
    first, second = reading.items[0].steps
    assert (first.text, first.parties.responsible, first.parties.leader) == ("清点图书。", ("采编部",), ("馆长",))
    assert second.parties.responsible == ("技术部", "采编部")
    assert second.deadline == first.deadline  # what names no deadline inherits the one above it in its cell


def test_dates_in_the_sentence_do_not_move_a_deadline_that_has_its_own_column(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, ("序号", "事项", "责任人", "完成时限"), (1, "部署下半年工作，3月先开预备会", "王主任", "7月")))
    assert [day.isoformat() for day in reading.items[0].steps[0].deadline.due] == ["2026-07-31"]


def test_an_empty_deadline_cell_is_read_from_the_sentence_and_asked(tmp_path: Path) -> None:
    reading = read(
        workbook(tmp_path, ("序号", "事项", "责任人", "完成时限"), (1, "每季度通报一次", "王主任", None), (2, "写总结", "李主任", "12月"))
    )
    assert len(reading.items[0].steps[0].deadline.due) == 4
    assert [note.address for note in reading.questions] == ["清单!B2"]


def test_section_total_note_and_repeated_header_rows_are_passed_over_with_their_reason(tmp_path: Path) -> None:
    reading = read(
        workbook(
            tmp_path,
            ("二〇二六年考核表",),
            ("序号", "考核内容", "分值", "责任单位", "完成时限"),
            ("总分", None, 100),
            ("一、", "基础工作", 60),
            ("1", "按时报送信息", 20, "一科", "每月"),
            ("序号", "考核内容", "分值", "责任单位", "完成时限"),
            ("二、", "特色工作", 40),
            ("1", "推广一个案例", 40, "二科", "下半年"),
            ("注：逾期不得分",),
            merge=("A1:E1", "A9:E9"),
        )
    )
    assert [(item.content, item.points, item.section) for item in reading.items] == [
        ("按时报送信息", 20, "清单 / 一、 基础工作"),
        ("推广一个案例", 40, "清单 / 二、 特色工作"),
    ]
    assert list(whys(reading).values()) == ["标题", "表头", "合计行", "分节标题", "表头", "分节标题", "注释或说明"]
    assert reading.problems == ()  # numbers begin again in every section


def test_a_number_that_stands_twice_is_a_problem_that_names_the_first(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, HEADER, (3, "甲事", "做", "一科", None, "3月"), (3, "乙事", "办", "一科", None, "4月")))
    (problem,) = reading.problems
    assert problem.address == "清单!B3"
    assert "清单!B2" in problem.text.zh
    assert len(reading.items) == 2


def test_columns_that_are_no_part_of_a_duty_are_reported_once_at_their_header(tmp_path: Path) -> None:
    reading = read(
        workbook(tmp_path, ("序号", "工作任务", "责任单位", "完成情况"), (1, "植树", "林业科", "已完成"), (2, "护林", "林业科", "未完成"))
    )
    assert [(line.address, line.text) for line in reading.skipped if "这一列" in line.why.zh] == [("清单!D1", "完成情况")]


def test_one_sheet_a_post_names_the_party_by_line_or_by_sheet_name(tmp_path: Path) -> None:
    by_line = workbook(
        tmp_path, ("年度责任清单",), ("责任主体：院长",), ("序号", "责任内容"), (1, "每年讲一次党课"), merge=("A1:B1", "A2:B2")
    )
    assert read(by_line).items[0].parties.responsible == ("院长",)
    by_name = workbook(tmp_path, ("序号", "责任内容"), (1, "每年讲一次党课"), sheet="支部书记")
    assert read(by_name).items[0].parties.responsible == ("支部书记",)


def test_a_default_deadline_holds_for_duties_that_name_none(tmp_path: Path) -> None:
    reading = read(
        workbook(tmp_path, ("以下工作均于11月底前完成",), ("序号", "工作任务", "责任单位"), (1, "清查库房", "后勤科"), merge=("A1:C1",))
    )
    assert [day.isoformat() for day in reading.items[0].steps[0].deadline.due] == ["2026-11-30"]
    assert reading.questions == ()


def test_a_formula_without_its_value_is_a_problem_at_its_address(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, HEADER, (1, "报表", "填写", "一科", None, "=F9")))
    assert [note.address for note in reading.problems] == ["清单!F2"]


def test_a_date_that_does_not_exist_is_a_problem_at_its_cell(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, HEADER, (1, "报表", "填写", "一科", None, "2月30日前")))
    assert [note.address for note in reading.problems] == ["清单!F2"]


def test_a_word_table_with_merged_cells_and_a_second_table_without_its_header_are_one_list(tmp_path: Path) -> None:
    file = docx.Document()
    file.add_paragraph("任务分解表")
    table = file.add_table(rows=3, cols=4)
    for row, line in enumerate((("序号", "工作任务", "责任单位", "完成时限"), ("1", "办展览", "宣教部", "5月"), ("", "", "保卫部", "6月"))):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    file.add_paragraph("")
    rest = file.add_table(rows=1, cols=4)
    for column, text in enumerate(("2", "修展柜", "保管部", "9月")):
        rest.cell(0, column).text = text
    path = tmp_path / "list.docx"
    file.save(str(path))
    first, second = read(path).items
    assert (first.address, [step.parties.responsible for step in first.steps]) == ("table 1 row 2", [("宣教部",), ("保卫部",)])
    assert (second.address, second.content) == ("table 2 row 1", "修展柜")
