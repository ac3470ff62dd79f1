"""Settings from the environment and zeren.toml, and the sentence about wrong ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from office.text import Refused
from zeren.database import engine_for
from zeren.settings import Settings, settings


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zeren.toml").write_text('smtp_host = "mail.example.com"\nsmtp_port = 587\n')
    monkeypatch.setenv("ZEREN_SMTP_PORT", "465")
    assert (settings().smtp_host, settings().smtp_port) == ("mail.example.com", 465)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SMTP_PORT", "many", "设置有误：ZEREN_SMTP_PORT 应为 1 至 65535 的整数"),
        ("SMTP_PORT", "70000", "设置有误：ZEREN_SMTP_PORT 应为 1 至 65535 的整数"),
        ("SMTP_TLS", "ssl", "设置有误：ZEREN_SMTP_TLS 应为 none、starttls 或 tls"),
        ("MAIL_FROM", "nobody", "设置有误：ZEREN_MAIL_FROM 应为邮箱地址，例：党办 <office@example.com>"),
        ("PORTAL_URL", "javascript:alert(1)", "设置有误：ZEREN_PORTAL_URL 应为 http:// 或 https:// 开头的网址"),
        ("TIMEZONE", "Asia/Peking", "设置有误：ZEREN_TIMEZONE 应为时区名，例：Asia/Shanghai"),
        ("LANGUAGE", "fr", "设置有误：ZEREN_LANGUAGE 应为 zh 或 en"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_takes(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str) -> None:
    monkeypatch.setenv(f"ZEREN_{name}", value)
    with pytest.raises(Refused) as refused:
        settings()
    assert refused.value.in_("zh") == sentence
    assert value not in refused.value.in_("en")


@pytest.mark.parametrize("written", ['smpt_host = "mail.example.com"', "[zeren]\nsmtp_port = 25"])
def test_a_misspelt_setting_in_the_file_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "zeren.toml").write_text(written)
    with pytest.raises(Refused, match=r"zeren.toml 中的 (smpt_host|zeren) 不是设置"):
        settings()


@pytest.mark.parametrize("written", [b"smtp_port = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_one_sentence(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "zeren.toml").write_bytes(written)
    with pytest.raises(Refused, match="读不出来"):
        settings()


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_SMTP_PASSWORD", "open sesame")
    monkeypatch.setenv("ZEREN_SECRET_KEY", "open barley")
    assert "open" not in repr(Settings()) + str(Settings())


def test_a_password_that_breaks_the_address_is_not_shown() -> None:
    with pytest.raises(Refused, match="%40") as refused:
        engine_for("postgresql://zeren:pass@word@127.0.0.1/zeren")
    assert "word" not in refused.value.in_("zh")
