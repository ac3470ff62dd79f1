"""One moment as it is named, before anything around it is known: `3月`, `上半年`, `国庆节后`; and its days by itself.

In: what `moments` found in the words. Out: an `Atom`, and the `Span` of the calendar that it covers.
"""

from dataclasses import dataclass

from intake.deadlines import spans
from intake.deadlines.durations import Duration
from intake.deadlines.festivals import festival, fixed_day
from intake.deadlines.spans import Part, Span

HOLIDAYS = ("festival", "fixed_day", "holidays")
SIDES = ("before", "around", "after", "during", "since", "within")


@dataclass(frozen=True, slots=True)
class Atom:
    kind: str  # day month quarter half year term season festival fixed_day holidays
    year: int
    numbers: tuple[int, ...] = ()
    part: Part | None = None
    name: str = ""
    side: str = ""  # one of SIDES
    said_year: bool = False
    then: Duration | None = None  # 国庆节后7日内


def by_itself(atom: Atom) -> Span:
    """The span of an atom by itself. Raises NoSuchDate."""
    if atom.year not in spans.YEARS:
        raise spans.NoSuchDate(f"{atom.year}年")
    match atom.kind:
        case "day":
            return spans.day(atom.year, *atom.numbers)
        case "month":
            if atom.numbers[0] not in range(1, 13):
                raise spans.NoSuchDate(f"{atom.numbers[0]}月")
            return spans.month(atom.year, atom.numbers[0], atom.part)
        case "quarter":
            return spans.quarter(atom.year, atom.numbers[0], atom.part)
        case "quarter_range":
            return spans.join(spans.quarter(atom.year, 1), spans.quarter(atom.year, atom.numbers[1]))
        case "half":
            return spans.half(atom.year, atom.numbers[0], atom.part)
        case "term":
            return spans.term(atom.year, atom.numbers[0])
        case "season":
            return spans.season(atom.year, atom.numbers[0])
        case "festival":
            return festival(atom.name, "during", atom.year)
        case "fixed_day":
            return fixed_day(atom.name, "", atom.year)
    return spans.whole_year(atom.year, atom.part)
