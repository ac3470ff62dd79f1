import io
import struct
import subprocess
import zipfile
from contextlib import suppress
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.kinds import EXCEL, KINDS, OFD, OLD_EXCEL, OLD_SLIDES, OLD_WORD, PDF, SLIDES, WORD, ZIP, Kind, recognised, with_extension
from office.text import Refused
from tests.evidence import files


def kind_of(folder: Path, name: str, content: bytes) -> Kind:
    path = folder / "content"
    path.write_bytes(content)
    return recognised(path, name)


def refusal(folder: Path, name: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        kind_of(folder, name, content)
    assert refused.value.in_("en").startswith(f"{name}: ")
    return refused.value.in_("zh")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("总结.docx", files.word(), WORD),
        ("总结.wps", files.word(), WORD),
        ("名单.XLSX", files.excel(), EXCEL),
        ("课件.pptx", files.slides(), SLIDES),
        ("旧.doc", files.compound("1Table", "WordDocument"), OLD_WORD),
        ("旧.wps", files.compound("WordDocument", inside=("Workbook",)), OLD_WORD),
        ("旧.xls", files.compound("Workbook", inside=("WordDocument", "CompObj")), OLD_EXCEL),
        ("旧.et", files.compound("Book"), OLD_EXCEL),
        ("旧.dps", files.compound("PowerPoint Document"), OLD_SLIDES),
        ("大.doc", files.compound("WordDocument", before=15000), OLD_WORD),
        ("公文.ofd", files.packed({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b""}), OFD),
        ("纪要.pdf", files.PDF, PDF),
        ("照片.zip", files.packed({"照片/一.jpg": b"x", "网页.html": b"x"}), ZIP),
        ("空.zip", files.packed({}), ZIP),
    ],
)
def test_what_an_office_hands_in_is_known_by_its_content(tmp_path: Path, name: str, content: bytes, kind: Kind) -> None:
    assert kind_of(tmp_path, name, content) is kind


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("jpeg", b"\xff\xd8\xff\xe1\x00\x10Exif"),
        ("png", files.PNG),
        ("gif", b"GIF89a" + bytes(20)),
        ("webp", b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20)),
        ("bmp", b"BM" + bytes(60)),
        ("tiff", b"II*\0\x08\0\0\0" + bytes(20)),
        ("heic", b"\0\0\0\x18ftypheix\0\0\0\0mif1heix" + bytes(20)),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(20)),
    ],
)
def test_pictures_are_taken(tmp_path: Path, extension: str, content: bytes) -> None:
    assert kind_of(tmp_path, f"照片.{extension}", content).media_type.startswith("image/")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("程序.exe", b"MZ\x90\0" + bytes(100), "是程序"),
        ("假.pdf", b"MZ\x90\0" + bytes(100), "是程序"),
        ("程序", b"\x7fELF\x02\x01\x01" + bytes(100), "是程序"),
        ("页.html", b"\xef\xbb\xbf\n<!DOCTYPE html><p>", "是网页"),
        ("假.pdf", b"<script>alert(1)</script>", "是网页"),
        ("图.svg", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "是SVG 图形"),
        ("脚本.sh", b"#!/bin/sh\nrm -rf /\n", "是脚本"),
        ("包.rar", b"Rar!\x1a\x07\x01\x00" + bytes(20), "是rar 压缩包"),
        ("包.7z", b"7z\xbc\xaf\x27\x1c" + bytes(20), "是7z 压缩包"),
        ("图.gif", b"GIF<script>alert(1)</script>", "不是可以交的文件类型"),
        ("记.txt", "今天开会".encode(), "不是可以交的文件类型"),
        ("信.msg", files.compound("__properties_version1.0"), "不是可以交的文件类型"),
        ("包.zip", files.packed({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), "是程序包"),
    ],
)
def test_other_files_are_refused_with_what_they_are(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    said = refusal(tmp_path, name, content)
    assert f"{name}：{what}" in said
    assert "可以交 Word" in said


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("通知.pdf", files.PNG, "内容是PNG 图片，与扩展名 .pdf 不符"),
        ("通知.docx", files.compound("WordDocument"), "把扩展名改为 .doc "),
        ("名单.docx", files.excel(), "内容是Excel 表格"),
        ("程序.exe", files.PDF, "与扩展名 .exe 不符"),
        ("模板.dotx", files.word(), "与扩展名 .dotx 不符"),
    ],
)
def test_a_name_that_contradicts_the_content_is_refused(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    assert what in refusal(tmp_path, name, content)


MACRO_TYPE = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("总结.docx", files.with_entry(files.word(), "word/vbaProject.bin", b"x")),
        ("总结.docx", files.with_entry(files.word(), "word\\VBAPROJECT.BIN", b"x")),
        ("总结.docm", files.packed({files.CONTENT_TYPES: MACRO_TYPE, "word/document.xml": b"x"})),
        ("总结.docx", files.packed({files.CONTENT_TYPES: MACRO_TYPE.decode().encode("utf-16"), "word/document.xml": b"x"})),
        ("名单.xlsx", files.with_entry(files.excel(), "xl/macrosheets/sheet1.xml", b"x")),
        ("旧.xls", files.compound("Workbook", inside=("_VBA_PROJECT", "dir"))),
    ],
)
def test_macros_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert "带有宏" in refusal(tmp_path, name, content)


def test_a_zip_with_a_program_in_it_is_refused_by_its_name(tmp_path: Path) -> None:
    assert "setup.exe" in refusal(tmp_path, "材料.zip", files.packed({"材料/Setup.EXE": b"MZ"}))


def test_a_document_under_a_password_is_refused(tmp_path: Path) -> None:
    assert "密码" in refusal(tmp_path, "总结.docx", files.compound("EncryptionInfo", "EncryptedPackage"))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "0 字节" in refusal(tmp_path, "总结.docx", b"")


def endless() -> bytes:
    """A zip that says its directory is larger than it may be."""
    content = bytearray(files.packed({"a": b"a"}) + bytes(3 * 2**20))
    return bytes(content) + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 3 * 2**20, 0, 0)


def exotic() -> bytes:
    return files.packed({files.CONTENT_TYPES: b"<Types/>"}, zipfile.ZIP_LZMA)


@pytest.mark.parametrize(
    "content",
    [
        files.word()[:-200],
        files.word()[: len(files.word()) // 2],
        b"PK\x03\x04" + bytes(200),
        files.compound("WordDocument")[:700],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        endless(),
        exotic(),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "打不开" in refusal(tmp_path, "总结.docx", content)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = files.packed({files.CONTENT_TYPES: bytes(200 * 2**20), "word/document.xml": b"x"})
    assert len(bomb) < 2**20
    assert kind_of(tmp_path, "材料.zip", bomb) is ZIP


def test_many_entries_are_more_than_is_read(tmp_path: Path) -> None:
    crowd = files.packed({f"{n:060}": b"" for n in range(20_000)})
    assert "打不开" in refusal(tmp_path, "材料.zip", crowd)


@given(st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"\0\0\0\x18ftyp"]))
def test_no_content_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, content: bytes, beginning: bytes) -> None:
    with suppress(Refused):
        assert kind_of(tmp_path_factory.getbasetemp(), "文件", beginning + content) in KINDS


@given(st.integers(0, 1535), st.integers(0, 255))
def test_no_change_of_a_compound_file_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, at: int, value: int) -> None:
    content = bytearray(files.compound("WordDocument", inside=("Workbook",)))
    content[at] = value
    with suppress(Refused):
        kind_of(tmp_path_factory.getbasetemp(), "文件", bytes(content))


def test_a_name_without_an_extension_gets_the_usual_one() -> None:
    assert with_extension("照片", KINDS[9]) == "照片.jpg"
    assert with_extension("总结.WPS", WORD) == "总结.WPS"
    assert len(with_extension("长" * 200, PDF)) == 200


@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(("source", "content", "kind"), [("a.docx", files.word(), OLD_WORD), ("b.xlsx", files.excel(), OLD_EXCEL)])
def test_old_files_of_a_real_office_program_are_known(tmp_path: Path, source: str, content: bytes, kind: Kind) -> None:
    (tmp_path / source).write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind.extensions[0]]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / source)], check=True, capture_output=True, timeout=120)
    made = tmp_path / f"{source[0]}.{kind.extensions[0]}"
    if not made.exists():
        pytest.skip("this part of LibreOffice is not installed")
    assert recognised(made, made.name) is kind


def test_a_zip_names_its_entries_in_any_encoding(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("照片.jpg", b"x")
    content = buffer.getvalue().replace("照片".encode(), "照片".encode("gbk").ljust(6, b"_")).replace(b"\x00\x08", b"\x00\x00")
    assert kind_of(tmp_path, "材料.zip", content) is ZIP
