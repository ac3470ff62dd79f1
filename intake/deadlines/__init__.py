"""Deadlines as offices write them → due dates, counts, standing duties and questions."""

from intake.deadlines.phrases import IMMEDIATE_WORKDAYS, read_deadline, read_deadline_lines

__all__ = ["IMMEDIATE_WORKDAYS", "read_deadline", "read_deadline_lines"]
