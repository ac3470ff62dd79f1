"""Deadlines as offices write them → due dates, counts, standing duties and questions."""

from intake.deadlines.phrases import IMMEDIATE_WORKDAYS, read_deadline, read_deadline_lines
from intake.deadlines.segments import DatedText, split_dated

__all__ = ["IMMEDIATE_WORKDAYS", "DatedText", "read_deadline", "read_deadline_lines", "split_dated"]
