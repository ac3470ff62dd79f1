"""Which file is meant where none is named."""

import shutil
from pathlib import Path

import pytest

import examples
from intake.folder import only_list, only_roster
from office.text import Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in (examples.ROSTER, examples.LIST_WORKBOOK):
        shutil.copy(file, tmp_path)
    (tmp_path / "~$list-2026.xlsx").write_bytes(b"what Excel writes beside an open file")
    (tmp_path / "zeren.toml").write_text("", "utf-8")
    return tmp_path


def test_the_only_list_and_the_only_roster_are_told_apart_by_their_sheets(folder: Path) -> None:
    assert only_list(folder).name == examples.LIST_WORKBOOK.name
    assert only_roster(folder).name == examples.ROSTER.name


def test_of_two_lists_none_is_guessed_and_both_are_named(folder: Path) -> None:
    shutil.copy(examples.LIST_DOCUMENT, folder)
    with pytest.raises(Refused, match=r"有2份.*list-2026\.docx、list-2026\.xlsx"):
        only_list(folder)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        only_roster(tmp_path)
    assert str(tmp_path) in refused.value.in_("zh")


def test_a_damaged_workbook_counts_as_a_list_so_that_reading_it_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "清单.xlsx").write_bytes(b"no workbook")
    assert only_list(tmp_path).name == "清单.xlsx"
