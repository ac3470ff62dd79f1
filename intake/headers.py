"""Which column means what: by the words of its header (FIELD.md section 2), never by its position.

In: a grid. Out: the header's rows and the role of each column; nothing where no row reads like a header.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from intake.formats.grid import Cell, Grid, Row

Role = Literal[
    "number",
    "group",
    "content",
    "measures",
    "standard",
    "points",
    "leader",
    "lead",
    "responsible",
    "assisting",
    "deadline",
    "remarks",
    "unread",
]
PARTY_ROLES: tuple[Role, ...] = ("leader", "lead", "responsible", "assisting")

# The words that FIELD.md names, as they are; what they do not settle is settled by the rules below.
_WORDS: dict[Role, str] = {
    "content": "工作任务 任务 责任内容 落实事项 事项 责任事项 具体内容 工作内容 主要任务 重点任务 督办内容 考核内容 工作事项 目标任务",
    "measures": "具体措施 工作措施 任务分解 任务分解/时序进度 时序进度 阶段目标 推进措施 工作要求",
    "standard": "考核要点 考核标准 评分标准 评分细则 考核指标 目标及质量要求",
    "points": "分值 标准分 各项分值 满分值",
    "leader": "责任领导 牵头领导 分管领导",
    "lead": "牵头单位 牵头部门 主办单位 牵头(责任)单位",
    "responsible": "责任主体 责任单位 责任部门 责任科室 承办单位 责任人 承办人",
    "assisting": "配合单位 责任(配合)单位 协办单位 协同配合单位",
    "deadline": "完成时限 完成时间 时限 办结时限 整改时限 预计完成时间 拟定时限",
    "remarks": "备注 说明",
    "number": "序号 编号",
}
_ROLE_OF_WORD: dict[str, Role] = {word: role for role, words in _WORDS.items() for word in words.split()}

# In this order: `责任(配合)单位` assists although it says 责任, `牵头领导` leads nobody's unit although it says 牵头.
_RULES: tuple[tuple[Role, str], ...] = (
    ("number", r"^(序|号|项次|no\.?|序列号|序号.*|任务编号|.{0,4}编号)$"),
    (
        "unread",
        r"情况|实际|是否|自评|自查|得分|评分$|打分|状态|签[字名收]|佐证|进展|完成率|电话|联系|详细说明|(开始|起始|启动|填报|制表|印发|下发|发文|审核|检查)(时间|日期)",
    ),
    ("points", r"分值|标准分|满分|权重|^分数?$|^配分$|^赋分$|基础分"),
    ("standard", r"标准|细则|要点|办法|指标|质量要求|成果"),
    ("deadline", r"时限|期限|时间|日期|截止|限期|时间节点|节点要求|完成时|时间表|^节点$|^进度$|^月份$|^时段$"),
    ("leader", r"领导(?!小组|班子)|领导$"),
    ("assisting", r"^责任\(配合\)|^(?!.*牵头).*(配合|协办|协同|协作|协助|参与|参加|会办)"),
    ("lead", r"牵头|主办|主责|主要责任(单位|部门)|主管"),
    (
        "responsible",
        r"责任(主体|单位|部门|科室|处室|股室|人|者|方|支部|对象|岗位|分工|领域)|承办|经办|负责|(落实|实施|执行|完成)(单位|部门|科室|主体|人)|"
        r"主体$|考核(对象|单位)|^(单位|部门|科室|处室|股室|支部|姓名|任务分工|工作分工|分工|党支部|责任)(名称)?$",
    ),
    ("standard", r"^(工作|年度|主要|预期|总体|任务|绩效)目标$"),
    ("content", r"(?<!责任)内容|事项"),
    ("measures", r"措施|分解|举措|步骤|做法|阶段|进度|推进|工作要求|具体要求|安排|对策"),
    ("group", r"类别|分类|类型|板块|领域|方面|项目|一级|二级|维度|模块|大项|专题|^章节$"),
    ("content", r"任务|工作|职责|问题|目标任务|重点"),
    ("standard", r"目标|要求"),
    ("remarks", r"备注|说明|备考|附注"),
)
EXPECTED_WORDS = "工作任务/责任内容/事项、具体措施、责任单位/牵头单位、完成时限、序号"
_LONGEST_HEADER = 16  # characters; what is longer is a sentence


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its role and the header over it, with the group header where there are two rows (`责任分工/牵头单位`)."""

    index: int
    role: Role | None  # None: no header over it
    header: str
    address: str


@dataclass(frozen=True, slots=True)
class Header:
    first: int  # position in grid.rows
    last: int
    columns: tuple[Column, ...]

    def of(self, *roles: Role) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role in roles)

    def has_content(self) -> bool:
        return bool(self.of("content", "measures", "group", "standard"))


def normal(text: str) -> str:
    """NFKC, small letters, no white space: how words are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


@lru_cache(maxsize=4096)
def role_of(text: str) -> Role | None:
    """What a header or a label before a colon means, or None."""
    word = normal(text).strip(":*★")
    if not word or len(word) > _LONGEST_HEADER or re.search(r"[。;!?]", word):
        return None
    plain = re.sub(r"\((月|月份|日|年|天|分|可选|必填)[^)]*\)$", "", word)
    if plain in _ROLE_OF_WORD:
        return _ROLE_OF_WORD[plain]
    return next((role for role, pattern in _RULES if re.search(pattern, plain)), None)


def names_both(header: str) -> bool:
    """`责任单位及完成时限`: one column for the parties and for their deadline."""
    return bool(re.search(r"(责任|牵头|承办|负责|落实)(主体|单位|部门|科室|人|领导)?[及和与、/(（].*(时限|时间|期限)", normal(header)))


def find_header(grid: Grid, start: int) -> Header | None:
    """The first header at or after position `start` of the grid's rows: two known columns, one of them for the duty itself."""
    for position in range(start, min(len(grid.rows), start + 40)):
        if header := header_at(grid, position):
            return header
    return None


def header_at(grid: Grid, position: int) -> Header | None:
    """The header that starts in this row, with its second row where it has one."""
    row = grid.rows[position]
    if not _reads_like_header(row):
        return None
    columns = tuple(_column(index, cell) for index, cell in enumerate(row.cells))
    last = position
    if position + 1 < len(grid.rows) and _goes_on(row, below := grid.rows[position + 1], grid.merged):
        columns = tuple(_below(column, below) for column in columns)
        last = position + 1
    header = Header(position, last, columns)
    return header if header.has_content() and len({column.role for column in columns} - {None, "unread"}) >= 2 else None


def repeats(header: Header, grid: Grid, position: int) -> bool:
    """Whether this row says the header again, as it does on a new page."""
    row = grid.rows[position]
    said = {normal(cell.text) for cell in row.own_cells()}
    words = {normal(part) for column in header.columns for part in column.header.split("/")} | {normal(c.header) for c in header.columns}
    return len(said) >= 2 and said <= words


def _reads_like_header(row: Row) -> bool:
    cells = row.own_cells()
    if any(cell.text.isdigit() for cell in cells):  # a numbered row, by far the commonest
        return False
    roles = [role_of(cell.text) for cell in cells]
    known = [role for role in roles if role]
    distinct = set(known) - {"unread"}
    return len(cells) >= 2 and len(distinct) >= 2 and len(known) * 3 >= len(cells) * 2


def _column(index: int, cell: Cell) -> Column:
    return Column(index, role_of(cell.text), cell.text.replace("\n", ""), cell.address)


def _goes_on(row: Row, below: Row, merged: bool) -> bool:
    """A second header row: all its own cells are header words, and they stand where the first row is merged sideways or empty."""
    own = [(column, cell) for column in range(len(below.cells)) if (cell := below.own(column))]
    if not own or below.index != row.index + 1:
        return False
    if not all(role_of(cell.text) or is_period_header(cell.text) for _, cell in own):
        return False
    under_group = [column for column, _ in own if row.cells[column].column != column or not row.cells[column].text]
    starts = [column for column, _ in own if column + 1 < len(row.cells) and (column + 1 in under_group)]
    return bool(under_group) and len(under_group) + len(starts) >= len(own)


def is_period_header(text: str) -> bool:
    """A column that stands for a stretch of the year: 第一季度, 上半年, 3月."""
    return bool(re.fullmatch(r"(第?[一二三四1-4]季度|[上下]半年|\d{1,2}月份?)(目标|任务|计划|工作|进度|安排)*", normal(text)))


def _below(column: Column, row: Row) -> Column:
    cell = row.own(column.index)
    if cell is None or cell.text == column.header:
        return column
    lower = cell.text.replace("\n", "")
    role: Role | None = "measures" if is_period_header(lower) else role_of(lower) or column.role
    if role == "unread" and column.role == "deadline":
        role = "unread"
    return replace(column, role=role, header=f"{column.header}/{lower}" if column.header else lower, address=cell.address)
