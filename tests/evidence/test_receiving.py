"""Files kept once, whole or not at all, and past a scanner."""

import hashlib
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.kinds import Fault, Unfit
from evidence.receiving import Receiver
from evidence.store import FileStore
from office.text import Unavailable
from tests.evidence import files


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(FileStore(tmp_path / "evidence"), most_bytes=2_000_000)


def receive(receiver: Receiver, content: bytes, name: str = "照片.png") -> str:
    return receiver.receive(name, io.BytesIO(content)).sha256


def left_in(receiver: Receiver) -> list[str]:
    return sorted(path.name for path in receiver.store.folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_hash_and_once(receiver: Receiver) -> None:
    kept = receiver.receive("照片.png", io.BytesIO(files.PNG))
    assert (kept.name, kept.sha256, kept.size) == ("照片.png", hashlib.sha256(files.PNG).hexdigest(), len(files.PNG))
    assert receive(receiver, files.PNG, "别的.png") == kept.sha256
    assert left_in(receiver) == [kept.sha256]
    assert receiver.store.path(kept.sha256).read_bytes() == files.PNG


@pytest.mark.parametrize(
    ("content", "fault", "said"), [(b"", Fault.SIZE, "空文件"), (files.PNG + bytes(2_000_000), Fault.SIZE, "超过 2 MB")]
)
def test_empty_and_too_large_files_leave_nothing_behind(receiver: Receiver, content: bytes, fault: Fault, said: str) -> None:
    with pytest.raises(Unfit, match=said) as refused:
        receive(receiver, content)
    assert refused.value.fault is fault
    assert left_in(receiver) == []


def test_what_is_no_hash_is_no_path(receiver: Receiver) -> None:
    for wrong in ("", "../x", "A" * 64, "0" * 63, "0" * 64 + "\n"):
        with pytest.raises(ValueError, match="SHA-256"):
            receiver.store.path(wrong)


def test_a_changed_file_is_found_out(receiver: Receiver) -> None:
    sha256 = receive(receiver, files.PNG)
    assert receiver.store.is_whole(sha256)
    receiver.store.path(sha256).chmod(0o600)
    receiver.store.path(sha256).write_bytes(b"changed")
    assert not receiver.store.is_whole(sha256)
    assert not receiver.store.is_whole("0" * 64)


def scanner(tmp_path: Path, body: str) -> str:
    script = tmp_path / "scan.py"
    script.write_text(f"import sys\ncontent = open(sys.argv[1], 'rb').read()\n{body}\n")
    return f"{sys.executable} {script}"


def test_an_infected_file_is_not_kept(receiver: Receiver, tmp_path: Path) -> None:
    command = scanner(tmp_path, "sys.exit(b'EICAR-STANDARD-ANTIVIRUS' in content)")
    scanning = Receiver(receiver.store, receiver.most_bytes, command)
    with pytest.raises(Unfit, match="病毒") as refused:
        receive(scanning, files.zip_file(virus_com=files.EICAR), "材料.zip")
    assert refused.value.fault is Fault.VIRUS
    assert left_in(receiver) == []
    assert receive(scanning, files.PNG)


@pytest.mark.parametrize("command", ["sys.exit(2)", "raise SystemError"])
def test_where_the_scanner_does_not_say_nothing_is_taken(receiver: Receiver, tmp_path: Path, command: str) -> None:
    for broken in (scanner(tmp_path, "sys.exit(2)") if "exit" in command else "/does/not/exist", "'unbalanced"):
        with pytest.raises(Unavailable, match="稍后再试"):
            receive(Receiver(receiver.store, receiver.most_bytes, broken), files.PNG)
    assert left_in(receiver) == []


@pytest.mark.skipif(shutil.which("clamscan") is None, reason="ClamAV is not installed")
def test_clamscan_is_such_a_scanner(receiver: Receiver, tmp_path: Path) -> None:
    signatures = tmp_path / "test.hdb"
    signatures.write_text(f"{hashlib.md5(files.EICAR).hexdigest()}:{len(files.EICAR)}:Test.EICAR\n")
    command = f"clamscan --no-summary --database={signatures}"
    if subprocess.run([*command.split(), str(signatures)], check=False, capture_output=True).returncode not in (0, 1):
        pytest.skip("this clamscan does not start")
    with pytest.raises(Unfit, match="病毒"):
        receive(Receiver(receiver.store, receiver.most_bytes, command), files.zip_file(virus_com=files.EICAR), "材料.zip")
