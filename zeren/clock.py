"""The only place that looks at the clock. Everything below gets `now` as a parameter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from office.text import Refused, Text


def now_or(rehearsed: str | None, zone: ZoneInfo) -> datetime:
    """The present instant in UTC, or the one rehearsed with `--now`, read as local civil time in `zone`."""
    if rehearsed is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(rehearsed)
    except ValueError:
        raise Refused(
            Text(
                f"--now 不是日期时间：{rehearsed}（例：2026-07-01T09:00）",
                f"--now is no date and time: {rehearsed} (like 2026-07-01T09:00)",
            )
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def clock_from(rehearsed: str | None, zone: ZoneInfo) -> Callable[[], datetime]:
    """A clock that starts at `now_or(rehearsed, zone)` and goes on from there: pauses and leases pass in a rehearsal too."""
    start, read_at = now_or(rehearsed, zone), monotonic()
    return lambda: start + timedelta(seconds=monotonic() - read_at)
