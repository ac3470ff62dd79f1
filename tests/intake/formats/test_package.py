import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from intake.formats.package import kind_of
from office.text import Refused
from tests.intake.files import HEADER, document, read, repacked, workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.xlsx", b"", "空的"),
        ("list.xlsx", b"\x01\x02\x03 no workbook", "不是 Excel"),
        ("list.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("list.xls", _OLE, "旧版格式"),
        ("list.xlsx", _OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("list.xls", b"<html><table></table></html>", "网页"),
        ("list.pdf", b"%PDF-1.7", "PDF"),
        ("list.dat", b"plain words", "不认识"),
        ("list.csv", bytes(range(128, 256)) * 3, "编码"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read(path)
    assert said in refused.value.in_("zh")
    assert refused.value.place == name
    assert "\n" not in refused.value.in_("en")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="找不到"):
        read(tmp_path / "none.xlsx")
    with pytest.raises(Refused, match="文件夹"):
        read(tmp_path)


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    book = workbook(tmp_path, HEADER)
    renamed = tmp_path / "list.csv"
    book.rename(renamed)
    assert kind_of(renamed) == "workbook"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = repacked(workbook(tmp_path, HEADER), tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml + bytes(60 * 2**20))
    with pytest.raises(Refused, match="压缩炸弹"):
        read(bomb)


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]>'
    sheet = repacked(workbook(tmp_path, HEADER), tmp_path / "e.xlsx", "xl/worksheets/sheet1.xml", lambda xml: bomb + xml)
    text = repacked(document(tmp_path, "一"), tmp_path / "e.docx", "word/document.xml", lambda xml: bomb + xml)
    for path in (sheet, text):
        with pytest.raises(Refused, match="实体"):
            read(path)


def test_a_cell_in_the_farthest_corner_is_refused_before_memory_is_reserved(tmp_path: Path) -> None:
    corner = b'<row r="1048576"><c t="inlineStr" r="XFD1048576"><is><t>x</t></is></c></row></sheetData>'
    path = repacked(
        workbook(tmp_path, HEADER), tmp_path / "far.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", corner)
    )
    with pytest.raises(Refused, match="铺得太开"):
        read(path)


def test_another_kind_of_package_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("readme.txt", "nothing")
    with pytest.raises(Refused, match="压缩包"):
        read(path)


def test_a_workbook_without_a_header_row_names_the_words_it_looks_for(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="工作任务"):
        read(workbook(tmp_path, ("甲", "乙"), ("天", "地")))
    empty = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(empty)
    with pytest.raises(Refused, match="表头"):
        read(empty)


def test_a_document_without_duties_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    docx.Document().save(str(path))
    with pytest.raises(Refused, match="没有找到责任事项"):
        read(path)
