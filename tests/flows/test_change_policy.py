"""更改督办规则 from the form: first what would move, then for real, then no change any more."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import State

import examples
from engine.policies import lists_named, terms_of
from flows.change_policy import change_policy
from flows.issue_annual_list import issue_annual_list
from zeren.catcher import MailCatcher
from zeren.database import transaction
from zeren.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")  # see conftest


def run(**given: Any) -> State[Any]:
    state: State[Any] = change_policy(**given, return_state=True)
    return state


def terms() -> list[tuple[date, int]]:
    with transaction(settings().database_url) as session:
        (list_id,) = lists_named(session, [], year=2026)
        return [(term.from_on, term.policy.rules.overdue.principal) for term in terms_of(session, list_id)]


def test_a_change_is_looked_at_made_and_then_the_same(office: MailCatcher, tmp_path: Path) -> None:
    assert run().message == "2026年度还没有下发清单"
    for file in (examples.ROSTER, examples.LIST_WORKBOOK):
        shutil.copy(file, tmp_path)
    issued: State[Any] = issue_annual_list(confirmed=True, return_state=True)
    assert issued.is_completed()
    page: Any = Artifact.get("list-issued")
    assert "- 督办规则：内置的默认规则" in page.data

    assert run().message == "没有变化：这些清单用的已是这份规则"  # a form that was left as it was
    pasted = {"policy": "[overdue]\r\nprincipal = 5", "from_day": "2026年1月12日"}
    looked = run(**pasted).message or ""
    assert looked.startswith("预览（尚未更改）：自2026-01-12起，1份清单改用表单中粘贴的规则；")
    assert looked.endswith("项任务更早上报")
    assert terms() == [(date(2026, 1, 5), 7)]
    shown: Any = Artifact.get("policy-change-preview")
    assert "第5个工作日到主要负责人" in shown.data
    rows: Any = Artifact.get("policy-change-preview-examples")
    assert {(row["提醒"], row["变化"]) for row in json.loads(rows.data)} == {("逾期，报主要负责人", "提前")}

    made = run(**pasted, confirmed=True).message or ""
    assert made.startswith("自2026-01-12起，1份清单改用表单中粘贴的规则；")
    assert run(**pasted, confirmed=True).message == "没有变化：这些清单用的已是这份规则"
    assert terms() == [(date(2026, 1, 5), 7), (date(2026, 1, 12), 5)]

    (tmp_path / "policy.toml").write_text("[overdue]\nprincipal = 4")
    assert "改用policy.toml" in (run(from_day="2026-02-02").message or "")
    wrong = run(policy="[overdue]\nprincipal = 零")
    assert (wrong.is_failed(), wrong.message) == (
        True,
        "规则:2：读不懂这一行（应为“名称 = 值”或“[部分]”，文字加英文引号）：principal = 零",
    )
    assert (run(lists="《没有》").message or "").startswith("2026年度没有《没有》；有：《")
    assert (run(from_day="2026-01-02").message or "").startswith("2026-01-02已经过去")
