"""Settings → the 督办规则 of new lists: the office's own file, or else the built-in policy."""

from pathlib import Path

from office.files import unreadable
from office.policy import Policy, default_policy, read_policy
from office.policy_text import decoded
from office.text import Refused, Text
from zeren.settings import settings


def policy_file() -> Path | None:
    """The office's own file; None where it has none, and the built-in policy holds. Refuses a file that is named and missing."""
    path = Path(settings().policy_file)
    if path.exists():
        return path
    if "policy_file" in settings().model_fields_set:
        raise Refused(
            Text("没有这个督办规则文件（设置 ZEREN_POLICY_FILE）", "There is no such policy file (ZEREN_POLICY_FILE)"),
            place=settings().policy_file,
        )
    return None


def policy_in_force() -> Policy:
    """What a list that is issued now gets. Refuses like `read_policy_file`."""
    path = policy_file()
    return default_policy() if path is None else read_policy_file(path)


def policy_source() -> Text:
    """Where it stands, for the officer."""
    path = policy_file()
    return Text("内置的默认规则", "the built-in policy") if path is None else Text(str(path), str(path))


def read_policy_file(path: Path) -> Policy:
    """A policy from a file. Refuses a file that cannot be read, and one that is no policy with the line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(error, path) from None
    return read_policy(decoded(content, place=str(path)), place=str(path))
