"""The frame of the benchmarks; no figure is judged here."""

from importlib import import_module
from inspect import signature
from types import ModuleType

import pytest

from benchmarks import Figure, reading, startup
from benchmarks.__main__ import NAMES, run


def test_a_figure_with_a_reference_is_judged_by_its_ratio() -> None:
    figure = Figure("reading", value=6.0, unit="s", reference=2.0, bar=3.0)
    assert figure.ratio == 3.0
    assert figure.met
    assert not Figure("reading", value=6.1, unit="s", reference=2.0, bar=3.0).met


def test_a_figure_without_a_reference_is_judged_by_its_value() -> None:
    assert Figure("memory", value=499, unit="MB", bar=500).met
    assert not Figure("memory", value=501, unit="MB", bar=500).met
    assert Figure("only to compare", value=501, unit="MB").met


def test_a_figure_prints_its_six_fields() -> None:
    line = Figure("reading", value=1 / 3, unit="s", reference=2.0, bar=3.0).as_json()
    assert line == {"name": "reading", "value": 0.3333, "unit": "s", "reference": 2.0, "ratio": 0.1667, "bar": 3.0}


def test_an_unknown_benchmark_is_refused_with_the_names_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["flying"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in NAMES)


@pytest.mark.parametrize("benchmark", [reading, startup])
def test_a_benchmark_yields_its_figures_at_a_small_size(benchmark: ModuleType) -> None:
    figures = list(benchmark.measure(3))
    assert figures
    assert all(figure.value > 0 for figure in figures)


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_measures_at_its_own_size_unless_told(name: str) -> None:
    size = signature(import_module(f"benchmarks.{name}").measure).parameters["size"]
    assert size.default > 0
