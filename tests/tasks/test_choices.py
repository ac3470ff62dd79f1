"""What a field of a form means, or the sentence for what it cannot mean."""

from collections.abc import Iterator
from datetime import date

import pytest

from office.text import Refused
from tasks.choices import day_meant, first_day_meant, titles_meant, year_meant
from zeren.settings import settings


@pytest.fixture
def friday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZEREN_NOW", "2026-07-10T09:00")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("year", [-1, 1, 1999, 2101, 20261])
def test_a_year_that_no_list_can_have_is_refused_in_the_offices_words(year: int) -> None:
    with pytest.raises(Refused, match=f"年度应为 2000 至 2100，0 表示今年：{year}"):
        year_meant(year)


def test_a_year_of_a_list_is_meant_as_it_is() -> None:
    assert [year_meant(year) for year in (2000, 2026, 2100)] == [2000, 2026, 2100]


@pytest.mark.parametrize("written", ["2026-07-05", "2026.7.5", "2026/7/5", "2026年7月5日", " ２０２６-07-05 "])
def test_a_day_is_read_as_offices_write_it(written: str) -> None:
    assert day_meant(written) == date(2026, 7, 5)


@pytest.mark.parametrize("written", ["7月5日", "2026-02-30", "明天", "20260705x", "2026-07-05-01"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(Refused, match=f"^日期应像 2026-07-01 这样写：{written}$"):
        day_meant(written)


@pytest.mark.parametrize("written", ["", " "])
def test_no_day_is_none_or_the_next_working_day(friday: None, written: str) -> None:
    assert day_meant(written) is None
    assert first_day_meant(written) == date(2026, 7, 13)


@pytest.mark.parametrize(
    ("written", "titles"),
    [
        ("", ()),
        ("甲清单", ("甲清单",)),
        ("党建、党风廉政清单", ("党建、党风廉政清单",)),
        ("《甲清单》、《乙清单》《甲清单》", ("甲清单", "乙清单")),
        ("甲清单\n\n 乙清单 ", ("甲清单", "乙清单")),
    ],
)
def test_titles_of_lists_are_told_apart(written: str, titles: tuple[str, ...]) -> None:
    assert titles_meant(written) == titles
