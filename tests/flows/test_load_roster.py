"""The roster from the form: first what would change, then for real, then no change any more."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import State

import examples
from engine.roster import load_roster as stored_roster
from flows.issue_annual_list import issue_annual_list
from flows.load_roster import load_roster
from zeren.catcher import MailCatcher
from zeren.database import prepare, transaction
from zeren.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest


def run(**given: Any) -> State[Any]:
    state: State[Any] = load_roster(**given, return_state=True)
    return state


def people() -> int:
    with transaction(settings().database_url) as session:
        return len(stored_roster(session, 2026).people)


def test_a_roster_is_looked_at_loaded_and_then_the_same(office: MailCatcher, tmp_path: Path) -> None:
    shutil.copy(examples.ROSTER, tmp_path)
    prepare(settings().database_url)
    looked = run()  # as it comes from a form that was left as it was
    assert (looked.message or "").startswith("2026年名册预览（尚未载入）：单位")
    assert people() == 0
    changes: Any = Artifact.get("roster-preview-changes")
    assert {row["变动"] for row in json.loads(changes.data)} == {"新增"}

    assert (run(confirmed=True).message or "").startswith("2026年名册已载入")
    loaded = people()
    assert loaded > 20
    assert (run(confirmed=True).message or "") == "2026年名册与已载入的相同，没有变动"
    assert people() == loaded


def test_two_rosters_in_the_folder_are_named_and_neither_is_loaded(office: MailCatcher, tmp_path: Path) -> None:
    shutil.copy(examples.ROSTER, tmp_path / "a.xlsx")
    shutil.copy(examples.ROSTER, tmp_path / "b.xlsx")
    state = run(confirmed=True)
    assert state.is_failed()
    assert (state.message or "").endswith("有2份，请填其中一份：a.xlsx、b.xlsx")


def test_a_list_is_previewed_from_a_form_that_was_left_as_it_was(office: MailCatcher, tmp_path: Path) -> None:
    for file in (examples.ROSTER, examples.LIST_WORKBOOK):
        shutil.copy(file, tmp_path)
    state: State[Any] = issue_annual_list(return_state=True)
    assert (state.message or "").startswith("预览（尚未下发）：45项责任事项")
    assert not (tmp_path / "zeren.db").exists(), "a preview makes no database"
