"""What single cells and columns of a table say: repeats, numbers among parties, columns of two meanings, three levels of text."""

from pathlib import Path

from tests.intake.files import csv, read, workbook


def test_same_as_above_repeats_the_cell_above_in_every_column(tmp_path: Path) -> None:
    reading = read(
        workbook(
            tmp_path,
            ("序号", "工作任务", "责任单位", "配合单位", "完成时限"),
            (1, "修剪行道树", "园林科", "市政科", "6月底前"),
            (2, "补种行道树", "同上", "〃", "同上"),
            (3, "清理树穴", "〃", "无", "7月"),
        )
    )
    second, third = (item.steps[0] for item in reading.items[1:])
    assert (second.parties.responsible, second.parties.assisting) == (("园林科",), ("市政科",))
    assert second.deadline.phrase == "6月底前"
    assert (third.parties.responsible, third.parties.assisting) == (("园林科",), ())
    assert reading.questions == ()


def test_a_number_among_the_parties_is_asked_about(tmp_path: Path) -> None:
    reading = read(
        workbook(tmp_path, ("序号", "工作任务", "责任单位", "完成时限"), (1, "修剪行道树", 12, "6月"), (2, "清理树穴", "一科、3", "7月"))
    )
    assert [note.address for note in reading.questions] == ["清单!C2", "清单!C3"]
    assert reading.items[1].parties.responsible == ("一科",)


def test_a_column_for_parties_and_deadline_feeds_both(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, ("序号", "工作任务", "责任单位及完成时限"), (1, "修剪行道树", "园林科、市政科，6月底前")))
    (step,) = reading.items[0].steps
    assert (step.parties.responsible, step.deadline.phrase) == (("园林科", "市政科"), "6月底前")


def test_of_three_levels_of_text_the_middle_one_stands_before_its_measures(tmp_path: Path) -> None:
    reading = read(
        workbook(
            tmp_path,
            ("序号", "工作任务", "工作内容", "具体措施", "工作目标", "责任单位", "完成时限"),
            (1, "绿化提升", "补种行道树", "采购树苗", "成活率九成", "园林科", "3月底前"),
            (None, None, "改造口袋公园", "公开招标", "对外开放", "园林科", "9月底前"),
            merge=("A2:A3", "B2:B3"),
        )
    )
    (item,) = reading.items
    assert [step.text for step in item.steps] == ["补种行道树：采购树苗", "改造口袋公园：公开招标"]
    assert item.standard == "成活率九成\n对外开放"


def test_who_answers_for_a_step_does_not_assist_in_it(tmp_path: Path) -> None:
    text = "序号,工作任务,具体措施,牵头单位,配合单位,完成时限\n1,护林,巡山,甲科,乙科、丙站,5月\n,,补植,乙科,,9月\n"
    first, second = read(csv(tmp_path, text)).items[0].steps
    assert (first.parties.lead, first.parties.assisting) == (("甲科",), ("乙科", "丙站"))
    assert (second.parties.lead, second.parties.assisting) == (("乙科",), ())


def test_numbers_begin_again_under_each_merged_party(tmp_path: Path) -> None:
    reading = read(
        workbook(
            tmp_path,
            ("责任主体", "序号", "责任事项", "完成时限"),
            ("局长", 1, "听汇报", "每季度"),
            (None, 2, "讲党课", "7月"),
            ("副局长", 1, "查现场", "每月"),
            merge=("A2:A3",),
        )
    )
    assert reading.problems == ()
    assert [item.parties.responsible for item in reading.items] == [("局长",), ("局长",), ("副局长",)]


def test_a_row_with_a_number_of_its_own_and_no_duty_is_a_problem(tmp_path: Path) -> None:
    header = ("序号", "工作任务", "责任单位", "完成时限")
    reading = read(workbook(tmp_path, header, (5, "修剪行道树", "园林科", "5月"), (6, None, "园林科", "6月底前")))
    assert [len(item.steps) for item in reading.items] == [1]
    (problem,) = reading.problems
    assert problem.address == "清单!A3"
    assert "6月底前" in problem.text.zh
