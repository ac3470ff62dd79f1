"""One report in three shapes, of one policy and of two."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from rich.cells import cell_len

from engine.rehearsal_figures import Figures, figures_of
from office.policy import default_policy, read_policy
from office.text import Language
from reports.rehearsal.differences import policy_differences
from reports.rehearsal.markdown import markdown
from reports.rehearsal.page import page
from reports.rehearsal.plain import plain
from reports.rehearsal.sections import report_of
from tests.engine.test_rehearsing import TITLE, rehearsal

SOFT = f"""
[overdue]
contact_leader = 5
[[exceptions]]
list = "{TITLE}"
item = "2"
urgent = true
"""


@pytest.fixture(scope="module")
def first() -> Figures:
    one = rehearsal("造林科", "机关第二党支部", "清河县林业局", due_on=date(2026, 10, 5))
    return figures_of(one, default_policy(), policy_name="内置", many=1)


@pytest.fixture(scope="module")
def second() -> Figures:
    one = rehearsal("造林科", "机关第二党支部", "清河县林业局", due_on=date(2026, 10, 5))
    return figures_of(one, read_policy(SOFT, place="soft.toml"), policy_name="soft.toml", many=1)


def test_json_has_these_keys(first: Figures, second: Figures) -> None:
    said = plain(first, second, language="zh")
    assert list(said) == [
        *("title", "year", "issued_on", "items", "assignments", "waiting", "unowned", "policy", "profiles", "days_off"),
        *("deadlines_by_month", "many", "crowded_months", "empty_levels", "doubts", "compared", "problems"),
    ]
    assert list(said["profiles"]) == ["in_time", "late", "never"]
    assert list(said["profiles"]["never"]) == [
        *("mails", "mails_by_kind", "weeks", "people", "busiest_week", "peak_days", "over_the_day", "notices", "upwards"),
        "to_the_officer",
    ]
    assert list(said["profiles"]["never"]["upwards"]) == ["contact_leader", "principal", "party_group"]
    assert list(said["compared"]) == ["policy", "profiles", "differences"]
    assert plain(first, language="zh")["compared"] is None


def test_json_says_what_was_counted(first: Figures) -> None:
    said = plain(first, language="zh")
    assert said["days_off"] == [{"holiday": "国庆", "deadlines": 3, "days": {"2026-10-05": 3}}]
    assert said["crowded_months"] == [{"person": "孟松年", "month": "2026-10", "deadlines": 2}]
    assert said["profiles"]["late"]["upwards"]["contact_leader"] == {"duties": 2, "people": {"吴望舒": 2}}
    assert {(gap["level"], gap["of"], *gap["instead"]) for gap in said["empty_levels"]} >= {("contact_leader", "清河县林业局", "周启明")}


def test_policies_differ_entry_by_entry(first: Figures, second: Figures) -> None:
    assert [tuple(each) for each in policy_differences(first.policy, second.policy)] == [
        ("overdue.contact_leader", "3", "5"),
        (f"[{TITLE} 2] urgent", "—", "true"),
    ]
    assert policy_differences(first.policy, first.policy) == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_columns_of_markdown_line_up_in_a_terminal(first: Figures, second: Figures, language: Language) -> None:
    for report in (report_of(first), report_of(first, second)):
        for table in re.findall(r"(?:^\|.*\n)+", markdown(report, language=language), flags=re.MULTILINE):
            assert len({cell_len(line) for line in table.splitlines()}) == 1


def test_markdown_says_the_year_on_one_page(first: Figures) -> None:
    written = markdown(report_of(first), language="zh")
    for words in ("没有发出任何邮件", "## 会报到谁那里", "| 　吴望舒", "国庆", "10月5日", "9月30日", "清河县林业局", "联系领导空缺"):
        assert words in written
    assert len(written.splitlines()) < 150


def test_two_policies_stand_side_by_side(first: Figures, second: Figures) -> None:
    written = markdown(report_of(first, second), language="zh")
    assert "规则：甲 内置，乙 soft.toml。" in written
    assert re.search(r"\| overdue.contact_leader +\| 3 +\| 5 +\|", written)
    row = next(line for line in written.splitlines() if "报党组" in line and "增减" not in line)
    assert [cell.strip() for cell in row.split("|")[2:-1]] == ["0", "0", "·", "0", "1", "+1", "3", "3", "·"]  # the urgent one


def test_everybody_has_a_row_of_one_policy_and_of_two_and_so_have_the_peak_days(first: Figures, second: Figures) -> None:
    person = first.profiles[2].people[0]
    crowd = tuple(replace(person, name=f"第{n}人") for n in range(40))
    many = replace(first, profiles=tuple(replace(profile, people=crowd) for profile in first.profiles))
    for report in (report_of(many), report_of(many, second)):
        written = markdown(report, language="zh")
        assert all(f"| 第{n}人" in written for n in range(40))
        assert "## 高峰日" in written
    assert "按时办（甲）" in written
    assert "不办（乙）" in written


def test_gaps_that_read_alike_are_one_row(first: Figures) -> None:
    gap = first.gaps[0]
    alike = tuple(replace(gap, of="局党组", instead=("甲", name, "丙")) for name in ("乙", "丁"))
    rows = [line for line in markdown(report_of(replace(first, gaps=alike)), language="zh").splitlines() if "| 局党组" in line]
    assert len(rows) == 1
    assert rows[0].rstrip(" |").endswith(f"{2 * gap.duties}")


def test_equal_policies_are_called_the_same(first: Figures) -> None:
    assert "两份规则相同" in markdown(report_of(first, first), language="zh")


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href") or name.startswith("on")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_html_is_one_file_with_charts_and_no_script(first: Figures, second: Figures, language: Language) -> None:
    for report, charts in ((report_of(first), 6), (report_of(first, second), 6)):
        seen = _Seen()
        seen.feed(page(report, language=language))
        assert seen.tags.count("svg") == charts
        assert "script" not in seen.tags
        assert seen.addresses == []


def test_what_people_wrote_is_escaped_in_html(first: Figures) -> None:
    profiles = tuple(
        replace(each, people=tuple(replace(person, name="<b>&") for person in each.people), peaks=each.peaks) for each in first.profiles
    )
    written = page(report_of(replace(first, title="<i>x", profiles=profiles)), language="zh")
    assert "<i>x" not in written
    assert "<b>&" not in written
