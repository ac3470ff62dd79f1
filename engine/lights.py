"""红灯支部: which branches and which other units have which light, in a line for the officer. Pure.

In: how the duties of units stand. Out: the names of units by their lights, and a sentence.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.completion import LIGHT_WORDS, Completion, Light, light_of
from engine.directory import UnitClass, class_of
from engine.standing import YearStanding
from intake.values import UnitRow
from office.text import Text

NAMED = 5  # names that a line has room for


@dataclass(frozen=True, slots=True)
class Lit:
    """The names of the units that have one light, in the roster's order; false where none has."""

    light: Light
    branches: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.branches or self.others)

    @property
    def said(self) -> Text:
        """红灯：3个支部（…），1个其他单位（…）; empty where no unit has it."""
        if not self:
            return Text("", "")
        word, branches, others = LIGHT_WORDS[self.light], len(self.branches), len(self.others)
        zh = [f"{branches}个支部（{_names(self.branches, '、', '等')}）"] * bool(branches)
        zh += [f"{others}个其他单位（{_names(self.others, '、', '等')}）"] * bool(others)
        en = [f"{branches} {'branch' if branches == 1 else 'branches'} ({_names(self.branches, ', ', ' …')})"] * bool(branches)
        en += [f"{others} other {'unit' if others == 1 else 'units'} ({_names(self.others, ', ', ' …')})"] * bool(others)
        return Text(f"{word.zh}：{'，'.join(zh)}", f"{word.en}: {', '.join(en)}")


def _names(names: tuple[str, ...], between: str, more: str) -> str:
    return between.join(names[:NAMED]) + (more if len(names) > NAMED else "")


def lights_of(units: Mapping[int, UnitRow], stands: Mapping[int, Iterable[Completion]]) -> tuple[Lit, ...]:
    """Which of these units have which light, by how what they have to do stands; lights that are on, the most urgent first.

    `units` are in the roster's order. A unit whose duties are all done, or that never had any, is in none.
    """
    having: dict[Light, list[UnitRow]] = defaultdict(list)
    for id_, unit in units.items():
        having[light_of(stands.get(id_, ()))].append(unit)
    return tuple(_lit(light, having[light]) for light in Light if light is not Light.OFF and having[light])


def _lit(light: Light, units: Sequence[UnitRow]) -> Lit:
    branches = [class_of(unit) is UnitClass.BRANCH for unit in units]
    return Lit(
        light,
        tuple(unit.name for unit, branch in zip(units, branches, strict=True) if branch),
        tuple(unit.name for unit, branch in zip(units, branches, strict=True) if not branch),
    )


def red_of(standings: Iterable[YearStanding]) -> Lit:
    """The units that are red in any of these years."""
    units: dict[int, UnitRow] = {}
    stands: dict[int, set[Completion]] = defaultdict(set)
    for standing in standings:
        units |= standing.units
        for group in standing.groups:
            if group.unit_id is not None:
                stands[group.unit_id].add(group.completion)
    return next((lit for lit in lights_of(units, stands) if lit.light is Light.RED), Lit(Light.RED))
