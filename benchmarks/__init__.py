"""How fast Zeren is, each figure beside a reference that was measured in the same run on the same machine.

A benchmark is a module here with `measure(size: int = SIZE) -> Iterator[Figure]`: it yields each figure as soon as it
is known, `SIZE` is the size that the bars are set for, and a small size serves the test of the frame. What it needs
and does not find (a database server, a C program) it says with `office.text.Refused`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; less is better, so a duration or a size, never a rate."""

    name: str
    value: float
    unit: str  # s, MB
    reference: float | None = None  # the same work done without Zeren, in the same unit
    bar: float | None = None  # the most that the ratio may be, or the value where there is no reference; None: only to compare

    @property
    def ratio(self) -> float | None:
        return None if self.reference is None else self.value / self.reference

    @property
    def met(self) -> bool:
        judged = self.value if self.ratio is None else self.ratio
        return self.bar is None or judged <= self.bar

    def as_json(self) -> dict[str, str | float | None]:
        def rounded(number: float | None) -> float | None:
            return None if number is None else float(f"{number:.4g}")

        return {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "reference": rounded(self.reference),
            "ratio": rounded(self.ratio),
            "bar": self.bar,
        }
