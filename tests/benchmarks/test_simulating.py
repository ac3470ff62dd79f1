from benchmarks.planning import BRANCHES, MONTHS
from benchmarks.simulating import measure


def test_the_measured_year_is_lived_through() -> None:
    (figure,) = measure(BRANCHES * MONTHS)
    assert (figure.value > 0, figure.unit, figure.bar) == (True, "s", 60)
