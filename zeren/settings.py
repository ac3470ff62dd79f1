"""Settings from the environment (`ZEREN_…`) or `zeren.toml` in the working folder; the environment wins."""

import shlex
from email.utils import parseaddr
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from office.text import Language, Refused, Text

EXPECTED = {  # what a setting takes, for the sentence about a wrong one
    "smtp_port": Text("应为 1 至 65535 的整数", "a whole number from 1 to 65535"),
    "smtp_tls": Text("应为 none、starttls 或 tls", "none, starttls or tls"),
    "mail_from": Text("应为邮箱地址，例：党办 <office@example.com>", "a mail address, like Office <office@example.com>"),
    "mail_reply_to": Text("应为邮箱地址，例：党办 <office@example.com>", "a mail address, like Office <office@example.com>"),
    "ui_url": Text("应为 http:// 或 https:// 开头的网址", "an address that begins with http:// or https://"),
    "portal_url": Text("应为 http:// 或 https:// 开头的网址", "an address that begins with http:// or https://"),
    "link_days": Text("应为 1 至 1000 的整数", "a whole number from 1 to 1000"),
    "evidence_max_mb": Text("应为 1 至 200 的整数（MB）", "a whole number from 1 to 200 (MB)"),
    "scan_command": Text("应为一条命令，引号要成对", "a command with its quotation marks in pairs"),
    "board_closed_days": Text("应为天数（0 以上的整数），留空则全部", "a number of days, 0 or more; empty for all"),
    "policy_file": Text("应为 TOML 文件的路径，例：policy.toml", "the path of a TOML file, like policy.toml"),
    "timezone": Text("应为时区名，例：Asia/Shanghai", "the name of a time zone, like Asia/Shanghai"),
    "language": Text("应为 zh 或 en", "zh or en"),
}


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="ZEREN_", toml_file="zeren.toml", extra="forbid", hide_input_in_errors=True)

    database_url: str = "sqlite:///zeren.db"
    smtp_host: str = "localhost"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "责任清单 <zeren@localhost>"
    mail_reply_to: str = ""  # the planning officer, whom to ask; the sender where empty
    ui_url: str = Field(default="", pattern=r"^$|^https?://[^\s/]")  # of the Prefect UI, for links in mails; its server's where empty
    portal_url: str = Field(default="http://127.0.0.1:8080", pattern=r"^https?://[^\s/]")
    secret_key: SecretStr = SecretStr("")  # signs the links; where empty, a secret that the database keeps
    link_days: int = Field(default=180, ge=1, le=1000)  # how long a link in a mail is good
    evidence_folder: str = "zeren-evidence"  # where files that were handed in are kept
    evidence_max_mb: int = Field(default=50, ge=1, le=200)  # the most that one of them may have
    scan_command: str = ""  # a virus scanner, which is given the path of each of them; none where empty
    board_closed_days: int | None = Field(default=None, ge=0)  # how long the board shows what has ended; None: all
    policy_file: str = Field(default="policy.toml", min_length=1)  # 督办规则; the built-in one holds where the default file is missing
    timezone: str = "Asia/Shanghai"
    language: Language = "zh"
    now: str = ""  # the moment that flows rehearse, as `--now` does on the command line; the real clock where empty

    @field_validator("board_closed_days", mode="before")
    @classmethod
    def _all_where_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {value!r}") from error
        return value

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if value and ("@" not in parseaddr(value)[1] or "\n" in value or "\r" in value):
            raise ValueError("not a mail address")
        return value

    @field_validator("scan_command")
    @classmethod
    def _readable_command(cls, value: str) -> str:
        shlex.split(value)
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


@cache
def settings() -> Settings:
    """The settings of this process; refuses with the names of the settings that are wrong, never with their values."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [_wrong(str(fault["loc"][0]), fault["type"]) for fault in error.errors(include_input=False, include_context=False)]
        raise Refused(
            Text(f"设置有误：{'；'.join(text.zh for text in wrong)}", f"Settings are wrong: {'; '.join(text.en for text in wrong)}")
        ) from None
    except ValueError:
        raise Refused(
            Text("zeren.toml 读不出来：应为 UTF-8 编码的 TOML 文件", "zeren.toml cannot be read: it has to be TOML in UTF-8")
        ) from None


def _wrong(name: str, kind: str) -> Text:
    """One sentence about one setting, never with its value: it may be a password."""
    if kind == "extra_forbidden":
        return Text(f"zeren.toml 中的 {name} 不是设置", f"{name} in zeren.toml is no setting")
    expected = EXPECTED.get(name, Text("应为文字", "a text"))
    return Text(f"ZEREN_{name.upper()} {expected.zh}", f"ZEREN_{name.upper()} has to be {expected.en}")
