"""The report as Markdown that reads well in a terminal too: columns line up, weeks are a line of blocks."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.cells import cell_len

from office.text import Language, Text
from reports.rehearsal.blocks import Block, Cell, PeopleWeeks, Report, Table, Weeks, Words
from reports.rehearsal.words import day

BLOCKS = " ▁▂▃▄▅▆▇█"


def markdown(report: Report, *, language: Language) -> str:
    lines = [f"# {report.title.in_(language)}", ""]
    for about in report.about:
        lines += [about.in_(language), ""]
    for section in report.sections:
        lines += [f"## {section.heading.in_(language)}", ""]
        for block in section.blocks:
            if written := list(_block(block, language)):
                lines += [*written, ""]
    return "\n".join(lines)


def _block(block: Block, language: Language) -> Iterator[str]:
    match block:
        case Words():
            yield block.text.in_(language)
        case Table():
            yield from _table([column.in_(language) for column in block.columns], block.rows, block.numbers_from, language)
        case Weeks():
            counts = [sum(week.values()) for week in block.weeks.values()]
            yield _title(block.title, list(block.weeks), language)
            yield f"`{_spark(counts, block.highest)}`"
        case PeopleWeeks():
            pass  # a picture; its figures stand in the table before it


def _title(title: Text, weeks: Sequence[date], language: Language) -> str:
    first, last = (day(week, weeks[0].year).in_(language) for week in (weeks[0], weeks[-1]))
    return f"{title.in_(language)}: {first} – {last}" if language == "en" else f"{title.in_(language)}：{first} – {last}"


def _spark(counts: Sequence[int], highest: int) -> str:
    """A block a week; the least above nothing is seen, too."""
    return "".join(BLOCKS[-(-count * (len(BLOCKS) - 1) // highest)] for count in counts)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], numbers_from: int, language: Language) -> Iterator[str]:
    said = [[_said(cell, language) for cell in row] for row in rows]
    right = [place >= numbers_from for place in range(len(columns))]
    widths = [max(3, *(cell_len(row[place]) for row in (columns, *said))) for place in range(len(columns))]
    yield _row(columns, widths, right)
    yield (
        "|"
        + "|".join(f"{'-' * (width + 1)}{':' if to_the_right else '-'}" for width, to_the_right in zip(widths, right, strict=True))
        + "|"
    )
    yield from (_row(row, widths, right) for row in said)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, to_the_right in zip(cells, widths, right, strict=True):
        room = " " * (width - cell_len(cell))
        padded.append(f"{room}{cell}" if to_the_right else f"{cell}{room}")
    return f"| {' | '.join(padded)} |"


def _said(cell: Cell, language: Language) -> str:
    words = cell.in_(language) if isinstance(cell, Text) else str(cell)
    return words.replace("|", "\\|").replace("\n", " ")
