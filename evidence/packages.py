"""What is in a zip: an office document of today, an OFD, or a folder that somebody packed.

In: the path of a file that begins like a zip. Out: its names, and which of the formats it is. Nothing is unpacked but one small
table of contents, and no more than so much is read, whatever the zip says of itself.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

READ_AT_MOST = 2 * 2**20  # bytes of its directory: 20,000 files with long names
UNPACKED_AT_MOST = 2**20  # bytes of the table of contents
_CONTENTS = "[content_types].xml"
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others are unpacked without a bound
# What zipfile raises for a file that is none, is cut off, is encrypted (RuntimeError) or packed in a way that it does not know.
_DAMAGED = (zipfile.BadZipFile, struct.error, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


class Damaged(Exception):
    """The file is not what it begins like, or larger inside than any that is handed in."""


class Package:
    """`names` are in small letters. `contents` says what an office document is made of; empty where it is none."""

    def __init__(self, path: Path) -> None:
        """Raises `Damaged`."""
        try:
            with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
                self.names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
                self.contents = _contents(archive, self.names.get(_CONTENTS))
        except _DAMAGED:
            raise Damaged from None

    @property
    def has_macros(self) -> bool:
        unseen = ("vbaproject.bin", "macrosheets/")
        return (
            b"macroenabled" in self.contents
            or b"vbaproject" in self.contents
            or any(part in name for name in self.names for part in unseen)
        )

    def is_document(self, kind: str) -> bool:
        """Whether its main part is of that kind: `wordprocessingml.document`, say."""
        return f"officedocument.{kind}.main+xml".encode() in self.contents


def _contents(archive: zipfile.ZipFile, name: str | None) -> bytes:
    if name is None:
        return b""
    entry = archive.getinfo(name)
    if entry.compress_type not in _PLAIN:
        raise zipfile.BadZipFile
    with archive.open(entry) as file:
        return file.read(UNPACKED_AT_MOST).replace(b"\0", b"").lower()  # it may be UTF-16


class _Bounded(io.FileIO):
    """A file of which only so much may be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._left = READ_AT_MOST

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._left:
            raise zipfile.BadZipFile
        found = super().read(self._left if size is None or size < 0 else size) or b""
        self._left -= len(found)
        return found
