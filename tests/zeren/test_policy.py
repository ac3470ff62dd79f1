"""Which policy a new list gets: the office's file, else the built-in one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from office.policy import default_policy
from office.text import Refused
from zeren.policy import policy_in_force, policy_source
from zeren.settings import settings


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZEREN_POLICY_FILE", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_without_a_file_the_built_in_policy_holds() -> None:
    assert policy_in_force() == default_policy()
    assert policy_source().zh == "内置的默认规则"


def test_the_file_in_the_working_folder_holds(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("[overdue]\nprincipal = 5")
    assert policy_in_force().rules.overdue.principal == 5
    assert policy_source().zh == "policy.toml"


def test_a_file_that_is_named_holds_and_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_POLICY_FILE", "rules/own.toml")
    with pytest.raises(Refused, match=r"^rules/own.toml：没有这个督办规则文件（设置 ZEREN_POLICY_FILE）$"):
        policy_in_force()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text("[overdue]\nprincipal = 6")
    assert policy_in_force().rules.overdue.principal == 6


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[overdue]\nprincipal = 0", r"^policy.toml:2：\[overdue\] principal：应为 1 至 250 的整数（工作日），现为 0$"),
        ("# 规则".encode("gbk"), "^policy.toml：不是 UTF-8 编码"),
    ],
)
def test_a_file_with_a_fault_is_refused_not_replaced(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "policy.toml").write_bytes(content)
    with pytest.raises(Refused, match=sentence):
        policy_in_force()


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").mkdir()
    with pytest.raises(Refused, match=r"^policy.toml：这是一个文件夹"):
        policy_in_force()


def test_an_empty_name_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_POLICY_FILE", "")
    with pytest.raises(Refused, match=r"ZEREN_POLICY_FILE 应为 TOML 文件的路径，例：policy.toml"):
        policy_in_force()
