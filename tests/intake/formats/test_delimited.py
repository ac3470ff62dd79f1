from pathlib import Path

import pytest

from intake.formats.delimited import decode
from office.text import Refused
from tests.intake.files import csv, read

LIST = "序号{0}工作任务{0}责任单位{0}完成时限\n1{0}修订章程{0}秘书处、财务部{0}5月底前\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_reads_the_same(tmp_path: Path, encoding: str, delimiter: str) -> None:
    (item,) = read(csv(tmp_path, LIST.format(delimiter), encoding)).items
    assert (item.content, item.address, item.parties.responsible) == ("修订章程", "row 2", ("秘书处", "财务部"))


def test_addresses_count_records_and_not_lines(tmp_path: Path) -> None:
    reading = read(csv(tmp_path, '序号,工作任务,责任单位\n1,"第一行\n第二行",甲科\n2,每月巡查,乙科\n'))
    assert [item.address for item in reading.items] == ["row 2", "row 3"]


def test_bytes_that_are_no_text_are_not_decoded() -> None:
    assert decode(bytes(range(256))) is None
    assert decode("序号,\x07任务".encode()) is None


@pytest.mark.parametrize("broken", ['2,"绿化,乙科\n3,照明,丙科\n', '2,"绿化"带,乙科\n3,照明,丙科\n', f'2,"{"长" * 140_000}",乙科\n'])
def test_a_broken_quote_is_refused_with_its_row(tmp_path: Path, broken: str) -> None:
    with pytest.raises(Refused, match="第 3 行的引号不成对"):
        read(csv(tmp_path, f"序号,工作任务,责任单位\n1,修路,甲科\n{broken}"))


def test_a_header_without_duties_is_refused_as_such(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="表头下面没有责任事项"):
        read(csv(tmp_path, "序号,工作任务,责任单位\n"))
