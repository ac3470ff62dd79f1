"""The numbers of a list's duties: each stands once in its run, and a run begins again under each section and each party."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.headers import normal


@dataclass(slots=True)
class NumberRun:
    """The numbers since the last section. `heads`: column → what it says over the numbers of this run, such as 财务科."""

    places: dict[str, str] = field(default_factory=dict)  # number → the address where it stood first
    heads: dict[int, set[str]] = field(default_factory=dict)

    def stands_twice(self, number: str, address: str, heads: Mapping[int, str]) -> str:
        """Where this number stood before in its run, or an empty string. The first number under another head begins a run."""
        number = normal(number)
        if number in self.places and number == next(iter(self.places)) and self._is_headed_anew(heads):
            self.places, self.heads = {}, {}
        for column, text in heads.items():
            self.heads.setdefault(column, set()).add(text)
        first = self.places.setdefault(number, address)
        return "" if first == address else first

    def _is_headed_anew(self, heads: Mapping[int, str]) -> bool:
        """Whether one column said the same over at least two numbers, and says something else now."""
        return len(self.places) > 1 and any(
            len(self.heads.get(column, ())) == 1 and text not in self.heads[column] for column, text in heads.items()
        )
