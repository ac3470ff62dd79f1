"""A year of 10,000 assignments rehearsed with all three behaviours, from the list that was read to the report as HTML.

Fifty branches with their secretaries and contact leaders, a principal and a party group, monthly duties; a tenth of the secretaries
change in the middle of the year. Everybody has a mail address, so every digest is somebody's.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from time import perf_counter

from benchmarks import Figure
from benchmarks.planning import BRANCHES, YEAR, reading
from benchmarks.planning import roster as bare_roster
from engine.planning import plan
from engine.rehearsal_figures import figures_of
from engine.rehearsing import Rehearsal
from intake.values import ContactPointRow, PersonRow, PostRow, Roster, UnitRow
from office.policy import default_policy
from reports.rehearsal.page import page
from reports.rehearsal.sections import report_of

SIZE = 10_000  # assignments
BAR = 60.0
LEADERS = 5
ISSUED_ON = date(YEAR, 1, 5)


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Seconds for the whole of it."""
    read, known = reading(size), roster()
    began = perf_counter()
    planned = plan(read.items, known, year=YEAR, title=read.title, issued_on=ISSUED_ON)
    rehearsal = Rehearsal(planned, known, title=read.title, issued_on=ISSUED_ON)
    figures = figures_of(rehearsal, default_policy(), policy_name="policy.toml", many=10)
    written = page(report_of(figures), language="zh")
    seconds = perf_counter() - began
    assert figures.assignments >= size
    assert "<svg" in written
    yield Figure(f"a year of {size} assignments rehearsed three times", seconds, "s", bar=BAR)


def roster() -> Roster:
    """The roster of the planning benchmark with addresses, leaders above the branches, and terms that end in summer."""
    bare = bare_roster()
    leaders = [f"领导{n}" for n in range(1, LEADERS + 1)]
    changing = bare.posts[: BRANCHES // 10]
    posts = [replace(post, ends_on=date(YEAR, 6, 30)) if post in changing else post for post in bare.posts]
    posts += [PostRow(f"新{post.person}", post.unit, post.title, date(YEAR, 7, 1)) for post in changing]
    posts += [PostRow(name, "局党组", "党组成员" if n else "党组书记") for n, name in enumerate(leaders)]
    names = [*(person.name for person in bare.people), *leaders, *(f"新{post.person}" for post in changing)]
    branches = [unit.name for unit in bare.units if unit.kind == "党支部"]
    return Roster(
        units=(*bare.units, UnitRow("局党组", "党组", bare.units[0].name)),
        people=tuple(PersonRow(name, f"p{n}@example.com") for n, name in enumerate(names)),
        posts=tuple(posts),
        contact_points=tuple(ContactPointRow(leaders[n % LEADERS], branch) for n, branch in enumerate(branches)),
    )
