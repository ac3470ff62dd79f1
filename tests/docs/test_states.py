"""The table of states in the architecture page is the one that the program follows."""

from pathlib import Path

from engine.moves import MOVES, Action
from models import AssignmentState

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_the_page_shows_every_move_and_no_other() -> None:
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text(encoding="utf-8").splitlines() if "|" in line]
    head, *rows = table[next(n for n, row in enumerate(table) if row[0] == "state" and row[1] == "acknowledge") :]
    shown = {
        (AssignmentState(row[0].split()[0]), Action(action)): AssignmentState(after)
        for row in rows[1 : 1 + len(AssignmentState)]
        for action, after in zip(head[1:], row[1:], strict=True)
        if after
    }
    assert shown == MOVES
