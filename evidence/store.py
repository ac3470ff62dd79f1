"""Where the content of files is kept: once each, under its SHA-256.

In: a stream. Out: its hash and size; and of a hash, the file. Several processes may keep files in one folder at once: a file is
there under its hash as a whole, or not at all.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Protocol

_BLOCK = 2**20
_HASH = re.compile(r"[0-9a-f]{64}")


class Stream(Protocol):
    """What comes in; a file of a form, say."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """`size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class FileStore:
    """The files of one folder, `ab/abcd…`; the folder is made with the first file."""

    folder: Path

    def keep(self, stream: Stream, look: Callable[[Path], None] | None = None) -> KeptFile:
        """Keep what `stream` holds from here on. `look` sees the file before it is kept: what it raises leaves nothing behind."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".incoming-", delete=False) as file:
            incoming = Path(file.name)
            try:
                while block := stream.read(_BLOCK):
                    file.write(block)
                    digest.update(block)
                    size += len(block)
                file.flush()
                os.fsync(file.fileno())
                file.close()  # Windows renames no file that is open
                if look is not None:
                    look(incoming)
                kept = self.path(digest.hexdigest())
                kept.parent.mkdir(exist_ok=True)
                _rename(incoming, kept)
            finally:
                incoming.unlink(missing_ok=True)
        return KeptFile(digest.hexdigest(), size)

    def path(self, sha256: str) -> Path:
        """Where the file of this hash is, or would be."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("a SHA-256 has 64 hexadecimal digits")
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BufferedReader:
        """The content of a file. Raises FileNotFoundError."""
        return self.path(sha256).open("rb")

    def check(self, sha256: str) -> bool:
        """Whether the content still is what was kept. Raises FileNotFoundError."""
        with self.open(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _rename(incoming: Path, kept: Path) -> None:
    """Also over a file of that hash: one that was damaged is whole again. The name is on the disk when this returns."""
    try:
        incoming.replace(kept)
    except PermissionError:  # on Windows, where somebody reads the file that is there
        if not kept.exists():
            raise
    if os.name == "posix":
        for folder in (kept.parent, kept.parent.parent):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
