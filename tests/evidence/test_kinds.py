"""What a file is by its content, and what it may be called."""

import io

import pytest

from evidence.kinds import Fault, Unfit, kind_of, safe_name
from tests.evidence import files


def fault_of(content: bytes, name: str) -> tuple[Fault, str]:
    with pytest.raises(Unfit) as refused:
        kind_of(io.BytesIO(content), name)
    return refused.value.fault, refused.value.text.zh


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (files.PNG, "照片.png", "image/png"),
        (files.JPEG, "照片.JPG", "image/jpeg"),
        (files.PDF, "纪要.pdf", "application/pdf"),
        (files.docx_file(), "纪要.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (files.xlsx_file(), "名单.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (files.zip_file(a_txt=b"a"), "材料.zip", "application/zip"),
        (files.zip_file(OFD_xml=b"<OFD/>"), "文件.ofd", "application/ofd"),
        (files.ole_file("WordDocument"), "旧.doc", "application/msword"),
        (files.ole_file("WordDocument"), "旧.wps", "application/msword"),
        (files.ole_file("Workbook"), "旧.xls", "application/vnd.ms-excel"),
        (files.ole_file("Book"), "旧.et", "application/vnd.ms-excel"),
        (files.ole_file("PowerPoint Document"), "旧.dps", "application/vnd.ms-powerpoint"),
        (b"GIF89a\1\0\1\0", "图.gif", "image/gif"),
        (b"BM" + bytes(60), "图.bmp", "image/bmp"),
    ],
)
def test_a_kind_is_known_by_its_content(content: bytes, name: str, media_type: str) -> None:
    assert kind_of(io.BytesIO(content), name).media_type == media_type


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\0" + bytes(100), "照片.png"),
        (b"<html><script>alert(1)</script>", "说明.html"),
        (b"<html><script>alert(1)</script>", "说明.pdf"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "图.svg"),
        (b"#!/bin/sh\n", "a.zip"),
        (b"Rar!\x1a\x07\0" + bytes(50), "材料.rar"),
        (b"hello", "说明.txt"),
        (b"PK\x03\x04 but no archive", "材料.zip"),
        (files.ole_file("Nothing"), "旧.doc"),
    ],
)
def test_what_is_not_taken_is_named(content: bytes, name: str) -> None:
    fault, said = fault_of(content, name)
    assert fault is Fault.KIND
    assert said.startswith(f"“{name}”")


def test_a_name_that_contradicts_the_content_is_refused_with_the_right_ending() -> None:
    assert fault_of(files.PNG, "纪要.pdf") == (Fault.KIND, "“纪要.pdf”的内容是图片，扩展名应为 png")
    assert fault_of(files.docx_file(), "纪要.doc")[1].endswith("扩展名应为 docx")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.zip_file(word__vbaProject_bin=b"x", word__document_xml=b"x"), "纪要.docx"),
        (files.ole_file("WordDocument") + "_VBA_PROJECT".encode("utf-16-le"), "旧.doc"),
    ],
)
def test_macros_are_refused(content: bytes, name: str) -> None:
    assert "含有宏" in fault_of(content, name)[1]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("照片.jpg", "照片.jpg"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\林一\\照片.jpg", "照片.jpg"),
        ("/var/www/x.php\0.png", "x.php.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie x.png"),
        ('"><script>.png', "script.png"),
        ("  名  单 .xlsx ", "名 单 .xlsx"),
        ("é.png", "é.png"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_is_made_fit(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize("given", ["", ".", "..", "../", ".png", "照片", "\0", "///"])
def test_a_name_without_an_ending_is_refused(given: str) -> None:
    with pytest.raises(Unfit) as refused:
        safe_name(given)
    assert refused.value.fault is Fault.NAME
