"""Two policies → where they differ, entry by entry as `policy.toml` names them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from office.policy import Policy


class EntryDifference(NamedTuple):
    entry: str  # overdue.principal
    first: str
    second: str


def policy_differences(first: Policy, second: Policy) -> tuple[EntryDifference, ...]:
    """In the order of the file; an entry that one of them lacks is `—` there."""
    ours, theirs = dict(_entries(first)), dict(_entries(second))
    names = dict.fromkeys((*ours, *theirs))
    pairs = ((name, ours.get(name, "—"), theirs.get(name, "—")) for name in names)
    return tuple(EntryDifference(*pair) for pair in pairs if pair[1] != pair[2])


def _entries(policy: Policy) -> Iterator[tuple[str, str]]:
    rules = policy.rules.model_dump(exclude={"is_urgent"})
    yield from _flat({**rules, "mail": policy.mail.model_dump(), "meeting": policy.meeting.model_dump()})
    for each in policy.exceptions:
        place = f"{each.list_title} {each.item}".strip()
        if each.is_urgent is not None:
            yield f"[{place}] urgent", str(each.is_urgent).lower()
        yield from ((f"[{place}] {name}", value) for name, value in _flat(each.parts))


def _flat(parts: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for part, entries in parts.items():
        for name, value in entries.items():
            yield f"{part}.{name}", _said(value)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
