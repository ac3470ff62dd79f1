"""Columns whose headers mean the same: which holds the duty, which its measures, which only groups the duties."""

from collections.abc import Sequence
from dataclasses import dataclass

from intake.formats.grid import Row
from intake.headers import Column, Header, Role, is_period_header, names_both
from intake.parties import is_party

_ONE_OF: tuple[Role, ...] = ("number", "deadline")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is what in this table, once doubles are settled. Columns are numbered from 0."""

    content: int
    measures: tuple[Column, ...]
    above_measures: tuple[int, ...]  # of three levels of text (任务, 内容, 措施) the one between
    columns: dict[Role, tuple[int, ...]]

    @property
    def used(self) -> set[int]:
        return {
            self.content,
            *self.above_measures,
            *(column.index for column in self.measures),
            *(index for each in self.columns.values() for index in each),
        }

    def texts(self, role: Role, rows: Sequence[Row]) -> str:
        """What the columns of this role say in these rows, each cell once."""
        cells = {(cell.row, cell.column): cell.text for row in rows for index in self.columns.get(role, ()) if (cell := row.value(index))}
        return "\n".join(dict.fromkeys(cells.values()))


def arrange(header: Header, rows: Sequence[Row]) -> Layout:
    """The layout of the table under this header; `rows` are the rows below it."""
    columns: dict[Role, list[int]] = {}
    for column in header.columns:
        if column.role and column.role != "unread":
            columns.setdefault(column.role, []).append(column.index)
    if "number" not in columns and (index := _bare_numbers(header, rows)) is not None:
        columns["number"] = [index]
    for role in _ONE_OF:  # one of each is used; a second is reported as not read
        columns[role] = columns.get(role, [])[:1]
    for index in columns["deadline"]:
        if names_both(header.columns[index].header):
            columns.setdefault("responsible", []).append(index)
    contents, measures = columns.pop("content", []), columns.pop("measures", [])
    if len(measures) > 1:  # 工作要求 beside 具体措施 says how well, not what
        demands = [index for index in measures if header.columns[index].header.endswith("要求")][: len(measures) - 1]
        measures = [index for index in measures if index not in demands]
        columns.setdefault("standard", []).extend(demands)
    groups = columns.get("group", [])
    _name_parties(columns, groups, rows)
    if not contents:
        source = groups or measures or columns.get("standard", [])
        contents = [source.pop(-1 if source is groups else 0)]
    content = _duty_column(contents, columns.get("number", []), rows)
    groups.extend(index for index in contents if index < content)
    inner = [index for index in contents if index > content] + measures
    periods = [index for index in inner if is_period_header(header.columns[index].header.rsplit("/", 1)[-1])]
    chosen = periods or _step_column(inner, measures, rows)
    columns["group"] = sorted(groups)
    return Layout(
        content,
        tuple(header.columns[index] for index in chosen),
        tuple(sorted(index for index in inner if index not in chosen)),
        {role: tuple(each) for role, each in columns.items() if each},
    )


def _step_column(inner: list[int], measures: list[int], rows: Sequence[Row]) -> list[int]:
    """Of several text columns beside the duty's, the finest: with the most cells, measures before contents, the last of equals."""
    filled = {index: sum(1 for row in rows if row.own(index)) for index in inner}
    return [max(inner, key=lambda index: (filled[index], index in measures, index))] if inner else []


def _bare_numbers(header: Header, rows: Sequence[Row]) -> int | None:
    """A column of nothing but numbers whose header was forgotten."""
    for column in header.columns:
        said = [cell.text for row in rows if (cell := row.own(column.index))]
        if not column.header and said and all(text.isdigit() for text in said):
            return column.index
    return None


def _duty_column(contents: list[int], numbers: list[int], rows: Sequence[Row]) -> int:
    """Of several task columns, the one that is counted: it has as many cells as there are numbers. Else the leftmost."""
    filled = {index: sum(1 for row in rows if row.own(index)) for index in (*contents, *numbers)}
    if numbers and len(contents) > 1:
        return min(contents, key=lambda index: abs(filled[index] - filled[numbers[0]]))
    return contents[0]


def _name_parties(columns: dict[Role, list[int]], groups: list[int], rows: Sequence[Row]) -> None:
    """A grouping column full of unit names names the responsible units, where no other column does."""
    if any(role in columns for role in ("leader", "lead", "responsible")):
        return
    for index in groups[1:]:
        names = [cell.text for row in rows if (cell := row.own(index))]
        if names and sum(map(is_party, names)) * 5 >= len(names) * 4:
            groups.remove(index)
            columns["responsible"] = [index]
            return
