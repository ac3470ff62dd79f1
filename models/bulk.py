"""Many rows into one table, at the speed of the driver's own `executemany`."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from models.base import Base

ROWS_A_BATCH = 5000  # bounds the memory; larger batches are no faster


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
    turned = []
    for position, column in enumerate(columns):
        turn = table.__table__.c[column].type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None:
            turned.append((position, cache(turn)))
    remaining = iter(rows)
    while batch := [list(row) for row in islice(remaining, ROWS_A_BATCH)]:
        for position, turn in turned:
            for row in batch:
                row[position] = turn(row[position])
        connection.exec_driver_sql(statement, [tuple(row) for row in batch])
