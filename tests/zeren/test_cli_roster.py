import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from models import Person, Post
from tests import factories
from zeren.cli import main
from zeren.database import engine_for, transaction
from zeren.settings import settings

JANUARY, JULY = ("--now", "2026-01-05T09:00"), ("--now", "2026-07-01T09:00")


@pytest.fixture
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A place for a database, in a folder of its own."""
    url = f"sqlite:///{tmp_path / 'zeren.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZEREN_DATABASE_URL", url)
    settings.cache_clear()
    yield url
    settings.cache_clear()
    engine_for(url).dispose()


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    """The factories' bureau as a workbook."""
    from intake.roster_template import write_template

    path = tmp_path / "roster.xlsx"
    write_template(path)
    roster = factories.roster_value()
    book = load_workbook(path)
    for unit in roster.units:
        book["单位"].append([unit.name, unit.kind, unit.parent])
    for person in roster.people:
        book["人员"].append([person.name, person.email])
    for post in roster.posts:
        book["职务"].append([post.person, post.unit, post.title])
    for point in roster.contact_points:
        book["联系点"].append([point.leader, point.branch])
    book.save(path)
    return path


def zeren(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    """The command line's status."""
    monkeypatch.setattr("sys.argv", ["zeren", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_the_template_is_written_once(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.xlsx"
    assert zeren(monkeypatch, "template", "roster", path) == 0
    assert path.exists()
    assert zeren(monkeypatch, "template", "roster", path) == 1
    assert "文件已存在" in capsys.readouterr().err


def test_a_roster_is_stored_and_its_gaps_are_named(
    database_url: str, roster_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert zeren(monkeypatch, "roster", "load", roster_file, "--json", *JANUARY) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["units"], printed["people"], printed["posts"], printed["contact_points"]) == (12, 7, 18, 3)
    assert printed["uncovered_branches"] == ["望山支部"]
    assert printed["without_address"] == ["罗一鸣"]
    with transaction(database_url) as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 18


def test_the_same_roster_again_says_so(
    database_url: str, roster_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zeren(monkeypatch, "roster", "load", roster_file, *JANUARY)
    capsys.readouterr()
    assert zeren(monkeypatch, "roster", "load", roster_file, *JANUARY) == 0
    assert "没有变动" in capsys.readouterr().out


def test_a_roster_with_problems_stores_nothing(
    database_url: str, roster_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(roster_file)
    book["人员"].append(["周启明", "no address"])
    book.save(roster_file)
    assert zeren(monkeypatch, "roster", "load", roster_file, *JANUARY) == 1
    said = capsys.readouterr().err
    assert "人员!B10" in said
    assert "有两位“周启明”" in said
    assert not Path("zeren.db").exists()


def test_open_duties_follow_a_changed_roster(
    database_url: str, roster_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zeren(monkeypatch, "roster", "load", roster_file, *JANUARY)
    with transaction(database_url) as session:
        head, unit = session.execute(
            select(Post.person_id, Post.unit_id).join(Person).where(Person.name == "石小满", Post.title == "站长")
        ).one()
        factories.assignment(session, person_id=head, unit_id=unit)
    book = load_workbook(roster_file)
    for row in book["职务"].iter_rows(min_row=2):
        if row[2].value == "站长":
            row[0].value = "罗一鸣"
    book.save(roster_file)
    capsys.readouterr()
    assert zeren(monkeypatch, "roster", "load", roster_file, *JULY) == 0
    assert "石小满 → 罗一鸣，移交未办结任务 1 项，没有邮箱，未能通知" in capsys.readouterr().out


def test_the_upgrade_of_a_missing_database_says_what_to_do(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert zeren(monkeypatch, "database", "upgrade") == 1
    assert "zeren roster load" in capsys.readouterr().err


def test_a_database_of_this_version_needs_no_upgrade(
    database_url: str, roster_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zeren(monkeypatch, "roster", "load", roster_file, *JANUARY)
    assert zeren(monkeypatch, "database", "upgrade") == 0
    assert "已是最新版本" in capsys.readouterr().out
