"""Many rows into one table, at the speed of the driver's own `executemany`."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from models.base import Base

ROWS_A_BATCH = 1000  # bounds the memory; larger batches are no faster


def insert_rows(session: Session, table: type[Base], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, each with one Python value a column of `columns`; raises what the driver raises, as SQLAlchemy does.

    `session.execute(insert(table), rows)` would turn every value of every row into the driver's form one by one, which
    takes longer than storing it. Dates, states and instants repeat in a list: here each distinct value is turned once.
    """
    connection = session.connection()
    dialect = connection.dialect
    name = dialect.identifier_preparer.format_table(table.__table__)
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    statement = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 - names of ours
    turns = {}
    for position, column in enumerate(columns):
        turn = table.__table__.c[column].type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None:
            turns[position] = cache(turn)
    remaining = iter(rows)
    while batch := list(islice(remaining, ROWS_A_BATCH)):
        values: list[Iterable[Any]] = list(zip(*batch, strict=True))
        for position, turn in turns.items():
            values[position] = map(turn, values[position])
        connection.exec_driver_sql(statement, list(zip(*values, strict=True)))
