"""What a field of a form means, or the sentence for what it cannot mean."""

import pytest

from office.text import Refused
from tasks.choices import year_meant


@pytest.mark.parametrize("year", [-1, 1, 1999, 2101, 20261])
def test_a_year_that_no_list_can_have_is_refused_in_the_offices_words(year: int) -> None:
    with pytest.raises(Refused, match=f"年度应为 2000 至 2100，0 表示今年：{year}"):
        year_meant(year)


def test_a_year_of_a_list_is_meant_as_it_is() -> None:
    assert [year_meant(year) for year in (2000, 2026, 2100)] == [2000, 2026, 2100]
