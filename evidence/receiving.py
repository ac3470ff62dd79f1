"""收件: a file that somebody hands in is looked at and kept, or refused in one sentence that names it.

In: its name and its content as they arrive. Out: a `NewFile` that a draft or a report takes.
"""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from evidence.kinds import FILES_OF_A_REPORT, Kind, recognised, with_extension
from evidence.names import safe_name
from evidence.scanner import scan
from evidence.store import FileStore, Stream
from evidence.unfit import Fault, Unfit
from office.text import Refused, Text

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is kept. `size` in bytes; `media_type` by its content."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """How an office takes files."""

    store: FileStore
    most_megabytes: int = 50
    scan_command: str = ""

    def receive(self, written_name: str, stream: Stream) -> NewFile:
        """Keep one file. Refuses what `evidence.names`, `evidence.kinds` and `evidence.scanner` refuse, and one that is too large."""
        name = safe_name(written_name)
        found: list[Kind] = []
        kept = self.store.keep(_Limited(stream, name, self.most_megabytes), partial(self._look, name, found))
        return NewFile(with_extension(name, found[0]), kept.sha256, kept.size, found[0].media_type)

    def _look(self, name: str, found: list[Kind], path: Path) -> None:
        found.append(recognised(path, name))
        scan(path, name, command=self.scan_command)


def refuse_too_many(count: int) -> None:
    """A report has at most `FILES_OF_A_REPORT` files."""
    if count > FILES_OF_A_REPORT:
        raise Refused(
            Text(
                f"一次报送最多附 {FILES_OF_A_REPORT} 个文件，现有 {count} 个；可以打成 zip 压缩包",
                f"A report has at most {FILES_OF_A_REPORT} files, and there are {count}: pack them into a zip",
            )
        )


@dataclass(slots=True)
class _Limited:
    """A stream that ends in a refusal where it is too long, before the disk is full."""

    stream: Stream
    name: str
    most_megabytes: int
    read_so_far: int = field(default=0)

    def read(self, size: int, /) -> bytes:
        block = self.stream.read(size)
        self.read_so_far += len(block)
        if self.read_so_far > self.most_megabytes * MEGABYTE:
            raise Unfit(
                Fault.SIZE,
                Text(f"超过 {self.most_megabytes} MB，请压缩后再交", f"It is larger than {self.most_megabytes} MB: make it smaller"),
                place=self.name,
            )
        return block
