"""Saved filters of the present UI's Runs page, whose own default shows the past week. The new UI keeps filters in the browser, where
nobody else can put any: links must do there. Pure: the standings of the years shown in, what the server is told out.
"""

from collections.abc import Sequence
from typing import Any

from board import links
from board.links import BoardFilter
from engine.completion import COMPLETION_WORDS, Completion
from engine.standing import Named, YearStanding, of_this_year


def filters(standings: Sequence[YearStanding]) -> tuple[BoardFilter, ...]:
    """What an officer looks for in the year shown first, and what is left of the others. The UI sorts them by name: those of one
    branch or leader begin with a sign that comes after all words.
    """
    first = of_this_year(standings)
    others = [each for each in standings if each.year != first.year and each.total.open]
    return (*_of_year(first), *(left for each in others for left in _left_of(each)))


def _of_year(standing: YearStanding) -> tuple[BoardFilter, ...]:
    year = standing.year
    return (
        BoardFilter(COMPLETION_WORDS[Completion.OVERDUE].zh, links.state_tag(Completion.OVERDUE, year), year),
        BoardFilter(COMPLETION_WORDS[Completion.REPORTED].zh, links.state_tag(Completion.REPORTED, year), year),
        BoardFilter("本月到期", links.due_tag(standing.today), year),
        BoardFilter("全年", links.tag(links.YEAR, year), year),
        *_of_each(standing.by_unit(branches=True), links.BRANCH, year),
        *_of_each(standing.by_leader(), links.LEADER, year),
        *_of_each(standing.by_contact(), links.CONTACT, year),
    )


def _left_of(standing: YearStanding) -> tuple[BoardFilter, ...]:
    """Of another year that is not over: 逾期（2025年）. What is due this month is so whatever its year."""
    year = standing.year
    states = (Completion.OVERDUE, Completion.REPORTED)
    return (
        *(BoardFilter(f"{COMPLETION_WORDS[how].zh}（{year}年）", links.state_tag(how, year), year) for how in states),
        BoardFilter(f"全年（{year}年）", links.tag(links.YEAR, year), year),
    )


def saved_search(wanted: BoardFilter) -> dict[str, Any]:
    """The body of `PUT /saved_searches/`. The UI reads `property` and `value` only; the rest is empty as in those that it writes itself."""
    start, end = links.time_range(wanted.year)
    values = {"tag": [wanted.tag], "range": {"type": "range", "startDate": start, "endDate": end}}
    return {
        "name": wanted.name,
        "filters": [{"object": "flowRun", "property": name, "type": "", "operation": "", "value": value} for name, value in values.items()],
    }


def _of_each(named: tuple[Named, ...], kind: str, year: int) -> tuple[BoardFilter, ...]:
    return tuple(BoardFilter(f"［{kind}］{name}", links.tag(kind, name), year) for name, tally, _ in named if tally.assigned)
