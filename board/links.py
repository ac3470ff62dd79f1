"""What the officer filters the board by, and the addresses of the pages that do it: pure, for both UIs.

Tags are the only filter that both UIs share. The new UI's state filter knows Prefect's own names and drops ours, so each run
bears its state as a tag too. It joins several tags by "or" where the present UI joins them by "and": a filter is one tag.
Both UIs read dates as a range of starts; runs start when they are acknowledged, so a filter names a range that none falls out of.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from engine.completion import COMPLETION_WORDS, Completion

YEAR, LIST, PERSON, BRANCH, OFFICE = "年度", "清单", "责任人", "支部", "科室"
LEADER, CONTACT, SECTION, DUE, STATE = "责任领导", "联系领导", "板块", "到期", "状态"


def tag(kind: str, value: object) -> str:
    """`支部:养老服务支部`, on one line. Commas separate tags in the new UI's addresses and are written full width."""
    return f"{kind}:{' '.join(str(value).split())}".replace(",", "，")


def due_tag(due_on: date) -> str:
    """`到期:2026-03`"""
    return tag(DUE, f"{due_on:%Y-%m}")


def state_tag(completion: Completion, year: int) -> str:
    """`状态:2026年逾期`: the year of the list, because a filter is one tag, and the board holds all years."""
    return tag(STATE, f"{year}年{COMPLETION_WORDS[completion].zh}")


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the Runs page shows: the runs with one tag. `name` is what the officer chooses it by, `year` that of the runs."""

    name: str
    tag: str
    year: int


@dataclass(frozen=True, slots=True)
class Addresses:
    """One page of the board in the present UI and in the new one."""

    present: str
    new: str


def time_range(year: int) -> tuple[str, str]:
    """From the beginning of the year before to a far end: RFC 3339, as the present UI writes instants. A run starts when its state is
    set, which on a board that was built anew may be years after its duty was due.
    """
    return f"{year - 1}-01-01T00:00:00.000Z", f"{year + 99}-12-31T23:59:59.000Z"


def runs_query(tag: str, year: int) -> str:
    """The query of a Runs page that both UIs understand: each reads its own parameters and leaves the other's alone."""
    start, end = time_range(year)
    return urlencode({"tag": tag, "type": "range", "startDate": start, "endDate": end, "tags": tag}, quote_via=quote)


def runs_page(ui_url: str, tag: str, year: int) -> Addresses:
    """The Runs page with one tag. `ui_url` is that of the present UI, without a slash at its end."""
    start, end = time_range(year)
    present = urlencode({"tag": tag, "type": "range", "startDate": start, "endDate": end}, quote_via=quote)
    return Addresses(f"{ui_url}/runs?{present}", f"{ui_url}/v2/runs?{urlencode({'tags': tag}, quote_via=quote)}")


def artifact_page(ui_url: str, artifact_id: str) -> Addresses:
    """The page of one artifact."""
    return Addresses(f"{ui_url}/artifacts/artifact/{artifact_id}", f"{ui_url}/v2/artifacts/artifact/{artifact_id}")


def key_page(ui_url: str, key: str) -> Addresses:
    """The page of an artifact's key, which leads to the artifact."""
    return Addresses(f"{ui_url}/artifacts/key/{key}", f"{ui_url}/v2/artifacts/key/{key}")


def to_runs(tag: str, year: int) -> str:
    """The Runs page as a link on an artifact's page, relative, so that it stays in the UI in which it is clicked."""
    return f"../../runs?{runs_query(tag, year)}"


def to_artifact(artifact_id: str) -> str:
    """Another artifact as a link on an artifact's page."""
    return f"../artifact/{artifact_id}"
