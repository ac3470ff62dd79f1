"""What a file is by its content, and what it may be called.

In: the start of a file or all of it, and the name that its sender gave it. Out: a `Kind`, or `Unfit` with one sentence. A name says
nothing of what is in a file; one that contradicts the content is refused, because whoever opens it trusts the name.
"""

import enum
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

import filetype

from office.text import Refused, Text, plain

MOST_FILES = 20  # of one report
NAME_LENGTH = 200
HEAD_BYTES = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Office before 2007, and of WPS
_OLE_LOOKED_AT = 4_000_000  # bytes: the directory of such a file may stand anywhere in it
_ZIP_ENTRIES = 20_000
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


class Fault(enum.Enum):
    """Why a file is not taken."""

    KIND = "kind"
    SIZE = "size"
    NAME = "name"
    VIRUS = "virus"


class Unfit(Refused):
    """A file that is not taken."""

    def __init__(self, fault: Fault, text: Text) -> None:
        super().__init__(text)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is taken. `shown`: a browser may show it beside the page instead of keeping it."""

    name: Text
    media_type: str
    endings: frozenset[str]
    shown: bool = False


def _kind(zh: str, en: str, media_type: str, endings: str, *, shown: bool = False) -> Kind:
    return Kind(Text(zh, en), media_type, frozenset(endings.split()), shown)


_OOXML = "application/vnd.openxmlformats-officedocument."
PDF = _kind("PDF", "PDF", "application/pdf", "pdf", shown=True)
ZIP = _kind("压缩包", "zip archive", "application/zip", "zip")
OFD = _kind("OFD", "OFD", "application/ofd", "ofd")
_PICTURES = {
    kind.media_type: kind
    for kind in (
        _kind("图片", "picture", "image/jpeg", "jpg jpeg", shown=True),
        _kind("图片", "picture", "image/png", "png", shown=True),
        _kind("图片", "picture", "image/gif", "gif", shown=True),
        _kind("图片", "picture", "image/webp", "webp", shown=True),
        _kind("图片", "picture", "image/bmp", "bmp"),
        _kind("图片", "picture", "image/tiff", "tif tiff"),
        _kind("图片", "picture", "image/heic", "heic heif"),
    )
}
_IN_ZIP = (  # the folder that only such a file has
    ("word/", _kind("Word 文档", "Word document", f"{_OOXML}wordprocessingml.document", "docx")),
    ("xl/", _kind("Excel 表格", "Excel workbook", f"{_OOXML}spreadsheetml.sheet", "xlsx")),
    ("ppt/", _kind("PPT 演示", "PowerPoint presentation", f"{_OOXML}presentationml.presentation", "pptx")),
)
_IN_OLE = (  # the stream that only such a file has
    ("WordDocument", _kind("Word 文档", "Word document", "application/msword", "doc wps")),
    ("Workbook", _kind("Excel 表格", "Excel workbook", "application/vnd.ms-excel", "xls et")),
    ("Book", _kind("Excel 表格", "Excel workbook", "application/vnd.ms-excel", "xls et")),
    ("PowerPoint Document", _kind("PPT 演示", "PowerPoint presentation", "application/vnd.ms-powerpoint", "ppt dps")),
)
TAKEN = Text(
    "可以上传 Word、Excel、PPT、WPS、PDF、OFD 文档，图片和 zip 压缩包",
    "Word, Excel, PowerPoint, WPS, PDF and OFD documents, pictures and zip archives are taken",
)


def kind_of(file: IO[bytes], name: str) -> Kind:
    """What `file` is; raises `Unfit` for what is not taken, for macros, and for a name whose ending says something else."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        kind = _in_zip(file, name)
    elif head.startswith(_OLE):
        kind = _in_ole(file, name)
    elif head.startswith(b"%PDF-"):
        kind = PDF
    else:
        guessed = filetype.guess_mime(head)
        kind = _PICTURES.get(str(guessed)) or _refuse_kind(name)
    ending = name.rpartition(".")[2].lower()
    if ending not in kind.endings:
        wanted = "、".join(sorted(kind.endings))
        raise Unfit(
            Fault.KIND,
            Text(
                f"“{name}”的内容是{kind.name.zh}，扩展名应为 {wanted}",
                f"The content of {name} is a {kind.name.en}, but its name does not end with {wanted}",
            ),
        )
    return kind


def _in_zip(file: IO[bytes], name: str) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise Unfit(Fault.KIND, Text(f"“{name}”是损坏的压缩文件", f"{name} is a damaged archive")) from None
    if len(entries) > _ZIP_ENTRIES:
        raise Unfit(Fault.KIND, Text(f"“{name}”里的文件太多", f"{name} holds too many files"))
    if any(entry.lower().endswith("vbaproject.bin") for entry in entries):
        _refuse_macros(name)
    if "OFD.xml" in entries:
        return OFD
    if "[Content_Types].xml" in entries:
        return next((kind for folder, kind in _IN_ZIP if any(entry.startswith(folder) for entry in entries)), ZIP)
    return ZIP


def _in_ole(file: IO[bytes], name: str) -> Kind:
    file.seek(0)
    content = file.read(_OLE_LOOKED_AT)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        _refuse_macros(name)
    found = next((kind for stream, kind in _IN_OLE if _stream(stream) in content), None)
    return found or _refuse_kind(name)


def _stream(name: str) -> bytes:
    """A name as the directory of an OLE file has it: ended with two zero bytes, so that Book is not Workbook's end."""
    return b"\0\0" + name.encode("utf-16-le") + b"\0\0" if name == "Book" else name.encode("utf-16-le") + b"\0\0"


def _refuse_kind(name: str) -> Kind:
    raise Unfit(Fault.KIND, Text(f"“{name}”不是可以上传的文件；{TAKEN.zh}", f"{name} is not taken; {TAKEN.en}"))


def _refuse_macros(name: str) -> None:
    raise Unfit(Fault.KIND, Text(f"“{name}”含有宏，请另存为不含宏的文件再上传", f"{name} holds macros: please save it without them"))


def safe_name(given: str) -> str:
    """The last part of what a browser calls a file, fit for every file system and header; raises `Unfit` where nothing is left of it."""
    last = PureWindowsPath(PurePosixPath(given.replace("\0", "")).name).name
    name = " ".join(_FORBIDDEN_IN_NAMES.sub("", unicodedata.normalize("NFC", plain(last))).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not stem or not dot:
        shown = plain(given)[:NAME_LENGTH]
        raise Unfit(Fault.NAME, Text(f"“{shown}”的文件名没有扩展名，认不出是什么文件", f"{shown} has no ending that says what it is"))
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"
