import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

import zeren.database
from models import Base, Person, Unit, migrations
from office.text import Refused, Unavailable
from zeren.database import alone, engine_for, prepare, reading, transaction, upgrade

TABLES = {*Base.metadata.tables, migrations.VERSION_TABLE}


ROOT = Path(__file__).parents[2]


def tables(database_url: str) -> set[str]:
    engine = engine_for(database_url)
    engine.dispose()
    return set(inspect(engine).get_table_names())


def set_version(database_url: str, version: str) -> None:
    with engine_for(database_url).begin() as connection:
        connection.execute(text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = :version"), {"version": version})


def empty(database_url: str) -> None:
    with engine_for(database_url).begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text(f"DROP TABLE {migrations.VERSION_TABLE}"))


def test_a_transaction_keeps_what_was_done(database_url: str) -> None:
    with transaction(database_url) as session:
        session.add(Unit(name="造林科", kind="科室", position=1))
    with transaction(database_url) as session:
        assert session.query(Unit).one().name == "造林科"


def test_an_error_takes_everything_back(database_url: str) -> None:
    def fail() -> None:
        with transaction(database_url) as session:
            session.add(Unit(name="造林科", kind="科室", position=1))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transaction(database_url) as session:
        assert session.query(Unit).count() == 0


def test_a_mistake_of_the_program_is_no_refusal(database_url: str) -> None:
    with pytest.raises(IntegrityError), transaction(database_url) as session:
        session.add_all([Unit(name="造林科", kind="科室", position=1), Unit(name="造林科", kind="科室", position=2)])


def test_foreign_keys_hold(database_url: str) -> None:
    with pytest.raises(IntegrityError), transaction(database_url) as session:
        session.add(Unit(name="造林科", kind="科室", position=1, parent_id=99))


def test_a_new_database_gets_its_tables_once(database_url: str) -> None:
    empty(database_url)
    prepare(database_url)
    assert tables(database_url) == TABLES
    prepare(database_url)


def test_a_database_without_tables_is_missing(database_url: str) -> None:
    empty(database_url)
    with pytest.raises(Refused, match="还没有数据库"), transaction(database_url):
        pass


def test_asking_a_missing_file_does_not_create_it(tmp_path: Path) -> None:
    path = tmp_path / "zeren.db"
    with pytest.raises(Refused, match="还没有数据库"), transaction(f"sqlite:///{path}"):
        pass
    with pytest.raises(Refused, match="还没有数据库"):
        upgrade(f"sqlite:///{path}")
    assert not path.exists()


def test_an_older_database_asks_for_the_upgrade(database_url: str) -> None:
    set_version(database_url, "0000")
    for use in (prepare, lambda url: transaction(url).__enter__()):
        with pytest.raises(Refused, match="zeren database upgrade"):
            use(database_url)


def test_a_version_that_never_was_cannot_be_upgraded(database_url: str) -> None:
    set_version(database_url, "0000")
    with pytest.raises(Refused, match="0000 不是本程序建立的"):
        upgrade(database_url)
    assert tables(database_url) == TABLES


def test_a_newer_database_asks_for_a_newer_program(database_url: str) -> None:
    set_version(database_url, "9999")
    for use in (prepare, upgrade, lambda url: transaction(url).__enter__()):
        with pytest.raises(Refused, match="升级本程序"):
            use(database_url)


def test_an_upgrade_of_the_present_version_changes_nothing(database_url: str) -> None:
    assert upgrade(database_url) == migrations.HEAD
    assert tables(database_url) == TABLES


def test_a_migration_that_fails_leaves_nothing_half_done(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    empty(database_url)

    def fail_at_the_end(connection: Connection) -> None:
        migrations_upgrade(connection)
        raise ZeroDivisionError

    migrations_upgrade = migrations.upgrade
    monkeypatch.setattr(migrations, "upgrade", fail_at_the_end)
    with pytest.raises(ZeroDivisionError):
        prepare(database_url)
    assert tables(database_url) == set()


def test_a_kill_in_the_middle_of_a_migration_leaves_nothing_half_done(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'zeren.db'}"
    script = f"""
        import os, signal
        from sqlalchemy import event
        from zeren.database import engine_for, prepare

        @event.listens_for(engine_for({url!r}), "after_cursor_execute")
        def kill(connection, cursor, statement, *rest):
            if "CREATE TABLE assignments" in statement:
                os.kill(os.getpid(), signal.SIGKILL)

        prepare({url!r})
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=Path(__file__).parents[2], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert tables(url) == set()
    prepare(url)
    assert tables(url) == TABLES


def test_a_locked_database_is_one_sentence(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zeren.database, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Refused, match="正被占用"), transaction(sqlite_url):
            pass
    finally:
        other.close()


def test_reading_waits_for_no_writer_and_stores_nothing(sqlite_url: str) -> None:
    other = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with reading(sqlite_url) as session:
            assert session.scalar(text("SELECT count(*) FROM people")) == 0
    finally:
        other.close()
    with reading(sqlite_url) as session:
        session.add(Person(name="程远", position=1))
        session.flush()
    with reading(sqlite_url) as session:
        assert session.scalar(text("SELECT count(*) FROM people")) == 0


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "zeren.db"
    path.write_text("no database, but long enough to have a header " * 50)
    for use in (prepare, lambda url: transaction(url).__enter__()):
        with pytest.raises(Refused, match="无法使用"):
            use(f"sqlite:///{path}")


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="无法使用"):
        prepare(f"sqlite:///{tmp_path}/missing/zeren.db")


@pytest.mark.parametrize(
    "url", ["postgresql://office:geheim@127.0.0.1:1/zeren", "postgresql://127.0.0.1:1/zeren?user=office&password=geheim"]
)
def test_an_unreachable_server_is_one_sentence_without_the_password(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        prepare(url)
    for language in ("zh", "en"):
        sentence = refusal.value.in_(language)
        assert "127.0.0.1" in sentence
        assert "geheim" not in sentence
        assert "\n" not in sentence


@pytest.mark.parametrize("url", ["zeren.db", "sqlite:/", "postgresql://host:port/zeren", "mysql://host/zeren", ""])
def test_what_is_no_address_of_a_database_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        prepare(url)


def test_two_programs_that_start_at_once_both_find_their_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'zeren.db'}"
    command = [sys.executable, "-c", f"from zeren.database import prepare; prepare({url!r})"]
    both = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert tables(url) == TABLES


def test_one_at_a_time_is_in_a_work_and_others_are_told(database_url: str) -> None:
    with alone(database_url, "board", wait_seconds=0.1):
        with pytest.raises(Unavailable, match="另一个程序"), alone(database_url, "board", wait_seconds=0.1):
            pytest.fail("two are in")
        with alone(database_url, "mail", wait_seconds=0.1):  # another work waits for nobody
            pass
    with alone(database_url, "board", wait_seconds=0.1):
        pass


def test_whoever_is_alone_holds_no_transaction(database_url: str) -> None:
    with alone(database_url, "board", wait_seconds=0.1), transaction(database_url) as session:
        session.add(Unit(name="办公室", kind="科室", position=1))


def test_a_kill_lets_the_next_one_in(database_url: str) -> None:
    hold = f"""
        from zeren.database import alone
        with alone({database_url!r}, "board", wait_seconds=1):
            print("in", flush=True)
            input()
    """
    command = [sys.executable, "-c", textwrap.dedent(hold)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        with pytest.raises(Unavailable), alone(database_url, "board", wait_seconds=0.1):
            pytest.fail("two are in")
        process.kill()
        with alone(database_url, "board", wait_seconds=10):
            pass
