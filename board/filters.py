"""Saved filters of the present UI's Runs page, whose own default shows the past week. The new UI keeps filters in the browser, where
nobody else can put any: links must do there. Pure: the standing of a year in, what the server is told out.
"""

from typing import Any

from board import links
from board.links import BoardFilter
from engine.completion import COMPLETION_WORDS, Completion
from engine.standing import Named, YearStanding


def filters(standing: YearStanding) -> tuple[BoardFilter, ...]:
    """What an officer looks for. The UI sorts them by name: those of one branch or leader begin with a sign that comes after all words."""
    return (
        BoardFilter(COMPLETION_WORDS[Completion.OVERDUE].zh, links.state_tag(Completion.OVERDUE)),
        BoardFilter(COMPLETION_WORDS[Completion.REPORTED].zh, links.state_tag(Completion.REPORTED)),
        BoardFilter("本月到期", links.due_tag(standing.today)),
        BoardFilter("全年", links.tag(links.YEAR, standing.year)),
        *_of_each(standing.by_unit(branches=True), links.BRANCH),
        *_of_each(standing.by_leader(), links.LEADER),
        *_of_each(standing.by_contact(), links.CONTACT),
    )


def saved_search(wanted: BoardFilter, year: int) -> dict[str, Any]:
    """The body of `PUT /saved_searches/`. The UI reads `property` and `value` only; the rest is empty as in those that it writes itself."""
    start, end = links.time_range(year)
    values = {"tag": [wanted.tag], "range": {"type": "range", "startDate": start, "endDate": end}}
    return {
        "name": wanted.name,
        "filters": [{"object": "flowRun", "property": name, "type": "", "operation": "", "value": value} for name, value in values.items()],
    }


def _of_each(named: tuple[Named, ...], kind: str) -> tuple[BoardFilter, ...]:
    return tuple(BoardFilter(f"［{kind}］{name}", links.tag(kind, name)) for name, tally, _ in named if tally.assigned)
