"""A page for each unit and each person: what is theirs and nothing else, with the figures that the year's pages have of them."""

import re
from datetime import date
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from board.own_pages import own_keys, own_pages, person_page, unit_page
from board.page_parts import Page, Places, person_key, unit_key
from board.year_pages import branches_key, branches_page, leaders_key, leaders_page, pages, year_key
from engine.completion import Completion
from engine.standing import Group, YearStanding
from tests.board.test_year_pages import NOWHERE, duty, group, rows, standing


def of_unit(found: YearStanding, unit_id: int = 1, places: Places = NOWHERE) -> Page:
    return unit_page(unit_id, found.of_units()[unit_id], places)


def of_person(found: YearStanding, person_id: int, places: Places = NOWHERE) -> Page:
    return person_page(person_id, found.of_people()[person_id], places)


def section(markdown: str, heading: str) -> list[list[str]]:
    """The rows of the table below a heading."""
    return rows(markdown.split(f"## {heading}\n")[1].split("\n## ")[0])


def everywhere(found: YearStanding) -> Places:
    """All pages are there, each at `at-` and its key."""
    keys = [page.key for page in (*pages(found, NOWHERE), *own_pages(found, NOWHERE))]
    return Places({key: f"at-{key}" for key in keys}, {})


def test_a_branch_stands_by_month_and_by_person() -> None:
    page = of_unit(standing(group(count=2), group(person_id=None, due_on=date(2026, 12, 31)), group(unit_id=2, count=40)))
    assert (page.key, page.name) == ("year-2026-branch-1", "2026年任务办理情况：望山支部")
    assert rows(page.markdown)[0][:2] == ["全年", "3"]
    assert [row[:2] for row in section(page.markdown, "按到期月份")] == [["6月", "2"], ["12月", "1"]]
    assert [row[:2] for row in section(page.markdown, "按责任人")] == [["石小满", "2"], ["（未定责任人）", "1"]]
    assert "没有逾期任务" in page.markdown
    assert "tag=支部:望山支部" in unquote(page.markdown)


def test_another_unit_is_filtered_by_the_tag_that_its_runs_bear() -> None:
    assert "tag=科室:办公室" in unquote(of_unit(standing(group(unit_id=2)), 2).markdown)


def test_a_person_stands_by_what_each_duty_makes_of_them() -> None:
    found = standing(
        group(count=2, person_id=8, unit_id=2),  # carries
        group(count=3, leader_id=8, unit_id=None),  # leads
        group(count=4, leader_id=8),  # leads, and covers the branch
        group(count=5),  # covers the branch
        group(count=6, unit_id=2),  # somebody else's
    )
    page = of_person(found, 8)
    assert (page.key, page.name) == ("year-2026-leader-8", "2026年任务办理情况：周启明")
    assert [row[:2] for row in rows(page.markdown)[:3]] == [["本人承办", "2"], ["任责任领导", "7"], ["联系的支部", "9"]]
    assert "![在办未临期 14]" in page.markdown
    assert [row[:2] for row in section(page.markdown, "本人承办，按到期月份")] == [["6月", "2"]]
    assert [row[:2] for row in section(page.markdown, "任责任领导，按单位")] == [["望山支部", "4"], ["（不属于单位）", "3"]]
    assert [row[:2] for row in section(page.markdown, "联系的支部")] == [["望山支部", "9"]]
    tags = re.findall(r"[?&]tag=([^&)]*)", unquote(page.markdown))
    assert {"责任人:周启明", "责任领导:周启明", "联系领导:周启明"} <= set(tags)


def test_who_only_carries_duties_has_no_empty_sections() -> None:
    text = of_person(standing(group()), 9).markdown
    assert [row[0] for row in rows(text)] == ["本人承办", "6月"]
    assert "责任领导，" not in text
    assert "联系的支部" not in text


def test_a_page_lists_what_is_overdue_of_its_own() -> None:
    listed = (
        duty(1),
        duty(2, unit_id=2, party="办公室", person_id=8, person="周启明"),
        duty(3, unit_id=None, party="某人", person_id=None, leader_id=None),
    )
    late = [group(Completion.OVERDUE, unit_id=each.unit_id, person_id=each.person_id, leader_id=each.leader_id) for each in listed]
    found = standing(*late, overdue=listed)
    there = Places({}, {1: "run-of-1", 2: "run-of-2"})

    def runs(page: Page) -> list[str]:
        return re.findall(r"\]\(\.\./\.\./runs/flow-run/(.*?)\)", page.markdown)

    assert runs(of_unit(found, 1, there)) == ["run-of-1"]
    assert runs(of_unit(found, 2, there)) == ["run-of-2"]
    assert runs(of_person(found, 9, there)) == ["run-of-1"]
    assert runs(of_person(found, 8, there)) == ["run-of-1", "run-of-2"]  # covers the one, carries the other
    assert runs(of_person(found, 7, there)) == ["run-of-1", "run-of-2"]
    assert "## 逾期 2 项" in of_person(found, 8, there).markdown


def test_pages_lead_to_each_other_and_back_to_the_year() -> None:
    found = standing(group())
    there = everywhere(found)
    branch, leader, carrier = of_unit(found, 1, there), of_person(found, 8, there), of_person(found, 9, there)

    def led_to(page: Page) -> set[str]:
        return set(re.findall(r"\]\(\.\./artifact/at-(.*?)\)", page.markdown))

    year = year_key(2026)
    assert led_to(branch) == {year, branches_key(2026), person_key(2026, 8), person_key(2026, 9)}
    assert led_to(leader) == {year, leaders_key(2026), unit_key(2026, 1)}
    assert led_to(carrier) == {year, leaders_key(2026)}


def test_who_has_nothing_left_has_no_page() -> None:
    found = standing(group(), group(Completion.WITHDRAWN, unit_id=2, person_id=8, leader_id=None))
    expected = {unit_key(2026, 1), *(person_key(2026, id_) for id_ in (7, 8, 9))}
    assert set(own_keys(found)) == {page.key for page in own_pages(found, NOWHERE)} == expected
    assert not list(own_pages(standing(group(Completion.WITHDRAWN)), NOWHERE))


groups = st.lists(
    st.builds(
        group,
        st.sampled_from(Completion),
        st.integers(1, 40),
        unit_id=st.sampled_from([None, 1, 2]),
        person_id=st.sampled_from([None, 8, 9]),
        leader_id=st.sampled_from([None, 7, 8]),
        due_on=st.dates(date(2026, 1, 1), date(2027, 1, 31)),
    ),
    max_size=20,
)


@given(groups)
def test_the_figures_of_an_own_page_are_those_of_the_years_tables(drawn: list[Group]) -> None:
    found = standing(*drawn)
    own = {page.key: page for page in own_pages(found, NOWHERE)}
    assert set(own) == set(own_keys(found))
    units = {row[0]: row[1:] for row in rows(branches_page(found, NOWHERE).markdown)}
    for unit_id, unit in found.units.items():
        page = own.get(unit_key(2026, unit_id))
        assert (page and rows(page.markdown)[0][1:]) == units.get(unit.name)
    leaders = leaders_page(found, NOWHERE).markdown
    for heading, role in (("责任领导", "任责任领导"), ("联系领导（所联系支部的全部任务）", "联系的支部"), ("责任人", "本人承办")):
        of_the_year = {row[0]: row[1:] for row in section(leaders, heading)} if f"## {heading}\n" in leaders else {}
        for person_id, name in found.people.items():
            page = own.get(person_key(2026, person_id))
            roles = {row[0]: row[1:] for row in rows(page.markdown.split("\n## ")[0])} if page else {}
            assert roles.get(role) == of_the_year.get(name)
