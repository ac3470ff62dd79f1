"""Why a file is not taken: one sentence that names it, and of what kind the fault is."""

import enum

from office.text import Refused, Text


class Fault(enum.Enum):
    KIND = "kind"
    SIZE = "size"
    EMPTY = "empty"
    NAME = "name"
    VIRUS = "virus"


class Unfit(Refused):
    """A file that is not taken; its `place` is its name."""

    def __init__(self, fault: Fault, text: Text, *, place: str = "") -> None:
        super().__init__(text, place=place)
        self.fault = fault
