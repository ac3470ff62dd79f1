"""Party words of a list, resolved to parties of the roster on a day (FIELD.md section 4).

In: a name as written, a roster, a day. Out: the parties it stands for, and a question where it does not tell. A name that the
roster does not know is a question with the nearest known names, never a new person.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine import party_words as words
from engine.directory import Directory, UnitClass, tidy
from engine.party_words import is_collective
from intake.values import Roster
from office.text import Text


@dataclass(frozen=True, slots=True)
class Party:
    """One party: a unit, the post of a unit, or a person named as such.

    `key` does not change when a successor takes the post over: `unit:养老科`, `post:局党组/书记`; where several people hold one
    post, with the holder's name: `post:市民政局/副局长#李明`. `name` is what is shown: the unit's name, or the person's.
    `unit` is None for a person named as such, `post` is set only where a post is accountable. `person` carries it on the day: the
    head of the unit or the holder of the post; None where a unit has no head.
    """

    key: str
    name: str
    unit: str | None
    post: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name stands for. Both may be set: a reading was taken, and the officer is asked whether it is right."""

    parties: tuple[Party, ...] = ()
    question: Text | None = None


class PartyResolver:
    """Resolves names against one directory and remembers each answer: a list repeats the same few names."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._known: dict[tuple[str, tuple[str, ...]], Resolution] = {}

    def resolve(self, name: str, *, lead_units: tuple[str, ...] = ()) -> Resolution:
        """The parties that `name` stands for. `lead_units`: names of the units whose 分管领导 or 联系领导 is meant."""
        if (name, lead_units) not in self._known:
            self._known[name, lead_units] = self._resolve(tidy(name), lead_units)
        return self._known[name, lead_units]

    def without_titles(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """党组成员、副局长、闻书宁 is one person: titles before the name of their holder are no parties of their own."""
        kept: list[str] = []
        holder = None
        for name in reversed(names):
            parties = self.resolve(name).parties
            if holder and words.TITLE.fullmatch(tidy(name)) and holder in {party.person for party in parties}:
                continue
            kept.append(name)
            holder = parties[0].person if len(parties) == 1 and parties[0].unit is None else None
        return tuple(reversed(kept))

    def leader_for(self, party: Party, leader_names: Iterable[str] = (), lead_units: tuple[str, ...] = ()) -> str | None:
        """The person who leads the duty of `party` and comes first on the way up, or None.

        The first of the 责任领导 that the list names; of a team (班子成员) the one in charge of the unit or its contact leader.
        Where the list names none: a branch's contact leader, else the leader in charge of the unit. Nobody leads himself.
        """
        unit = party.unit
        for name in leader_names:
            word = tidy(name)
            if words.IN_CHARGE.fullmatch(word):
                named = self._leaders_in_charge((unit,) if unit else lead_units)
            elif words.CONTACT.fullmatch(word):
                named = self.directory.contacts_of(unit) if unit else ()
            else:
                named = tuple(p.person for p in self.resolve(name, lead_units=lead_units).parties if p.person)
                if is_collective(name):
                    named = tuple(person for person in self._leaders_over(unit) if person in named)
            if leader := next((person for person in named if person != party.person), None):
                return leader
        return next((person for person in self._leaders_over(unit) if person != party.person), None)

    def unit_party(self, unit: str) -> Party:
        return Party(f"unit:{unit}", unit, unit, None, self.directory.head_of(unit))

    def _leaders_over(self, unit: str | None) -> tuple[str, ...]:
        if unit is None:
            return ()
        contacts = self.directory.contacts_of(unit) if self.directory.classes.get(unit) is UnitClass.BRANCH else ()
        return (*contacts, *self.directory.in_charge_of(unit))

    def _leaders_in_charge(self, units: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(leader for unit in units for leader in self.directory.in_charge_of(unit)))

    # From the surest to the vaguest reading

    def _resolve(self, word: str, lead_units: tuple[str, ...]) -> Resolution:
        return (
            self._known_name(word)
            or self._with_exceptions(word, lead_units)
            or self._collective(word)
            or self._leaders(word, lead_units)
            or self._post(word)
            or self._several(word, lead_units)
            or self._unknown(word)
        )

    def _known_name(self, word: str) -> Resolution | None:
        directory = self.directory
        if word in directory.units:
            return Resolution((self.unit_party(word),))
        namesakes = [name for name in directory.people if word in (tidy(name), tidy(name).split("(")[0])]
        if len(namesakes) == 1:
            return Resolution((Party(f"person:{namesakes[0]}", namesakes[0], None, None, namesakes[0]),))
        if namesakes:
            return _ask(
                f"有{len(namesakes)}人叫“{word}”：{'、'.join(namesakes)}，请写明是哪一位",
                f"{len(namesakes)} people are called {word}: {', '.join(namesakes)}; which one?",
            )
        units = directory.units_named(word)
        if len(units) > 1:
            return _ask(f"“{word}”可能是：{'、'.join(units)}，请写明是哪一个", f"“{word}” may be {', '.join(units)}; which one?")
        return Resolution((self.unit_party(units[0]),)) if units else None

    def _with_exceptions(self, word: str, lead_units: tuple[str, ...]) -> Resolution | None:
        for pattern in words.EXCEPTION:
            if match := pattern.fullmatch(word):
                break
        else:
            return None
        everyone = self._resolve(match["word"], lead_units)
        left_out: set[str] = set()
        unknown = []
        for name in filter(None, words.TOGETHER.split(match["names"])):
            # 班子成员(书记除外): the team's own, though other units have a 书记 too.
            own = self._resolve(f"党组{name}", lead_units) if is_collective(match["word"]) else Resolution()
            exception = own if own.parties else self._resolve(name, lead_units)
            left_out.update(party.key for party in exception.parties)
            left_out.update(f"person:{party.person}" for party in exception.parties if party.post or not party.unit)
            if exception.question or not exception.parties:
                unknown.append(name)
        parties = tuple(
            p
            for p in everyone.parties
            if p.key not in left_out and (p.post is None or not {f"unit:{p.unit}", f"person:{p.person}"} & left_out)
        )
        question = everyone.question
        if unknown and everyone.parties:
            names = "、".join(unknown)
            question = Text(
                f"“{word}”中除外的“{names}”不在名册中，未能排除",
                f"The exception {names} in “{word}” is not in the roster and is not left out",
            )
        return Resolution(parties, question)

    def _collective(self, word: str) -> Resolution | None:
        if words.VAGUE.search(word) and not words.IN_CHARGE.fullmatch(word) and not words.PRINCIPAL.fullmatch(word):
            return _ask(f"“{word}”没有说明是哪些单位或人员，请写明", f"“{word}” does not say which units or people; name them")
        if words.TEAM.fullmatch(word):
            return self._team(word)
        if words.MEMBERS.fullmatch(word) or words.OTHERS.fullmatch(word):
            return self._members(word)
        if (units := self._units_of(word)) is not None:
            if not units:
                return _ask(f"名册中没有“{word}”所指的单位", f"The roster has no units that “{word}” means")
            return Resolution(tuple(self.unit_party(unit) for unit in units))
        if word in words.READ_AS:
            each = self._collective(words.READ_AS[word])
            text = Text(f"“{word}”按“{words.READ_AS[word]}”处理，请确认", f"“{word}” is read as {words.READ_AS[word]}; is that right?")
            return Resolution(each.parties, each.question or text) if each else None
        for title in words.TITLES_OF_EACH:
            if word.endswith(title) and (units := self._units_of(word.removesuffix(title).removesuffix("的"))):
                return self._each_holder(word, units, title)
        return None

    def _units_of(self, word: str) -> tuple[str, ...] | None:
        plain = word.replace("(", "").replace(")", "")
        for pattern, classes, above in words.COLLECTIVE:
            if pattern.fullmatch(plain):
                units = self.directory.of_class(*classes, below=above)
                if classes == (UnitClass.GENERAL_BRANCH,):  # 机关党总支 is one of them, whatever its kind
                    units += tuple(u for u in self.directory.of_class(UnitClass.ORGAN_COMMITTEE) if u.endswith("党总支"))
                # A roster may leave 机关党委 out and hang its branches straight under the bureau.
                if not units and UnitClass.ORGAN_COMMITTEE in above:
                    units = tuple(u for u in self.directory.of_class(UnitClass.BRANCH) if u.startswith("机关"))
                return units or self._units_of_the_kind(plain)
        return self._units_of_the_kind(plain) or None

    def _units_of_the_kind(self, word: str) -> tuple[str, ...]:
        """局属各学校, 各社区: the roster's own kinds (单位类别) are words for all of their units."""
        before, each, after = word.partition("各")
        if not each:
            return ()
        kinds = (before + after, before if after == "单位" else "", after if re.fullmatch(words.OFFICE, before) else "")
        return next(filter(None, (self.directory.of_kind(kind) for kind in kinds if kind)), ())

    def _each_holder(self, word: str, units: Iterable[str], title: str) -> Resolution:
        parties: list[Party] = []
        vacant = []
        for unit in units:
            found = self._holders(unit, _plain_post(title))
            parties += found
            if not found:
                vacant.append(unit)
        if not vacant:
            return Resolution(tuple(parties))
        names = "、".join(vacant)
        return Resolution(tuple(parties), Text(f"“{word}”：{names}目前没有人任此职", f"“{word}”: nobody holds this post in {names}"))

    def _holders(self, unit: str, title: str) -> tuple[Party, ...]:
        people = self.directory.holders(unit, title)
        shown = title if title == "负责人" else self.directory.plain_title(title, unit)
        several = len(people) > 1
        return tuple(Party(f"post:{unit}/{shown}{f'#{person}' if several else ''}", person, unit, shown, person) for person in people)

    # The leading team

    def _team(self, word: str) -> Resolution:
        unit = self.directory.party_group or self.directory.bureau
        if unit is None:
            return _ask(f"名册中没有党组，无法确定“{word}”", f"The roster has no party group: who is “{word}”?")
        return Resolution((self.unit_party(unit),))

    def _members(self, word: str) -> Resolution:
        directory = self.directory
        parties: dict[str, Party] = {}
        for unit in filter(None, (directory.party_group, directory.bureau)):
            for post in directory.posts_of(unit):
                if unit == directory.bureau and not re.search(r"(局长|主任|书记|总工程师|总经济师)", post.title):
                    continue  # the bureau's own posts below its leading team, such as 调研员
                title = directory.plain_titles(post)[0]
                for party in self._holders(unit, title):
                    if party.person == post.person:
                        parties.setdefault(post.person, party)
        if words.OTHERS.fullmatch(word):
            parties.pop(self._principal() or "", None)
        if not parties:
            return _ask(f"名册中没有“{word}”", f"The roster has no “{word}”")
        return Resolution(tuple(parties.values()))

    def _principal(self) -> str | None:
        heads = (self.directory.head_of(unit) for unit in (self.directory.party_group, self.directory.bureau) if unit)
        return next(filter(None, heads), None)

    def _leaders(self, word: str, lead_units: tuple[str, ...]) -> Resolution | None:
        directory = self.directory
        if words.PRINCIPAL.fullmatch(word):
            for unit in filter(None, (directory.party_group, directory.bureau)):
                for title in ("书记", "局长", "负责人"):
                    if found := self._holders(unit, title):
                        return Resolution(found[:1])
            return _ask(f"目前没有人任“{word}”", f"Nobody is “{word}” at present")
        if words.IN_CHARGE.fullmatch(word) or words.CONTACT.fullmatch(word):
            return self._leaders_of(word, lead_units)
        if match := words.DISCIPLINE.fullmatch(word):
            units = [name for name in directory.units if "纪检" in name and directory.classes[name] is UnitClass.OTHER]
            if len(units) != 1:
                return None
            if match["rest"] in ("组长", "负责人"):
                return self._each_holder(word, units, match["rest"])
            return Resolution((self.unit_party(units[0]),))
        return None

    def _leaders_of(self, word: str, lead_units: tuple[str, ...]) -> Resolution:
        """分管领导 or 联系领导 of the lead units, as holders of that post."""
        directory = self.directory
        units = tuple(p.unit for name in lead_units for p in self.resolve(name).parties if p.unit)
        of_whom = directory.in_charge_of if words.IN_CHARGE.fullmatch(word) else directory.contacts_of
        post = "分管领导" if words.IN_CHARGE.fullmatch(word) else "联系领导"
        parties: dict[str, Party] = {}
        for unit in units:
            leaders = of_whom(unit)
            for person in leaders:
                parties.setdefault(
                    person, Party(f"post:{unit}/{post}{f'#{person}' if len(leaders) > 1 else ''}", person, unit, post, person)
                )
        if parties:
            return Resolution(tuple(parties.values()))
        if not units:
            return _ask(f"“{word}”没有牵头单位可对应，请写明是哪位领导", f"“{word}” stands beside no lead unit: which leader?")
        names = "、".join(units)
        return _ask(f"名册中没有{names}的{word}", f"The roster does not say who is {word} of {names}")

    # Posts

    def _post(self, word: str) -> Resolution | None:
        return self._person_with_title(word) or self._post_of_unit(word) or self._bare_post(word)

    def _person_with_title(self, word: str) -> Resolution | None:
        """闻书宁同志, 闻书宁副局长, 闻书宁(副局长), 党组成员、副局长闻书宁."""
        titles = self._all_titles() | {"同志", "局长", "书记", "科长", "主任", "党组书记", "党组成员"}
        for name in self.directory.people:
            known = tidy(name)
            if known in word and all(title in titles for title in words.TOGETHER.split(word.replace(known, "", 1).strip("()"))):
                return Resolution((Party(f"person:{name}", name, None, None, name),))
        return None

    def _post_of_unit(self, word: str) -> Resolution | None:
        """机关党总支书记, 养老科科长, 养老科长, 救助站负责人: a unit's name or kind, and a post in it."""
        directory = self.directory
        vacant: tuple[str, str] | None = None
        for at in range(len(word) - 1, 1, -1):
            title = _plain_post(word[at:])
            # 养老科长 is the 科长 of 养老科: the unit's last character is the title's first.
            units = directory.units_named(word[:at]) or self._units_of_kind(word[:at]) or directory.units_named(word[: at + 1])
            if len(units) != 1 or not _looks_like_a_post(title) or words.TOGETHER.search(title):
                continue
            if found := self._holders(units[0], title):
                return Resolution(found)
            vacant = vacant or (units[0], title)
        if vacant is None:
            return None
        unit, title = vacant
        head = directory.head_of(unit)
        hint = (f"，该单位由{head}负责", f"; {head} heads it") if head else ("", "")
        return _ask(f"目前没有人任{unit}的“{title}”{hint[0]}", f"Nobody holds the post {title} in {unit} at present{hint[1]}")

    def _units_of_kind(self, word: str) -> tuple[str, ...]:
        found = tuple(unit.name for unit in self.directory.roster.units if tidy(unit.kind) == word.removeprefix("局"))
        return found if len(found) == 1 else ()

    def _bare_post(self, word: str) -> Resolution | None:
        """局长, 党组书记, 副局长: the bureau's leaders first, then whoever alone holds such a post."""
        directory = self.directory
        titled = re.fullmatch(r"(?:市局|局)?(?P<title>党组书记|党委书记|党组副书记|党委副书记)", word)
        title = titled["title"] if titled else word
        for unit in filter(None, (directory.party_group, directory.bureau)):
            if (titled or unit == directory.bureau) and (found := self._holders(unit, title)):
                return Resolution(found)
        units = dict.fromkeys(p.unit for p in directory.roster.posts if p.held_on(directory.on) and tidy(p.title) == word)
        if len(units) == 1:
            return Resolution(self._holders(next(iter(units)), word))
        if units:
            names = "、".join(units)
            return _ask(f"{names}都有“{word}”，请写明是哪个单位的", f"{names} each have a {word}; of which unit?")
        if any(tidy(post.title) == word for post in directory.roster.posts):
            return _ask(f"目前没有人任“{word}”", f"Nobody holds the post {word} at present")
        return None

    def _all_titles(self) -> set[str]:
        return {title for post in self.directory.roster.posts for title in self.directory.plain_titles(post)}

    # What is left

    def _several(self, word: str, lead_units: tuple[str, ...]) -> Resolution | None:
        """局机关各科室及局属各单位: names joined by 和, 及 or 与, if each of them is known."""
        names = [name for name in words.TOGETHER.split(word) if name]
        if len(names) < 2:
            return None
        parties: dict[str, Party] = {}
        for name in names:
            part = self._resolve(name, lead_units)
            if part.question is not None:
                return None
            parties.update((party.key, party) for party in part.parties)
        return Resolution(tuple(parties.values()))

    def _unknown(self, word: str) -> Resolution:
        if not word:
            return _ask("名称是空的", "The name is empty")
        known = (*self.directory.units, *self.directory.people)
        near = [name for name in known if len(word) >= 2 and word in tidy(name)][:5]
        near = near or difflib.get_close_matches(word, known, n=3, cutoff=0.5)
        if not near:
            return _ask(f"名册中没有“{word}”", f"The roster does not know “{word}”")
        return _ask(f"名册中没有“{word}”，相近的有：{'、'.join(near)}", f"The roster does not know “{word}”; nearest: {', '.join(near)}")


@lru_cache(maxsize=4)
def resolver(roster: Roster, on: date) -> PartyResolver:
    """The resolver of a roster on a day. Ask for it once and keep it: looking it up hashes the whole roster."""
    return PartyResolver(Directory(roster, on))


def resolve(name: str, roster: Roster, on: date, *, lead_units: tuple[str, ...] = ()) -> Resolution:
    """The parties that one name stands for; for many names use `resolver(roster, on).resolve`."""
    return resolver(roster, on).resolve(name, lead_units=lead_units)


def distinct(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Parties without repetitions: one person in two posts (党组书记、局长) owes one duty once; the first mention stays."""
    found: dict[str, Party] = {}
    for party in parties:
        found.setdefault(party.key if party.post is None and party.unit else f"person:{party.person}", party)
    return tuple(found.values())


def _ask(zh: str, en: str) -> Resolution:
    return Resolution((), Text(zh, en))


def _plain_post(title: str) -> str:
    return "负责人" if title in words.HEAD else title


def _looks_like_a_post(title: str) -> bool:
    return bool(re.search(r"(长|主任|书记|委员|负责人|经理|成员|员)$", title))
