"""One file that somebody hands in: named, looked into, scanned, kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from evidence.kinds import Kind, kind_of, safe_name
from evidence.scanning import scan
from evidence.store import FileStore


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is kept, under the name that a reader sees."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """`scan_command` is empty where the office has no scanner."""

    store: FileStore
    most_bytes: int
    scan_command: str = ""

    def receive(self, given_name: str, stream: IO[bytes]) -> NewFile:
        """Keep one file; raises `Unfit` with one sentence about it, Unavailable where the scanner does not answer."""
        name = safe_name(given_name)
        found: list[Kind] = []

        def check(file: IO[bytes], path: Path) -> None:
            found.append(kind_of(file, name))
            scan(self.scan_command, path, name)

        kept = self.store.keep(stream, name, most_bytes=self.most_bytes, check=check)
        return NewFile(name, kept.sha256, kept.size, found[0].media_type)
