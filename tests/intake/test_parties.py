import pytest

from intake.parties import is_party, read_parties, split_names
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
