"""What a file is, by its content: its name only has to agree.

In: the path of a file and the name that it was handed in under. Out: its `Kind`; what is not handed in is refused in one
sentence under that name.
"""

from dataclasses import dataclass
from pathlib import Path

import filetype

from evidence import compound
from evidence.names import NAME_LENGTH, extension_of
from evidence.packages import Damaged, Package
from evidence.unfit import Fault, Unfit
from office.text import Text

FILES_OF_A_REPORT = 20
_HEAD = 8192  # bytes that tell most files
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that may be handed in. The first of its `extensions` is the usual one."""

    media_type: str
    words: Text
    extensions: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = Kind(f"{_OFFICE}wordprocessingml.document", Text("Word 文档", "a Word document"), ("docx", "wps"))
EXCEL = Kind(f"{_OFFICE}spreadsheetml.sheet", Text("Excel 表格", "an Excel workbook"), ("xlsx", "et"))
SLIDES = Kind(f"{_OFFICE}presentationml.presentation", Text("PPT 演示文稿", "a PowerPoint presentation"), ("pptx", "dps"))
OLD_WORD = Kind("application/msword", Text("Word 97-2003 文档", "an old Word document"), ("doc", "wps"))
OLD_EXCEL = Kind("application/vnd.ms-excel", Text("Excel 97-2003 表格", "an old Excel workbook"), ("xls", "et"))
OLD_SLIDES = Kind("application/vnd.ms-powerpoint", Text("PPT 97-2003 演示文稿", "an old PowerPoint presentation"), ("ppt", "dps"))
OFD = Kind("application/ofd", Text("OFD 版式文件", "an OFD document"), ("ofd",))
PDF = Kind("application/pdf", Text("PDF 文件", "a PDF"), ("pdf",))
ZIP = Kind("application/zip", Text("zip 压缩包", "a zip"), ("zip",))
_PICTURES = (
    Kind("image/jpeg", Text("JPEG 图片", "a JPEG picture"), ("jpg", "jpeg", "jpe", "jfif")),
    Kind("image/png", Text("PNG 图片", "a PNG picture"), ("png",)),
    Kind("image/gif", Text("GIF 图片", "a GIF picture"), ("gif",)),
    Kind("image/webp", Text("WebP 图片", "a WebP picture"), ("webp",)),
    Kind("image/bmp", Text("BMP 图片", "a BMP picture"), ("bmp",)),
    Kind("image/tiff", Text("TIFF 图片", "a TIFF picture"), ("tif", "tiff")),
    Kind("image/heic", Text("HEIC 图片", "a HEIC picture"), ("heic", "heif")),
)
KINDS = (WORD, EXCEL, SLIDES, OLD_WORD, OLD_EXCEL, OLD_SLIDES, OFD, PDF, ZIP, *_PICTURES)
ALLOWED = Text("Word、Excel、PPT、WPS、OFD、PDF 文件、图片和 zip 压缩包", "Word, Excel, PowerPoint, WPS, OFD, PDF, pictures and zip")

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})  # every browser shows them as they are
ENDINGS = ",".join(sorted({f".{extension}" for kind in KINDS for extension in kind.extensions}))  # as a browser's file dialog takes them

_BY_HEAD = {kind.media_type: kind for kind in (PDF, *_PICTURES)} | {"image/apng": _PICTURES[1]}
_BEGINNINGS = {  # where `filetype` is content with the first two to four bytes
    "application/pdf": (b"%PDF-", b"\xef\xbb\xbf%PDF-"),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
_HEIC = (b"ftypheic", b"ftypheix", b"ftypheim", b"ftypheis")  # phones write all of them
_NOT_TAKEN = {  # what a sentence about a file calls it
    "application/x-msdownload": Text("程序", "a program"),
    "application/x-executable": Text("程序", "a program"),
    "application/x-rar-compressed": Text("rar 压缩包", "a rar archive"),
    "application/x-7z-compressed": Text("7z 压缩包", "a 7z archive"),
    "application/gzip": Text("gz 压缩包", "a gz archive"),
    "application/x-tar": Text("tar 包", "a tar archive"),
    "application/rtf": Text("RTF 文档", "an RTF document"),
}
_TEXTS = (  # beginnings, in small letters
    ((b"#!",), Text("脚本", "a script")),
    ((b"<!doctype html", b"<html", b"<head", b"<body", b"<script"), Text("网页", "a web page")),
    ((b"<svg", b"<!doctype svg"), Text("SVG 图形", "an SVG drawing")),
    ((b"<?xml",), Text("XML 文件", "an XML file")),
)
_PROGRAMS = (
    *(".exe", ".com", ".scr", ".pif", ".dll", ".sys", ".cpl", ".msi", ".msp", ".jar", ".apk", ".lnk", ".reg", ".hta"),
    *(".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".docm", ".xlsm", ".pptm", ".xlsb"),
)


def recognised(path: Path, name: str) -> Kind:
    """The kind of a file, which its name has to agree with. `name` is a `safe_name`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise Unfit(Fault.EMPTY, Text("是空文件（0 字节），请检查后重新选择", "The file is empty (0 bytes): choose it again"), place=name)
    kind = _kind(path, head, name)
    extension = extension_of(name).lower()
    if extension and extension not in kind.extensions:
        right = kind.extensions[0]
        raise Unfit(
            Fault.KIND,
            Text(
                f"内容是{kind.words.zh}，与扩展名 .{extension} 不符，请核对文件，或把扩展名改为 .{right} 后再交",
                f"This is {kind.words.en}, which .{extension} is not: look at the file, or rename it to .{right}",
            ),
            place=name,
        )
    return kind


def with_extension(name: str, kind: Kind) -> str:
    """The name of a recognised file, with an extension where it had none."""
    if extension_of(name):
        return name
    ending = f".{kind.extensions[0]}"
    return f"{name[: NAME_LENGTH - len(ending)]}{ending}"


def _kind(path: Path, head: bytes, name: str) -> Kind:
    if head.startswith(_ZIPS):
        return _in_package(path, name)
    if head.startswith(compound.SIGNATURE):
        return _in_compound(path, name)
    media_type = "image/heic" if head[4:12] in _HEIC else filetype.guess_mime(head)
    kind = _BY_HEAD.get(media_type)
    if kind is not None and not head.startswith(_BEGINNINGS.get(kind.media_type, (b"",))):
        kind = None
    if kind is None:
        raise _not_taken(_NOT_TAKEN.get(media_type) or _text(head), name)
    return kind


def _in_package(path: Path, name: str) -> Kind:
    try:
        package = Package(path)
    except Damaged:
        raise _damaged(name) from None
    if package.has_macros:
        raise _macros(name)
    for kind in (WORD, EXCEL, SLIDES):
        if package.is_document(kind.media_type.removeprefix(_OFFICE)):
            return kind
    if "ofd.xml" in package.names:
        return OFD
    if {"meta-inf/manifest.mf", "androidmanifest.xml"} & package.names.keys():
        raise _not_taken(Text("程序包", "a package of a program"), name)
    inside = next((written for written in package.names if written.endswith(_PROGRAMS)), None)
    if inside is not None:
        shown = inside.rsplit("/", 1)[-1]
        raise Unfit(
            Fault.KIND,
            Text(
                f"压缩包里有程序或带宏的文件（{shown}），请删去后再交",
                f"There is a program or a file with macros in it ({shown}): take it out",
            ),
            place=name,
        )
    return ZIP


def _in_compound(path: Path, name: str) -> Kind:
    try:
        with path.open("rb") as file:
            names = compound.names_in(file)
    except compound.Damaged:
        raise _damaged(name) from None
    if "EncryptedPackage" in names.root:
        raise Unfit(Fault.KIND, Text("设有打开密码，请去掉密码后再交", "It is protected by a password: take that off"), place=name)
    if "_VBA_PROJECT" in names.every:
        raise _macros(name)
    streams = (({"WordDocument"}, OLD_WORD), ({"Workbook", "Book"}, OLD_EXCEL), ({"PowerPoint Document"}, OLD_SLIDES))
    for wanted, kind in streams:
        if wanted & names.root:
            return kind
    raise _not_taken(None, name)


def _text(head: bytes) -> Text | None:
    beginning = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in beginning:
        return _TEXTS[2][1]
    return next((words for beginnings, words in _TEXTS if beginning.startswith(beginnings)), None)


def _not_taken(what: Text | None, name: str) -> Unfit:
    zh = f"是{what.zh}，不能作为佐证材料" if what else "不是可以交的文件类型"
    en = f"This is {what.en}, which is not taken" if what else "Files of this type are not taken"
    return Unfit(Fault.KIND, Text(f"{zh}；可以交 {ALLOWED.zh}", f"{en}; those that are: {ALLOWED.en}"), place=name)


def _macros(name: str) -> Unfit:
    return Unfit(
        Fault.KIND,
        Text("带有宏，不能收；请另存为不带宏的文件或 PDF 后再交", "It has macros: save it without them, or as a PDF"),
        place=name,
    )


def _damaged(name: str) -> Unfit:
    return Unfit(Fault.KIND, Text("打不开，可能已损坏或没有传完整，请重新选择", "It cannot be opened: damaged or incomplete"), place=name)
