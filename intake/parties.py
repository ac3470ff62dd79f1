"""How parties are written in a cell or a line (FIELD.md section 4) → names in their roles. Who they are, the roster says later."""

import re
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from intake.headers import PARTY_ROLES, Role, normal, role_of
from intake.values import Parties

_OPENING, _CLOSING = "(（[【〔《“", ")）]】〕》”"
_SEPARATORS = "、，,；;/／\n|｜"
_MARKS: dict[str, Role] = {
    "牵头": "lead",
    "主办": "lead",
    "主责": "lead",
    "配合": "assisting",
    "协办": "assisting",
    "协助": "assisting",
    "参与": "assisting",
}
_MARKED = re.compile(r"[(（](牵头|主办|主责|配合|协办|协助|参与)(单位|部门|科室|领导)?[)）]$")
_HOW = "(?:按照?(?:各自)?职(?:责|能)(?:分工)?|共同|协同|积极|分别|具体|总体)*"
_VERB = re.compile(rf"{_HOW}(?:负责)?(牵头|主办|主责|配合|协办|协助|参与)(?:负责|抓总|落实|实施|办理|做好|单位)*$")
_CARRIES = re.compile(rf"{_HOW}(?:负责|承办|落实|组织实施)$")
_AND_OTHERS = re.compile(r"(?<=.)等(有关|相关)?(单位|部门|科室|处室|股室|成员单位|人员)?$")
_NUMBERED = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）.．、](?!\d)|[①-⑳])\s*")
_LABEL = re.compile(r"(?:^|(?<=[；;，,。\n\s、（(]))([一-鿿、/()（）和及]{2,14}?)\s*[:：]")
_ENDS_LIKE_A_PARTY = re.compile(
    r"(书记|组长|成员|负责人|班子|领导|[局站院所处科部校会]长|主任|经理|主席|委员|专员|专干|人员|党员|干部|"
    r"党组|党委|支部|总支|纪委|工委|团委|[纪检监察]组|[科处股]室?|室|局|办|中心|站|所|委|部|院|馆|队|厅|会|组|"
    r"单位|部门|妇联|公司|街道|镇|乡|县|区|市|县[（(]区[）)]|学校|政府|集团|银行|专班|村|机构)$"
)
_VERBS = (
    "加强|建强|抓|落实|推进|推动|强化|做|提升|提高|完善|健全|开展|压实|发挥|建设|规范|打造|深化|坚持|严|督|召开|组织实施|"
    "扛|履|支持|带头|树|统筹|构建|实施|持续|切实|认真|关心|服务|配齐|选优|选好|夯实|优化|创新|营造|培育|巩固|筑|守|管|用|"
    "以|对|把|为|向|在|全面|着力|努力|扎实|积极|不断|进一步|突出|聚焦|围绕|关于|重点|主要任务|其他|附"
)
_NOT_A_PARTY = re.compile(rf"^({_VERBS})|[。！？“《]|工作$|任务$|清单$|建设$|^(sheet|表)\d*$|^\d+$", re.IGNORECASE)
_DATED = re.compile(r"\d月|\d日|月底|季度|年[底初中末内前]|半年|每[月年季周]|全年|长期|立行立改|常态|工作日|持续")
_LONGEST_PARTY = 40  # characters; what is longer is a sentence

NOBODY = Parties()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line that says what it is: `牵头单位：X；责任单位：Y、Z；完成时限：…`."""

    parties: Parties = NOBODY
    deadline: str = ""
    others: tuple[tuple[Role, str], ...] = ()  # measures, standard, points, remarks

    def __bool__(self) -> bool:
        return bool(self.parties or self.deadline or self.others)


def split_names(cell: str) -> tuple[str, ...]:
    """Names between separators, line breaks and spaces; what stands in brackets stays with its name."""
    names: list[str] = []
    for piece in _pieces(cell):
        name = _AND_OTHERS.sub("", _NUMBERED.sub("", piece)).strip(" 。.：:")
        if name and not name.isdigit() and name not in {"等", "—", "-", "/", "无", "——"}:
            names.extend(_joined_by_and(name))
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=4096)  # a list names the same few parties in every row
def read_parties(cell: str, role: Role) -> Parties:
    """The parties of one cell. `role` is its column's, for names that carry no mark of their own."""
    if labelled := read_labels(cell):
        before = cell[: _labels(cell)[0].start()]
        rest = read_parties(before, role) if before.strip() and not _labels(before) else Parties()
        return union(rest, labelled.parties)
    found: dict[Role, list[str]] = {each: [] for each in PARTY_ROLES}
    pending: list[str] = []
    marks = False
    for name in split_names(re.sub(r"(?<=牵头)(?=[^，,；;、。\n）)负抓单])", "，", cell.replace("会同", "牵头、"))):
        plain, mark, carried = _without_mark(name)
        if mark and not plain:  # 牵头 alone behind its names
            target: Role = mark
        elif mark or carried:
            pending.append(plain)
            target = mark or "responsible"
        else:
            pending.append(plain)
            continue
        if mark and _MARKED.search(name):
            *others, pending_last = pending
            found[role].extend(others)
            found[target].append(pending_last)
        else:
            found[target].extend(pending)
        pending = []
        marks = True
    default: Role = role
    if marks and role == "lead" and found["lead"]:
        default = "responsible"
    found[default].extend(pending)
    return Parties(**{key: tuple(dict.fromkeys(names)) for key, names in found.items()})


def read_labels(text: str) -> Labelled:
    """The labelled parts of a line; empty where it has no label that means a party, a deadline or the like."""
    matches = _labels(text)
    parties, deadline, others = Parties(), "", []
    for n, match in enumerate(matches):
        end = matches[n + 1].start() if n + 1 < len(matches) else len(text)
        role, value = _label_role(match), text[match.end() : end].strip(" ；;，,。、\n")
        value = _balanced(value)
        if role in PARTY_ROLES:
            plain, phrase = _trailing_deadline(value)
            parties = union(parties, read_parties(plain, role) if not _labels(plain) else Parties())
            deadline = deadline or phrase
        elif role == "deadline":
            deadline = value
        elif role:
            others.append((role, value))
    return Labelled(parties, deadline, tuple(others))


def bare_numbers(cell: str) -> str:
    """The first name of a party cell that is nothing but digits, which nobody is called; empty where none is."""
    return next((piece.strip() for piece in _pieces(cell) if piece.strip().isdigit()), "") if any(map(str.isdigit, cell)) else ""


def split_owner_and_date(cell: str) -> tuple[str, str]:
    """`甲科，6月底前` or `责任单位：甲科；完成时限：6月底前` in one cell → the part about parties, and the deadline phrase."""
    if _labels(cell) and (phrase := read_labels(cell).deadline):
        return cell, phrase
    pieces = [piece.strip() for piece in re.split(r"[，,；;\n（）()\s]+", cell) if piece.strip()]
    dated = [piece for piece in pieces if _DATED.search(piece)]
    return "、".join(piece for piece in pieces if piece not in dated), "、".join(dated)


def starts_with_label(text: str) -> bool:
    """Whether the line is nothing but labelled parts, be it in brackets: `（责任单位：…）`, `以上工作牵头单位：…`."""
    plain = re.sub(r"^(以上|上述)[^:：]{0,8}?(?=牵头|责任|承办|配合|主办|完成|协办)|^由", "", text.strip().lstrip("（([【 "))
    match = _LABEL.match(plain)
    return bool(match and _label_role(match))


def label_after_sentence(text: str) -> int:
    """Where a sentence ends and `责任单位：…` follows it without a bracket; 0 where none does."""
    matches = (match for match in _labels(text) if match.start() and text[match.start() - 1] in "。；;\n")
    return next((match.start() for match in matches if _label_role(match) in (*PARTY_ROLES, "deadline")), 0)


def is_party(text: str) -> bool:
    """Whether a heading, a sheet name or a part of a title reads like a party: 局党组, 党组书记, 各科室."""
    if len(text) > _LONGEST_PARTY:
        return False
    names = [re.sub(r"[（(][^（()）]*[)）]$", "", name) for name in split_names(text)]
    return bool(names) and all(1 < len(name) <= 20 and not _NOT_A_PARTY.search(name) and _ENDS_LIKE_A_PARTY.search(name) for name in names)


def union(*many: Parties) -> Parties:
    """All names, in their order, once a role."""
    return Parties(**{key: tuple(dict.fromkeys(name for each in many for name in getattr(each, key))) for key in PARTY_ROLES})


def without_doubles(parties: Parties) -> Parties:
    """Who answers for a step does not assist in it as well."""
    answering = {*parties.lead, *parties.responsible}
    return replace(parties, assisting=tuple(name for name in parties.assisting if name not in answering))


def or_else(parties: Parties, fallback: Parties) -> Parties:
    """The fallback's names for the roles in which nobody is named."""
    return replace(parties, **{field.name: getattr(parties, field.name) or getattr(fallback, field.name) for field in fields(parties)})


def _labels(text: str) -> list[re.Match[str]]:
    return [match for match in _LABEL.finditer(text) if _label_role(match)]


def _label_role(match: re.Match[str]) -> Role | None:
    word = re.sub(r"^(以上|上述)(各项|所有)?(工作|任务|事项)*的?", "", normal(match.group(1))).strip("(")
    role = role_of(word)
    return role if role in (*PARTY_ROLES, "deadline", "measures", "standard", "points", "remarks") or word in _MARKS else None


def _balanced(value: str) -> str:
    """Without the closing bracket that belongs to a bracket around the whole line."""
    while value and value[-1] in _CLOSING and sum(value.count(mark) for mark in _CLOSING) > sum(value.count(mark) for mark in _OPENING):
        value = value[:-1].rstrip(" ；;，,。")
    return value


def _trailing_deadline(value: str) -> tuple[str, str]:
    """`养老科，6月底前` → the names, and the date that follows them in the same bracket."""
    match = re.search(
        r"[，,；;\s]((?:\d{4}年)?\d{1,2}月[^，,；;、科室局]{0,12}|年底前?[^，,；;、]{0,4}|每[月年季半][^，,；;、科室局]{0,12})$", value
    )
    return (value[: match.start()], match.group(1)) if match else (value, "")


def _pieces(cell: str) -> list[str]:
    """Split at separators and spaces outside of brackets; `张 三` is one name."""
    text = re.sub(r"(?<![一-鿿])([一-鿿])[ \u3000]+([一-鿿])(?![一-鿿])", r"\1\2", cell.strip())
    pieces, depth = [""], 0
    protects = sum(text.count(mark) for mark in _OPENING) == sum(text.count(mark) for mark in _CLOSING)
    for character in text:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        if (character in _SEPARATORS or character.isspace()) and not (depth and protects):
            pieces.append("")
        elif character != "\n":
            pieces[-1] += character
    return [piece for piece in pieces if piece.strip()]


def _joined_by_and(name: str) -> list[str]:
    """`养老科和救助科` are two, `人力资源和社会保障局` is one: both sides must read like a party."""
    if len(name) > 2 * _LONGEST_PARTY:
        return [name]
    for match in re.finditer("[和与及]", name):
        left, right = name[: match.start()], name[match.end() :]
        if is_party(left) and is_party(right):
            return [left, *_joined_by_and(right)]
    return [name]


def _without_mark(name: str) -> tuple[str, Role | None, bool]:
    """The name without its mark, the role that the mark gives, and whether it says 负责."""
    if match := _MARKED.search(name):
        return name[: match.start()], _MARKS[match.group(1)], False
    if match := _VERB.search(name):
        return re.sub("^由", "", name[: match.start()]), _MARKS[match.group(1)], False
    if (match := _CARRIES.search(name)) and match.start():
        return re.sub("^由", "", name[: match.start()]), None, True
    return name, None, False
