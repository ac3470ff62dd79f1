"""Files as people hand them in: their bytes, as small as they may be."""

import io
import struct
import zipfile

from docx import Document
from openpyxl import Workbook

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + bytes(40)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # in two, or a scanner takes this file

_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
CONTENT_TYPES = "[Content_Types].xml"


def packed(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word() -> bytes:
    buffer = io.BytesIO()
    Document().save(buffer)
    return buffer.getvalue()


def excel() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def slides() -> bytes:
    main = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return packed({CONTENT_TYPES: b'<Types><Override ContentType="' + main + b'"/></Types>', "ppt/presentation.xml": b"<p/>"})


def with_entry(document: bytes, name: str, content: bytes) -> bytes:
    """A zip with one more entry, or another content of it."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    return packed(entries | {name: content})


def compound(*names: str, inside: tuple[str, ...] = (), before: int = 0) -> bytes:
    """An OLE file with these names at its top, and others in a folder of it; `before` puts so many empty sectors first."""
    rows = [("Root Entry", 5), *((name, 2) for name in names), *([("Embedded", 1)] if inside else []), *((name, 2) for name in inside)]
    first_inside = len(rows) - len(inside)
    entries = b""
    for position, (name, kind) in enumerate(rows):
        child = 1 if position == 0 else first_inside if kind == 1 else _FREE
        right = _FREE if position in (0, first_inside - 1, len(rows) - 1) else position + 1
        written = name.encode("utf-16-le")
        entries += written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written) + 2, kind, 1, _FREE, right, child) + bytes(48)
    entries += bytes(-len(entries) % 512)
    directory = len(entries) // 512
    tables, chains = 1, 0
    while before + directory + tables + chains > tables * 128:
        tables += 1
        chains = max(0, -(-(tables - 109) // 127))
    places = [before + directory + n for n in range(tables)]
    chain_at = before + directory + tables
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<8I", tables, before, 0, 4096, _END, 0, chain_at if chains else _END, chains)
    header += struct.pack("<109I", *(places + [_FREE] * 109)[:109])
    chained = b""
    for n in range(chains):
        some = (places[109 + n * 127 :] + [_FREE] * 127)[:127]
        chained += struct.pack("<128I", *some, chain_at + n + 1 if n + 1 < chains else _END)
    follows = [_FREE] * before + [*range(before + 1, before + directory), _END] + [0xFFFFFFFD] * tables + [0xFFFFFFFC] * chains
    follows += [_FREE] * (tables * 128 - len(follows))
    return header + bytes(512 * before) + entries + struct.pack(f"<{len(follows)}I", *follows) + chained
