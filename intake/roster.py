"""Roster workbooks (名册) → people, units, posts and contact points.

In: an .xlsx with the sheets of `SHEETS`; headers by name in any order, title rows above them and further columns allowed. Out:
a `RosterReading`; whatever is wrong is a problem with its cell's address, and the rows that are right are read all the same.
"""

import calendar
import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intake.formats.grid import Cell, Grid, Row
from intake.formats.package import kind_of
from intake.formats.workbook import read_workbook
from intake.values import ContactPointRow, Note, PersonRow, PostRow, Roster, RosterReading, UnitRow
from office.text import Refused, Text

# Sheet → header → the words that offices use for it. The columns of OPTIONAL may be missing.
SHEETS: dict[str, dict[str, tuple[str, ...]]] = {
    "单位": {"单位名称": ("单位", "名称"), "单位类别": ("类别", "单位性质", "单位类型"), "上级单位": ("上级", "隶属单位", "主管单位")},
    "人员": {"姓名": ("名字",), "电子邮箱": ("邮箱", "电子邮件", "邮箱地址", "邮件地址", "email", "e-mail")},
    "职务": {
        "姓名": ("名字",),
        "所在单位": ("单位", "单位名称"),
        "职务": ("职位", "岗位"),
        "任职日期": ("任职时间", "到任日期"),
        "离任日期": ("离任时间", "免职日期", "免职时间"),
    },
    "联系点": {"联系领导": ("包联领导", "领导"), "联系支部": ("联系党支部", "联系点", "包联支部", "支部")},
}
OPTIONAL = ("任职日期", "离任日期")
EXAMPLE = "示例"  # rows of the template that begin with this word are no data

LONGEST_NAME = {"单位名称": 100, "上级单位": 100, "单位类别": 50, "姓名": 50, "职务": 50}
_HEADER_WITHIN = 20  # rows
_SEVERAL = re.compile(r"[、,，;；\n]")
_NOTE = re.compile(r"^(注|备注|说明|填表说明)[:：]")
_NO_END = ("至今", "现任", "在任", "-", "—", "/")
_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(\d{1,2})\s*日?|\s*月?)")
# RFC 5321 without quoted local parts and address literals, which no office mailbox has.
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_LOCAL}@(?:localhost|{_LABEL}(?:\.{_LABEL})+)")


def read_roster(path: Path) -> RosterReading:
    """Read a roster; refuses a file that is no workbook, is encrypted, or is not safe to open."""
    if kind_of(path) != "workbook":
        raise Refused(
            Text(
                "名册要用 Excel 工作簿（.xlsx），有“单位”“人员”“职务”“联系点”四张工作表",
                "A roster is an .xlsx workbook with the sheets 单位, 人员, 职务 and 联系点",
            ),
            place=path.name,
        )
    grids = read_workbook(path)
    if not any(sheet in grid.name for sheet in SHEETS for grid in grids):
        raise Refused(
            Text(
                "这不是名册：名册有“单位”“人员”“职务”“联系点”四张工作表",
                "This is no roster, which has the sheets 单位, 人员, 职务 and 联系点",
            ),
            place=path.name,
        )
    return _Reader(grids).read()


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent to it: one bare address in ASCII, nothing before or after."""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet by its headers."""

    cells: dict[str, Cell]
    address: str  # of the row's first column, for what is missing

    def cell(self, header: str) -> Cell:
        return self.cells.get(header) or Cell("", self.address, 0, 0)


class _Reader:
    def __init__(self, grids: Iterable[Grid]) -> None:
        self.grids = tuple(grids)
        self.problems: list[Note] = []
        self.questions: list[Note] = []
        self.parent_cells: dict[str, str] = {}  # unit → where its parent is written
        self.unreadable = {fault.address for grid in self.grids for fault in grid.faults}

    def read(self) -> RosterReading:
        units = tuple(self._units())
        unit_names = {_key(unit.name): unit.name for unit in units}
        units = self._with_known_parents(units, unit_names)
        people = tuple(self._people())
        people_names = {_key(person.name): person.name for person in people}
        for sheet, rows in (("单位", units), ("人员", people)):
            if not rows and not self.problems:
                self._problem(f"{sheet}!A2", f"工作表“{sheet}”没有内容", f"The sheet {sheet} is empty")
        posts = tuple(self._posts(people_names, unit_names))
        points = tuple(self._contact_points(people_names, unit_names))
        return RosterReading(Roster(units, people, posts, points), tuple(self.problems), tuple(self.questions))

    def _problem(self, address: str, zh: str, en: str) -> None:
        self.problems.append(Note(address, Text(zh, en)))

    # Sheets and headers

    def _lines(self, sheet: str) -> Iterator[_Line]:
        grid = self._grid(sheet)
        if grid is None:
            self._problem(sheet, f"缺少工作表“{sheet}”", f"The sheet {sheet} is missing")
            return
        self.problems.extend(grid.faults)
        header, columns = _header(grid, sheet)
        missing = [name for name in SHEETS[sheet] if name not in columns and name not in OPTIONAL]
        if header is None or missing:
            names = "、".join(missing)
            self._problem(f"{grid.name}!A1", f"找不到表头：{names}", f"Headers not found: {', '.join(missing)}")
            return
        for row in grid.rows:
            first = next((cell.text for cell in row.cells if cell.text), "")
            if row.index <= header.index or first.startswith(EXAMPLE) or _NOTE.match(first):
                continue
            cells = {name: cell for name, column in columns.items() if (cell := row.value(column))}
            if cells:
                yield _Line(cells, f"{grid.name}!A{row.index + 1}")

    def _grid(self, sheet: str) -> Grid | None:
        named = [grid for grid in self.grids if _key(grid.name) == sheet] or [grid for grid in self.grids if sheet in grid.name]
        return named[0] if len(named) == 1 else None

    def _name(self, line: _Line, header: str) -> str:
        """A name in one line; "" where there is none that can be used, which is then a problem."""
        cell = line.cell(header)
        if not cell.text:
            if cell.address not in self.unreadable:
                self._problem(cell.address, f"没有填写{header}", f"{header} is empty")
            return ""
        if any(unicodedata.category(character).startswith("C") for character in cell.text):
            shown = "".join("␤" if unicodedata.category(c).startswith("C") else c for c in cell.text)
            self._problem(
                cell.address, f"{header}中有换行或控制字符：{shown}", f"{header} holds a line break or control character: {shown}"
            )
            return ""
        name = _without_padding(cell.text)
        if len(name) > LONGEST_NAME.get(header, 100):
            self._problem(cell.address, f"{header}过长（{len(name)}字）", f"{header} is too long ({len(name)} characters)")
            return ""
        return name

    def _known(self, line: _Line, header: str, names: dict[str, str], sheet: str) -> str:
        """A name as another sheet writes it; "" where that sheet does not have it, which is then a problem."""
        name = self._name(line, header)
        if not name or _key(name) in names:
            return names.get(_key(name), "")
        self._unknown(line.cell(header).address, name, names, sheet)
        return ""

    def _unknown(self, address: str, name: str, names: dict[str, str], sheet: str) -> None:
        if not names:
            return  # that sheet is missing or empty, which is said already
        near = [known for known in names.values() if _key(name) in _key(known)]
        near = near or difflib.get_close_matches(name, names.values(), n=3, cutoff=0.5)
        zh, en = (f"，相近的有：{'、'.join(near)}", f"; nearest: {', '.join(near)}") if near else ("", "")
        self._problem(address, f"{sheet}表中没有“{name}”{zh}", f"{name} is not in the sheet {sheet}{en}")

    # 单位

    def _units(self) -> Iterator[UnitRow]:
        seen: dict[str, str] = {}
        for line in self._lines("单位"):
            name = self._name(line, "单位名称")
            address = line.cell("单位名称").address
            kind = self._name(line, "单位类别") if line.cell("单位类别").text else ""
            parent = self._name(line, "上级单位") if line.cell("上级单位").text else ""
            if not name:
                continue
            if _key(name) in seen:
                self._problem(
                    address, f"单位“{name}”重复，{seen[_key(name)]} 已有", f"The unit {name} stands twice; first at {seen[_key(name)]}"
                )
                continue
            if not kind:
                zh, en = "没有填写单位类别，按单位名称判断", "No 单位类别: the unit's name decides"
                self.questions.append(Note(line.cell("单位类别").address, Text(f"“{name}”{zh}", f"{name}: {en}")))
            seen[_key(name)] = address
            self.parent_cells[name] = line.cell("上级单位").address
            yield UnitRow(name, kind, parent or None, address)

    def _with_known_parents(self, units: tuple[UnitRow, ...], names: dict[str, str]) -> tuple[UnitRow, ...]:
        checked = []
        for unit in units:
            parent = names.get(_key(unit.parent)) if unit.parent else None
            if unit.parent and parent is None:
                self._unknown(self.parent_cells[unit.name], unit.parent, names, "单位")
            checked.append(UnitRow(unit.name, unit.kind, parent, unit.address))
        return self._without_cycles(checked)

    def _without_cycles(self, units: list[UnitRow]) -> tuple[UnitRow, ...]:
        parents = {unit.name: unit.parent for unit in units}
        told: set[str] = set()
        for unit in units:
            chain = [unit.name]
            while (parent := parents[chain[-1]]) is not None and parent not in chain:
                chain.append(parent)
            if parent == unit.name and unit.name not in told:
                told.update(chain)
                circle = " → ".join([*chain, unit.name])
                self._problem(unit.address, f"上级单位成环：{circle}", f"The units above it form a circle: {circle}")
        return tuple(UnitRow(u.name, u.kind, None if u.name in told else u.parent, u.address) for u in units)

    # 人员

    def _people(self) -> Iterator[PersonRow]:
        seen: dict[str, str] = {}
        mailboxes: dict[str, str] = {}
        for line in self._lines("人员"):
            name = self._name(line, "姓名")
            address = line.cell("姓名").address
            email = self._email(line)
            if not name:
                continue
            if _key(name) in seen:
                self._problem(
                    address,
                    f"有两位“{name}”（另一位在 {seen[_key(name)]}），请在各表的姓名后注明单位加以区分，如：{name}（养老科）",
                    f"Two people are called {name} (see {seen[_key(name)]}): tell them apart in all sheets, like {name}（养老科）",
                )
                continue
            seen[_key(name)] = address
            if email and email.lower() in mailboxes:
                zh, en = (
                    f"与{mailboxes[email.lower()]}的邮箱相同，请确认",
                    f"has the same mailbox as {mailboxes[email.lower()]}; is that right?",
                )
                self.questions.append(Note(line.cell("电子邮箱").address, Text(f"“{name}”{zh}", f"{name} {en}")))
            elif email:
                mailboxes[email.lower()] = name
            yield PersonRow(name, email, address)

    def _email(self, line: _Line) -> str | None:
        cell = line.cell("电子邮箱")
        if not cell.text or is_mail_address(cell.text):
            return cell.text or None
        shown = cell.text.replace("\n", "␤")
        self._problem(cell.address, f"不是邮箱地址：{shown}", f"No mail address: {shown}")
        return None

    # 职务

    def _posts(self, people: dict[str, str], units: dict[str, str]) -> Iterator[PostRow]:
        seen: dict[tuple[str, str, str, date | None], str] = {}
        for line in self._lines("职务"):
            person = self._known(line, "姓名", people, "人员")
            unit = self._known(line, "所在单位", units, "单位")
            title = self._name(line, "职务")
            starts_on, starts_well = self._day(line, "任职日期")
            ends_on, ends_well = self._day(line, "离任日期")
            if not (person and unit and title and starts_well and ends_well):
                continue
            address = line.cell("姓名").address
            if starts_on and ends_on and ends_on < starts_on:
                self._problem(
                    line.cell("离任日期").address,
                    f"离任日期 {ends_on} 早于任职日期 {starts_on}",
                    f"The term ends on {ends_on}, before it starts on {starts_on}",
                )
                continue
            post = (person, unit, title, starts_on)
            if post in seen:
                self._problem(
                    address,
                    f"与 {seen[post]} 重复：{person} {unit} {title}",
                    f"The same post stands at {seen[post]}: {person}, {unit}, {title}",
                )
                continue
            seen[post] = address
            yield PostRow(person, unit, title, starts_on, ends_on, address)

    def _day(self, line: _Line, header: str) -> tuple[date | None, bool]:
        """A day and whether the cell could be read. A month alone means its first day in office, or its last."""
        cell = line.cell(header)
        if not cell.text or (header == "离任日期" and cell.text in _NO_END):
            return None, True
        if match := _DATE.fullmatch(cell.text):
            year, month = int(match[1]), int(match[2])
            try:
                last = calendar.monthrange(year, month)[1]
                return date(year, month, int(match[3] or (last if header == "离任日期" else 1))), True
            except ValueError:
                pass
        self._problem(
            cell.address, f"{header}不是日期：{cell.text}（例：2026-03-01）", f"{header} is no date: {cell.text} (like 2026-03-01)"
        )
        return None, False

    # 联系点

    def _contact_points(self, people: dict[str, str], units: dict[str, str]) -> Iterator[ContactPointRow]:
        seen: set[tuple[str, str]] = set()
        for line in self._lines("联系点"):
            leader = self._known(line, "联系领导", people, "人员")
            cell = line.cell("联系支部")
            for name in self._branches(line, units):
                branch = units.get(_key(name))
                if branch is None:
                    self._unknown(cell.address, name, units, "单位")
                elif leader and (leader, branch) not in seen:
                    seen.add((leader, branch))
                    yield ContactPointRow(leader, branch, cell.address)

    def _branches(self, line: _Line, units: dict[str, str]) -> tuple[str, ...]:
        """One cell may name several branches."""
        text = line.cell("联系支部").text
        if _key(text) in units or not _SEVERAL.search(text):
            name = self._name(line, "联系支部")
            return (name,) if name else ()
        return tuple(filter(None, map(_without_padding, _SEVERAL.split(text))))


def _header(grid: Grid, sheet: str) -> tuple[Row | None, dict[str, int]]:
    """The row that names most of the sheet's columns, and where each of them is."""
    best: tuple[Row | None, dict[str, int]] = (None, {})
    for row in grid.rows[:_HEADER_WITHIN]:
        words = {_key(cell.text).lower(): column for column in reversed(range(grid.width)) if (cell := row.own(column))}
        columns: dict[str, int] = {}
        for name, others in SHEETS[sheet].items():
            column = next((words[word] for word in (name, *others) if word in words and words[word] not in columns.values()), None)
            if column is not None:
                columns[name] = column
        if len(columns) > len(best[1]):
            best = (row, columns)
    return best


def _without_padding(name: str) -> str:
    """张　伟 is 张伟: offices pad short names so that they align. Names in Latin letters keep their spaces."""
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", " ".join(name.split()))


def _key(name: str) -> str:
    """What makes two spellings the same name: no white space, no full/half-width differences."""
    return "".join(unicodedata.normalize("NFKC", name).split())
