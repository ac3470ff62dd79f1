"""Which assignments somebody means who names them as the Prefect UI shows them.

In: lines, each with the address of a run of the board, its id, or the number of an assignment (编号 among a run's parameters).
Out: ids of assignments. A line that names none is refused with its own words.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Assignment, BoardRun
from office.text import Refused, Text

_RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")
_BETWEEN = re.compile(r"[\s,，、;；]+")


def assignments_meant(session: Session, written: str) -> tuple[int, ...]:
    """Ids of the assignments in the order in which they are named, each once; empty for an empty text."""
    words = [word for word in _BETWEEN.split(written) if word]
    runs = {word: found.group().lower() for word in words if (found := _RUN.search(word))}
    numbers = {word: int(word) for word in words if _NUMBER.fullmatch(word)}
    of_runs = select(BoardRun.run_id, BoardRun.assignment_id).where(BoardRun.run_id.in_(runs.values()))
    shown = {row.run_id: row.assignment_id for row in session.execute(of_runs)}
    stored = set(session.scalars(select(Assignment.id).where(Assignment.id.in_(numbers.values()))))
    meant = []
    for word in words:
        id_ = shown.get(runs[word]) if word in runs else numbers.get(word)
        if id_ is None or (word in numbers and id_ not in stored):
            raise Refused(
                Text(
                    f"认不出是哪项任务：{word}（请填看板上该任务的网址，或参数里的编号）",
                    f"No assignment: {word} (give the address of its run, or its number)",
                )
            )
        meant.append(id_)
    return tuple(dict.fromkeys(meant))
