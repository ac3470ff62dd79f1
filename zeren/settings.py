"""Settings from the environment (`ZEREN_…`) or `zeren.toml` in the working folder; the environment wins."""

from email.utils import parseaddr
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from office.text import Language, Refused, Text


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="ZEREN_", toml_file="zeren.toml", extra="ignore", hide_input_in_errors=True)

    database_url: str = "sqlite:///zeren.db"
    smtp_host: str = "localhost"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "责任清单 <zeren@localhost>"
    mail_reply_to: str = ""  # the planning officer, whom to ask; the sender where empty
    portal_url: str = "http://127.0.0.1:8080"
    secret_key: SecretStr = SecretStr("")
    timezone: str = "Asia/Shanghai"
    language: Language = "zh"
    now: str = ""  # the moment that flows rehearse, as `--now` does on the command line; the real clock where empty

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
        wrong = "; ".join(f"ZEREN_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors(include_input=False))
        raise Refused(Text(f"设置有误：{wrong}", f"Settings are wrong: {wrong}")) from None
    except ValueError as error:  # zeren.toml is no TOML
        raise Refused(Text(f"无法读取 zeren.toml：{error}", f"zeren.toml cannot be read: {error}")) from None
