"""Where files are kept: each content once, under its SHA-256, in a folder of the office's own.

In: a stream. Out: what was kept. A file is complete under its name or not there: it is written beside it and renamed. Nothing is ever
changed or deleted here; a file that no report names does no harm.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from evidence.kinds import Fault, Unfit
from office.text import Text

CHUNK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class FileStore:
    """`folder` is made with the first file."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where a content is, or would be. ValueError for what is no hash: a name that a stranger gave never becomes a path."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"no SHA-256: {sha256[:80]!r}")
        return self.folder / sha256[:2] / sha256

    def keep(self, stream: IO[bytes], name: str, *, most_bytes: int, check: Callable[[IO[bytes], Path], None]) -> Kept:
        """Keep what `stream` holds, at most `most_bytes`, once `check` has let it pass; raises `Unfit`, and what `check` raises."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="incoming-") as written:
            digest, size = hashlib.sha256(), 0
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > most_bytes:
                    limit = most_bytes // 1_000_000
                    raise Unfit(Fault.SIZE, Text(f"“{name}”超过 {limit} MB", f"{name} is larger than {limit} MB"))
                digest.update(chunk)
                written.write(chunk)
            if not size:
                raise Unfit(Fault.SIZE, Text(f"“{name}”是空文件", f"{name} is empty"))
            written.flush()
            check(written.file, Path(written.name))
            os.fsync(written.fileno())
            kept = Kept(digest.hexdigest(), size)
            target = self.path(kept.sha256)
            if not target.exists():
                target.parent.mkdir(exist_ok=True)
                _link(Path(written.name), target)
        return kept

    def is_whole(self, sha256: str) -> bool:
        """Whether a content is there and is what its name says."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False


def _link(written: Path, target: Path) -> None:
    """Give a complete file its name; another process may have kept the same content meanwhile."""
    other = target.with_name(f"{target.name}.{os.getpid()}")
    other.unlink(missing_ok=True)
    try:
        other.hardlink_to(written)
    except OSError:  # a file system without hard links
        other.write_bytes(written.read_bytes())
    other.replace(target)
