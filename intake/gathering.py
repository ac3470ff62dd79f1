"""What a list says as a whole (whose it is, by when) and everything found in it so far."""

import re
from dataclasses import dataclass, field

from intake.deadlines import split_dated
from intake.headers import normal
from intake.parties import is_party, read_labels, split_names
from intake.values import Deadline, Item, ListReading, Note, Parties, Skipped
from office.text import Text

TITLE = Text("标题", "title")
HEADER = Text("表头", "header")
SECTION = Text("分节标题", "section heading")
TOTAL = Text("合计行", "total row")
REMARK = Text("注释或说明", "note")
INTRODUCTION = Text("前言或说明文字，不是责任事项", "introduction, no duty")
OWNER_LINE = Text("责任主体，已用于下面的事项", "names the party of the duties below")
OWNER_LINE_ABOVE = Text("责任分工，已用于上面的事项", "names the parties of the duties above")
DEFAULT_DEADLINE = Text("统一的完成时限，已用于没有写时限的事项", "the deadline of duties that name none")
NO_DEADLINE = Text("没有写完成时限，请补充。", "No deadline is given; please add one.")

_COVERS_ALL = re.compile(
    r"(以上|以下|上述|下列|本清单|本表|所有|各项|全部|未注明|未标明|未明确|没有注明|其余).*(完成|办结|报送|落实|时限|期限)"
)
_LIST = re.compile(
    r"(主体|第一|监督|领导)?(责任人)?(责任|履责|履职|工作|任务|一岗双责|全面从严治党|党风廉政建设)*(目标|重点|落实|分解)*(清单|一览表|分解表|责任书|台账)"
)
_POST_OR_BODY = re.compile(
    r"(书记|组长|成员|负责人|班子|党组|党委|支部|总支|主任|局长|科长|院长|站长|所长|科|科室|处|处室|股|室)([(（].*[)）])?$"
)


@dataclass(slots=True)
class Whole:
    """What holds for the duties that do not say it themselves."""

    year: int
    title: str = ""
    party: tuple[str, ...] = ()
    deadline: Deadline | None = None
    section: str = ""


@dataclass(slots=True)
class Gathered:
    items: list[Item] = field(default_factory=list)
    questions: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, address: str, text: str, why: Text) -> None:
        self.skipped.append(Skipped(address, text, why))

    def ask(self, address: str, text: Text) -> None:
        if (note := Note(address, text)) not in self.questions:
            self.questions.append(note)

    def refuse(self, address: str, text: Text) -> None:
        if (note := Note(address, text)) not in self.problems:
            self.problems.append(note)

    def reading(self, title: str) -> ListReading:
        return ListReading(title, tuple(self.items), tuple(self.questions), tuple(self.problems), tuple(self.skipped))


def take_general_line(line: str, address: str, whole: Whole, gathered: Gathered) -> bool:
    """`责任主体：局党组`, `以下工作均于11月底前完成`: a line for the whole list. True where it was one."""
    taken = False
    for each in line.split("\n"):
        labelled = read_labels(each)
        names = labelled.parties.lead + labelled.parties.responsible + labelled.parties.leader
        phrase = labelled.deadline or (each if _COVERS_ALL.search(normal(each)) else "")
        deadline = next((dated.deadline for dated in split_dated(phrase, whole.year) if dated.deadline), None) if phrase else None
        if names:
            whole.party = names
            gathered.skip(address, each, OWNER_LINE)
        elif deadline:
            whole.deadline = deadline
            gathered.skip(address, each, DEFAULT_DEADLINE)
        elif taken:
            gathered.skip(address, each, REMARK)
        else:
            return False
        taken = True
    return taken


def party_of_title(title: str) -> tuple[str, ...]:
    """`市民政局2026年党组书记主体责任清单` → 党组书记. A bare bureau before its list is the issuer, not the party."""
    word = re.sub(r"[《》“”\"]", "", normal(title))
    match = _LIST.search(word)
    if not match:
        return ()
    parts = re.split(r"\d{4}年度?", word[: match.start()])
    candidate = re.sub("的$", "", parts[-1] or parts[0])
    return split_names(candidate) if _POST_OR_BODY.search(candidate) and is_party(candidate) else ()


def party_of_heading(heading: str) -> tuple[str, ...]:
    """`党组：主体责任`, `党组书记第一责任`, `各科室` → the party that the heading names, if it does."""
    before, colon, _ = heading.replace("：", ":").partition(":")
    word = before if colon else re.sub(r"(的)?(主体|第一|监督|领导|直接|具体|重要领导)?(责任人)?(责任|职责|一岗双责)?(清单)?$", "", heading)
    word = re.sub("的$", "", word.strip(" 。、“”"))
    return split_names(word) if is_party(word) else ()


def with_party(parties: Parties, whole_party: tuple[str, ...]) -> Parties:
    """Whoever the list is for carries the duties that name nobody."""
    if parties.lead or parties.responsible or parties.leader or not whole_party:
        return parties
    return Parties(responsible=whole_party, assisting=parties.assisting)
