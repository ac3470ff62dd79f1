import shlex
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from evidence.scanner import scan
from office.text import Refused, Unavailable
from tests.evidence import files

SCANNER = """
import sys, zipfile
data = open(sys.argv[1], "rb").read()
if zipfile.is_zipfile(sys.argv[1]):
    with zipfile.ZipFile(sys.argv[1]) as archive:
        data += b"".join(map(archive.read, archive.namelist()))
sys.exit(1 if b"EICAR-STANDARD" in data else 0)
"""


@pytest.fixture
def command(tmp_path: Path) -> str:
    """A scanner that knows one virus, the test string, and looks into zips."""
    script = tmp_path / "scan it.py"
    script.write_text(SCANNER)
    return shlex.join([sys.executable, str(script)])


def written(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def test_a_clean_file_passes(tmp_path: Path, command: str) -> None:
    scan(written(tmp_path, files.PDF), "纪要.pdf", command=command)


@pytest.mark.parametrize("content", [files.EICAR, files.packed({"材料/a.txt": files.EICAR}), files.packed({"a.txt": files.EICAR}, 0)])
def test_an_infected_file_is_refused_by_name(tmp_path: Path, command: str, content: bytes) -> None:
    with pytest.raises(Refused, match=r"材料\.zip：查出病毒") as refused:
        scan(written(tmp_path, content), "材料.zip", command=command)
    assert not isinstance(refused.value, Unavailable)


@pytest.mark.parametrize("command", ["/nowhere/clamscan", f"{sys.executable} -c 'import sys; sys.exit(2)' --", "false-scanner --x"])
def test_what_cannot_be_scanned_is_not_taken(tmp_path: Path, command: str) -> None:
    with pytest.raises(Unavailable, match="稍后再交"):
        scan(written(tmp_path, files.PDF), "纪要.pdf", command=command)


def test_a_scanner_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    command = f"{sys.executable} -c 'import time; time.sleep(60)' --"
    with pytest.raises(Unavailable):
        scan(written(tmp_path, files.PDF), "纪要.pdf", command=command, seconds=0.3)


def test_without_a_scanner_nothing_is_looked_at(tmp_path: Path) -> None:
    scan(written(tmp_path, files.EICAR), "a.pdf", command=" ")


def test_no_shell_reads_the_path(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "$(touch hacked); a b"
    folder.mkdir()
    scan(written(folder, files.PDF), "纪要.pdf", command=command)
    assert not (tmp_path / "hacked").exists()


@pytest.mark.skipif(which("clamscan") is None, reason="ClamAV is not installed")
def test_clamscan_is_understood(tmp_path: Path) -> None:
    signatures = tmp_path / "test.ndb"
    signatures.write_text(f"Test.Eicar:0:*:{b'EICAR-STANDARD-ANTIVIRUS'.hex()}\n")
    command = shlex.join(["clamscan", "--no-summary", f"--database={signatures}"])
    assert subprocess.run(["clamscan", "--version"], check=False, capture_output=True).returncode == 0
    scan(written(tmp_path, files.PDF), "纪要.pdf", command=command)
    with pytest.raises(Refused, match="查出病毒"):
        scan(written(tmp_path, files.packed({"a.txt": files.EICAR}, 0)), "材料.zip", command=command)
