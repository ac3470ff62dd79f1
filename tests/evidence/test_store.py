import hashlib
import io
import multiprocessing
from pathlib import Path

import pytest

from evidence.store import FileStore, KeptFile

CONTENT = b"minutes of the meeting"
HASH = hashlib.sha256(CONTENT).hexdigest()


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_same_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "evidence")
    assert store.keep(io.BytesIO(CONTENT)) == KeptFile(HASH, len(CONTENT)) == store.keep(io.BytesIO(CONTENT))
    assert files_in(store.folder) == [f"{HASH[:2]}/{HASH}"]
    with store.open(HASH) as file:
        assert file.read() == CONTENT


def test_what_look_raises_leaves_nothing_behind(tmp_path: Path) -> None:
    def look(path: Path) -> None:
        assert path.read_bytes() == CONTENT
        raise RuntimeError

    with pytest.raises(RuntimeError):
        FileStore(tmp_path).keep(io.BytesIO(CONTENT), look)
    assert files_in(tmp_path) == []


def test_a_stream_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        FileStore(tmp_path).keep(Broken())
    assert files_in(tmp_path) == []


def test_a_damaged_file_shows_and_is_whole_again_when_it_is_handed_in_again(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.keep(io.BytesIO(CONTENT))
    store.path(HASH).write_bytes(b"other")
    assert not store.check(HASH)
    store.keep(io.BytesIO(CONTENT))
    assert store.check(HASH)


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).check(HASH)


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", HASH.upper(), HASH[:-1], f"{HASH}/..", HASH + "\n", "g" * 64])
def test_only_a_hash_is_a_place(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="64"):
        FileStore(tmp_path).open(wrong)


def _keep_many(folder: Path) -> None:
    store = FileStore(folder)
    for n in range(50):
        store.keep(io.BytesIO(f"{n}".encode() * 1000))


def test_several_processes_keep_the_same_files_at_once(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    processes = [spawning.Process(target=_keep_many, args=(tmp_path,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert len(files_in(tmp_path)) == 50
    assert all(FileStore(tmp_path).check(Path(name).name) for name in files_in(tmp_path))
