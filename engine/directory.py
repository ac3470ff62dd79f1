"""Who is who on one day: a roster, indexed once.

In: a `Roster` and a day. Out: units by the names an office gives them, holders of posts, heads, leaders in charge and
contact leaders. Vocabulary: FIELD.md sections 1 and 4.
"""

import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from intake.values import PostRow, Roster, UnitRow


class UnitClass(enum.Enum):
    """What a unit is, whatever words the roster uses for its kind (单位类别)."""

    BUREAU = "局"
    PARTY_GROUP = "党组"
    ORGAN_COMMITTEE = "机关党委"
    GENERAL_BRANCH = "党总支"
    BRANCH = "党支部"
    COUNTY_BUREAU = "县区局"
    AFFILIATED = "局属单位"
    SECTION = "科室"
    OTHER = "其他"

    @property
    def of_the_party(self) -> bool:
        return self in (UnitClass.PARTY_GROUP, UnitClass.ORGAN_COMMITTEE, UnitClass.GENERAL_BRANCH, UnitClass.BRANCH)


# The first that fits wins: 机关党委 before 党委, a branch of a section before the section.
_CLASSES: tuple[tuple[UnitClass, re.Pattern[str]], ...] = (
    (UnitClass.BRANCH, re.compile(r"支部(委员会)?$")),
    (UnitClass.ORGAN_COMMITTEE, re.compile(r"机关党委|机关党总支|机关工委")),
    (UnitClass.GENERAL_BRANCH, re.compile(r"党总支")),
    (UnitClass.PARTY_GROUP, re.compile(r"党组|党委|领导班子")),
    (UnitClass.COUNTY_BUREAU, re.compile(r"[县区旗]\)?.*局|^[县市区旗]{2,}")),
    (UnitClass.AFFILIATED, re.compile(r"局属|直属|局直|所属|下属|事业单位|二级单位")),
    (UnitClass.SECTION, re.compile(r"科室|处室|股室|内设|部门|^[科处股室]$|机关[科处]")),
)
_SECTION_NAME = re.compile(r"(科|处|股|办公室)$")

_TITLE_SEPARATOR = re.compile(r"[、,;/]|兼任?")
_PARTY_PREFIX = re.compile(r"^(?:机关)?(?:党组|党支部|支部|党总支|总支|党委|党工委)(?=.)")
_DEPUTY_OR_MEMBER = re.compile(r"副|成员|委员|助理|分管|联系|包联|员$")
_PRINCIPAL = re.compile(r"(长|主任|书记|经理|负责人|召集人)$")
_ACTING = re.compile(r"主持")
_IN_CHARGE = re.compile(r"^(分管|主管)")
_DIGITS = str.maketrans("1234567890", "一二三四五六七八九〇")


def tidy(name: str) -> str:
    """A name without white space, without full/half-width differences and without what ends a sentence."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).strip("。.;:、,")


def class_of(unit: UnitRow) -> UnitClass:
    """The class of a unit by its kind; by its name where the kind says nothing."""
    for words in (tidy(unit.kind), tidy(unit.name)):
        for unit_class, pattern in _CLASSES:
            if pattern.search(words):
                return unit_class
    return UnitClass.SECTION if _SECTION_NAME.search(tidy(unit.name)) else UnitClass.OTHER


def _plain_branch(name: str) -> str:
    """机关第一党支部, 机关第1支部, 机关一支部委员会 are one name."""
    name = re.sub(r"^中共", "", name)
    name = re.sub(r"(支部|党总支)委员会$", r"\1", name).replace("党支部", "支部")
    return re.sub(r"第?([一二三四五六七八九十]+|\d+)(?=支部$)", lambda m: m.group(1).translate(_DIGITS), name)


class Directory:
    """A roster on one day. Build it once for many questions; nothing in it changes."""

    def __init__(self, roster: Roster, on: date) -> None:
        self.roster = roster
        self.on = on
        self.units = {unit.name: unit for unit in roster.units}
        self.people = {person.name: person for person in roster.people}
        self.classes = {unit.name: class_of(unit) for unit in roster.units}
        self.bureau = self._bureau()
        if self.bureau is not None:
            self.classes[self.bureau] = UnitClass.BUREAU
        self._bureau_names = self._names_before_a_unit()
        self._posts_of: dict[str, list[PostRow]] = {}
        self._in_charge: dict[str, list[str]] = {}
        for post in roster.posts:
            if post.held_on(on):
                self._posts_of.setdefault(post.unit, []).append(post)
                if _IN_CHARGE.match(post.title):
                    self._in_charge.setdefault(post.unit, []).append(post.person)
        self._contacts: dict[str, list[str]] = {}
        for point in roster.contact_points:
            self._contacts.setdefault(point.branch, []).append(point.leader)
        self._children: dict[str, list[str]] = {}
        for unit in roster.units:
            if unit.parent is not None:
                self._children.setdefault(unit.parent, []).append(unit.name)
        self._by_form: dict[str, list[str]] = {}
        for name in self.units:
            for form in self._forms(name):
                self._by_form.setdefault(form, []).append(name)
        self._by_short_form = {short: name for name in self.units for short in self._short_forms(name)}

    # The tree

    def _bureau(self) -> str | None:
        """The bureau that issues the list: at the top of the tree, and no county's where there is another."""
        parents = {unit.parent for unit in self.roster.units}
        top = [u.name for u in self.roster.units if u.parent is None and not self.classes[u.name].of_the_party]
        top = [name for name in top if name in parents] or [name for name in top if name.endswith("局")]
        own = [name for name in top if self.classes[name] is not UnitClass.COUNTY_BUREAU]
        return next(iter(own or top), None)

    def above(self, unit: str) -> Iterator[str]:
        """The units above `unit`, the nearest first; the unit itself is not among them."""
        seen = {unit}
        parent = self.units[unit].parent if unit in self.units else None
        while parent is not None and parent in self.units and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self.units[parent].parent

    def of_class(self, *wanted: UnitClass, below: Iterable[UnitClass] = ()) -> tuple[str, ...]:
        """Units of the bureau itself in the roster's order. What lies below a county bureau is the county's.

        `below`: only units that have a unit of one of these classes above them.
        """
        within = set(below)
        names = []
        for name, unit_class in self.classes.items():
            if unit_class not in wanted:
                continue
            classes_above = {self.classes[upper] for upper in self.above(name)}
            inner_office = unit_class is UnitClass.SECTION and UnitClass.AFFILIATED in classes_above
            if UnitClass.COUNTY_BUREAU in classes_above or inner_office or (within and not within & classes_above):
                continue
            names.append(name)
        return tuple(names)

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Units of the bureau itself whose kind (单位类别) the roster writes just so."""
        same = (name for name, unit in self.units.items() if tidy(unit.kind) == kind)
        return tuple(name for name in same if all(self.classes[upper] is not UnitClass.COUNTY_BUREAU for upper in self.above(name)))

    @property
    def party_group(self) -> str | None:
        """The bureau's party group (党组), the unit of its leading team."""
        groups = self.of_class(UnitClass.PARTY_GROUP)
        return next((name for name in groups if self.units[name].parent in (None, self.bureau)), groups[0] if groups else None)

    # Names

    def units_named(self, name: str) -> tuple[str, ...]:
        """Units that an office means by `name`: with or without 市, 局 or the bureau's own name before it.

        More than one: the name alone does not tell. 养老服务科 is not 养老科: no guessing here.
        """
        word = tidy(name)
        if word in self.units:
            return (word,)
        if word in self._by_short_form:
            return (self._by_short_form[word],)
        found: dict[str, None] = {}
        for form in self._forms(word):
            found.update(dict.fromkeys(self._by_form.get(form, ())))
        return tuple(found)

    def _forms(self, name: str) -> tuple[str, ...]:
        word = _plain_branch(tidy(name))
        forms = {word: None}
        for prefix in self._bureau_names:
            match = prefix.match(word)
            if match and len(word) - match.end() >= 2:
                forms[word[match.end() :]] = None
        return tuple(forms)

    def _short_forms(self, name: str) -> tuple[str, ...]:
        if name == self.bureau:
            return ("市局", "县局", "区局", "局机关", "本局")
        place = re.match(r"[一-鿿]+[县市区旗](?=[^县市区旗]*局$)", name)
        if self.classes[name] is UnitClass.COUNTY_BUREAU and place:
            return (place.group(), f"{place.group()}局")
        return ()

    def _names_before_a_unit(self) -> tuple[re.Pattern[str], ...]:
        """What may stand before a unit's own name: 市民政局, 江城市民政局, 市局, 局机关, 局, 市."""
        patterns = [r"(?:市局|县局|区局|局|本局)(?:机关(?!.*(?:支部|党)))?", r"[市县区]"]
        if self.bureau is not None:
            whole = re.escape(tidy(self.bureau))
            patterns.insert(0, rf"(?:中共)?[一-鿿]{{0,4}}{whole}" if self.bureau[0] in "市县区" else rf"(?:中共)?{whole}")
            short = re.search(r"[市县区][^市县区]+$", self.bureau)
            if short and short.start():
                patterns.insert(1, re.escape(short.group()))
        return tuple(re.compile(pattern) for pattern in patterns)

    # Who holds what

    def posts_of(self, unit: str) -> tuple[PostRow, ...]:
        """Posts held in a unit on the day, in the roster's order."""
        return tuple(self._posts_of.get(unit, ()))

    def plain_titles(self, post: PostRow) -> tuple[str, ...]:
        """The titles in a post cell, without what the unit says anyway: 党组书记、局长 → 书记, 局长."""
        return tuple(self.plain_title(part, post.unit) for part in _TITLE_SEPARATOR.split(tidy(post.title)) if part)

    def plain_title(self, title: str, unit: str) -> str:
        title = _without_the_unit(tidy(title), tidy(unit))
        unit_class = self.classes.get(unit)
        if unit_class is not None and (unit_class.of_the_party or title.endswith("书记")):
            title = _PARTY_PREFIX.sub("", title)
        return title

    def holders(self, unit: str, title: str) -> tuple[str, ...]:
        """Who holds the post `title` of a unit on the day. 负责人 and 主要负责人 mean its head."""
        if title in ("负责人", "主要负责人"):
            head = self.head_of(unit)
            return (head,) if head is not None else ()
        wanted = self.plain_title(title, unit)
        return tuple(dict.fromkeys(post.person for post in self.posts_of(unit) if wanted in self.plain_titles(post)))

    def head_of(self, unit: str) -> str | None:
        """Who carries a unit's duties on the day, or None: the first of its `heads_of`."""
        return next(iter(self.heads_of(unit)), None)

    def has_left(self, person: str, unit: str) -> bool:
        """Whether somebody who held a post in a unit holds none there any more on the day."""
        posts = [post for post in self.roster.posts if post.person == person and post.unit == unit]
        return bool(posts) and not any(post.held_on(self.on) for post in posts)

    def heads_of(self, unit: str) -> tuple[str, ...]:
        """Those with the best claim to lead a unit on the day, in the roster's order; more than one is worth a question.

        A party organisation's head is its 书记. Any other unit's is the holder of its principal title (科长, 主任, 站长, 局长 …);
        then who leads it for the time being (主持工作, also as a deputy); then its 书记. Deputies, members and leaders from
        above (分管领导, 联系领导) are no heads.
        """
        of_the_party = unit in self.classes and self.classes[unit].of_the_party
        ranks: dict[str, int] = {}
        for post in self.posts_of(unit):
            for title in self.plain_titles(post):
                if (rank := _head_rank(title, of_the_party)) is not None:
                    ranks[post.person] = min(rank, ranks.get(post.person, rank))
        best = min(ranks.values(), default=None)
        return tuple(person for person, rank in ranks.items() if rank == best)

    def in_charge_of(self, unit: str) -> tuple[str, ...]:
        """The leaders in charge (分管领导) of a unit, else of the nearest unit above it that has one."""
        for name in (unit, *self.above(unit)):
            if leaders := self._in_charge.get(name):
                return tuple(leaders)
        return ()

    def contacts_of(self, unit: str) -> tuple[str, ...]:
        """The contact leaders (联系领导) of a branch; of the branches below it where the unit is none."""
        if leaders := self._contacts.get(unit):
            return tuple(leaders)
        below = (name for name in self._children.get(unit, ()) if self.classes[name] is UnitClass.BRANCH)
        return tuple(dict.fromkeys(leader for branch in below for leader in self._contacts.get(branch, ())))


def _without_the_unit(title: str, unit: str) -> str:
    """局党委's 党委书记, 派驻纪检组's 纪检组组长: what a title says of its unit may be only the end of the unit's name."""
    for start in range(len(unit) - 1):
        if title.startswith(unit[start:]) and len(title) > len(unit) - start:
            return title[len(unit) - start :]
    return title


def _head_rank(title: str, of_the_party: bool) -> int | None:
    """0 the principal, 1 who leads for the time being, 2 the secretary of a unit that is not the party's; None no head."""
    if _ACTING.search(title):
        return 1
    if _DEPUTY_OR_MEMBER.search(title) or not _PRINCIPAL.search(title):
        return None
    if title.endswith("书记"):
        return 0 if of_the_party else 2
    return 2 if of_the_party and not title.endswith("负责人") else 0
