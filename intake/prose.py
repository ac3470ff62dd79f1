"""Numbered paragraphs without a table → duties. The innermost numbered paragraphs are the duties, those above them are headings.

Owner lines (`牵头单位：X`) hold for the duty above them, for all duties above in their section (`以上…`, in brackets of their own, or one
line at the section's end), or, right under a heading, for everything below it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from intake.deadlines import split_dated
from intake.formats.document import Paragraph
from intake.gathering import (
    INTRODUCTION,
    OWNER_LINE_ABOVE,
    REMARK,
    SECTION,
    TITLE,
    Gathered,
    Whole,
    party_of_heading,
    party_of_title,
    take_general_line,
    with_party,
)  # fmt: skip
from intake.headers import normal
from intake.parties import Labelled, or_else, read_labels, starts_with_label, union
from intake.steps import Source, steps_of, take_bracket
from intake.values import Item
from office.text import Text

_KINDS = (
    ("第一部分", re.compile(r"第[一二三四五六七八九十]{1,3}(部分|[章编篇])")),
    ("第一节", re.compile(r"第[一二三四五六七八九十]{1,3}节")),
    ("第一条", re.compile(r"第[一二三四五六七八九十]{1,3}条")),
    ("一、", re.compile(r"[一二三四五六七八九十]{1,3}[、.．]")),
    ("（一）", re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]")),
    ("1.1", re.compile(r"\d{1,2}(?:[.．]\d{1,2})+(?:[.．、\s]|(?=[一-鿿])(?![个万亿元年月日倍名次家人户件篇]))")),
    ("1.", re.compile(r"\d{1,3}[.．、](?!\d(?!\d?月|\d{3}年))")),
    ("（1）", re.compile(r"[(（]\d{1,3}[)）]")),
    ("1)", re.compile(r"\d{1,3}[)）]")),
    ("①", re.compile(r"[①-⑳]")),
    ("一是", re.compile(r"[一二三四五六七八九十]{1,2}是")),
)
_DATE_OR_SIGNATURE = re.compile(r"^[(（]?\d{4}年\d{1,2}月\d{1,2}日(印发)?[)）]?$|^附件|^(抄送|主送|印发|联系人)[:：]")
_NOTE = re.compile(r"^[(（]?(注|备注|说明)\d*[:：]|^[※*]")
_LONGEST_HEADING = 60


@dataclass(slots=True)
class Node:
    """A numbered paragraph with what stands under it."""

    text: str
    address: str
    number: str = ""
    kind: str = ""
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    said: Labelled = field(default_factory=Labelled)
    body: list[Paragraph] = field(default_factory=list)
    holds_table: bool = False

    def leaves(self) -> list["Node"]:
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]


_NO_DUTIES = re.compile(
    r"^(指导思想|总体要求|总体目标|总体思路|工作目标|主要目标|基本原则|工作原则|组织保障|保障措施|工作要求|有关要求|组织领导|几点要求)"
)
_FIRST = re.compile(r"^[(（]?(一|1|①)[、.．)）]?$|^第一")


class Prose:
    """Takes the paragraphs of a document in their order; `finish` turns them into duties."""

    def __init__(self, whole: Whole, gathered: Gathered) -> None:
        self.whole, self.gathered = whole, gathered
        self.root = Node("", "")
        self.last = self.root
        self.opening: list[Paragraph] = []
        self.covering: list[Node] = []  # what the owner lines just above hold for

    def take(self, paragraph: Paragraph) -> None:
        """Put the next paragraph where it belongs: a new duty or heading, an owner line, or text of the one above."""
        kind, number, text = _numbered(paragraph)
        if not kind and starts_with_label(paragraph.text):
            self._take_owner_line(paragraph)
            return
        self.covering = []
        if kind:
            self._take_numbered(Node(text, paragraph.address, number, kind))
        elif _DATE_OR_SIGNATURE.match(normal(paragraph.text)) or _NOTE.match(normal(paragraph.text)):
            if not take_general_line(paragraph.text, paragraph.address, self.whole, self.gathered):
                self.gathered.skip(paragraph.address, paragraph.text, REMARK)
        elif self.last is self.root and not self.root.children:
            self.opening.append(paragraph)
        elif _names_party(paragraph.text) or paragraph.level:
            self._take_numbered(Node(paragraph.text, paragraph.address, "", f"heading {paragraph.level}"))
        elif self.last.kind == "plain":
            self._take_numbered(Node(paragraph.text, paragraph.address, "", "plain"))
        elif not take_general_line(paragraph.text, paragraph.address, self.whole, self.gathered):
            self.last.body.append(paragraph)

    def around_table(self) -> Whole:
        """What the paragraphs so far say about a table that stands here: title, section, party, deadline."""
        self._read_opening()
        headings = [node for node in reversed(list(_upwards(self.last))) if node.children or not node.said]
        named = [names for node in headings if (names := party_of_heading(node.text) or party_of_title(node.text))]
        section = " / ".join(f"{node.number}{node.text}" for node in headings)
        return replace(self.whole, section=section, party=named[-1] if named else self.whole.party)

    def hold_table(self) -> None:
        """The table was read: the headings above it are headings, not duties."""
        for node in _upwards(self.last):
            node.holds_table = True

    def finish(self) -> None:
        """Turn what was taken into duties."""
        self._read_opening()
        self._owned = any(leaf.said or take_bracket(leaf.text)[1] for leaf in self.root.leaves())
        for child in self.root.children:
            self._read(child, Labelled(), self.whole.party, "")

    def _take_numbered(self, node: Node) -> None:
        self._heading_before_restart(node)
        node.parent = self._parent_of(node)
        node.parent.children.append(node)
        self.last = node

    def _parent_of(self, node: Node) -> Node:
        if node.kind.startswith("heading"):
            above = [each for each in _upwards(self.last) if each.kind.startswith("heading") and each.kind < node.kind]
            return above[0] if above else self.root
        same = [each for each in _upwards(self.last) if each.kind == node.kind]
        if same:
            return same[0].parent or self.root
        if _FIRST.match(node.number):
            return self.last
        higher = [each for each in _upwards(self.last) if _rank(each.kind) < _rank(node.kind)]
        return higher[0] if higher else self.root

    def _heading_before_restart(self, node: Node) -> None:
        """A short line without a number before a count that starts again heads what follows."""
        same = [each for each in _upwards(self.last) if each.kind == node.kind]
        if not (same and self.last.body and _FIRST.match(node.number)):
            return
        line = self.last.body[-1]
        if len(line.text) <= 30 and not re.search(r"[。；;，,]$", line.text):
            self.last.body.pop()
            heading = Node(line.text, line.address, "", "heading 1", parent=self.root)
            self.root.children.append(heading)
            self.last = heading

    def _take_owner_line(self, paragraph: Paragraph) -> None:
        labelled = read_labels(paragraph.text)
        above = bool(re.match(r"^[(（]?(以上|上述)", paragraph.text))
        if self.last is self.root:
            if self.opening[1:] and re.search(r"[。；;]$", self.opening[-1].text):  # duties without numbers, each with its owner line
                line = self.opening.pop()
                self._take_numbered(Node(line.text, line.address, "", "plain"))
            elif take_general_line(paragraph.text, paragraph.address, self.whole, self.gathered):
                return
            else:
                self.opening.append(paragraph)
                return
        if above or not self.covering:
            self.covering = [self.last]
            if above or (paragraph.text[0] in "(（【[" and self.last.parent is not self.root):
                self.covering = self._above(labelled, paragraph.address) or [self.last]
        for node in self.covering:
            node.said = _more(node.said, labelled)
        self.gathered.skip(paragraph.address, paragraph.text, OWNER_LINE_ABOVE)

    def _above(self, said: Labelled, address: str) -> list[Node]:
        """The duties of the line's own section that lack what it says. Where no owner line stands in it, the line also reaches
        over the sections just before it, back to one with an owner line, as far as the same headings hold them; it is asked."""
        section = self.last.parent or self.root
        own = [leaf for leaf in section.leaves() if section is not self.root or leaf.parent is self.root]
        earlier: list[Node] = []
        open_end = not any(leaf.said for leaf in own)
        while open_end and section.parent is not None and section.parent is not self.root:
            siblings = section.parent.children
            for before in reversed(siblings[: siblings.index(section)]):
                open_end = open_end and not any(leaf.said for leaf in before.leaves())
                earlier = before.leaves() + earlier if open_end else earlier
            section = section.parent
        earlier = [leaf for leaf in earlier if self._lacks(leaf, said)]
        if earlier:
            zh = f"“以上”除本节的事项外，还用于前面各节没有写明的 {len(earlier)} 项，请确认。"
            en = f"This line was also taken for {len(earlier)} duties of the sections before its own, which name none; please confirm."
            self.gathered.ask(address, Text(zh, en))
        return earlier + [leaf for leaf in own if self._lacks(leaf, said)]

    def _lacks(self, leaf: Node, said: Labelled) -> bool:
        text, in_bracket = take_bracket(leaf.text)
        own = _more(leaf.said, in_bracket)
        if said.parties or not said.deadline:
            return not own.parties
        return not own.deadline and not any(dated.deadline for dated in split_dated(text, self.whole.year))

    def _read_opening(self) -> None:
        in_title = True
        for paragraph in self.opening:
            if take_general_line(paragraph.text, paragraph.address, self.whole, self.gathered):
                continue
            in_title = in_title and len(paragraph.text) <= 50 and not re.search(r"[。；;：:]$", paragraph.text)
            self.gathered.skip(paragraph.address, paragraph.text, TITLE if in_title else INTRODUCTION)
            if in_title and not _DATE_OR_SIGNATURE.match(normal(paragraph.text)):
                self.whole.title += paragraph.text
        self.opening = []
        if not self.whole.party:
            self.whole.party = party_of_title(self.whole.title)

    def _read(self, node: Node, inherited: Labelled, party: tuple[str, ...], section: str) -> None:
        text, in_bracket = take_bracket(node.text)
        heads_nothing = node.kind.startswith("heading") and not (node.said or in_bracket or node.body)
        if not (node.children or node.holds_table or heads_nothing or self._is_introduction(node)):
            self._read_duty(node, inherited, party, section)
            return
        if self._is_introduction(node):
            for each in _downwards(node):
                self.gathered.skip(each.address, each.number + each.text, INTRODUCTION)
                for paragraph in each.body:
                    self.gathered.skip(paragraph.address, paragraph.text, INTRODUCTION)
            return
        self.gathered.skip(node.address, f"{node.number}{node.text}", SECTION)
        for paragraph in node.body:
            self.gathered.skip(paragraph.address, paragraph.text, INTRODUCTION)
        said = _over(_more(node.said, in_bracket), inherited)
        named = party_of_heading(text) or party_of_title(text)
        self._spread_last_owner(node)
        for child in node.children:
            self._read(child, said, named or party, f"{section} / {node.number}{text}" if section else f"{node.number}{text}")

    def _is_introduction(self, node: Node) -> bool:
        """`指导思想`, `工作要求` and the like, where nobody is named in them although the list names its parties elsewhere."""
        if not _NO_DUTIES.match(node.text) or node.holds_table:
            return False
        owned = any(each.said or take_bracket(each.text)[1] for each in _downwards(node))
        return not owned and (self._owned or bool(node.body and not node.children))

    def _spread_last_owner(self, node: Node) -> None:
        """One owner line at the end of a section, and none before it: it is read for the whole section, and asked."""
        leaves = node.children
        if len(leaves) < 2 or node.said or any(leaf.children for leaf in leaves) or not leaves[-1].said:
            return
        if any(leaf.said or take_bracket(leaf.text)[1] for leaf in leaves[:-1]):
            return
        for leaf in leaves[:-1]:
            leaf.said = leaves[-1].said
        zh, en = (
            f"本节只在最后写了责任分工，已用于本节全部 {len(leaves)} 项，请确认。",
            f"The only owner line of this section was taken for all {len(leaves)} duties.",
        )
        self.gathered.ask(leaves[-1].address, Text(zh, en))

    def _read_duty(self, node: Node, inherited: Labelled, party: tuple[str, ...], section: str) -> None:
        said = _over(node.said, inherited)
        text = "\n".join(
            [node.text, *(paragraph.text for paragraph in node.body), *(value for role, value in said.others if role == "measures")]
        )
        source = Source(text, node.address, said.deadline, node.address, said.parties)
        steps = tuple(replace(step, parties=with_party(step.parties, party)) for step in steps_of(source, self.whole, self.gathered))
        others = dict(said.others)
        points = re.search(r"\d+(\.\d+)?", others.get("points", ""))
        self.gathered.items.append(
            Item(
                content=take_bracket(node.text)[0],
                address=node.address,
                steps=steps,
                number=node.number.strip("、.．()（） "),
                section=section,
                parties=union(*(step.parties for step in steps)),
                standard=others.get("standard", ""),
                points=float(points.group()) if points else None,
                remarks=others.get("remarks", ""),
            )
        )


def _numbered(paragraph: Paragraph) -> tuple[str, str, str]:
    """Kind, number and text, whether the number is written or made up by Word; three empty ones where there is none."""
    text = f"{paragraph.label}{paragraph.text}" if paragraph.label else paragraph.text
    for kind, pattern in _KINDS:
        match = pattern.match(text)
        if match and match.end() < len(text):
            kind = f"{kind}{match.group().count('.')}" if kind == "1.1" else kind
            return kind, match.group().strip(), text[match.end() :].strip()
    return "", "", ""


def _rank(kind: str) -> int:
    return next((rank for rank, (name, _) in enumerate(_KINDS) if kind.startswith(name)), -1)


def _upwards(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        yield node
        node = node.parent


def _downwards(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _downwards(child)


def _names_party(line: str) -> bool:
    return len(line) <= 40 and not re.search(r"[。；;]$", line) and bool(party_of_heading(line) or party_of_title(line))


def _more(first: Labelled, second: Labelled) -> Labelled:
    """Two owner lines of one duty."""
    return Labelled(union(first.parties, second.parties), first.deadline or second.deadline, first.others + second.others)


def _over(own: Labelled, inherited: Labelled) -> Labelled:
    """A duty's own words before those of its headings. Who names owners of its own does not share its heading's."""
    parties = own.parties if own.parties.lead or own.parties.responsible else or_else(own.parties, inherited.parties)
    return Labelled(parties, own.deadline or inherited.deadline, own.others)
