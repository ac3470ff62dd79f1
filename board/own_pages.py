"""A page of its own for each branch, for each other unit with duties, and for each person who leads, covers or carries any. Pure.

In: how the year stands, and where its pages and runs are on the server. Out: the text of each page, by its key.
"""

from collections.abc import Iterator, Mapping

from board import links
from board.links import BRANCH, CONTACT, LEADER, OFFICE, PERSON
from board.markdown import link
from board.page_parts import (
    EXPLAINED,
    Page,
    Places,
    bar,
    composed,
    in_words,
    left_out,
    months,
    on_a_line,
    overdue_table,
    people,
    person_key,
    tallies,
    to_page,
    unit_key,
    units,
)
from board.year_pages import back, branches_key, leaders_key
from engine.directory import UnitClass, class_of
from engine.standing import Tally, YearStanding


def own_pages(standing: YearStanding, places: Places) -> Iterator[Page]:
    """The pages of all people, then of all units, that have anything to do in the year but what was withdrawn. No page of a person
    links to another person's.
    """
    for id_, part in _with_duties(standing.of_people()):
        yield person_page(id_, part, places)
    for id_, part in _with_duties(standing.of_units()):
        yield unit_page(id_, part, places)


def own_keys(standing: YearStanding) -> tuple[str, ...]:
    """The keys of these pages."""
    return (*keys_of_people(standing), *(unit_key(standing.year, id_) for id_, _ in _with_duties(standing.of_units())))


def keys_of_people(standing: YearStanding) -> tuple[str, ...]:
    """The keys of people's pages among them."""
    return tuple(person_key(standing.year, id_) for id_, _ in _with_duties(standing.of_people()))


def _with_duties(parts: Mapping[int, YearStanding]) -> list[tuple[int, YearStanding]]:
    return [(id_, part) for id_, part in parts.items() if part.total.assigned]


def unit_page(unit_id: int, part: YearStanding, places: Places) -> Page:
    """How one unit stands: `part` is its part of the year."""
    year, total, unit = part.year, part.total, part.units[unit_id]
    kind = BRANCH if class_of(unit) is UnitClass.BRANCH else OFFICE
    leaders = on_a_line(to_page(part.people[id_], person_key(year, id_), places) for id_ in part.contacts.get(unit_id, ()))
    carriers = people(part.by_person(), PERSON, year, places)
    if (unnamed := part.of_nobody()).assigned:
        carriers.append(("（未定责任人）", unnamed))
    return composed(
        unit_key(year, unit_id),
        f"{year}年任务办理情况：{unit.name}",
        part,
        on_a_line((back(part, places), to_page("各支部、各单位", branches_key(year), places), _runs(kind, unit.name, year))),
        f"联系领导：{leaders}" if leaders else "",
        bar(total),
        in_words(total),
        tallies("支部" if kind == BRANCH else "单位", [("全年", total)]),
        "## 按到期月份",
        tallies("月份", months(part)),
        "## 按责任人",
        tallies("责任人", carriers),
        *_overdue(part, places, parties=False),
        EXPLAINED,
    )


def person_page(person_id: int, part: YearStanding, places: Places) -> Page:
    """How one person stands, by what each duty makes of them: `part` is whatever they have to do with, once each."""
    year, name = part.year, part.people[person_id]
    carried, led, covered = (parts.get(person_id) for parts in (part.of_carriers(), part.of_leaders(), part.of_contacts()))
    roles = [
        (kind, words, its.total)
        for kind, words, its in ((PERSON, "本人承办", carried), (LEADER, "任责任领导", led), (CONTACT, "联系的支部", covered))
        if its is not None and its.total.assigned
    ]
    return composed(
        person_key(year, person_id),
        f"{year}年任务办理情况：{name}",
        part,
        on_a_line((back(part, places), to_page("各位领导、责任人", leaders_key(year), places))),
        bar(part.total),
        in_words(part.total),
        tallies("身份", [(link(words, links.to_runs(links.tag(kind, name), year)), total) for kind, words, total in roles]),
        "同一任务可有两种身份，上面的图和合计只计一次。" if len(roles) > 1 else "",
        *_section("本人承办，按到期月份", "月份", months(carried) if carried else []),
        *_section("任责任领导，按单位", "单位", _by_unit(led, places) if led else []),
        *_section("联系的支部", "支部", _by_unit(covered, places) if covered else []),
        *_overdue(part, places),
        EXPLAINED,
    )


def _by_unit(part: YearStanding, places: Places) -> list[tuple[str, Tally]]:
    rows = units(part.by_unit(branches=True), BRANCH, part.year, places) + units(part.by_unit(branches=False), OFFICE, part.year, places)
    nobodys = part.of_no_unit()
    return [*rows, ("（不属于单位）", nobodys)] if nobodys.assigned else rows


def _section(heading: str, first: str, rows: list[tuple[str, Tally]]) -> tuple[str, ...]:
    shown = tallies(first, rows)
    return (f"## {heading}", shown) if shown else ()


def _overdue(part: YearStanding, places: Places, *, parties: bool = True) -> tuple[str, ...]:
    if not part.overdue:
        return ("没有逾期任务。",)
    return (f"## 逾期 {len(part.overdue)} 项", left_out(part), overdue_table(part, places, parties=parties))


def _runs(kind: str, name: str, year: int) -> str:
    return link("在 Runs 页查看", links.to_runs(links.tag(kind, name), year))
