from datetime import date
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import pytest

from board import links
from engine.completion import Completion

UI = "http://127.0.0.1:4200"


@pytest.mark.parametrize(
    ("value", "written"),
    [("养老服务支部", "支部:养老服务支部"), ("甲, 乙", "支部:甲， 乙"), ("望山\n 支部", "支部:望山 支部"), ("", "支部:")],
)
def test_a_tag_is_one_line_without_what_separates_tags(value: str, written: str) -> None:
    assert links.tag(links.BRANCH, value) == written


def test_tags_say_the_state_with_its_year_and_the_month_in_which_a_duty_is_due() -> None:
    assert (links.state_tag(Completion.OVERDUE, 2026), links.due_tag(date(2026, 3, 31))) == ("状态:2026年逾期", "到期:2026-03")


def test_each_ui_reads_its_own_parameters() -> None:
    page = links.runs_page(UI, "支部:A & B", 2026)
    present, new = urlsplit(page.present), urlsplit(page.new)
    assert (present.path, new.path) == ("/runs", "/v2/runs")
    assert dict(parse_qsl(present.query)) == {
        "tag": "支部:A & B",
        "type": "range",
        "startDate": "2025-01-01T00:00:00.000Z",
        "endDate": "2125-12-31T23:59:59.000Z",
    }
    assert parse_qs(new.query) == {"tags": ["支部:A & B"]}


@pytest.mark.parametrize("ui", ["", "/v2"])
def test_a_link_on_a_page_stays_in_the_ui_in_which_it_is_clicked(ui: str) -> None:
    here = links.artifact_page(UI, "1")
    on = here.new if ui else here.present
    to_runs = urlsplit(urljoin(on, links.to_runs("状态:2026年逾期", 2026)))
    assert to_runs.path == f"{ui}/runs"
    assert {name: values for name, values in parse_qs(to_runs.query).items() if name.startswith("tag")} == {
        "tag": ["状态:2026年逾期"],
        "tags": ["状态:2026年逾期"],
    }
    assert urljoin(on, links.to_artifact("2")) == f"{UI}{ui}/artifacts/artifact/2"
