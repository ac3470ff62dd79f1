"""The pages in the tree lead where they say."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from zeren.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def commands(page: Path) -> list[str]:
    """Every `zeren …` that a page tells its reader to type, without comments."""
    return [match.strip() for match in re.findall(r"(?:^|uv run )zeren ([^#\n`]+)", page.read_text(encoding="utf-8"), re.MULTILINE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not link.startswith("mailto:") and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_every_command_of_the_readme_exists_with_its_options(page: Path) -> None:
    assert commands(page)
    for line in commands(page):
        command, words = get_command(app), shlex.split(line)
        while isinstance(command, TyperGroup):
            name = words.pop(0)
            found = command.get_command(typer.Context(command), name)
            assert found is not None, f"zeren {line}: there is no {name}"
            command = found
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= options, f"zeren {line}"


def test_both_readmes_tell_the_same_commands() -> None:
    english, chinese = (commands(page) for page in READMES)
    assert english == chinese


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(folder.glob("[0-9]*.md")) if f"({page.name})" not in index] == []
