"""Is this file what it says it is, and is it safe to open? Looked at before any parser sees it.

In: a path. Out: the kind of file, by its content and not by its name; or a refusal in one sentence.
"""

import re
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from office.files import MISSING, unreadable
from office.text import Refused, Text

Kind = Literal["workbook", "document", "text"]

_LARGEST_FILE = 100 * 2**20  # bytes on disk
_LARGEST_CONTENT = 300 * 2**20  # bytes once unpacked, of all parts together
_HIGHEST_RATIO = 500  # of one large part; honest office files stay below 50, a sheet of nothing but formats may reach 200
_LARGE_PART = 50 * 2**20
_MOST_CELLS = 5_000_000  # of the rectangle that the filled cells span: parsers reserve memory for all of it
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*+(?<!/)>")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_SAVE_AGAIN = Text(
    "请用 Excel 或 WPS 另存为 .xlsx（Word 文件另存为 .docx）后再读。", "Save it as .xlsx (or .docx) with Excel or WPS first."
)


def kind_of(path: Path) -> Kind:
    """What the file holds; refuses what is missing, empty, encrypted, old, damaged or dangerous."""
    place = path.name
    if not path.exists():
        raise Refused(MISSING, place=str(path))
    if not path.is_file():
        raise Refused(Text("这是一个文件夹或设备，不是清单文件。", "This is a folder or a device, not a list file."), place=str(path))
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise unreadable(error, path) from None
    if size == 0:
        raise Refused(Text("文件是空的。", "The file is empty."), place=place)
    if size > _LARGEST_FILE:
        raise Refused(Text("文件超过 100 MB，不像一份清单。", "The file is larger than 100 MB and hardly a list."), place=place)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused(_old_or_encrypted(path), place=place)
    if head.startswith(b"PK"):
        return _kind_of_package(path)
    return _kind_of_plain(path, head)


def _old_or_encrypted(path: Path) -> Text:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Text(
            "文件加了打开密码。请取消密码后再读。",
            "The file is encrypted with a password. Take the password off first.",
        )
    return Text(f"这是旧版格式（.xls 或 .doc）。{_SAVE_AGAIN.zh}", f"This is the old .xls or .doc format. {_SAVE_AGAIN.en}")


def _kind_of_plain(path: Path, head: bytes) -> Kind:
    suffix = path.suffix.lower()
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"{\\rtf", b"%pdf")):
        raise Refused(
            Text(f"这是网页、RTF、XML 或 PDF，不是清单文件。{_SAVE_AGAIN.zh}", f"This is a web page, RTF, XML or PDF. {_SAVE_AGAIN.en}"),
            place=path.name,
        )
    if suffix in {".xlsx", ".xlsm", ".docx", ".docm"}:
        raise Refused(
            Text(
                f"内容不是 Excel 工作簿或 Word 文档（或已损坏）。{_SAVE_AGAIN.zh}",
                f"This is no workbook or document, or damaged. {_SAVE_AGAIN.en}",
            ),
            place=path.name,
        )
    if suffix not in _TEXT_SUFFIXES:
        raise Refused(
            Text("不认识这种文件，只读 .xlsx、.docx 和 .csv。", "Files of this kind are not known; .xlsx, .docx and .csv are read."),
            place=path.name,
        )
    return "text"


def _kind_of_package(path: Path) -> Kind:
    damaged = Refused(Text("文件已损坏，压缩包读不出来。", "The file is damaged: its package cannot be unpacked."), place=path.name)
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(package, path.name)
            _check_parts(package, path.name)
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in package.namelist() else b""
            strict = "word/document.xml" in package.namelist() and b"purl.oclc.org/ooxml" in package.read("word/document.xml")[:4096]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):  # NotImplementedError: unknown compression
        raise damaged from None
    except RuntimeError:  # zipfile's word for a part that needs a password
        raise Refused(Text("文件加了打开密码。请取消密码后再读。", "The file is encrypted with a password."), place=path.name) from None
    if strict:
        zh = "这是“严格 Open XML”格式的文档。请用 Word 或 WPS 另存为普通 .docx 后再读。"
        raise Refused(Text(zh, "This is a Strict Open XML document. Save it as an ordinary .docx first."), place=path.name)
    if (b"spreadsheetml" in types and b"sheet.main+xml" in types) or b"sheet.macroEnabled.main+xml" in types:
        return "workbook"
    if (b"wordprocessingml" in types and b"document.main+xml" in types) or b"document.macroEnabled.main+xml" in types:
        return "document"
    raise Refused(
        Text(
            f"这是压缩包，但不是 .xlsx 工作簿，也不是 .docx 文档。{_SAVE_AGAIN.zh}",
            f"A package, but no .xlsx workbook or .docx document. {_SAVE_AGAIN.en}",
        ),
        place=path.name,
    )


def _check_sizes(package: zipfile.ZipFile, place: str) -> None:
    parts = package.infolist()
    bomb = Refused(
        Text("解压后大得不正常（可能是压缩炸弹），不予打开。", "It would unpack to an absurd size (a zip bomb?) and is not opened."),
        place=place,
    )
    if sum(part.file_size for part in parts) > _LARGEST_CONTENT or len(parts) > 10_000:
        raise bomb
    for part in parts:
        if part.file_size > _LARGE_PART and part.file_size > _HIGHEST_RATIO * max(part.compress_size, 1):
            raise bomb


def _check_parts(package: zipfile.ZipFile, place: str) -> None:
    """Unpack every XML part once, piece by piece: zipfile stops at the size that was declared and at a wrong checksum."""
    for part in package.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        rows = columns = 0
        is_sheet = part.filename.startswith("xl/worksheets/")
        rest = b""
        with package.open(part) as stream:
            while piece := stream.read(2**20):
                if b"<!DOCTYPE" in rest + piece or b"<!ENTITY" in rest + piece:
                    raise Refused(
                        Text(
                            "文件里有 XML 实体定义，正常的办公文件没有，不予打开。",
                            "It defines XML entities, which office files never do; it is not opened.",
                        ),
                        place=place,
                    )
                if is_sheet:
                    for cell in _FILLED_CELL.finditer(rest + piece):
                        if reference := _REFERENCE.search(cell.group()):
                            rows = max(rows, int(reference.group(2)))
                            columns = max(columns, _column(reference.group(1)))
                rest = piece[-200:]
        if rows * columns > _MOST_CELLS:
            raise Refused(
                Text(
                    f"工作表铺得太开（{rows} 行 × {columns} 列）。请删除清单以外的单元格后再读。",
                    f"A sheet reaches over {rows} rows × {columns} columns. Delete the cells outside of the list first.",
                ),
                place=place,
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
