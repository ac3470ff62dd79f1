import hashlib
import io
import shlex
import sys
from pathlib import Path

import pytest

from evidence.kinds import FILES_OF_A_REPORT
from evidence.receiving import MEGABYTE, NewFile, Receiver, refuse_too_many
from evidence.store import FileStore
from office.text import Refused
from tests.evidence import files


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(FileStore(tmp_path / "evidence"), most_megabytes=1)


def kept(receiver: Receiver) -> int:
    return sum(path.is_file() for path in receiver.store.folder.rglob("*"))


def test_a_file_is_kept_by_its_content_under_a_safe_name(receiver: Receiver) -> None:
    new = receiver.receive("C:\\照片\\会场", io.BytesIO(files.PNG))
    assert new == NewFile("会场.png", hashlib.sha256(files.PNG).hexdigest(), len(files.PNG), "image/png")
    assert receiver.store.check(new.sha256)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"", "0 字节"),
        ("a.pdf", files.PNG, "不符"),
        ("a\0.pdf", files.PDF, "控制字符"),
        ("a.pdf", files.PDF + bytes(MEGABYTE), "a.pdf：超过 1 MB"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_kept(receiver: Receiver, name: str, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        receiver.receive(name, io.BytesIO(content))
    assert kept(receiver) == 0


def test_the_limit_itself_is_not_too_large(receiver: Receiver) -> None:
    assert receiver.receive("a.pdf", io.BytesIO(files.PDF.ljust(MEGABYTE, b"\n"))).size == MEGABYTE


def test_too_large_is_not_read_to_its_end(receiver: Receiver) -> None:
    class Endless:
        read_so_far = 0

        def read(self, size: int, /) -> bytes:
            self.read_so_far += size
            return b"%PDF-1.7".ljust(size, b"\n")

    stream = Endless()
    with pytest.raises(Refused):
        receiver.receive("a.pdf", stream)
    assert stream.read_so_far <= 3 * MEGABYTE


def test_an_infected_file_is_not_kept(receiver: Receiver) -> None:
    infected = Receiver(receiver.store, scan_command=shlex.join([sys.executable, "-c", "import sys; sys.exit(1)"]))
    with pytest.raises(Refused, match="查出病毒"):
        infected.receive("a.pdf", io.BytesIO(files.PDF))
    assert kept(receiver) == 0


def test_so_many_files_are_a_report_and_no_more() -> None:
    refuse_too_many(FILES_OF_A_REPORT)
    with pytest.raises(Refused, match="最多附 20 个文件，现有 21 个"):
        refuse_too_many(FILES_OF_A_REPORT + 1)
