import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.charts import BLUE, GREEN, PAD, RED, WIDTH, Column, Share, columns, image, meter, shares_bar

NAMES = ("按期办结", "在办", "逾期")


def shares(*counts: int) -> tuple[Share, ...]:
    return tuple(Share(name, colour, count) for name, colour, count in zip(NAMES, (GREEN, BLUE, RED), counts, strict=True))


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def bars(svg: str) -> list[tuple[str, float, float]]:
    """Colour, width and height of what is drawn within the frame, the signs of the legend left out."""
    found = [
        (rect.get("fill", ""), float(rect.get("width", "0")), float(rect.get("height", "0")))
        for rect in list(drawn(svg))[1:]
        if "rect" in rect.tag
    ]
    return [bar for bar in found if bar[1:] != (12.0, 12.0)]


def words(svg: str) -> list[str]:
    return [text.text or "" for text in drawn(svg).iter() if text.tag.endswith("text")]


def test_a_bar_is_divided_by_the_counts_and_says_them() -> None:
    svg = shares_bar(shares(30, 0, 10))
    (green, wide, _), (red, narrow, _) = bars(svg)
    assert (green, red) == (GREEN, RED)
    assert wide / narrow == pytest.approx(3, rel=0.02)
    assert words(svg) == ["按期办结 30", "逾期 10"]


def test_a_year_without_duties_is_an_empty_bar() -> None:
    svg = shares_bar(shares(0, 0, 0))
    assert [width for _, width, _ in bars(svg)] == [WIDTH - 2 * PAD]
    assert words(svg) == []


def test_columns_stand_as_high_as_their_counts_and_bear_their_sum() -> None:
    svg = columns([Column("1月", shares(10, 0, 0)), Column("2月", shares(10, 5, 5)), Column("次年1月", shares(0, 0, 0))])
    heights = [height for _, _, height in bars(svg)]
    assert heights[0] == pytest.approx(heights[1], abs=0.1)
    assert heights[1] / heights[2] == pytest.approx(2, rel=0.05)
    assert words(svg) == ["10", "1月", "20", "2月", "次年1月", *NAMES]


@given(st.lists(st.tuples(*[st.integers(0, 5000)] * 3), max_size=14))
def test_nothing_is_drawn_beyond_the_frame(counts: list[tuple[int, int, int]]) -> None:
    for svg in (
        columns([Column(f"{number}月", shares(*some)) for number, some in enumerate(counts)]),
        *(shares_bar(shares(*some)) for some in counts),
    ):
        frame = drawn(svg)
        for rect in frame.iter():
            if rect.tag.endswith("rect"):
                x, y, width, height = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
                assert 0 <= x <= x + width <= WIDTH
                assert 0 <= y <= y + height <= float(frame.get("height", "0"))


def test_an_image_carries_the_chart_and_says_what_it_shows() -> None:
    svg = shares_bar(shares(1, 2, 3))
    found = re.fullmatch(r"!\[(.*)\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", image(svg, "逾期 [3]\n项"))
    assert found is not None
    assert found[1] == "逾期 （3） 项"
    assert b64decode(found[2]).decode() == svg


def test_names_in_a_chart_are_no_markup() -> None:
    assert words(shares_bar([Share("<b>&", RED, 1)])) == ["<b>& 1"]


@pytest.mark.parametrize(("rate", "shown"), [(None, "—"), (0, "▱▱▱▱▱\u00a00%"), (0.999, "▰▰▰▰▱\u00a099%"), (1, "▰▰▰▰▰\u00a0100%")])
def test_a_rate_is_not_rounded_up(rate: float | None, shown: str) -> None:
    assert meter(rate) == shown
