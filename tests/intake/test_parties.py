import pytest

from intake.parties import is_party, read_parties, split_names, split_owner_and_date
from intake.values import Parties


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("一科、二科，三科；四科/五科\n六科 七科", ("一科", "二科", "三科", "四科", "五科", "六科", "七科")),
        ("各支部（除离退休支部外）、工会", ("各支部（除离退休支部外）", "工会")),
        ("各县(市、区)林业局", ("各县(市、区)林业局",)),
        ("张 三、李小四", ("张三", "李小四")),
        ("一科和二科", ("一科", "二科")),
        ("人力资源和社会保障局", ("人力资源和社会保障局",)),
        ("一科、二科等", ("一科", "二科")),
        ("1.一科\n2.二科", ("一科", "二科")),
        ("", ()),
    ],
)
def test_names_are_split_as_an_office_separates_them(cell: str, names: tuple[str, ...]) -> None:
    assert split_names(cell) == names


@pytest.mark.parametrize(
    ("cell", "parties"),
    [
        ("牵头单位：一科；责任单位：二科、三科", Parties(lead=("一科",), responsible=("二科", "三科"))),
        ("牵头：一科 配合：二科", Parties(lead=("一科",), assisting=("二科",))),
        ("一科（牵头）、二科", Parties(lead=("一科",), responsible=("二科",))),
        ("一科牵头，二科、三科配合", Parties(lead=("一科",), assisting=("二科", "三科"))),
        ("一科、二科", Parties(responsible=("一科", "二科"))),
    ],
)
def test_marks_inside_a_cell_give_the_role(cell: str, parties: Parties) -> None:
    assert read_parties(cell, "responsible") == parties


@pytest.mark.parametrize(("text", "named"), [("局党组", True), ("班子其他成员", True), ("抓好基层党支部", False), ("重点工作", False)])
def test_a_heading_is_told_from_a_party(text: str, named: bool) -> None:
    assert is_party(text) is named


@pytest.mark.parametrize("how", ["按职责", "按照职责分工", "共同", "积极", "分别"])
def test_how_a_party_takes_part_is_no_part_of_its_name(how: str) -> None:
    assert read_parties(f"一局牵头，二局、各镇（街道）{how}配合", "lead") == Parties(lead=("一局",), assisting=("二局", "各镇（街道）"))


def test_a_name_as_long_as_a_cell_is_no_list_of_names() -> None:
    assert len(split_names("甲局和" * 10_000)) == 1


@pytest.mark.parametrize(
    ("cell", "names", "phrase"),
    [
        ("一科，6月底前", "一科", "6月底前"),
        ("一科、二科\n7月底前", "一科、二科", "7月底前"),
        ("三科（每季度）", "三科", "每季度"),
        ("责任单位：一科；完成时限：9月底前", "责任单位：一科；完成时限：9月底前", "9月底前"),
        ("一科、二科", "一科、二科", ""),
    ],
)
def test_parties_and_their_deadline_share_a_cell(cell: str, names: str, phrase: str) -> None:
    assert split_owner_and_date(cell) == (names, phrase)
