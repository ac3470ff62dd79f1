"""Files as people hand them in, made here."""

import io
import zipfile

import docx
import openpyxl

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
# The string that every scanner must report (EICAR), in two parts so that this file is not reported itself.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def docx_file() -> bytes:
    written = io.BytesIO()
    docx.Document().save(written)
    return written.getvalue()


def xlsx_file() -> bytes:
    written = io.BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


def zip_file(**entries: bytes) -> bytes:
    """A stored archive of these entries; `_` in a name stands for a dot."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()


def ole_file(stream: str) -> bytes:
    """As much of an Office file before 2007 as tells what it is."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + bytes(16) + stream.encode("utf-16-le") + bytes(100)
