"""Rows of a table → duties with their steps. Where the rows come from (Excel, Word, CSV) no longer matters.

A new task cell begins a duty; rows below it that are merged or empty there go on with it. Section rows, total rows, notes and repeated
headers are passed over with their reason. Columns are known by meaning (`intake.headers`).
"""

import re
from dataclasses import dataclass, field, replace

from intake.formats.grid import Cell, Grid, Row, with_repeats
from intake.gathering import HEADER, REMARK, SECTION, TITLE, TOTAL, Gathered, Whole, party_of_title, take_general_line, with_party
from intake.headers import PARTY_ROLES, Column, Header, find_header, header_at, is_period_header, normal, repeats
from intake.layout import arrange
from intake.parties import bare_numbers, is_party, or_else, read_parties, split_names, split_owner_and_date, union
from intake.runs import NumberRun
from intake.steps import Source, steps_of, strip_number
from intake.values import Item, Parties
from office.text import Text

_TOTAL = re.compile(r"^(总分|合计|总计|小计|共计|累计|满分)(\(.*\)|分值|得分)?:?\d*分?$")
_NOTE = re.compile(
    r"^(\(?注\d*\)?|备注|说明|填表说明|填报说明|附注|注释|填报人|填表人|制表人?|审核人?|联系人|填报单位|填表日期|日期|报送)[:、.]|^[※*]"
)
_SIGNATURE = re.compile(r"^.{0,6}(负责人|填表|填报|制表|审核|审批|联系|电话|日期|盖章|签字|签名|签章).{0,4}:")
_SECTION = re.compile(
    r"^([一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}(部分|章|节|条|项|类))"
)
_CHINESE_NUMBER = re.compile(r"^\(?[一二三四五六七八九十]{1,3}\)?[、.]?$")
_GOES_ON = Text("这一行没有任务，接上面的事项，此格未用", "the row goes on with the duty above; this cell is not used")
_UNREAD_COLUMN = Text("这一列不属于责任事项，未读入", "this column is no part of a duty and was not read")


@dataclass(slots=True)
class _Draft:
    content: Cell
    number: str
    section: str
    rows: list[Row] = field(default_factory=list)


def read_grid(grid: Grid, whole: Whole, gathered: Gathered, before: Header | None = None) -> Header | None:
    """Read one table into `gathered`. `before` is the header of the table above, for a table that goes on without its own.

    Returns the header that held at the end; None where the table has none and was not read.
    """
    gathered.problems.extend(grid.faults)
    gathered.skipped.extend(grid.passed_over)
    header = find_header(grid, 0)
    if header is None:
        if before is None or grid.width != len(before.columns):
            return None
        header = replace(before, first=-1, last=-1)
    gathered.questions.extend(grid.questions)
    grid = with_repeats(grid, header.last + 1)
    _read_preamble(grid.rows[: max(header.first, 0)], grid.name, whole, gathered)
    _Table(grid, header, whole, gathered).read()
    return header


def _read_preamble(rows: tuple[Row, ...], name: str, whole: Whole, gathered: Gathered) -> None:
    if name and is_party(name):
        whole.party = split_names(name)
    for row in rows:
        for cell in row.own_cells():
            if take_general_line(cell.text, cell.address, whole, gathered):
                continue
            gathered.skip(cell.address, cell.text, TITLE)
            if not whole.title and not cell.text.startswith("附件"):
                whole.title = cell.text.replace("\n", "")
            if not whole.party:
                whole.party = party_of_title(cell.text)


class _Table:
    def __init__(self, grid: Grid, header: Header, whole: Whole, gathered: Gathered) -> None:
        self.grid, self.whole, self.gathered = grid, whole, gathered
        self.sheet = "" if re.fullmatch(r"(sheet|工作表|表)?\d*", normal(grid.name)) else grid.name
        self.draft: _Draft | None = None
        self.inherited = Parties()
        self.run = NumberRun()
        self._use(header)

    def _use(self, header: Header) -> None:
        """Read on under this header; it and the columns that are not read are reported."""
        self.header = header
        self.run = NumberRun()
        for row in self.grid.rows[max(header.first, 0) : header.last + 1]:
            self._skip_row(row, HEADER)
        self.layout = arrange(header, self.grid.rows[header.last + 1 :])
        self.unread = [column for column in header.columns if column.index not in self.layout.used]
        for column in self.unread:
            if column.header:
                self.gathered.skip(column.address, column.header, _UNREAD_COLUMN)

    def read(self) -> None:
        position = self.header.last + 1
        while position < len(self.grid.rows):
            row = self.grid.rows[position]
            if repeats(self.header, self.grid, position):
                self._finish()
                self._skip_row(row, HEADER)
            elif (again := header_at(self.grid, position)) and len(again.columns) - len(again.of("unread")) >= 3 and _all_known(again, row):
                self._finish()
                self._use(again)
                position = again.last
            else:
                self._read_row(row)
            position += 1
        self._finish()

    def _read_row(self, row: Row) -> None:
        for column in self.unread:
            if not column.header and (cell := row.own(column.index)):
                self.gathered.skip(cell.address, cell.text, Text("这一列没有表头，未读入", "a column without a header, not read"))
        own = [cell for cell in row.own_cells() if cell.column not in {column.index for column in self.unread}]
        if not own:
            return
        first = normal(own[0].text)
        content = row.own(self.layout.content)
        if _TOTAL.match(first):
            self._pass_over(row, TOTAL)
        elif all(_SIGNATURE.match(normal(cell.text)) for cell in own):
            self._pass_over(row, REMARK)
        elif len(own) <= 2 and _NOTE.match(first):
            self._finish()
            if not take_general_line(own[0].text, own[0].address, self.whole, self.gathered):
                self._skip_row(row, REMARK)
        elif len(own) == 1 and self._is_alone(own[0], row):
            self._finish()
            self.run = NumberRun()
            self._take_lone_line(own[0])
        elif self._is_section(row, content):
            self._finish()
            self.whole.section = " ".join(cell.text for cell in own if cell.column not in self.layout.columns.get("points", ()))
            self.run = NumberRun()
            self._skip_row(row, SECTION)
        elif content and not self._same_as_above(content, row):
            self._begin(content, row)
        elif content is None and row.value(self.layout.content) is None and self._own_number(row) and (cell := self._first_measure(row)):
            self._begin(cell, row)
        elif self.draft is None:
            zh, en = "这一行没有责任事项，也没有可以接上的事项。", "This row names no duty and follows none."
            self.gathered.refuse(own[0].address, Text(f"{zh}内容：{_said(row)}", f"{en} It says: {_said(row)}"))
        elif (number := self._own_number(row)) and number != self.draft.number and row.value(self.layout.content) is None:
            self._finish()
            zh, en = f"序号 {number} 这一行没有写任务，未读入。", f"The row numbered {number} names no duty and was not read."
            self.gathered.refuse(own[0].address, Text(f"{zh}内容：{_said(row)}", f"{en} It says: {_said(row)}"))
        else:
            for index in (*self.layout.columns.get("number", ()), *self.layout.columns.get("group", ())):
                if cell := row.own(index):
                    self.gathered.skip(cell.address, cell.text, _GOES_ON)
            self.draft.rows.append(row)

    def _pass_over(self, row: Row, why: Text) -> None:
        self._finish()
        self._skip_row(row, why)

    def _is_alone(self, cell: Cell, row: Row) -> bool:
        """A row with a single cell is a heading or a note, unless it is the task cell or goes on with the duty above."""
        if row.covers_all(cell) or _SECTION.match(normal(cell.text)):
            return True
        if cell.column == self.layout.content:
            return False
        return cell.column < self.layout.content and row.value(self.layout.content) is None

    def _take_lone_line(self, cell: Cell) -> None:
        if take_general_line(cell.text, cell.address, self.whole, self.gathered):
            return
        heading = len(cell.text) <= 40 and not _NOTE.match(normal(cell.text))
        self.gathered.skip(cell.address, cell.text, SECTION if heading else REMARK)
        if heading:
            self.whole.section = cell.text

    def _is_section(self, row: Row, content: Cell | None) -> bool:
        """`一、 | 通用项目 | 40`: a Chinese number beside a name, and nothing of what makes a duty."""
        numbered = any(
            _CHINESE_NUMBER.match(normal(cell.text)) for cell in row.own_cells() if cell.column in self.layout.columns.get("number", ())
        )
        if not numbered:
            return False
        if content is None:
            return not any(row.own(column.index) for column in self.layout.measures)
        duties = [index for role in (*PARTY_ROLES, "deadline", "standard") for index in self.layout.columns.get(role, ())]
        return self._counts_in_digits and not any(row.value(index) for index in [*duties, *(c.index for c in self.layout.measures)])

    @property
    def _counts_in_digits(self) -> bool:
        indices = self.layout.columns.get("number", ())
        return any(cell.text[:1].isdigit() for row in self.grid.rows for index in indices if (cell := row.own(index)))

    def _same_as_above(self, content: Cell, row: Row) -> bool:
        """A merged task cell that was filled down again when the list was exported."""
        if self.draft is None or content.text != self.draft.content.text or not self.layout.measures:
            return False
        number = self._own_number(row)
        return number == self.draft.number or (not number and self._first_measure(row) is not None)

    def _own_number(self, row: Row) -> str:
        return next((cell.text for index in self.layout.columns.get("number", ()) if (cell := row.own(index))), "")

    def _first_measure(self, row: Row) -> Cell | None:
        return next((cell for column in self.layout.measures if (cell := row.own(column.index))), None)

    def _skip_row(self, row: Row, why: Text) -> None:
        cells = row.own_cells()
        if cells:
            self.gathered.skip(cells[0].address, _said(row), why)

    def _begin(self, content: Cell, row: Row) -> None:
        self._finish()
        number = self._own_number(row)
        section = " / ".join(dict.fromkeys(part for part in (self.sheet, self.whole.section, self.layout.texts("group", [row])) if part))
        label = next((cell.text for index in self.layout.columns.get("number", ()) if (cell := row.value(index))), "")
        self.draft = _Draft(content, label or strip_number(content.text)[0].strip("、.．()（）"), section, [row])
        self.inherited = Parties()
        if number:
            heads = {index: cell.text for index in self._heading_columns() if (cell := row.value(index))}
            if first := self.run.stands_twice(number, content.address, heads):
                text = Text(f"序号 {number} 重复，第一次出现在 {first}。", f"Number {number} stands twice, first at {first}.")
                self.gathered.refuse(content.address, text)

    def _heading_columns(self) -> tuple[int, ...]:
        """Columns whose cells may head a run of numbers of its own: a merged 责任主体 or 类别."""
        return tuple(index for role in ("group", "leader", "lead", "responsible") for index in self.layout.columns.get(role, ()))

    def _finish(self) -> None:
        if self.draft is None:
            return
        draft, self.draft = self.draft, None
        number, content = strip_number(draft.content.text)
        if number.strip("、.．()（）") != draft.number:  # a number beside the one in its own column is part of the text
            content = draft.content.text
        steps = tuple(step for source in self._sources(draft) for step in steps_of(source, self.whole, self.gathered))
        self.gathered.items.append(
            Item(
                content=content,
                address=draft.content.address,
                steps=steps,
                number=draft.number,
                section=draft.section,
                parties=union(*(step.parties for step in steps)),
                standard=self.layout.texts("standard", draft.rows),
                points=self._points(draft.rows),
                remarks=self.layout.texts("remarks", draft.rows),
            )
        )

    def _points(self, rows: list[Row]) -> float | None:
        """The sum of the points that stand in these rows; a cell merged over several duties counts for the first."""
        found = [
            float(match.group())
            for row in rows
            for index in self.layout.columns.get("points", ())
            if (cell := row.own(index)) and (match := re.search(r"\d+(\.\d+)?", cell.text))
        ]
        return sum(found) if found else None

    def _sources(self, draft: _Draft) -> list[Source]:
        """The duty's rows, one source a measure or a deadline of its own; the others add to the one above them."""
        sources: list[Source] = []
        for row in draft.rows:
            parties = self._parties(row)
            measures: list[tuple[Column | None, Cell]] = [
                (column, cell) for column in self.layout.measures if (cell := row.own(column.index))
            ]
            if sources and not measures:
                measures.extend((None, cell) for index in self.layout.above_measures if (cell := row.own(index)))
            dated = self._deadline(row)
            if not sources and not measures:
                measures.extend((column, cell) for column in self.layout.measures if (cell := row.value(column.index)))
                if not measures:
                    measures.extend((None, cell) for index in self.layout.above_measures if (cell := row.value(index)))
                measures = measures or [(None, draft.content)]
            elif not measures and dated and dated.row == row.index and sources[-1].deadline:
                sources.append(replace(sources[-1], deadline=dated.text, deadline_address=dated.address, parties=parties))
                continue
            elif not measures:
                last = sources[-1]
                sources[-1] = replace(
                    last,
                    parties=union(last.parties, parties),
                    deadline=last.deadline or (dated.text if dated else ""),
                    deadline_address=dated.address if dated and not last.deadline else last.deadline_address,
                )
                continue
            sources.extend(self._source(column, cell, row, dated, parties, sources) for column, cell in measures)
        return sources

    def _source(self, column: Column | None, cell: Cell, row: Row, dated: Cell | None, parties: Parties, above: list[Source]) -> Source:
        phrase, address = (dated.text, dated.address) if dated else ("", "")
        if not phrase and column and is_period_header(column.header.rsplit("/", 1)[-1]):
            phrase, address = re.sub(r"(目标|任务|计划|工作|进度|安排)+$", "", column.header.rsplit("/", 1)[-1]), column.address
        elif not phrase and not self.grid.merged and above:  # an empty cell below a date of the same duty: merged, before it was exported
            phrase, address = above[-1].deadline, above[-1].deadline_address
        lines = tuple(
            (role, each.text) for role in PARTY_ROLES for index in self.layout.columns.get(role, ()) if (each := row.value(index))
        )
        above_it = [each for index in self.layout.above_measures if (each := row.value(index)) and each is not cell]
        context = "；".join(dict.fromkeys(each.text for each in above_it))
        return Source(cell.text, cell.address, phrase, address, parties, lines, "deadline" in self.layout.columns, context)

    def _deadline(self, row: Row) -> Cell | None:
        for index in self.layout.columns.get("deadline", ()):
            if cell := row.value(index):
                phrase = split_owner_and_date(cell.text)[1] if self._is_mixed(index) else cell.text
                bare = re.fullmatch(r"\d{1,2}([-—~～至、,，/和]+\d{1,2})*", phrase)
                return replace(cell, text=phrase + "月" if bare else phrase) if phrase else None
        return None

    def _is_mixed(self, index: int) -> bool:
        """`责任单位及完成时限`: one column for both."""
        return index in self.layout.columns.get("deadline", ()) and index in self.layout.columns.get("responsible", ())

    def _parties(self, row: Row) -> Parties:
        """Who is named in this row; where the duty goes on and nobody is named, those of the row above. An export leaves merged
        cells empty: there a leader and a lead go on over a row that names only who is below them."""
        named = []
        for role in PARTY_ROLES:
            for index in self.layout.columns.get(role, ()):
                if cell := row.value(index):
                    named.append(read_parties(split_owner_and_date(cell.text)[0] if self._is_mixed(index) else cell.text, role))
                    if cell.row == row.index and (digits := bare_numbers(cell.text)):
                        zh = f"责任栏中的数字“{digits}”不是名称，没有读作责任主体，请确认。"
                        en = f"The number “{digits}” among the parties is no name and was not read as one."
                        self.gathered.ask(cell.address, Text(zh, en))
        said = union(*named)
        above = self.inherited
        if not said:
            said = above
        elif not self.grid.merged:
            lead = said.lead or (above.lead if said.responsible or said.assisting else ())
            said = replace(said, leader=said.leader or above.leader, lead=lead)
            if not (said.lead or said.responsible):
                said = or_else(said, above)
        self.inherited = said
        return with_party(said, self.whole.party)


def _said(row: Row) -> str:
    return " ".join(cell.text for cell in row.own_cells())


def _all_known(header: Header, row: Row) -> bool:
    return all(header.columns[cell.column].role for cell in row.own_cells())
